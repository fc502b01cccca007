# -*- test-case-name: tests.browser.test_refused -*-
"""
Sockets that the server refuses, in a real Chromium: the page says it in words, and the console has the detail, although
browsers show scripts nothing of a refused handshake.
"""

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase, pausing
from harness.portforwarder import PortForwarder, RewriteHead
from harness.waiting import SharedTime, waitUntil
from tests.browser.test_chat import CHAT, Person

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from harness.server import Server

CROWDED = (sys.executable, "-m", "tests.crowded", "--log-format=text")


def replacing(pattern: bytes, replacement: bytes, onlySockets: bool = True) -> RewriteHead:
    """Return a filter that replaces lines in the heads of requests, as a proxy does; of handshakes only, or of all."""

    def rewritten(head: bytes) -> bytes:
        if onlySockets and b"Sec-WebSocket-Key" not in head:
            # A connection carries one request, so that no second head need be found in the stream.
            return re.sub(rb"\r\nConnection: [^\r]*", b"\r\nConnection: close", head)
        return re.sub(rb"\r\n" + pattern, replacement, head)

    return rewritten


class RefusedTests(BrowserTestCase):
    """What people and authors read."""

    def setUp(self) -> None:
        super().setUp()
        self.expectComplaint(
            "WebSocket connection to .* failed|Failed to load resource: the server responded with a status of 4"
        )
        self.expectComplaint("There is no connection to the server. It gives the reason")

    def assertTold(self, url: str, told: str, reason: str) -> None:
        """
        Assert that people read ``told`` within five seconds, and the author finds ``reason`` in the console, about this
        page.
        """
        page = self.openPage()
        lines: list[str] = []
        page.on("console", lambda message: lines.append(message.text))
        clock = SharedTime()
        page.goto(url)
        line = page.get_by_role("status").get_by_text("This page could not connect to the server.")
        waitUntil(line.is_visible, "no line", limit=5.5, pause=pausing(page), interval=0.1, clock=clock)
        self.assertIn(told, line.inner_text())
        # The console is reported on a way of its own.
        given = "It gives the reason"
        waitUntil(lambda: any(given in text for text in lines), lambda: lines, pause=pausing(page))
        [found] = [text for text in lines if given in text]
        self.assertRegex(found, reason)

    def behind(self, server: "Server", rewriteHead: RewriteHead) -> str:
        """Return the address of the server behind a proxy."""
        return self.enterContext(PortForwarder(server.port, rewriteHead)).url

    def test_origin(self) -> None:
        """403: the proxy leaves out the port."""
        self.expectComplaint("Refused a socket from")
        server = self.startServer(CHAT, "--debug")
        url = self.behind(server, replacing(rb"Host: localhost:\d+", b"\r\nHost: localhost"))
        self.assertTold(
            url, "does not accept a connection", r"another port[^$]*proxy_set_header Host \$http_host.*--origin="
        )

    def test_undebugged(self) -> None:
        """Without debug mode the reason is one sentence that names nothing."""
        self.expectComplaint("Refused a socket from")
        url = self.behind(self.startServer(CHAT), replacing(rb"Host: localhost:\d+", b"\r\nHost: localhost"))
        self.assertTold(
            url,
            "does not accept a connection",
            r"^.*another port than this request: a proxy leaves out the port in Host\.$",
        )

    def test_host(self) -> None:
        """421: the proxy sends handshakes to another host."""
        self.expectComplaint("Refused a request for the host")
        url = self.behind(self.startServer(CHAT, "--debug"), replacing(rb"Host: [^\r]*", b"\r\nHost: inner.example"))
        self.assertTold(url, "does not accept a connection", "does not serve[^$]*--host=inner.example")

    def test_again(self) -> None:
        """A page that was connected, and is refused from then on, says why instead of only that it reconnects."""
        self.expectComplaint("Refused a request for the host")
        server = self.sharedServer(CHAT)
        refusing = replacing(rb"Host: [^\r]*", b"\r\nHost: inner.example")
        isRefused = False
        proxy = self.enterContext(PortForwarder(server.port, lambda head: refusing(head) if isRefused else head))
        page = self.openPage()
        page.clock.install()
        page.goto(proxy.url)
        Person("again", page).join()
        isRefused = True
        proxy.cut()
        status = page.get_by_role("status")
        page.clock.run_for(1000)
        status.get_by_text("Connection interrupted.").wait_for()
        page.clock.run_for(41_000)
        status.get_by_text("does not accept a connection").wait_for()
        isRefused = False
        page.clock.run_for(6000)
        status.get_by_text("Connected again.").wait_for()

    def test_swallowed(self) -> None:
        """Something in between accepts sockets and passes no message: shown, and logged, by the second time."""
        self.expectComplaint("A page reaches this server")
        server = self.startServer(CHAT)
        page = self.openPage()
        page.clock.install()
        page.route_web_socket("**/transport", lambda socket: None)
        page.goto(server.url)
        page.clock.run_for(4500)
        page.get_by_role("status").get_by_text("The server does not answer.").wait_for()
        page.clock.run_for(41_000)
        page.get_by_role("status").get_by_text("lets no live connection pass").wait_for()
        waitUntil(lambda: "cannot open its WebSocket" in server.log, "nothing in the log", pause=pausing(page))

    def test_upgrade(self) -> None:
        """426: the proxy removes ``Upgrade``."""
        self.expectComplaint("A socket cannot be opened")
        url = self.behind(self.startServer(CHAT, "--debug"), replacing(rb"Upgrade: [^\r]*", b""))
        self.assertTold(
            url,
            "lets no live connection pass",
            r"removed the header Upgrade[^$]*proxy_set_header Upgrade \$http_upgrade",
        )

    def test_malformed(self) -> None:
        """400: the proxy passes ``Upgrade``, and says in ``Connection`` that it has not."""
        self.expectComplaint("Refused a socket of")
        url = self.behind(
            self.startServer(CHAT, "--debug"), replacing(rb"Connection: [^\r]*", b"\r\nConnection: close")
        )
        self.assertTold(url, "lets no live connection pass", "handshake is malformed[^$]*proxy_set_header Connection")

    def test_crowded(self) -> None:
        """503: there are too many sockets."""
        self.expectComplaint("Refused a socket of")
        self.expectComplaint("status of 503")
        server = self.startServer(CHAT, "--debug", command=CROWDED)
        Person("alice", self.openPage(server.url)).join()
        self.assertTold(server.url, "Too many pages are open", "too many sockets[^$]*maxConnections")

    def test_proxyAlone(self) -> None:
        """503 of a proxy that has no server behind it is no answer of the server."""
        server = self.startServer(CHAT)
        page = self.openPage()
        self.expectComplaint("status of 503|Unexpected response code: 503")
        page.route("**/transport?*", lambda route: route.fulfill(status=503, body="<h1>Service Unavailable</h1>"))
        page.route_web_socket("**/transport", lambda socket: socket.close(code=1001))
        page.goto(server.url)
        page.get_by_role("status").get_by_text("The server does not answer.").wait_for()


class UnstartedTests(BrowserTestCase):
    """The main script of a page, or one that it imports, does not run."""

    def assertTold(
        self, answer: Callable[["Route"], None], why: str, complaint: str, logged: str, script: str = "athenalite"
    ) -> None:
        """Assert that the page shows it within five seconds, the console why, and the log once."""
        for expected in ("does not run", complaint, "status of 426"):
            self.expectComplaint(expected)
        server = self.startServer(CHAT)
        page = self.openPage()
        lines: list[str] = []
        page.on("console", lambda message: lines.append(message.text))
        page.route(f"**/{script}.js", answer)
        clock = SharedTime()
        page.goto(server.url)
        line = page.get_by_role("alert").get_by_text("A part of this page has not been loaded yet")
        waitUntil(line.is_visible, "no line", limit=5.5, pause=pausing(page), interval=0.1, clock=clock)
        waitUntil(lambda: logged in server.log, f"no {logged!r} in the log", pause=pausing(page))
        end = f"/{script}.js, does not run: {why}"
        waitUntil(lambda: any(text.endswith(end) for text in lines), lambda: lines, pause=pausing(page))

    def test_missing(self) -> None:
        """A proxy has not got it."""
        self.assertTold(lambda route: route.fulfill(status=404), "404", "status of 404", "has the status 404")

    def test_imported(self) -> None:
        """A proxy has not got one that the main script imports."""
        for script in ("athenalite-session", "athenalite-page"):
            with self.subTest(script):
                self.assertTold(
                    lambda route: route.fulfill(status=404), "404", "status of 404", "has the status 404", script
                )

    def test_blocked(self) -> None:
        """An extension blocks it."""
        self.assertTold(lambda route: route.abort("blockedbyclient"), "blocked", "BLOCKED_BY_CLIENT", "an extension")

    def test_type(self) -> None:
        """A proxy answers with a page of its own."""
        html = "<p>Please log in</p>"
        self.assertTold(
            lambda route: route.fulfill(body=html, content_type="text/html"), "type", "MIME type", "is not JavaScript"
        )

    def test_changed(self) -> None:
        """It is not what the server has sent."""
        script = "let let = ;"
        self.assertTold(
            lambda route: route.fulfill(body=script, content_type="text/javascript"), "failed", "", "it was loaded"
        )

    def test_late(self) -> None:
        """A client that only comes late takes the line away; the page works, and nothing is logged."""
        page = self.openPage()
        late: list[Route] = []
        page.route("**/athenalite.js", lambda route: late.append(route) if not late else route.continue_())
        page.goto(self.startServer(CHAT).url, wait_until="commit")
        line = page.get_by_role("alert").get_by_text("A part of this page")
        line.wait_for()
        late[0].continue_()
        line.wait_for(state="detached")
        Person("alice", page).join()
