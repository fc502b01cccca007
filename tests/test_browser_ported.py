# -*- test-case-name: tests.test_browser_ported -*-
"""Applications as Athena's users wrote them, with another name in their imports, in a real Chromium."""

import sys
from typing import TYPE_CHECKING, Any

from tests.browser import BrowserTestCase
from tests.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page


class PortedServer(Server):
    """The site of ``tests.applications.portedthing``."""

    def __init__(self) -> None:
        super().__init__("")
        self.command = [sys.executable, "-W", "error", "-m", "tests.applications.portedthing"]


class PortedTests(BrowserTestCase):
    """Each kind of application does what it did."""

    def setUp(self) -> None:
        super().setUp()
        self.server = PortedServer()
        self._servers.append(self.server)
        self.enterContext(self.server)

    def open(self, path: str) -> "Page":
        """Open a page of the site."""
        return self.openPage(self.server.url + path)

    def test_clocks(self) -> None:
        """Two fragments that were given their page by assignment call and are called, apart from each other."""
        page = self.open("clocks")
        self.assertEqual((page.url, page.title()), (f"{self.server.url}clocks/", "Clocks 2"))
        for clock, times in ((0, 2), (1, 1)):
            for _ in range(times):
                page.get_by_text("Start").nth(clock).click()
        page.get_by_text("tick 2").wait_for()
        page.get_by_text("tick 1").wait_for()
        self.assertEqual(page.locator(".clock-time").all_inner_texts(), ["tick 2", "tick 1"])
        self.assertEqual(page.request.get(f"{page.url}js/TabModule.js").status, 200)

    def test_screen(self) -> None:
        """In a page that is served as XHTML, a drawing comes for what was there, which is detached."""
        page = self.open("screen/")
        self.assertEqual(page.evaluate("document.contentType"), "application/xhtml+xml")
        page.get_by_text("STOPPED").wait_for()
        page.evaluate("Nevow.Athena.Widget.fromAthenaID(1).callRemote('run')")
        page.locator("circle").wait_for()
        self.assertEqual(page.get_by_text("STOPPED").count(), 0)
        page.locator("circle").dispatch_event("click")
        self.assertEqual(page.locator("circle").get_attribute("fill"), "red")
        self.assertEqual(page.locator("circle").get_attribute("id"), "athenaid:3-lamp")
        page.wait_for_function("Nevow.Athena.Widget._athenaWidgets[2] === undefined")

    def test_tabs(self) -> None:
        """A module that becomes a class, patterns with handlers, and a widget that works before it upcalls."""
        page = self.open("tabs")
        page.get_by_text("two", exact=True).click()
        self.assertEqual(page.evaluate("Nevow.Athena.Widget.get(document.querySelector('.tab')).chosen"), self.chosen)
        self.assertEqual(page.locator("i").inner_text(), "2 one")
        self.assertIn("red", page.get_by_text("two", exact=True).get_attribute("style") or "")

    chosen: Any = [["one", "two"], True, "click"]

    def test_form(self) -> None:
        """A form gathers its inputs; the field in it, a plain element, has its handlers and its ids."""
        page = self.open("form/")
        page.get_by_label("Name").fill("Alice")
        page.get_by_label("Name").press("Tab")
        self.assertEqual(page.locator(".answer").get_attribute("title"), "Alice")
        page.get_by_text("Send").click()
        page.locator(".answer", has_text="sure").wait_for()
        self.assertEqual(
            page.locator(".answer").inner_text(),
            "formname='ported', missing=None, name='Alice', sure=True, text='words'",
        )

    def test_counter(self) -> None:
        """The object behind the page is called through the global server, by the methods of its interface only."""
        page = self.open("counter/")
        page.wait_for_function("window.server")
        ask = "async () => [await server.callRemote('count', 10), await server.callRemote('count', 10)]"
        self.assertEqual(page.evaluate(ask), [10, 20])
        secret = "() => server.callRemote('secret').then(null, (e) => e instanceof Nevow.Athena.NoSuchMethod)"
        self.assertTrue(page.evaluate(secret))

    def test_links(self) -> None:
        """Addresses that are made when the page is asked for lead on, behind whatever name the site has."""
        page = self.open("")
        page.get_by_text("Clocks").click()
        page.get_by_text("Start").first.wait_for()
        self.assertEqual(page.url, f"{self.server.url}clocks/?a=1")
