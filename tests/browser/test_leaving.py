# -*- test-case-name: tests.browser.test_leaving -*-
"""Pages that are left in a real Chromium; :mod:`tests.browser.test_firefox_leaving` has the same for Firefox."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase, pausing
from harness.waiting import SharedTime, waitUntil
from tests.browser.test_firefox_leaving import CLOSED, COUNTING, KNOWN, WIDGET
from tests.browser.test_odd import APPLICATIONS
from tests.elsewhere import Elsewhere

if TYPE_CHECKING:
    from playwright.sync_api import Page

EACH = 10
"""How many pages are left in each way."""


class LeftTests(BrowserTestCase):
    """The server detects that a page was left."""

    timed = underLoad = True

    def counting(self, page: "Page") -> None:
        """Wait until calls go both ways."""
        page.wait_for_function(f"() => {WIDGET}")
        page.evaluate(f"() => {WIDGET}.start()")
        page.wait_for_function(f"() => {WIDGET}.received.length > 3")

    def test_left(self) -> None:
        """Of 50 pages that are navigated away from, reloaded or closed, each is lost within two seconds."""
        elsewhere = self.enterContext(Elsewhere())
        server = self.startServer(COUNTING, cwd=APPLICATIONS)
        watching = pausing(self.openPage())
        ways: dict[str, Callable[[Page], object]] = {
            "navigation": lambda page: page.goto(elsewhere.url, wait_until="commit"),
            "another host": lambda page: page.goto(elsewhere.foreign, wait_until="commit"),
            "reload": lambda page: page.reload(wait_until="commit"),
            "location.href": lambda page: page.evaluate(
                "(url) => { setTimeout(() => { location.href = url; }); }", elsewhere.url
            ),
            "closing": lambda page: page.close(),
        }
        left = 0
        for way, leave in ways.items():
            # The pages of one browser context share its cache.
            context = self.openPage().context
            for number in range(EACH):
                page = context.new_page()
                self.listenTo(page)
                page.goto(server.url)
                self.counting(page)
                leave(page)
                left += 1
                waitUntil(
                    lambda: server.log.count("lost: ") >= left,  # noqa: B023  # called at once
                    f"{way}, number {number}",
                    limit=KNOWN,
                    pause=watching,
                    clock=SharedTime(),
                )
                if way == "reload":
                    # The page that the reload has made, which is left by closing.
                    waitUntil(lambda: server.log.count("made") > left, limit=self.timeout, pause=watching)  # noqa: B023
                    left += 1
                page.close()
        waitUntil(lambda: server.log.count("lost: ") >= left, limit=KNOWN, pause=watching, clock=SharedTime())
        self.assertEqual(server.log.count(CLOSED), left)
