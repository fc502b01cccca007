# -*- test-case-name: tests.browser.test_handlers -*-
"""Event handlers in real browsers: of copies and later nodes, of all events, in order, and before there are widgets."""

from typing import TYPE_CHECKING, Any

from harness.browser import BrowserTestCase, pausing
from harness.firefox import FirefoxTestCase
from harness.waiting import waitUntil
from tests.browser.test_chat import EXAMPLES
from tests.browser.test_odd import APPLICATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

BOX = "handlerthing.handlerbox.BoxElement"
WIDGET = (
    "const widget = Nevow.Athena.Widget.fromAthenaID({});"
    "const at = (id) => document.getElementById(`athenaid:1-${{id}}`);"
)


class HandlerTests(BrowserTestCase):
    """Handlers are found from the event."""

    def open(self) -> "Page":
        """A page whose widgets exist."""
        page = self.openPage(self.sharedServer(BOX, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        return page

    def run_(self, page: "Page", body: str, athenaID: int = 1) -> Any:
        """Run JavaScript in the page, and return what the widget has noted."""
        return page.evaluate(f"async () => {{ {WIDGET.format(athenaID)} {body}; return widget.take(); }}")

    def test_copies(self) -> None:
        """Copies of nodes, of their HTML, and what is added later, work at once as the original does."""
        page = self.open()
        for way in (
            "at('place').append(at('outer').cloneNode(true))",
            "at('place').innerHTML = at('outer').outerHTML",
            "Divmod.Runtime.theRuntime.setNodeContent(at('place'), new XMLSerializer().serializeToString(at('outer')))",
            "at('place').append(document.importNode(at('outer'), true))",
            "at('place').insertAdjacentHTML('beforeend', at('outer').outerHTML)",
        ):
            with self.subTest(way):
                noted = self.run_(page, f"{way}; at('place').lastElementChild.querySelector('button').click()")
                self.assertEqual(noted, ["click button", "click outer"])

    def test_template(self) -> None:
        """A template's clone has handlers, of an event that nothing else is called for."""
        page = self.open()
        clone = "const [copy] = at('template').content.cloneNode(true).children"
        event = "copy.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))"
        self.assertEqual(self.run_(page, f"{clone}; at('place').append(copy); {event}"), ["dblclick copied"])
        later = "at('place').innerHTML = '<p data-athena-handlers=\"onwheel=note\">x</p>'; await null"
        event = "at('place').firstChild.dispatchEvent(new WheelEvent('wheel'))"
        self.assertEqual(self.run_(page, f"{later}; {event}"), ["wheel p"])

    def test_events(self) -> None:
        """Events that have no property, do not bubble, are custom, or of custom elements."""
        page = self.open()
        self.assertEqual(self.run_(page, "at('text').focus()"), ["focus text"])
        self.assertEqual(self.run_(page, "at('field').focus()"), ["blur text", "focusin outer"])
        for event, target, noted in (
            ("new CompositionEvent('compositionend', { bubbles: true })", "text", ["compositionend text"]),
            ("new CustomEvent('item-chosen', { bubbles: true })", "field", ["item-chosen outer"]),
            ("new CustomEvent('chosen', { bubbles: true })", "field", ["chosen outer"]),
            ("new CustomEvent('picked')", "item", ["picked x-item"]),
            ("new MouseEvent('mouseenter')", "button", ["mouseenter button"]),
        ):
            self.assertEqual(self.run_(page, f"at('{target}').dispatchEvent({event})"), noted)
        self.waitForAdvice(page, 'no event "onchosen", for which a template\'s athena:handler names the method note')

    def waitForAdvice(self, page: "Page", text: str) -> None:
        """Wait until a page has loaded its texts of warnings, and written this one."""
        waitUntil(lambda: text in "\n".join(self._console), lambda: self._console, pause=pausing(page))

    def test_order(self) -> None:
        """A handler can stop an event, which other listeners of the node can too, and false prevents the default."""
        page = self.open()
        stop = "at('button').addEventListener('click', (event) => event.stopPropagation(), { once: true })"
        self.assertEqual(self.run_(page, f"{stop}; at('button').click()"), ["click button"])
        self.assertEqual(self.run_(page, "at('button').click()"), ["click button", "click outer"])
        self.assertEqual(self.run_(page, "at('link').click(); at('refusing').click()"), ["click a", "click a"])
        self.assertTrue(page.url.endswith("#followed"))
        self.assertEqual(self.run_(page, "at('outer').onclick = null; at('button').click()"), ["click button"])

    def test_later(self) -> None:
        """A method that returns a Promise or a Deferred prevents what leaves the page, and ticks a box."""
        page = self.open()
        url = page.url
        noted = self.run_(page, "at('send').click(); at('defer').click(); at('later').click(); at('box').click()")
        self.assertEqual(noted, ["submit form", "submit form", "click a", "click box", "change box"])
        link = '<svg><a xlink:href="#left" data-athena-handlers="onclick=noteLater"><text>x</text></a></svg>'
        click = "dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))"
        later = f"at('place').innerHTML = '{link}'; await null; at('place').firstChild.firstChild.{click}"
        self.assertEqual(self.run_(page, later), ["click a"])
        page.wait_for_timeout(100)
        self.assertEqual(page.url, url)
        self.assertTrue(page.locator("[name=box]").is_checked())

    def test_shadow(self) -> None:
        """In an open shadow tree, the first event finds all handlers, those of events that stay in it, too."""
        page = self.open()
        self.run_(
            page,
            "const root = at('item').attachShadow({ mode: 'open' });"
            'root.innerHTML = \'<p><input name="inner" data-athena-handlers="onchange=note onfocus=note"></p>\'',
        )
        page.locator("[name=inner]").focus()
        page.keyboard.type("x")
        page.locator("[name=inner]").blur()
        self.assertEqual(self.run_(page, ""), ["focus inner", "focusin outer", "change inner"])

    def test_fields(self) -> None:
        """Fields hide a form's properties from no one: it is made when sent later, called, and detached."""
        page = self.open()
        self.run_(page, "await widget.addForm()")
        self.assertEqual(self.run_(page, "widget.node.lastElementChild.click()", 2), ["submit late"])
        self.assertEqual(
            self.run_(page, "widget.node.nodeType; widget.nodesByAttribute('name', 'remove')[0].form", 2), []
        )
        copy = "const copy = Node.prototype.cloneNode.call(widget.node, true); at('place').append(copy)"
        self.assertEqual(self.run_(page, f"{copy}; copy.lastElementChild.click()", 2), ["submit late"])
        detach = "const { node } = widget; await widget.detach(); node.lastElementChild.click()"
        url = page.url
        self.assertEqual(self.run_(page, detach, 2), [])
        self.assertEqual(page.url, url)
        self.waitForAdvice(page, "Widget 2 has ended, and note is not called for onsubmit")


class EarlyTests(BrowserTestCase):
    """Events before there are widgets."""

    def openEarly(self, server: str, *held: str) -> tuple["Page", list["Route"]]:
        """A page whose scripts of these names are on their way."""
        routes: list[Route] = []
        page = self.openPage()
        for name in held:
            page.route(f"**/{name}.js", lambda route: routes.append(route))
        page.goto(server, wait_until="commit")
        page.locator("input").first.wait_for()
        waitUntil(lambda: len(routes) == len(held), "the scripts were not asked for", pause=pausing(page))
        if "athenalite-opener" not in held:
            page.wait_for_function("() => Symbol.for('athenalite.kept') in document.getElementById('athena-page')")
        return page, routes

    def finish(self, page: "Page", routes: list["Route"]) -> None:
        """Let the scripts come."""
        for route in routes:
            route.continue_()
        self.waitForWidget(page)

    def test_kept(self) -> None:
        """What people do is not undone, and is handled once when there are widgets."""
        page, routes = self.openEarly(self.sharedServer(BOX, cwd=APPLICATIONS).url, "athenalite")
        page.locator("[name=box]").click()
        page.locator("[name=text]").press_sequentially("abc")
        page.locator("[name=secret]").fill("my secret")
        self.assertTrue(page.locator("[name=box]").is_checked())
        page.locator("[name=secret]").press("Enter")
        page.locator("[name=secret]").press("Enter")
        page.get_by_text("Button").click()
        page.get_by_text("Link").first.click()
        self.assertNotIn("#", page.url)
        self.finish(page, routes)
        page.wait_for_url("**/#followed")
        noted = page.evaluate(f"() => {{ {WIDGET.format(1)} return widget.take(); }}")
        self.assertEqual(
            noted,
            # Submits, and clicks on buttons and links, are made again in their order.
            [
                "click box",
                "change box",
                "input text",
                "change text",
                "submit form",
                "click button",
                "click outer",
                "click a",
            ],
        )
        self.assertEqual(page.locator("[name=text]").input_value(), "abc")
        self.assertTrue(page.locator("[name=box]").is_checked())

    def test_echo(self) -> None:
        """An early Enter sends the message when the client is there, once, and never in the page's address."""
        url = self.startServer("echoing.echobox.EchoElement", cwd=EXAMPLES / "echo-modern").url
        page, routes = self.openEarly(url, "athenalite")
        page.locator("[name=message]").fill("my secret text")
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        self.assertEqual(page.url, url)
        self.finish(page, routes)
        page.get_by_text("my secret text").wait_for()
        self.assertEqual((page.url, page.get_by_text("my secret text").count()), (url, 1))

    def test_noScript(self) -> None:
        """Before the first script has come, an Enter does nothing, and the form works afterwards."""
        url = self.startServer("echoing.echobox.EchoElement", cwd=EXAMPLES / "echo-modern").url
        page, routes = self.openEarly(url, "athenalite", "athenalite-opener")
        page.locator("[name=message]").fill("my secret text")
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        self.assertEqual(page.url, url)
        self.finish(page, routes)
        page.locator("[name=message]").press("Enter")
        page.get_by_text("my secret text").wait_for()
        self.assertIsNone(page.locator("form").get_attribute("method"))


class FirefoxTests(FirefoxTestCase):
    """The same mechanism in another engine."""

    def test_handlers(self) -> None:
        """Copies, events without a property, and results that come later."""
        tab = self.openTab(self.startServer(BOX, cwd=APPLICATIONS).url)
        tab.waitFor("() => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]")
        url = tab.evaluate("() => location.href")
        for body, noted in (
            (
                "at('place').append(at('outer').cloneNode(true)); at('place').querySelector('button').click()",
                ["click button", "click outer"],
            ),
            ("at('text').dispatchEvent(new CompositionEvent('compositionend'))", ["compositionend text"]),
            ("at('field').dispatchEvent(new FocusEvent('focusin', { bubbles: true }))", ["focusin outer"]),
            (
                "at('send').click(); at('defer').click(); at('later').click(); at('box').click()",
                ["submit form", "submit form", "click a", "click box", "change box"],
            ),
            ("await widget.addForm(); document.querySelector('.late').lastElementChild.click()", []),
        ):
            with self.subTest(body):
                found = tab.evaluate(f"async () => {{ {WIDGET.format(1)} {body}; return widget.take(); }}")
                self.assertEqual(found, noted)
        self.assertEqual(tab.evaluate("() => location.href"), url)
        self.assertEqual(tab.evaluate(f"() => {{ {WIDGET.format(2)} return widget.take(); }}"), ["submit late"])
