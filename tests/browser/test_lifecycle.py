# -*- test-case-name: tests.browser.test_lifecycle -*-
"""
What tabs go through, in a real Chromium: hidden, frozen, offline, left; and what looks like leaving and is not.
"""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from harness.browser import pausing
from harness.server import Server
from harness.waiting import waitUntil
from tests.browser.test_chat import CHAT, Person
from tests.browser.test_cuts import CutTestCase
from tests.browser.test_odd import APPLICATIONS, ODD

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

WIDGET = "globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]"
# Not just the expression: that would be evaluated again and again, which the page's policy forbids.
ALIVE = f"() => {WIDGET}"


class Elsewhere(BaseHTTPRequestHandler):
    """Another site: a page, and under /report.csv what browsers save instead of showing it."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Elsewhere</title><link rel=icon href=data:,>elsewhere"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/report.csv":
            self.send_header("Content-Disposition", "attachment")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class LifecycleTestCase(CutTestCase):
    """People, and somewhere else to go."""

    def elsewhere(self) -> str:
        """Start another site, and return its address without a slash at the end."""
        site = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        thread = threading.Thread(target=site.serve_forever, args=(0.05,))
        thread.start()
        for cleanup in (site.server_close, thread.join, site.shutdown):
            self.addCleanup(cleanup)
        return f"http://localhost:{site.server_port}"

    def follow(self, person: Person, href: str) -> None:
        """Click a link to ``href``, which the page gets for that."""
        person.page.evaluate(
            """(href) => {
                const link = Object.assign(document.createElement("a"), { href, textContent: "elsewhere" });
                document.querySelector("header").append(link);
            }""",
            href,
        )
        person.page.get_by_role("link", name="elsewhere").last.click(no_wait_after=True)

    def waitUntil(self, condition: Callable[[], bool], page: "Page | None" = None) -> None:
        """Wait until ``condition()``; ``page`` goes on meanwhile."""
        waitUntil(condition, limit=self.timeout, pause=time.sleep if page is None else pausing(page))

    def assertUndisturbed(self, alice: Person, bob: Person) -> None:
        """Assert that the two still exchange messages, and that no leaving or status was shown."""
        alice.say("still here")
        bob.waitFor("alice: still here")
        bob.say("I can see that")
        alice.waitFor("bob: I can see that")
        self.assertFalse([line for line in bob.lines() if "has left" in line])
        self.assertEqual(alice.page.get_by_role("alertdialog").count(), 0)


class WakingTests(LifecycleTestCase):
    """
    A page does not wait for its next attempt when there is reason to hope.

    Its clock is stopped, so that no attempt is made without an event.
    """

    def waiting(self) -> Person:
        """A page whose network is back, but whose next attempt to connect is not due."""
        forwarder = self.forwarderTo(self.startServer(CHAT))
        alice = Person("alice", self.openPage())
        alice.page.clock.install()
        alice.page.goto(forwarder.url)
        alice.join()
        # The script that shows it is loaded by now: with its clock stopped the page could not try again.
        alice.waitFor("* user alice has joined")
        alice.page.clock.pause_at(alice.page.evaluate("Date.now() + 10_000"))
        forwarder.down()
        # The immediate attempt has failed; the clock is stopped before the next.
        self.waitUntil(lambda: bool(self.complaints), alice.page)
        forwarder.up()
        alice.say("hello")
        alice.page.wait_for_timeout(100)
        self.assertEqual([each for each in alice.lines() if "hello" in each], [])
        return alice

    def test_online(self) -> None:
        """The network comes back."""
        alice = self.waiting()
        alice.page.evaluate("dispatchEvent(new Event('online'))")
        alice.waitFor("alice: hello")

    def test_visible(self) -> None:
        """The tab becomes visible."""
        alice = self.waiting()
        # No headless tab is ever hidden; this is what the page sees of one that was.
        alice.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        alice.waitFor("alice: hello")


class SleepingTests(LifecycleTestCase):
    """The page does nothing for a while, and nothing is lost."""

    def test_frozen(self) -> None:
        """A tab that was frozen, and lost its connection meanwhile, has all messages when it is thawed."""
        alice, bob = self.people("alice", "bob")
        devtools = alice.page.context.new_cdp_session(alice.page)
        devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
        for number in range(3):
            bob.say(f"line {number}")
        bob.waitFor("bob: line 2")
        self.forwarders["alice"].cut()
        bob.say("line 3")
        bob.waitFor("bob: line 3")
        devtools.send("Page.setWebLifecycleState", {"state": "active"})
        self.assertEqual(alice.waitForLines(": line ", 4), [f"bob: line {number}" for number in range(4)])
        self.assertUndisturbed(alice, bob)

    def test_offline(self) -> None:
        """A machine that was offline, as the browser sees it, has all messages when it is online."""
        alice, bob = self.people("alice", "bob")
        self.forwarders["alice"].down()
        alice.page.context.set_offline(True)
        bob.say("line 0")
        alice.say("line 0")
        alice.page.get_by_role("status").get_by_text("Reconnecting").wait_for()
        self.forwarders["alice"].up()
        alice.page.context.set_offline(False)
        self.assertEqual(sorted(alice.waitForLines(": line ", 2)), ["alice: line 0", "bob: line 0"])
        self.assertUndisturbed(alice, bob)

    def test_alert(self) -> None:
        """An alert that stays open for some seconds, while the connection drops too, loses nothing."""
        alice, bob = self.people("alice", "bob")
        dialogs: list[Dialog] = []
        alice.page.on("dialog", lambda dialog: dialogs.append(dialog))
        alice.page.evaluate("setTimeout(() => alert('wait'), 0)")
        self.waitUntil(lambda: bool(dialogs), bob.page)
        for number in range(3):
            bob.say(f"line {number}")
        bob.waitFor("bob: line 2")
        self.forwarders["alice"].cut()
        bob.page.wait_for_timeout(2000)
        dialogs[0].accept()
        self.assertEqual(alice.waitForLines(": line ", 3), [f"bob: line {number}" for number in range(3)])
        self.assertUndisturbed(alice, bob)


class NotLeavingTests(LifecycleTestCase):
    """Events after which Athena silently lost the page, because it relied on ``beforeunload``."""

    def test_download(self) -> None:
        """A link to a file that is saved."""
        alice, bob = self.people("alice", "bob")
        site = self.elsewhere()
        with alice.page.expect_download():
            self.follow(alice, f"{site}/report.csv")
        self.assertUndisturbed(alice, bob)

    def test_mail(self) -> None:
        """A link that opens another program."""
        alice, bob = self.people("alice", "bob")
        self.follow(alice, "mailto:somebody@example.org")
        self.assertUndisturbed(alice, bob)

    def test_stay(self) -> None:
        """A page that asks "leave this page?", and the person stays."""
        alice, bob = self.people("alice", "bob")
        asked: list[str] = []

        def stay(dialog: "Dialog") -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        alice.page.on("dialog", stay)
        alice.page.evaluate("addEventListener('beforeunload', (event) => event.preventDefault())")
        self.follow(alice, self.elsewhere())
        self.waitUntil(lambda: bool(asked), alice.page)
        self.assertEqual(asked, ["beforeunload"])
        self.assertUndisturbed(alice, bob)


class LeavingTests(LifecycleTestCase):
    """A page that was left is lost at once, long before the timeout of a lost connection."""

    def gone(self, server: Server) -> None:
        """Wait until the server has logged why its page is lost."""
        self.waitUntil(lambda: "lost: " in server.log)

    def odd(self) -> "tuple[Server, Page]":
        server = self.startServer(ODD, cwd=APPLICATIONS)
        page = self.openPage(server.url)
        self.connected(page)
        return server, page

    def connected(self, page: "Page") -> None:
        """Wait until a page has a socket: only then is its leaving noticed at once."""
        page.wait_for_function(ALIVE)
        self.assertEqual(page.evaluate(f"(async () => {WIDGET}.callRemote('echo', 1))()"), 1)

    def test_closed(self) -> None:
        """A tab that is closed."""
        server, page = self.odd()
        page.close()
        self.gone(server)
        self.assertIn("lost: Connection was closed cleanly: the page was closed.", server.log)

    def test_navigated(self) -> None:
        """A tab that goes elsewhere."""
        server, page = self.odd()
        page.goto(self.elsewhere())
        self.gone(server)
        self.assertIn("lost: Connection was closed cleanly: the page was closed.", server.log)

    def test_away_too_long(self) -> None:
        """Both ends get the same reason for a page that was disconnected too long."""
        self.expectComplaint("Connection lost")
        server = self.startServer(ODD, "--transportless-timeout=1", cwd=APPLICATIONS)
        forwarder = self.forwarderTo(server)
        page = self.openPage(forwarder.url)
        self.connected(page)
        forwarder.down()
        self.gone(server)
        forwarder.up()
        dialog = page.get_by_role("alertdialog")
        dialog.wait_for()
        reason = server.log.split("lost: ", 1)[1].splitlines()[0]
        self.assertRegex(reason, "away for more than 1 s")
        self.assertEqual(dialog.get_attribute("data-reason"), reason)

    def test_shutdown(self) -> None:
        """SIGTERM ends a call that would never have ended: the page gets the reason, and the server ends."""
        server, page = self.odd()
        page.evaluate(f"""() => {{
            window.failure = null;
            {WIDGET}.callRemote("wait").addErrback((failure) => {{ window.failure = String(failure.error.cause); }});
        }}""")
        self.assertEqual(page.evaluate(f"(async () => {WIDGET}.callRemote('echo', 1))()"), 1)
        server.stop()
        page.wait_for_function("() => window.failure")
        self.assertIn("the server is shutting down", page.evaluate("window.failure"))
        self.assertIn("lost: the server is shutting down", server.log)

    def test_replaced_status(self) -> None:
        """An application shows these things in its own way."""
        server = self.startServer(ODD, cwd=APPLICATIONS)
        forwarder = self.forwarderTo(server)
        page = self.openPage(forwarder.url)
        self.connected(page)
        page.evaluate("Nevow.Athena.page.page.status = OddThing.TitleStatus()")
        forwarder.down()
        page.wait_for_function("() => document.title === 'disconnected'")
        forwarder.up()
        page.wait_for_function("() => document.title === 'resumed'")
        server.stop()
        page.wait_for_function("() => document.title === 'lost: the server is shutting down'")
        self.assertEqual(page.get_by_role("alertdialog").count(), 0)
        self.assertEqual(page.get_by_role("status").count(), 0)
