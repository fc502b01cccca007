# -*- test-case-name: tests.browser.test_live -*-
"""Live templates in real browsers: parts, events without JavaScript, and what morphing keeps."""

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from harness.browser import BrowserTestCase, pausing
from harness.portforwarder import PortForwarder
from harness.waiting import waitUntil
from tests.browser.test_odd import APPLICATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    # For the assertions.
    from unittest import TestCase as Case

    from playwright.sync_api import Page, Route
else:
    Case = object

COUNTER = "partthing.partbox.CounterElement"
NEST = "partthing.partbox.NestElement"
SHARED = "partthing.partbox.SharedBox"
ADDRESS = "partthing.typing.AddressElement"
ORDER = "partthing.typing.OrderElement"
WIZARD = "partthing.typing.WizardElement"
BOARD = "partthing.partbox.BoardElement"
LATE = "partthing.partbox.LateElement"


#: Types at once: a person's pause is longer than any between these, however busy the machine is.
TYPE = """(field, text) => {
    for (let length = 1; length <= text.length; length++) {
        field.value = text.slice(0, length);
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
}"""


class CounterTests(BrowserTestCase):
    """The first example."""

    def test_count(self) -> None:
        """A click calls the method of the server, and its part shows what has changed. There is no form."""
        page = self.openPage(self.sharedServer(COUNTER, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        for _ in range(3):
            page.click("text=More")
        page.wait_for_selector("output:has-text('3')")
        page.click("text=Less")
        page.wait_for_selector("output:has-text('2')")
        loaded = "() => performance.getEntriesByType('resource').map(({ name }) => name).join()"
        self.assertNotIn("recovery", page.evaluate(loaded))


#: What is kept when the page is not seen any more.
HIDDEN = "() => { dispatchEvent(new Event('visibilitychange')); return sessionStorage.getItem('athenalite typed'); }"
#: Whether what was typed is there, with the selection, but for the password.
RECOVERED = """() => {
    const [what, sure, secret, size] = document.querySelector("form").elements;
    return what.value === "green tea" && sure.checked && !sure.hasAttribute("value") && size.value === "large"
        && secret.value === "" && what === document.activeElement && what.selectionStart + what.selectionEnd === 6;
}"""


class Board:
    """What the tests do with a page of the board, in any browser."""

    def put(self, page: Any, markup: str) -> None:
        """Have the server show this markup."""
        page.evaluate("(markup) => Nevow.Athena.Widget.fromAthenaID(1).callRemote('put', markup)", markup)

    def html(self, page: Any) -> str:
        """Return what is shown."""
        return str(page.evaluate("() => document.querySelector('[data-athena-part=\"1.content\"]').innerHTML"))

    def arrange(self, page: Any, *rows: tuple[int, str]) -> None:
        """Have the server show these rows."""
        page.evaluate("(rows) => Nevow.Athena.Widget.fromAthenaID(1).callRemote('arrange', rows)", list(rows))

    def rows(self, page: Any) -> list[Any]:
        """Return the rows that are shown."""
        script = "() => [...document.querySelectorAll('tbody tr td:first-child')].map((td) => td.textContent)"
        return list(page.evaluate(script))


class BoardTestCase(Board, BrowserTestCase):
    """A page of the board in Chromium."""

    def open(self) -> "Page":
        """Return a page whose widget is there."""
        page = self.openPage(self.sharedServer(BOARD, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        return page


#: Counts how often a key is read.
COUNT_KEYS = """(() => {
    const { getAttribute } = Element.prototype;
    globalThis.keysRead = 0;
    Element.prototype.getAttribute = function (name) {
        keysRead += name === "data-athena-key";
        return getAttribute.call(this, name);
    };
})()"""


class IndexTests(BoardTestCase):
    """The items of a list."""

    def test_idle(self) -> None:
        """They are found when the browser is idle, before the first one changes."""
        page = self.openPage()
        page.add_init_script(COUNT_KEYS)
        page.goto(self.sharedServer(BOARD, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        page.wait_for_function("() => keysRead >= 5")
        self.assertEqual(len(self.rows(page)), 5)

    def test_busy(self) -> None:
        """They are found soon in a browser that is never idle."""
        page = self.openPage()
        page.add_init_script(COUNT_KEYS)
        page.add_init_script("window.requestIdleCallback = (f, { timeout } = {}) => timeout && setTimeout(f, timeout);")
        page.goto(self.sharedServer(BOARD, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        page.wait_for_function("() => keysRead >= 5")


class EventTests(BoardTestCase):
    """Events call the server."""

    def test_key(self) -> None:
        """A control's method gets the key of its item, and the item goes."""
        page = self.open()
        page.click("tr:nth-child(2) button")
        page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 4")
        self.assertEqual(self.rows(page), ["row 0", "row 2", "row 3", "row 4"])

    def test_form(self) -> None:
        """A form gives its fields and its button; what the method does not take is shown."""
        page = self.open()
        page.fill("[name=amount]", " 7")
        page.check("[name=sure]")
        page.click("[name=how]")
        page.wait_for_selector("p:has-text('7 True fast')")
        page.fill("[name=amount]", "70")
        page.click("[name=how]")
        page.wait_for_selector("form > .athena-error:has-text('too much')")

    def test_errors(self) -> None:
        """The error of each field is shown there, for all fields at once, until it is right."""
        page = self.open()
        page.fill("[name=amount]", "many")
        page.click("[name=how]")
        page.wait_for_selector(
            "[name=amount][aria-invalid=true] + [role=alert]:has-text('Please enter a whole number.')"
        )
        script = """() => {
            const field = document.querySelector('[name=amount]');
            const alert = document.getElementById(field.getAttribute('aria-describedby'));
            return [document.activeElement === field, alert.getAttribute('role')];
        }"""
        self.assertEqual(page.evaluate(script), [True, "alert"])
        self.assertEqual(page.input_value("[name=amount]"), "many")
        page.fill("[name=amount]", "5")
        page.click("[name=how]")
        page.wait_for_selector("p:has-text('5 False fast')")
        expect(page.locator("[role=alert], [aria-invalid], [aria-describedby]")).to_have_count(0)
        expect(page.locator("[name=amount]")).to_have_value("")

    def test_tooLarge(self) -> None:
        """A text that is larger than a message stays in the form, whose error says so. The last error is gone."""
        page = self.open()
        self.expectComplaint("MessageTooLarge")
        page.fill("[name=amount]", "70")
        page.click("[name=how]")
        page.wait_for_selector("form > .athena-error:has-text('too much')")
        page.fill("[name=amount]", "7" * 100_000)
        page.click("[name=how]")
        page.wait_for_selector(".athena-call-failed:has-text('It is too long to be sent.')")
        expect(page.locator("form .athena-error")).to_have_count(0)
        self.assertEqual(len(page.input_value("[name=amount]")), 100_000)

    def test_meanwhile(self) -> None:
        """What is typed while a form is sent stays, with the selection, when that was taken; what was sent goes."""
        page = self.open()
        page.fill("[name=amount]", "7")
        script = """() => {
            const [amount, sure, how] = document.querySelector("form").elements;
            how.click();
            amount.value = "09";
            amount.setSelectionRange(0, 1);
        }"""
        page.evaluate(script)
        page.wait_for_selector("p:has-text('7 False fast')")
        page.wait_for_selector("form:not([aria-busy])")
        field = """() => {
            const { value, selectionEnd } = document.querySelector("[name=amount]");
            return [value, selectionEnd];
        }"""
        self.assertEqual(page.evaluate(field), ["09", 1])
        page.check("[name=sure]")
        page.click("[name=how]")
        page.wait_for_selector("p:has-text('9 True fast')")
        page.wait_for_selector("form:not([aria-busy])")
        self.assertEqual(page.evaluate(field), ["", 0])
        expect(page.locator("[name=sure]")).not_to_be_checked()

    def test_exclusive(self) -> None:
        """A form is sent once, however often it is submitted before the answer."""
        page = self.open()
        page.fill("[name=word]", "x")
        page.wait_for_selector("p:has-text('x 1')")
        page.fill("[name=amount]", "1")
        script = """() => {
            const sent = []; const { page } = Nevow.Athena.page; const { callRemote } = page;
            page.callRemote = (...call) => { sent.push(call[2][0]); return callRemote.apply(page, call); };
            const form = document.querySelector('form');
            for (let index = 0; index < 3; index += 1) { form.requestSubmit(form.querySelector('button')); }
            return [sent, form.getAttribute('aria-busy')];
        }"""
        self.assertEqual(page.evaluate(script), [["order"], "true"])
        page.wait_for_selector("form:not([aria-busy])")

    def test_debounce(self) -> None:
        """What is typed is sent once, when there is a pause."""
        page = self.open()
        page.locator("[name=word]").evaluate(TYPE, "hello")
        page.wait_for_selector("p:has-text('hello 1')")

    def test_refused(self) -> None:
        """A checkbox that the server does not render as checked is unchecked by the answer."""
        page = self.open()
        page.click("tr:nth-child(1) [type=checkbox]")
        page.wait_for_function("() => !document.querySelector('[type=checkbox]').checked")


class MorphTests(BoardTestCase):
    """Renderings change what differs."""

    def test_rows(self) -> None:
        """Rows are moved, not made again, with what was typed in them."""
        page = self.open()
        page.fill("tr:nth-child(4) input", "typed")
        page.evaluate("() => { window.kept = [...document.querySelectorAll('tbody tr')]; }")
        self.arrange(page, (3, "row 3"), (9, "new"), (1, "row 1"), (2, "other"))
        self.assertEqual(self.rows(page), ["row 3", "new", "row 1", "other"])
        script = "() => [...document.querySelectorAll('tbody tr')].map((row) => window.kept.indexOf(row))"
        self.assertEqual(page.evaluate(script), [3, -1, 1, 2])
        self.assertEqual(page.input_value("tr:nth-child(1) input"), "typed")
        self.assertTrue(page.evaluate("() => document.activeElement === document.querySelector('tbody input')"))
        self.arrange(page)
        self.assertEqual(self.rows(page), ["nothing"])
        self.arrange(page, (5, "five"))
        self.assertEqual(self.rows(page), ["five"])

    def test_whole(self) -> None:
        """What the browser has is what the server has rendered."""
        page = self.open()
        for markup in (
            "<p>a</p>",
            "<p class='x'>a</p><b>c</b>",
            "t<b>c</b><p>a</p>",
            "",
            "<svg><g><path d='M0 0'/></g></svg>",
        ):
            self.put(page, markup)
            fresh = page.evaluate(
                "(markup) => { const d = document.createElement('div'); d.innerHTML = markup; return d.innerHTML; }",
                markup,
            )
            self.assertEqual(self.html(page), fresh)

    def test_stale(self) -> None:
        """A part that fails stays, and is marked."""
        page = self.open()
        self.put(page, "<p>here</p>")
        self.expectComplaint("could not be rendered again|as the test wants it|Traceback")
        self.put(page, "fail")
        page.wait_for_selector("[data-athena-stale]:has-text('here')")
        self.put(page, "<p>here</p>")
        page.wait_for_selector("[data-athena-part='1.content']:not([data-athena-stale]):has-text('here')")


class NestingTests(BrowserTestCase):
    """Elements in a part."""

    def test_rows(self) -> None:
        """They stay as they are when the part is rendered again; new ones have widgets, and those that are gone end."""
        page = self.openPage(self.sharedServer(NEST, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        arrange = "(names) => Nevow.Athena.Widget.fromAthenaID(1).callRemote('arrange', names)"
        page.evaluate(arrange, ["a", "b", "c"])
        page.fill("li:nth-child(1) input", "typed")
        page.click("li:nth-child(2) button")
        page.wait_for_selector("li:nth-child(2) b:text-is('B')")
        page.click("text=Sort")
        page.wait_for_selector("li:nth-child(1) b:text-is('c')")
        self.assertEqual(page.locator("li b").all_inner_texts(), ["c", "a", "B"])
        self.assertEqual(page.input_value("li:nth-child(2) input"), "typed")
        page.evaluate(arrange, ["d", "a"])
        widgets = "() => Object.keys(Nevow.Athena.Widget._athenaWidgets).length"
        self.assertEqual((page.locator("li b").all_inner_texts(), page.evaluate(widgets)), (["d", "a"], 3))
        page.click("li:nth-child(1) button")
        page.wait_for_selector("li:nth-child(1) b:text-is('D')")
        parents = "() => Nevow.Athena.Widget.fromAthenaID(1).childWidgets.length"
        self.assertEqual(page.evaluate(parents), 2)
        page.evaluate("() => Nevow.Athena.Widget.fromAthenaID(1).callRemote('count')")
        page.wait_for_selector("i:text-is('inner 1')")


class EarlyTests(BrowserTestCase):
    """Before the scripts have come."""

    def actEarly(self, element: str, act: "Callable[[Page], object]", shown: str) -> None:
        """Do something before the client has come, and wait until something is shown."""
        routes: list[Route] = []
        page = self.openPage()
        page.route("**/athenalite.js", lambda route: routes.append(route))
        page.goto(self.sharedServer(element, cwd=APPLICATIONS).url, wait_until="commit")
        kept = "() => Symbol.for('athenalite.kept') in (document.getElementById('athena-page') ?? {})"
        waitUntil(lambda: page.evaluate(kept), "the opener did not run", pause=pausing(page))
        page.wait_for_selector("button")
        act(page)
        address = page.url
        waitUntil(lambda: bool(routes), "the script was not asked for", pause=pausing(page))
        routes[0].continue_()
        page.wait_for_selector(shown)
        self.assertEqual(page.url, address)

    def test_click(self) -> None:
        """A click is kept, and calls the server when there are scripts."""
        self.actEarly(COUNTER, lambda page: page.click("text=More"), "output:has-text('1')")

    def test_submit(self) -> None:
        """A form is not sent by the browser, but to its method when there are scripts."""
        self.actEarly(BOARD, lambda page: page.press("[name=amount]", "Enter"), "[name=amount][aria-invalid]")


class LateTests(Board, BrowserTestCase):
    """Methods for events that no template has: a part has brought them."""

    def test_form(self) -> None:
        """The script for them is loaded with the first event, which the browser does not handle by itself."""
        page = self.openPage(self.sharedServer(LATE, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        address = page.url
        loaded = "() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('-remote')).length"
        self.assertEqual(page.evaluate(loaded), 0)
        self.put(page, '<form data-athena-handlers="onsubmit=@order"><input name="amount" /><button>Go</button></form>')
        page.press("[name=amount]", "Enter")
        page.wait_for_selector("[name=amount][aria-invalid]")
        self.assertEqual((page.evaluate(loaded), page.url), (1, address))


class WizardTests(BrowserTestCase):
    """A form that is rendered in the place of another form."""

    def open(self) -> "Page":
        page = self.openPage(self.sharedServer(WIZARD, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        page.fill("[name=title]", "good")
        page.click("text=Next")
        page.wait_for_selector("[name=amount]")
        return page

    def test_typed(self) -> None:
        """Text typed into a field is not in the field of another name that replaces it."""
        page = self.open()
        page.fill("[name=amount]", "7")
        page.click("text=Back")
        page.wait_for_selector("[name=title]")
        self.assertEqual(page.input_value("[name=title]"), "")

    def test_errors(self) -> None:
        """The error of a field is removed with the field."""
        page = self.open()
        page.fill("[name=amount]", "many")
        page.press("[name=amount]", "Enter")
        page.wait_for_selector("[name=amount] + .athena-error")
        page.click("text=Back")
        page.wait_for_selector("[name=title]")
        expect(page.locator(".athena-error, [aria-invalid], [aria-describedby]")).to_have_count(0)
        page.fill("[name=title]", "bad")
        page.click("text=Next")
        page.wait_for_selector("[name=title] + .athena-error:has-text('That is bad.')")


class RecoveryTests(BrowserTestCase):
    """What was typed is there again after a reload."""

    def test_reload(self) -> None:
        """
        A person reloads: no method is called by that. When a form was sent, nothing is kept any more. So it is if the
        connection is cut when the script for it is loaded.
        """
        page = self.openPage()
        self.expectComplaint("net::ERR_FAILED|would be lost by a reload|dynamically imported module")
        page.route("**/*recovery*", lambda route: route.abort(), times=2)
        page.goto(self.sharedServer(ORDER, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        page.select_option("[name=size]", "large")
        page.check("[name=sure]")
        page.fill("[name=secret]", "hush")
        page.fill("[name=what]", "green tea")
        page.evaluate("() => { document.querySelector('[name=what]').setSelectionRange(2, 4, 'forward'); }")
        page.wait_for_selector("p:text-is('validate green tea')")
        page.wait_for_function(HIDDEN)
        page.reload()
        page.wait_for_function(RECOVERED)
        self.waitForWidget(page)
        # An event of before would have called the server before.
        page.click("button")
        page.wait_for_selector("p:text-is('order green tea True large')")
        page.wait_for_selector("form:not([aria-busy])")
        self.assertIsNone(page.evaluate(HIDDEN))
        page.fill("[name=what]", "never")
        self.assertIn("never", page.evaluate(HIDDEN))
        page.click("button")
        self.assertIsNone(page.evaluate(HIDDEN.replace("visibilitychange", "pagehide")))


#: A person goes through the history of a page, and what is shown then.
STEPS = (("back", "/?tea#end"), ("back", "/?tea"), ("back", "/"), ("forward", "/?tea"))


class AddressTests(BrowserTestCase):
    """The server changes the address of a page."""

    def test_history(self) -> None:
        """The person goes back and forward, and reloads, without a new document where there is none to be."""
        server = self.sharedServer(ADDRESS, cwd=APPLICATIONS)
        page = self.openPage(server.url)
        self.waitForWidget(page)
        page.evaluate("() => { window.isSame = true; }")
        page.click("text=Tea")
        page.wait_for_selector("p:text-is('/?tea')")
        # What is shown comes behind the address.
        self.assertEqual(page.evaluate("() => location.search"), "?tea")
        page.click("text=End")
        page.wait_for_selector("p:text-is('/?tea#end')")
        page.click("text=Milk")
        page.wait_for_selector("p:text-is('/?milk')")
        page.click("text=Water")
        page.wait_for_selector("p:text-is('/?water')")
        for step, shown in STEPS:
            page.evaluate("(step) => { history[step](); }", step)
            page.wait_for_selector(f"p:text-is('{shown}')")
        self.assertTrue(page.evaluate("() => window.isSame && location.search === '?tea'"))
        page.reload()
        page.wait_for_selector("p:text-is('/?tea')")
        self.assertFalse(page.evaluate("() => 'isSame' in window"))


class Cutting(Case):
    """Connections that are cut, in any browser."""

    def cutTwelveTimes(self, forwarder: PortForwarder, cut: Any, whole: Any, pause: "Callable[[float], None]") -> None:
        """Cut one page at different bytes while both change; in the end they are equal."""
        change = "(number) => Nevow.Athena.Widget.fromAthenaID(1).callRemote('change', number)"
        for number in range(12):
            forwarder.cutAfter(37 * number)
            for step in range(5):
                whole.evaluate(change, 5 * number + step)
            pause(0.05)
        forwarder.cutAfter(10**9)
        whole.evaluate(change, 1000)
        html = "() => document.querySelector('main').innerHTML"
        waitUntil(
            lambda: "thing 1000" in (shown := whole.evaluate(html)) and cut.evaluate(html) == shown,
            lambda: f"{cut.evaluate(html)} is not {whole.evaluate(html)}",
            pause=pause,
        )


class CutTests(Cutting, BoardTestCase):
    """Chromium."""

    def test_cuts(self) -> None:
        """A dashboard and a list that are cut twelve times, at any byte of an update, end as those that were not."""
        server = self.sharedServer(SHARED, cwd=APPLICATIONS)
        self.expectComplaint("WebSocket|connection")
        with PortForwarder(server.port) as forwarder:
            cut, whole = self.openPage(forwarder.url), self.openPage(server.url)
            self.waitForWidget(cut)
            self.waitForWidget(whole)
            self.cutTwelveTimes(forwarder, cut, whole, pausing(cut))
