# -*- test-case-name: tests.browser.test_browser -*-
"""
Synchronous tests in a real Chromium, for pytest and trial.

A test opens one page per user with ``openPage``. After the test, each page must have reported no problem:
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
from harness.waiting import waitUntil
from tools.programs import ADVICE, findChromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page

FLAGS = [
    # Chromium's own sandbox cannot start as root or in containers.
    "--no-sandbox",
    "--disable-gpu",
    # A tenth of the CPU time of all tests was spent on starting a process for each page.
    "--renderer-process-limit=1",
    # Allow connections to the server under test only.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


@functools.cache
def chromium() -> "Browser":
    """
    Return this process's Chromium. The first call starts it; it ends with the process.

    :raises FileNotFoundError: if Chromium is missing. That is a failure: a test never passes for want of a browser.
    """
    from playwright.sync_api import expect, sync_playwright

    # As long as playwright waits for everything else.
    expect.set_options(timeout=BrowserTestCase.timeout * 1000)
    path = findChromium()
    if path is None:
        raise FileNotFoundError(ADVICE["chromium"])
    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    atexit.register(playwright.stop)
    atexit.register(browser.close)
    return browser


def pausing(page: "Page") -> Callable[[float], None]:
    """Return a ``pause`` for :func:`~harness.waiting.waitUntil` that lets this page run meanwhile."""
    return lambda seconds: page.wait_for_timeout(1000 * seconds)


Started = TypeVar("Started", bound=Server)


class BrowserTestCase(unittest.TestCase):
    """
    A test case that opens pages in Chromium.

    When a test fails, the output of its pages and servers is written to standard error.
    """

    _shared: dict[str, Any] = {}

    timeout = 30.0
    """Seconds that playwright waits for an expected condition."""

    def setUp(self) -> None:
        super().setUp()
        self.complaints: list[str] = []
        self._expected: list[str] = []
        self._console: list[str] = []
        self._servers: list[tuple[Server, int]] = []
        self._pages: list[Page] = []

    def tearDown(self) -> None:
        """Assert that pages and servers reported no problem."""
        super().tearDown()
        # Before a server stops that was started after its page was opened.
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
        """Run the test, and report the state of pages and servers if it fails."""
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

        It is stopped after the test; its log must have no warning or error.
        """
        return self.useServer(Server(element, *options, **keywords))

    def useServer(self, server: Started) -> Started:
        """Start a server for the length of the test, and return it. Its log must have no warning or error."""
        self._servers.append((server, 0))
        self.enterContext(server)
        return server

    def sharedServer(self, element: str, *options: str, **keywords: Any) -> Server:
        """
        Return a ``Server`` (same arguments) that all tests of the class share; the first call starts it.

        For tests that restore the application's state, or do not depend on it. Its log must be quiet during each test.
        """
        key = repr((element, options, sorted(keywords.items())))
        return self.useSharedServer(key, lambda: Server(element, *options, **keywords))

    def useSharedServer(self, key: str, make: Callable[[], Started]) -> Started:
        """Return the class's server of this name; if it has none, start the one that ``make`` returns."""
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
        """Stop the servers that the tests of the class shared."""
        for server in cls.__dict__.get("_shared", {}).values():
            server.stop()
        super().tearDownClass()

    def openPage(self, url: str | None = None, **options: Any) -> "Page":
        """
        Open a page for another user: it shares no cookie, cache or storage with the open pages.

        :param url: the address to open; None leaves the page empty.
        :param options: for playwright's ``Browser.new_context``, such as ``viewport`` or ``color_scheme``.
        """
        context = chromium().new_context(**options)
        self.addCleanup(context.close)
        context.set_default_timeout(self.timeout * 1000)
        page = context.new_page()
        # A context that is closed ends its pages without pagehide, so that they could not report that they are left.
        self.addCleanup(page.close)
        self.listenTo(page)
        if url is not None:
            page.goto(url)
        return page

    def waitForWidget(self, page: "Page", athenaID: int = 1) -> None:
        """
        Wait until the page's client runs and has set up this widget.

        The HTML is there earlier; a click, or a use of ``Nevow``, would come too early then.
        """
        page.wait_for_function("(id) => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[id]", arg=athenaID)

    def waitForComplaint(self, page: "Page", pattern: str) -> None:
        """
        Wait until a complaint matches this regular expression: the browser reports them on a way of their own, which
        may take longer than the result of what has caused them.
        """
        waitUntil(
            lambda: any(re.search(pattern, complaint) for complaint in self.complaints),
            lambda: f"{pattern} is not in {self.complaints}",
            pause=pausing(page),
        )

    def listenTo(self, page: "Page") -> None:
        """
        Record a page's problems until the test is over and the page about to be closed: requests that are pending
        then are aborted, which the browser reports.
        """
        page.on("console", self._consoleMessage)
        page.on("pageerror", self._pageError)
        self._pages.append(page)

    def _stopListening(self, page: "Page") -> None:
        from playwright.sync_api import Error

        # Reports that are still on their way arrive before this result.
        with contextlib.suppress(Error):
            page.context.cookies()
        page.remove_listener("console", self._consoleMessage)
        page.remove_listener("pageerror", self._pageError)

    def _consoleMessage(self, message: "ConsoleMessage") -> None:
        # The text of "Failed to load resource" does not name the resource.
        line = f"{message.type}: {message.text} ({message.location.get('url', '')})"
        self._console.append(line)
        if message.type == "error":
            self.complaints.append(line)

    def _pageError(self, error: "Error") -> None:
        line = f"uncaught: {error.stack or error.message}"
        self._console.append(line)
        self.complaints.append(line)
