# -*- test-case-name: tests.browser.test_debug -*-
"""The debug panel in Chromium."""

import json
from pathlib import Path

from harness.browser import BrowserTestCase

APPLICATIONS = Path(__file__).parent.parent / "applications"
#: Rules of an application.
HOSTILE = "* { color: red !important; position: static !important; font-size: 3px !important; pointer-events: none }"


class DebugTests(BrowserTestCase):
    """``--debug``"""

    def lines(self, page, kind):
        """Locate the lines of a kind."""
        return page.locator(f"athenalite-debug li[data-kind={kind}]")

    def test_panel(self):
        """It is opened with the keyboard, and shows calls, results, errors, a cut and how the page resumes."""
        self.expectComplaint("it fails|An exposed method failed|Traceback|^\t")
        server = self.startServer("debugged.Counters", "--debug", cwd=APPLICATIONS)
        page = self.openPage()
        page.clock.install()
        page.goto(server.url)
        first, second = page.locator("section:has(> p)").all()
        tab, panel = page.get_by_role("button", name="Debug"), page.get_by_role("dialog", name="Messages between")
        tab.focus()
        page.keyboard.press("Enter")
        panel.wait_for()
        tab.wait_for(state="hidden")

        second.get_by_role("button", name="count").click()
        second.get_by_text("counted 1").wait_for()
        self.lines(page, "result").filter(has_text="Widget#3.increase").wait_for()
        self.lines(page, "notify").filter(has_text="athenalite.show").wait_for()
        first.get_by_role("button", name="fail").click()
        error = self.lines(page, "error").filter(has_text="Widget#2.failValueError: it fails")
        error.locator("summary").press("Enter")
        error.locator("pre", has_text="in fail").wait_for()
        # The overlay is above the panel.
        page.locator("[data-athena-overlay] button").click()

        panel.get_by_role("button", name="Cut").click()
        panel.get_by_text("Connection cut").wait_for()
        self.lines(page, "cut").wait_for()
        first.get_by_role("button", name="count").click()
        page.clock.fast_forward(5000)
        self.lines(page, "resumed").wait_for()
        first.get_by_text("counted 1").wait_for()
        self.lines(page, "result").filter(has_text="Widget#2.increase").wait_for()
        panel.get_by_text("Connected", exact=True).wait_for()

        # It says nothing itself, and has no secret.
        names = set(page.locator("athenalite-debug .name").all_text_contents())
        calls = {"Widget#2.increase", "Widget#3.increase", "Widget#2.fail", "athenalite.show"}
        self.assertEqual(names - {""}, calls)
        token = json.loads(page.locator("#athena-page").text_content())["token"]
        self.assertNotIn(token, panel.text_content())

        page.add_style_tag(content=HOSTILE)
        position = page.locator("athenalite-debug").evaluate("(node) => getComputedStyle(node).position")
        size = page.locator("athenalite-debug ol").evaluate("(node) => getComputedStyle(node).fontSize")
        self.assertEqual((position, size), ("fixed", "14px"))
        panel.get_by_role("button", name="Clear").click()
        page.wait_for_function("() => !document.querySelector('athenalite-debug').shadowRoot.querySelector('li')")
        # It is open again after a reload.
        page.reload()
        panel.wait_for()
        panel.get_by_role("button", name="Close").press("Escape")
        tab.wait_for()
        self.assertEqual(page.evaluate("() => document.activeElement.shadowRoot.activeElement.textContent"), "Debug")

    def test_overlay(self):
        """On a telephone, upright and on its side, its button is above the overlay with a failed call."""
        self.expectComplaint("it fails|An exposed method failed|Traceback|^\t")
        server = self.startServer("debugged.Counters", "--debug", cwd=APPLICATIONS)
        page = self.openPage(server.url, viewport={"width": 390, "height": 844})
        page.locator("section:has(> p)").first.get_by_role("button", name="fail").click()
        overlay, tab = page.locator("[data-athena-overlay]"), page.get_by_role("button", name="Debug")
        overlay.wait_for()
        for width, height in (390, 844), (844, 390):
            page.set_viewport_size({"width": width, "height": height})
            button = tab.bounding_box()
            self.assertLess(button["y"] + button["height"], overlay.bounding_box()["y"])
            self.assertGreater(button["y"], 0)
