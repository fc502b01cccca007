# -*- test-case-name: tests.browser.test_browser -*-
"""
Tests in a real Chromium, synchronous, for pytest and trial alike.

A test opens a page per person with ``openPage``, and ends with the assertion that no page had anything to complain of:
an uncaught exception, a console error, or a violation of the Content-Security-Policy (which Chromium reports as one).
"""

import atexit
import contextlib
import functools
import re
import sys
import unittest
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from harness.server import Server
from tools.programs import ADVICE, findChromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page

FLAGS = [
    # As root, and in containers, Chromium's own sandbox cannot start.
    "--no-sandbox",
    "--disable-gpu",
    # Talk to the server under test and to nobody else.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


@functools.cache
def chromium() -> "Browser":
    """
    Return this process's Chromium; the first call starts it, and it ends with the process.

    :raises FileNotFoundError: where there is none. That is a failure: a test never passes for want of a browser.
    """
    from playwright.sync_api import sync_playwright

    path = findChromium()
    if path is None:
        raise FileNotFoundError(ADVICE["chromium"])
    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    atexit.register(playwright.stop)
    atexit.register(browser.close)
    return browser


def pausing(page: "Page") -> Callable[[float], None]:
    """Return a ``pause`` for :func:`~harness.waiting.waitUntil` that lets this page go on meanwhile."""
    return lambda seconds: page.wait_for_timeout(1000 * seconds)


Started = TypeVar("Started", bound=Server)


class BrowserTestCase(unittest.TestCase):
    """
    A test case whose tests open pages.

    When a test fails, what pages and servers have said goes to standard error.
    """

    _shared: dict[str, Any] = {}

    timeout = 30.0
    """Seconds that playwright waits for whatever a test expects."""

    def setUp(self) -> None:
        super().setUp()
        self.complaints: list[str] = []
        self._expected: list[str] = []
        self._console: list[str] = []
        self._servers: list[tuple[Server, int]] = []
        self._pages: list[Page] = []

    def tearDown(self) -> None:
        """Assert that no page complained, and no server either."""
        super().tearDown()
        # Before a server is stopped that was started after its page was opened.
        for page in self._pages:
            self._stopListening(page)
        self.doCleanups()
        unexpected = [
            complaint
            for complaint in self.complaints
            if not any(re.search(pattern, complaint) for pattern in self._expected)
        ]
        self.assertEqual(unexpected, [])
        for server, since in self._servers:
            server.assertQuiet(*self._expected, since=since)

    def run(self, result: Any = None) -> Any:
        """Run the test as ever, with a report of what was going on when it fails."""
        setattr(self, self._testMethodName, self._reported(getattr(self, self._testMethodName)))
        return super().run(result)

    def _reported(self, method: Callable[[], Any]) -> Callable[[], Any]:
        @functools.wraps(method)
        def test() -> Any:
            try:
                return method()
            except BaseException:
                print("\n".join(self._console), *(server.log for server, _ in self._servers), file=sys.stderr)
                raise

        return test

    def expectComplaint(self, pattern: str) -> None:
        """Let console errors and log lines that match this regular expression pass."""
        self._expected.append(pattern)

    def startServer(self, element: str, *options: str, **keywords: Any) -> Server:
        """
        Start a ``Server`` (same arguments) for the length of the test.

        It is stopped after the test; its log must have been quiet.
        """
        return self.useServer(Server(element, *options, **keywords))

    def useServer(self, server: Started) -> Started:
        """Start a server for the length of the test, and return it. Its log must be quiet."""
        self._servers.append((server, 0))
        self.enterContext(server)
        return server

    def sharedServer(self, element: str, *options: str, **keywords: Any) -> Server:
        """
        Return a ``Server`` (same arguments) for all tests of the class: the first one that asks starts it.

        For tests that leave the application as they found it, or do not look. What it logs during a test must be quiet.
        """
        key = repr((element, options, sorted(keywords.items())))
        return self.useSharedServer(key, lambda: Server(element, *options, **keywords))

    def useSharedServer(self, key: str, make: Callable[[], Started]) -> Started:
        """Return the server that the class has by this name, and start what ``make`` returns if it has none."""
        if "_shared" not in type(self).__dict__:
            type(self)._shared = {}
        if key not in self._shared:
            started = self._shared[key] = make()
            started.start()
            # trial does not tear down classes.
            atexit.register(started.stop)
        server: Started = self._shared[key]
        self._servers.append((server, server.logged))
        return server

    @classmethod
    def tearDownClass(cls) -> None:
        """Stop the servers that the tests of the class have shared."""
        for server in cls.__dict__.get("_shared", {}).values():
            server.stop()
        super().tearDownClass()

    def openPage(self, url: str | None = None, **options: Any) -> "Page":
        """
        Open a page for another person: no cookie, cache or storage is shared with those already open.

        :param url: where to go; None leaves the page empty.
        :param options: for playwright's ``Browser.new_context``, such as ``viewport`` or ``color_scheme``.
        """
        context = chromium().new_context(**options)
        self.addCleanup(context.close)
        context.set_default_timeout(self.timeout * 1000)
        page = context.new_page()
        self.listenTo(page)
        if url is not None:
            page.goto(url)
        return page

    def waitForWidget(self, page: "Page", athenaID: int = 1) -> None:
        """
        Wait until the page's client runs and has set up this widget.

        A page's HTML is there before. Whoever clicks on it then, or asks for ``Nevow``, comes too early.
        """
        page.wait_for_function("(id) => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[id]", arg=athenaID)

    def listenTo(self, page: "Page") -> None:
        """
        Take down what a page complains of, until the test is over and the page about to be closed: what it was still
        waiting for then is lost, and says so.
        """
        page.on("console", self._consoleMessage)
        page.on("pageerror", self._pageError)
        self._pages.append(page)

    def _stopListening(self, page: "Page") -> None:
        from playwright.sync_api import Error

        # What the page has said so far may still be on its way, and comes before this answer.
        with contextlib.suppress(Error):
            page.context.cookies()
        page.remove_listener("console", self._consoleMessage)
        page.remove_listener("pageerror", self._pageError)

    def _consoleMessage(self, message: "ConsoleMessage") -> None:
        # The text of "Failed to load resource" does not say which.
        line = f"{message.type}: {message.text} ({message.location.get('url', '')})"
        self._console.append(line)
        if message.type == "error":
            self.complaints.append(line)

    def _pageError(self, error: "Error") -> None:
        line = f"uncaught: {error.stack or error.message}"
        self._console.append(line)
        self.complaints.append(line)
