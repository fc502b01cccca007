# -*- test-case-name: tests.browser.test_firefox_leaving -*-
"""
Pages that are left in a real Firefox, and what looks like leaving and is not.

When a navigation begins, Firefox closes the sockets of the page (1001), before ``pagehide``, and also if the page
stays: for a download, a 204, or ``window.stop()``.
"""

import time
from collections.abc import Callable

from harness.firefox import FirefoxTestCase, Tab, firefox
from harness.server import Server
from harness.waiting import SharedTime, waitUntil
from tests.browser.test_chat import CHAT
from tests.browser.test_odd import APPLICATIONS
from tests.elsewhere import Elsewhere

COUNTING = "leavingthing.leavingbox.CountingElement"
KNOWN = 2.0
"""Seconds within which the server must lose a page that was left."""
CLOSED = "lost: Connection was closed cleanly: the page was closed."
WIDGET = "Object.values(globalThis.Nevow?.Athena?.Widget?._athenaWidgets ?? {})[0]"
INCLUDES = "(text) => document.body.innerText.includes(text)"


class LeavingTestCase(FirefoxTestCase):
    """Tabs at a page that counts calls, and another site."""

    def setUp(self) -> None:
        super().setUp()
        self.elsewhere = self.enterContext(Elsewhere())

    def counting(self, server: Server, tab: Tab) -> None:
        """Load the page, and wait until calls go both ways."""
        before = server.log.count("made")
        tab.goto(server.url)
        self.waitForLog(server, "made", before + 1)
        tab.waitFor(f"() => {WIDGET}")
        tab.evaluate(f"() => {WIDGET}.start()")
        tab.waitFor(f"() => {WIDGET}.received.length > 3")

    def waitForLog(self, server: Server, text: str, count: int, seconds: float = 20.0) -> None:
        """Wait until the server has logged ``text`` so many times, within these seconds of a quiet machine."""
        waitUntil(lambda: server.log.count(text) >= count, text, limit=seconds, interval=0.01, clock=SharedTime())

    def assertUndisturbed(self, server: Server, tab: Tab) -> None:
        """Assert that each call of either side was run once, in order, and that the page still lives."""
        # An open dialog stops the page's timers.
        tab.waitFor(f"() => {WIDGET}.received.length > 10")
        counted = tab.evaluate(f"() => {WIDGET}.stop()")
        numbers = list(range(counted["sent"]))
        self.assertGreater(len(numbers), 10)
        self.assertIsNone(counted["lost"])
        for each in ("answered", "received", "server"):
            self.assertEqual(counted[each], numbers, each)
        self.assertNotIn("lost: ", server.log)

    def soon(self, tab: Tab, script: str) -> None:
        """Run a script in the page's next task, because the page may be gone before there is a result."""
        tab.evaluate(f"(url) => {{ setTimeout(() => {{ {script} }}); }}", self.elsewhere.url)


class StayingTests(LeavingTestCase):
    """What closes the page's socket, or looks like leaving, and leaves the page where it is."""

    # A busy machine needs longer than a page that stays has to open another socket.
    timed = underLoad = True

    WAYS = (
        "location.href = `${url}/report.csv`;",
        "location.href = `${url}/slow/report.csv`;",
        "location.href = `${url}/nothing`;",
        "location.href = `${url}/slow/nothing`;",
        "location.href = 'mailto:somebody@example.org';",
        "location.href = 'tel:123';",
        "location.href = '#part';",
        "window.stop();",
        "location.href = `${url}/slow`; setTimeout(() => window.stop(), 1000);",
        "window.open(url);",
        "document.body.append(Object.assign(document.createElement('iframe'), { src: 'about:blank' }));",
    )

    def test_stays(self) -> None:
        """The page lives on after each, and every call of either side has run once, in order."""
        server = self.startServer(COUNTING, cwd=APPLICATIONS)
        tab = self.openTab("about:blank")
        self.counting(server, tab)
        for script in self.WAYS:
            self.soon(tab, script)
            # Longer than the slow answer, and than the server would wait for another socket.
            time.sleep(4 if "slow" in script else 2.2)
            self.assertNotIn("lost: ", server.log, script)
        self.assertUndisturbed(server, tab)

    def test_dialog(self) -> None:
        """A page that asks "leave this page?", of a person who stays."""
        server = self.startServer(COUNTING, cwd=APPLICATIONS)
        tab = self.openTab("about:blank")
        self.counting(server, tab)
        tab.evaluate("() => { addEventListener('beforeunload', (event) => event.preventDefault()); }")
        click = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        actions = [{"type": "pointer", "id": "mouse", "actions": click}]
        firefox().command("input.performActions", context=tab.context, actions=actions)
        self.soon(tab, "location.href = url;")
        time.sleep(2.2)
        firefox().command("browsingContext.handleUserPrompt", context=tab.context, accept=False)
        self.assertUndisturbed(server, tab)


class LeftTests(LeavingTestCase):
    """The server notices that a page was left."""

    timed = underLoad = True

    def test_left(self) -> None:
        """
        Of 55 pages that are navigated away from, reloaded or closed, the server knows each within two seconds of the
        first sign of it.
        """
        server = self.startServer(COUNTING, cwd=APPLICATIONS)
        tab = self.openTab("about:blank")
        ways: dict[str, Callable[[], object]] = {
            "navigation": lambda: self.navigate(tab, self.elsewhere.url),
            "another host": lambda: self.navigate(tab, self.elsewhere.foreign),
            "reload": lambda: firefox().command("browsingContext.reload", context=tab.context, wait="none"),
            "location.href": lambda: self.soon(tab, "location.href = url;"),
            "closing": lambda: self.close(tab),
        }
        left = 0
        for way, leave in ways.items():
            for number in range(11):
                self.counting(server, tab)
                before = self.signs(server)
                leave()
                left += 1
                # Firefox itself may take seconds until it begins to leave.
                self.waitForSigns(server, before + 1)
                try:
                    self.waitForLog(server, "lost: ", left, KNOWN)
                except AssertionError:
                    self.fail(f"{way}, number {number}: not known after {KNOWN:g} s")
                if way == "reload":
                    # The page that the reload has made, which is left by closing.
                    self.waitForLog(server, "made", left + 1)
                    left += 1
                if way != "closing":
                    self.close(tab)
                # A navigation that is still going on would disturb the next one.
                tab.open()
        self.waitForLog(server, "lost: ", left, KNOWN)
        self.assertEqual(server.log.count(CLOSED), left)

    def signs(self, server: Server) -> int:
        """Return how many signs the server has seen of pages that are being left."""
        return server.log.count("away") + server.log.count("lost: ")

    def waitForSigns(self, server: Server, count: int) -> None:
        """Wait until there are so many."""
        waitUntil(lambda: self.signs(server) >= count, lambda: server.log)

    def close(self, tab: Tab) -> None:
        """Close a tab; its person goes on."""
        firefox().command("browsingContext.close", context=tab.context)

    def navigate(self, tab: Tab, url: str) -> None:
        """Begin to load another document."""
        firefox().command("browsingContext.navigate", context=tab.context, url=url, wait="none")


class ChatTests(FirefoxTestCase):
    """The chat."""

    def test_reloaded(self) -> None:
        """A person who reloads the page is in the room once."""
        server = self.startServer(CHAT)
        alice, bob = self.openTab(server.url), self.openTab(server.url)
        for tab, name in ((alice, "alice"), (bob, "bob")):
            tab.type("username", name)
            tab.waitFor("() => !document.getElementsByName('sendLine')[0].hidden")
        firefox().command("browsingContext.reload", context=alice.context, wait="complete")
        bob.waitFor(INCLUDES, "user alice has left the room")
        alice.type("username", "alice")
        alice.waitFor("() => !document.getElementsByName('sendLine')[0].hidden")
        alice.type("userMessage", "back again")
        bob.waitFor(INCLUDES, "back again")
