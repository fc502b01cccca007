# -*- test-case-name: tests.browser.test_live_loading -*-
"""Scripts of live templates that are loaded on demand: what is seen if they do not come, and that they come later."""

from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase
from harness.firefox import FirefoxTestCase
from harness.portforwarder import PortForwarder, mountUnder
from tests.browser.test_live import LATE, Board
from tests.browser.test_odd import APPLICATIONS
from tests.browser.test_uploads import ALBUM, picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: What a page fails to load.
COMPLAINTS = "net::ERR_FAILED|dynamically imported module|could not be loaded"
#: A form that a part brings, of a method that no template has.
FORM = '<form data-athena-handlers="onsubmit=@order"><input name="amount" /><button>Go</button></form>'


class LoadingTests(Board, BrowserTestCase):
    """Chromium."""

    def openWithout(self, script: str, element: str) -> "Page":
        """Return a page that fails to load a script once."""
        page = self.openPage()
        self.expectComplaint(COMPLAINTS)
        page.route(f"**/athenalite-{script}*", lambda route: route.abort(), times=2)
        page.goto(self.sharedServer(element, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        return page

    def assertTold(self, page: "Page") -> None:
        """A dialog says that a script is missing; close it."""
        page.wait_for_selector(".athena-call-failed:has-text('A script could not be loaded')")
        page.click(".athena-call-failed button")

    def test_files(self) -> None:
        """A form with a file is not sent without the script for that, which the person reads; the next time it is."""
        page = self.openWithout("uploads", ALBUM)
        page.fill("[name=title]", "Cat")
        page.set_input_files("[name=picture]", picture(b"abc"))
        page.click("text=Add")
        self.assertTold(page)
        page.wait_for_selector("form:not([aria-busy])")
        page.click("text=Add")
        page.wait_for_selector("p:has-text('Cat cat.png')")

    def test_late(self) -> None:
        """So is an event whose script comes with it."""
        page = self.openWithout("remote", LATE)
        self.put(page, FORM)
        page.press("[name=amount]", "Enter")
        self.assertTold(page)
        page.press("[name=amount]", "Enter")
        page.wait_for_selector("[name=amount][aria-invalid]")


class FirefoxLoadingTests(Board, FirefoxTestCase):
    """Firefox, which keeps for an address of a script that a server has refused it."""

    def test_refused(self) -> None:
        """A further event loads it."""
        self.expectComplaint("disallowed MIME|Loading failed|dynamically imported|could not be loaded")
        forward, refused = mountUnder(""), list[bytes]()

        def rewriteHead(head: bytes) -> bytes | None:
            if b"athenalite-remote" in head and len(refused) < 2:
                refused.append(head)
                return None
            return forward(head)

        server = self.sharedServer(LATE, cwd=APPLICATIONS)
        with PortForwarder(server.port, rewriteHead) as forwarder:
            tab = self.openTab(forwarder.url)
            tab.waitFor("() => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1] !== undefined")
            self.put(tab, FORM)
            tab.waitFor("() => document.querySelector('form button') !== null")
            tab.evaluate("() => document.querySelector('form').requestSubmit()")
            tab.waitFor("() => document.querySelector('.athena-call-failed')?.textContent.includes('script could')")
            tab.evaluate("() => document.querySelector('form').requestSubmit()")
            tab.waitFor("() => document.querySelector('[name=amount][aria-invalid]') !== null")
            self.assertEqual(len(refused), 2)
            # The page tries to connect again, and its tab is closed meanwhile.
            self.expectComplaint("was interrupted while the page was loading")
