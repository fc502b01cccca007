# -*- test-case-name: tests.browser.test_status -*-
"""
What people see of a connection that does not come, is interrupted or lost, in real browsers: that it is above
everything, covers nothing that they need, can be used, put aside and got back; and the pages that are made again.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from harness.browser import pausing
from harness.firefox import FirefoxTestCase
from harness.ports import freePorts
from harness.waiting import SharedTime, waitUntil
from tests.browser.test_chat import CHAT, EXAMPLES, Person
from tests.browser.test_cuts import CutTestCase

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

LOST = "(reason) => Nevow.Athena.page.page.session.lost(reason)"
LIVE = "() => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]"
#: The topmost element at the middle of the first element that matches, and whether it is part of that.
ON_TOP = """(selector) => {
    const node = document.querySelector(selector);
    const { left, top, width, height } = node.getBoundingClientRect();
    return node.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""
#: Which of the elements that match are covered by something else.
COVERED = """(selector) => [...document.querySelectorAll(selector)].filter((node) => {
    const { left, top, right, bottom, width } = node.getBoundingClientRect();
    return width > 0 && [...document.querySelectorAll("[data-athena-dialog], .athena-status > *")].some((other) => {
        const box = other.getBoundingClientRect();
        return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
    });
}).map((node) => node.outerHTML)"""
MODAL = """() => {
    const dialog = document.createElement("dialog");
    dialog.id = "own";
    const field = document.createElement("input");
    field.id = "inside";
    dialog.append(field);
    document.body.append(dialog);
    dialog.showModal();
}"""


class StatusTestCase(CutTestCase):
    """A page of the chat."""

    def chat(self, width: int = 1280, height: int = 800) -> "Page":
        """A page of this size whose connection can be cut; somebody has joined and typed half a sentence."""
        server = self.startServer(CHAT)
        forwarder = self.forwarders["alice"] = self.forwarderTo(server)
        page = self.openPage()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(forwarder.url)
        Person("alice", page).join()
        page.fill("[name=userMessage]", "half a sentence")
        return page

    def lose(self, page: "Page", reason: str = "all is sold") -> None:
        """Have the page lost for ``reason``."""
        page.evaluate(LOST, reason)
        page.get_by_role("alertdialog").wait_for()

    def assertUsable(self, page: "Page") -> None:
        """Assert that the dialog is on top, has the focus, and can be put aside and got back with the mouse."""
        dialog = page.get_by_role("alertdialog")
        self.assertTrue(page.evaluate(ON_TOP, "[data-athena-dialog]"))
        self.assertTrue(dialog.evaluate("node => node.contains(document.activeElement)"))
        dialog.get_by_role("button", name="Not now").click()
        dialog.wait_for(state="detached")
        page.get_by_role("button", name="Not connected").click()
        dialog.wait_for()


class TopTests(StatusTestCase):
    """Above everything."""

    def test_overDialog(self) -> None:
        """Above a modal dialog, which is open: usable, and the dialog stays open when Escape puts ours aside."""
        page = self.chat()
        page.evaluate(MODAL)
        self.lose(page)
        self.assertUsable(page)
        page.keyboard.press("Escape")
        page.get_by_role("alertdialog").wait_for(state="detached")
        self.assertTrue(page.evaluate("document.querySelector('#own').open"))
        self.assertEqual(page.evaluate("document.activeElement.textContent"), "Not connected")

    def test_dialogAfterwards(self) -> None:
        """Above a modal dialog that is opened later; and there when that is closed, or removed."""
        page = self.chat()
        self.lose(page)
        page.evaluate(MODAL)
        page.wait_for_function(ON_TOP, arg="[data-athena-dialog]")
        page.get_by_role("button", name="Not now").click()
        page.get_by_role("button", name="Not connected").click()
        page.evaluate("document.querySelector('#own').close()")
        page.wait_for_function("() => document.querySelector('[data-athena-dialog]').parentNode === document.body")
        self.assertUsable(page)
        page.evaluate(MODAL.replace("own", "other"))
        page.wait_for_function("() => document.querySelector('#other [data-athena-dialog]')")
        page.evaluate("document.querySelector('#other').remove()")
        page.wait_for_function(ON_TOP, arg="[data-athena-dialog]")

    def test_fullscreen(self) -> None:
        """Above an element that fills the screen, before and afterwards; the line, too."""
        page = self.chat()
        page.evaluate("document.querySelector('[name=scrollArea]').requestFullscreen()")
        page.wait_for_function("() => document.fullscreenElement")
        self.forwarders["alice"].down()
        page.get_by_text("Reconnecting").wait_for()
        page.wait_for_function(ON_TOP, arg=".athena-status button")
        self.lose(page)
        self.assertUsable(page)
        page.evaluate("document.exitFullscreen()")
        page.wait_for_function("() => !document.fullscreenElement")
        page.evaluate("document.querySelector('[name=scrollArea]').requestFullscreen()")
        page.wait_for_function(ON_TOP, arg="[data-athena-dialog]")


class PlaceTests(StatusTestCase):
    """Nothing that people need is covered."""

    needed = "header, h1, input, form [type=submit]"

    def assertNothingCovered(self, width: int, height: int) -> None:
        """Assert it for the line, the dialog and the button that gets it back."""
        page = self.chat(width, height)
        self.forwarders["alice"].down()
        page.get_by_text("Reconnecting").wait_for()
        # The chat has a place for it.
        page.wait_for_function(f"() => !({COVERED})('.chatter').length")
        self.lose(page, "unknown page")
        self.assertEqual(page.evaluate(COVERED, self.needed), [])
        page.keyboard.press("Escape")
        self.assertEqual(
            page.evaluate("[document.activeElement.name, document.activeElement.value]"),
            [
                "userMessage",
                "half a sentence",
            ],
        )
        self.assertEqual(page.evaluate(COVERED, self.needed), [])
        page.set_viewport_size({"width": width, "height": height - 200})
        page.get_by_role("button", name="Not connected").click()
        # The window may report its new size later.
        waitUntil(lambda: page.evaluate(COVERED, self.needed) == [], "something is covered", pause=pausing(page))

    def test_telephone(self) -> None:
        """On a telephone."""
        self.assertNothingCovered(390, 844)

    def test_desktop(self) -> None:
        """In a large window."""
        self.assertNothingCovered(1280, 800)

    def test_style(self) -> None:
        """A rule of the application places it elsewhere."""
        page = self.chat()
        page.evaluate("""() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("[data-athena-dialog] { top: 123px }");
            document.adoptedStyleSheets.unshift(sheet);
        }""")
        self.lose(page)
        self.assertEqual(
            page.evaluate("document.querySelector('[data-athena-dialog]').getBoundingClientRect().top"), 123
        )

    def test_print(self) -> None:
        """Nothing of it is printed."""
        page = self.chat()
        self.lose(page)
        page.emulate_media(media="print")
        page.locator("[data-athena-dialog]").wait_for(state="hidden")

    def test_german(self) -> None:
        """The document's language at the moment when it is shown, in a document from right to left too."""
        page = self.chat()
        with page.expect_response("**/athenalite-de.js") as texts:
            page.evaluate("Object.assign(document.documentElement, { lang: 'de-CH', dir: 'rtl' })")
        self.assertEqual(texts.value.headers["cache-control"], "public, max-age=31536000, immutable")
        self.lose(page, "the server is shutting down")
        page.get_by_text("Der Server wird beendet oder neu gestartet.").wait_for()
        direction = page.eval_on_selector("[data-athena-dialog]", "node => getComputedStyle(node).direction")
        self.assertEqual(direction, "ltr")


class NeverConnectedTests(StatusTestCase):
    """A connection that does not come."""

    def test_blocked(self) -> None:
        """Within five seconds people see that there is none and why; and when it comes their calls are made."""
        self.expectComplaint("status of 426")
        self.expectComplaint("A page reaches this server, but cannot open its WebSocket")
        server = self.startServer(CHAT)
        page = self.openPage()
        # A fixture of the browser, because a proxy would be in the way of everything.
        page.add_init_script("""
            const { WebSocket } = globalThis;
            globalThis.isBlocked = true;
            globalThis.WebSocket = function (url, protocols) {
                return new WebSocket(globalThis.isBlocked ? url.replace("/transport", "/nothing") : url, protocols);
            };
        """)
        self.expectComplaint("WebSocket connection to .* failed")
        clock = SharedTime()
        page.goto(server.url)
        line = page.get_by_role("status").get_by_text("This page could not connect to the server.")
        waitUntil(line.is_visible, "no line", limit=5.5, pause=pausing(page), interval=0.1, clock=clock)
        self.assertIn("the network in between lets no live connection pass", line.inner_text())
        page.fill("[name=username]", "alice")
        page.press("[name=username]", "Enter")
        page.get_by_role("button", name="Hide").click()
        page.get_by_role("button", name="Not connected").click()
        line.wait_for()
        page.evaluate("globalThis.isBlocked = false")
        page.get_by_text("* user alice has joined the room").wait_for()
        page.get_by_role("status").get_by_text("Connected again.").wait_for()

    def test_late(self) -> None:
        """A page whose scripts came too late is loaded again, without a dialog or a line."""
        server = self.startServer(CHAT, "--connect-timeout=1")
        page = self.openPage()
        late: list[Route] = []
        requests = self.requestsOf(page)
        page.route("**/*.js", lambda route: late.append(route))
        page.goto(server.url, wait_until="commit")
        self.waitForLate(page, late)
        while requests.count(server.url) < 2:
            page.wait_for_timeout(20)
        page.wait_for_function(LIVE)
        Person("alice", page).join().say("here I am")
        Person("alice", page).waitFor("alice: here I am")
        self.assertEqual(page.get_by_role("alertdialog").count(), 0)
        self.assertEqual(requests.count(server.url), 2)
        self.assertEqual(page.evaluate("sessionStorage.length"), 0)

    def waitForLate(self, page: "Page", late: "list[Route]") -> None:
        """Let the scripts of a page come when the server has lost it."""
        page.wait_for_timeout(1500)
        kept, late[:] = list(late), []
        page.unroute("**/*.js")
        for route in kept:
            route.fallback()

    def test_lateAndTyped(self) -> None:
        """What was typed before the scripts came is kept, and people decide."""
        self.expectComplaint("Connection lost|ConnectionLost")
        server = self.startServer(CHAT, "--connect-timeout=1")
        page = self.openPage()
        late: list[Route] = []
        page.route("**/*.js", lambda route: late.append(route))
        page.goto(server.url, wait_until="commit")
        page.fill("[name=username]", "alice")
        self.waitForLate(page, late)
        page.get_by_role("alertdialog").get_by_text("The page was opened too long ago.").wait_for()
        self.assertEqual(page.input_value("[name=username]"), "alice")

    def test_alwaysLate(self) -> None:
        """A page that is as late when it is made again is not made a third time: people decide."""
        server = self.startServer(CHAT, "--connect-timeout=1")
        page = self.openPage()
        requests = self.requestsOf(page)

        def answer(route: "Route") -> None:
            page.wait_for_timeout(1500)
            route.continue_()

        page.route("**/*opener.js", answer)
        page.route("**/athenalite.js", answer)
        page.goto(server.url)
        page.get_by_role("alertdialog").get_by_text("The page was opened too long ago.").wait_for()
        self.assertEqual(requests.count(server.url), 2)

    def requestsOf(self, page: "Page") -> list[str]:
        """A list that gets the address of each request."""
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        return requests


class ReloadTests(StatusTestCase):
    """A lost page that reloads by itself, because its application wants that."""

    def test_restarted(self) -> None:
        """After a restart; but not while there is typed text, and not before the server is there again."""
        self.expectComplaint("WebSocket connection to .* failed|net::ERR_|status of 426")
        directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="athenalite-reload-")))
        (directory / "returning.py").write_text(
            "from chatthing.chatterbox import ChatRoom\n"
            "def chat(room=ChatRoom()):\n"
            "    chatter = room.makeChatter()\n"
            "    chatter.pageReloads = True\n"
            "    return chatter\n"
        )
        [port] = freePorts(1)
        server = self.startServer("returning.chat", f"--port={port}", cwd=directory)
        alice, bob = (Person(name, self.openPage(server.url)).join() for name in ("alice", "bob"))
        bob.page.fill("[name=userMessage]", "half a sentence")
        for person in (alice, bob):
            person.page.evaluate("Math.random = () => 0")
        server.stop()
        alice.page.get_by_role("alertdialog").get_by_text("The page reloads by itself in a moment.").wait_for()
        bob.page.get_by_role("alertdialog").get_by_text("what you typed here is kept until then").wait_for()
        alice.page.wait_for_timeout(2000)
        self.assertEqual(alice.page.get_by_role("alertdialog").count(), 1)
        self.startServer("returning.chat", f"--port={port}", cwd=directory)
        alice.page.get_by_role("alertdialog").wait_for(state="detached")
        alice.join()
        self.assertEqual(bob.page.input_value("[name=userMessage]"), "half a sentence")
        self.assertEqual(bob.page.get_by_role("alertdialog").count(), 1)


class OutboxTests(CutTestCase):
    """Lines that are sent while there is no connection, in the chats."""

    def talk(self, element: str, cwd: "Path | None" = None) -> "tuple[Person, Locator]":
        """Somebody in a chat, and the place of the lines that the server has not confirmed."""
        forwarder = self.forwarders["alice"] = self.forwarderTo(self.startServer(element, cwd=cwd))
        page = self.openPage(forwarder.url)
        self.assertEqual(page.title(), "Chat")
        return Person("alice", page).join(), page.locator("[name=outbox] > div")

    def assertPending(self, alice: Person, outbox: "Locator") -> None:
        """Assert that lines are shown as pending until they are sent; and that none is lost with the page."""
        self.forwarders["alice"].down()
        alice.say("one")
        alice.say("two")
        outbox.nth(1).wait_for()
        self.assertRegex(" ".join(outbox.all_inner_texts()), r"(?s)^one\b.*\btwo\b")
        self.assertEqual([line for line in alice.lines() if "alice:" in line], [])
        self.forwarders["alice"].up()
        self.assertEqual(alice.waitForLines("alice: ", 2), ["alice: one", "alice: two"])
        outbox.first.wait_for(state="detached")
        self.forwarders["alice"].down()
        alice.say("three")
        alice.say("four")
        outbox.nth(1).wait_for()
        alice.page.evaluate(LOST, "unknown page")
        alice.page.get_by_role("alertdialog").wait_for()
        self.assertEqual(alice.page.input_value("[name=userMessage]"), "three")
        self.assertIn("four", outbox.inner_text())
        self.assertTrue(alice.page.evaluate("document.activeElement.matches('[data-athena-dialog]')"))
        self.assertEqual(outbox.get_attribute("class"), "failed")

    def test_demo(self) -> None:
        """The demo."""
        self.assertPending(*self.talk(CHAT))

    def test_modern(self) -> None:
        """The example in the modern style."""
        self.assertPending(*self.talk("chatting.chatterbox.chat", EXAMPLES / "chat-modern"))


class FirefoxStatusTests(FirefoxTestCase):
    """The same in Firefox."""

    def test_dialog(self) -> None:
        """The dialog is above a modal one, has the focus, is put aside by Escape and got back; no field is covered."""
        server = self.startServer(CHAT)
        tab = self.openTab(server.url)
        tab.type("username", "alice")
        tab.waitFor("() => !document.getElementsByName('sendLine')[0].hidden")
        tab.evaluate(LOST, "unknown page")
        tab.waitFor(ON_TOP, "[data-athena-dialog]")
        self.assertTrue(tab.evaluate("() => document.activeElement.matches('[data-athena-dialog]')"))
        self.assertEqual(tab.evaluate(COVERED, "header, input"), [])
        tab.evaluate(
            "() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))"
        )
        self.assertEqual(tab.evaluate("() => document.activeElement.name"), "userMessage")
        tab.evaluate(MODAL)
        tab.waitFor(ON_TOP, ".athena-status button")
        tab.evaluate("() => document.querySelector('.athena-status button').click()")
        tab.waitFor(ON_TOP, "[data-athena-dialog]")
        self.assertTrue(tab.evaluate("() => document.querySelector('#own').contains(document.activeElement)"))
