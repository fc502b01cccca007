# -*- test-case-name: tests.browser.test_cuts -*-
"""
The chat in a real Chromium, over connections that drop.

Each message must arrive once and in order, the same on all pages; short cuts show nothing, longer ones a status.
"""

import time
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase
from harness.portforwarder import PortForwarder
from harness.ports import freePorts
from tests.browser.test_chat import CHAT, Person

if TYPE_CHECKING:
    from harness.server import Server

# Chromium reports each failed attempt; nothing that a page does can prevent that.
REFUSED = r"WebSocket connection to .* failed"

# Submits the typed text later, when a call by the test would take too long.
SEND_SOON = """() => {
    setTimeout(() => document.querySelector("[name=chatBox]").requestSubmit(), 100);
}"""

# Records all texts of the status from now on, and how long the page has been disconnected, which on a busy machine is
# longer than the cut.
WATCH_STATUS = """() => {
    window.statuses = [];
    window.away = 0;
    let since = null;
    const { status } = Nevow.Athena.page.page;
    const { disconnected, resumed } = status;
    status.disconnected = () => {
        since ??= performance.now();
        disconnected.call(status);
    };
    status.resumed = () => {
        window.away += performance.now() - since;
        since = null;
        resumed.call(status);
    };
    new MutationObserver(() => {
        const text = document.querySelector("[role=status]")?.textContent;
        if (text) {
            window.statuses.push(text);
        }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


class CutTestCase(BrowserTestCase):
    """People at the chat, each with a connection of their own that can be cut."""

    timeout = 20.0

    def setUp(self) -> None:
        super().setUp()
        self.expectComplaint(REFUSED)
        # A script that comes later, as the chat's.
        self.expectComplaint("Failed to load resource: net::ERR_")
        self.forwarders: dict[str, PortForwarder] = {}

    def people(self, *names: str, server: "Server | None" = None) -> list[Person]:
        """Let people with these names join; ``self.forwarders`` has their connections."""
        server = server or self.startServer(CHAT)
        people = []
        for name in names:
            self.forwarders[name] = self.forwarderTo(server)
            people.append(Person(name, self.openPage(self.forwarders[name].url)).join())
        return people

    def forwarderTo(self, server: "Server") -> PortForwarder:
        """Return a forwarder to ``server`` whose connections can be cut; it lives as long as the test."""
        return self.enterContext(PortForwarder(server.port))

    def spend(self, seconds: float) -> None:
        """Let time pass that is part of what happens, as the length of a cut is; no test relies on its being enough."""
        # A busy machine may have spent it already.
        time.sleep(max(0, seconds))

    def assertOneConversation(self, people: list[Person], count: int) -> None:
        """
        Assert that all pages show the same lines, ``count`` of each person, once and in the order of sending.

        Each says one line more, that the others wait for: by then a line that came twice has come twice.
        """
        for person in people:
            person.say("over")
        for person in people:
            for other in people:
                person.waitFor(f"{other.name}: over")
        seen = [[line for line in person.lines() if ": line " in line] for person in people]
        for each in seen[1:]:
            self.assertEqual(each, seen[0])
        for person in people:
            own = [line for line in seen[0] if line.startswith(person.name)]
            self.assertEqual(own, [f"{person.name}: line {number}" for number in range(count)])


class CutTests(CutTestCase):
    """Nothing is lost or duplicated."""

    def test_fifth_of_a_second(self) -> None:
        """A cut of 0.2 s, which lost the page in Athena, loses nothing and shows nothing."""
        alice, bob = people = self.people("alice", "bob")
        alice.page.evaluate(WATCH_STATUS)
        for person in people:
            person.page.fill("[name=userMessage]", "line 0")
            person.page.evaluate(SEND_SOON)
        self.forwarders["alice"].down()
        self.spend(0.2)
        self.forwarders["alice"].up()
        for person in people:
            person.waitFor("alice: line 0")
            person.say("line 1")
        self.assertOneConversation(people, 2)
        away, statuses = alice.page.evaluate("[window.away, window.statuses]")
        self.assertGreater(away, 0)
        if away < 500:
            self.assertEqual(statuses, [])

    def test_three_seconds(self) -> None:
        """After 3 s without any connection, all messages typed meanwhile arrive."""
        people = self.people("alice", "bob", "carol")
        for forwarder in self.forwarders.values():
            forwarder.down()
        began = time.monotonic()
        for number in range(5):
            for person in people:
                person.say(f"line {number}")
        self.spend(began + 3 - time.monotonic())
        for forwarder in self.forwarders.values():
            forwarder.up()
        self.assertOneConversation(people, 5)

    def test_twelve_seconds(self) -> None:
        """A page that was disconnected for 12 s gets all messages sent meanwhile, and its own arrive."""
        alice, bob, carol = people = self.people("alice", "bob", "carol")
        self.forwarders["alice"].down()
        began = time.monotonic()
        for number in range(10):
            for person in people:
                person.say(f"line {number}")
        carol.waitFor("bob: line 9")
        self.assertFalse([line for line in bob.lines() if line.startswith("alice: ")])
        self.spend(began + 12 - time.monotonic())
        self.forwarders["alice"].up()
        self.assertOneConversation(people, 10)
        self.assertFalse([line for line in bob.lines() if "has left" in line])

    def test_twenty_drops(self) -> None:
        """Twenty drops in three seconds, while messages are sent, lose nothing."""
        people = self.people("alice", "bob")
        for number in range(20):
            began = time.monotonic()
            for person in people:
                person.say(f"line {number}")
            for forwarder in self.forwarders.values():
                forwarder.cut()
            self.spend(max(0, began + 0.15 - time.monotonic()))
        self.assertOneConversation(people, 20)

    def test_inside_messages(self) -> None:
        """A connection cut within a handshake or a message loses nothing."""
        alice, bob = people = self.people("alice", "bob")
        for number, count in enumerate((1, 3, 20, 77, 300, 700, 900)):
            self.forwarders["alice"].cutAfter(count)
            for person in people:
                person.say(f"line {number}")
        self.assertOneConversation(people, 7)

    def test_half_open(self) -> None:
        """Messages sent into a connection that is dead but not closed are not lost."""
        alice, bob = people = self.people("alice", "bob")
        self.forwarders["alice"].pause()
        for number in range(3):
            alice.say(f"line {number}")
            bob.say(f"line {number}")
        bob.waitFor("bob: line 2")
        self.forwarders["alice"].cut()
        self.forwarders["alice"].resume()
        self.assertOneConversation(people, 3)


class StatusTests(CutTestCase):
    """What the page shows."""

    def test_status(self) -> None:
        """A longer cut is shown in a live region for screen readers, and that it is over, for a moment."""
        [alice] = self.people("alice")
        self.forwarders["alice"].down()
        status = alice.page.get_by_role("status")
        status.get_by_text("Reconnecting").wait_for()
        self.assertEqual(alice.page.get_by_role("alertdialog").count(), 0)
        self.forwarders["alice"].up()
        status.get_by_text("Connected again.").wait_for()
        self.assertNotIn("Reconnecting", status.inner_text())
        status.get_by_text("Connected again.").wait_for(state="detached")
        self.assertEqual(status.inner_text(), "")

    def test_nothing_is_disturbed(self) -> None:
        """Text, cursor, focus and scroll position stay the same during and after the cut."""
        alice, bob = self.people("alice", "bob")
        for number in range(60):
            bob.say(f"line {number}")
        alice.waitFor("line 59")
        page = alice.page
        page.fill("[name=userMessage]", "half a sentence")
        page.eval_on_selector("[name=userMessage]", "e => e.setSelectionRange(2, 6)")
        page.eval_on_selector("[name=scrollArea]", "e => { e.scrollTop = 40; }")
        state = """() => {
            const field = document.activeElement;
            const { scrollTop } = document.querySelector("[name=scrollArea]");
            return [field.name, field.value, field.selectionStart, field.selectionEnd, scrollTop, scrollY];
        }"""
        before = ["userMessage", "half a sentence", 2, 6, 40, 0]
        self.assertEqual(page.evaluate(state), before)
        self.forwarders["alice"].down()
        page.get_by_role("status").get_by_text("Reconnecting").wait_for()
        self.assertEqual(page.evaluate(state), before)
        bob.say("meanwhile")
        self.forwarders["alice"].up()
        alice.waitFor("bob: meanwhile")
        self.assertEqual(page.evaluate(state), before)
        page.keyboard.press("Enter")
        bob.waitFor("alice: half a sentence")

    def test_style(self) -> None:
        """Any rule of the application wins over those of the status, whatever its specificity."""
        [alice] = self.people("alice")
        alice.page.evaluate("""() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("span { background: rgb(1, 2, 3) }");
            document.adoptedStyleSheets.unshift(sheet);
        }""")
        self.forwarders["alice"].down()
        status = alice.page.get_by_role("status").get_by_text("Reconnecting")
        self.assertEqual(status.evaluate("e => getComputedStyle(e).backgroundColor"), "rgb(1, 2, 3)")
        self.assertEqual(status.evaluate("e => getComputedStyle(e.parentNode).position"), "fixed")


class LostTests(CutTestCase):
    """A lost page shows that, with the server's reason; it never reloads by itself."""

    def assertLost(self, person: Person, reason: str) -> None:
        """Assert that the page shows that it is lost because of ``reason``, and keeps its content."""
        dialog = person.page.get_by_role("alertdialog")
        dialog.wait_for()
        self.assertIn(reason, dialog.inner_text())
        self.assertEqual(dialog.get_attribute("aria-label"), "The connection to the server is lost.")
        self.assertEqual(person.page.get_by_role("alert").filter(has_text=reason).count(), 1)
        self.assertTrue(dialog.get_by_role("button", name="Reload").is_visible())
        self.assertEqual(person.page.get_by_role("status").filter(has_text="Reconnecting").count(), 0)
        self.assertEqual(person.page.get_by_role("alertdialog").count(), 1)
        self.assertTrue(dialog.evaluate("node => node === document.activeElement"))

    def test_restarted(self) -> None:
        """
        A server that crashed knows the page no more: it says so and reloads when told to, and what was typed stays
        until then.
        """
        [port] = freePorts(1)
        server = self.startServer(CHAT, f"--port={port}")
        [alice] = self.people("alice", server=server)
        alice.page.fill("[name=userMessage]", "half a sentence")
        server.kill()
        alice.page.get_by_role("status").get_by_text("Reconnecting").wait_for()
        self.startServer(CHAT, f"--port={port}")
        self.assertLost(alice, "The server does not know this page any more")
        self.assertEqual(alice.page.input_value("[name=userMessage]"), "half a sentence")
        alice.page.keyboard.press("Escape")
        self.assertEqual(alice.page.get_by_role("alertdialog").count(), 0)
        self.assertEqual(alice.page.evaluate("document.activeElement.name"), "userMessage")
        alice.page.get_by_role("button", name="Not connected").click()
        alice.page.get_by_role("button", name="Reload").click()
        alice.join().say("back again")
        alice.waitFor("alice: back again")

    def test_shutdown(self) -> None:
        """SIGTERM: every page gets the reason, and the server ends."""
        server = self.startServer(CHAT)
        people = self.people("alice", "bob", server=server)
        server.stop()
        for person in people:
            self.assertLost(person, "The server is being shut down or restarted.")

    def test_away_too_long(self) -> None:
        """A page that was disconnected for longer than its timeout has left the room, and gets the reason."""
        alice, bob = self.people("alice", "bob", server=self.startServer(CHAT, "--transportless-timeout=1"))
        self.forwarders["alice"].down()
        bob.waitFor("* user alice has left the room")
        self.forwarders["alice"].up()
        self.assertLost(alice, "The page was without a connection for too long.")
