# -*- test-case-name: tests.browser.test_mistakes -*-
"""What a real Chromium shows of mistakes, with and without debug mode."""

import re
from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase, pausing
from harness.waiting import waitUntil
from tests.browser.test_odd import APPLICATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Page

MODULE = "mistakenthing.mistakenbox"
WIDGET = "globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]"
EXPECTED = (
    "HTML parser has removed|There is no class|could not be set up|Content.Security.Policy|RemoteError|KeyError|Refused"
    "|ledger|not enough money|reference|Traceback|browser reports|File .*|raise .*|Unhandled|status of 500|favicon"
    r"|ZeroDivisionError|An exposed method failed|could not be rendered|^\s"
)


class MistakeTests(BrowserTestCase):
    """A page with mistakes."""

    def open(self, *options: str, element: str = "MistakenElement") -> "Page":
        """The page, when its widget is there."""
        self.expectComplaint(EXPECTED)
        self.server = self.startServer(f"{MODULE}.{element}", *options, cwd=APPLICATIONS)
        page = self.openPage(self.server.url)
        if element == "MistakenElement":
            page.wait_for_function(f"() => {WIDGET}")
        return page

    def waitForLog(self, page: "Page", text: str) -> None:
        """Wait until the server's log has a text that this regular expression matches."""
        waitUntil(lambda: re.search(text, self.server.log), lambda: self.server.log, pause=pausing(page))

    def test_overlay(self) -> None:
        """Debug mode shows failed calls and scripts with the traceback; the log has what the browser reports."""
        page = self.open("--debug")
        overlay = page.locator("[data-athena-overlay]")
        overlay.get_by_text("no class MistakenThing.Unexported").first.wait_for()
        self.assertEqual(overlay.get_by_text("The HTML parser has removed").count(), 1)
        self.expectComplaint("nowhere")
        page.evaluate("void setTimeout(() => null.nowhere)")
        overlay.get_by_text("Uncaught: TypeError: Cannot read properties of null").wait_for()
        overlay.get_by_role("button", name="Close").click()
        for method in ("wait", "drop"):
            page.evaluate(f"void {WIDGET}.{method}('audit')")
        overlay.get_by_text("The call of audit failed: KeyError").nth(1).wait_for()
        self.assertIn("in audit", overlay.inner_text())
        self.assertEqual(overlay.locator("b").count(), 0)
        self.assertEqual(overlay.evaluate("node => getComputedStyle(node).position"), "fixed")
        page.evaluate("document.querySelector('form').onclick === null && document.body.setAttribute('onkeyup', 'x()')")
        page.evaluate(f"void {WIDGET}.wait('withdraw')")
        overlay.get_by_text("There is not enough money.").first.wait_for()
        for text in (
            r"HTML parser has removed .*: InnerElement \(athena:2, xmlstr in .*mistakenbox\.py:\d+:1\)",
            "The browser reports: The page's Content-Security-Policy has blocked inline",
            r"mistakenbox\.py:\d+:1: the attribute 'onclick' is blocked",
        ):
            self.waitForLog(page, text)
        overlay.get_by_role("button", name="Close").click()
        self.assertEqual(overlay.count(), 0)

    def test_withoutDebug(self) -> None:
        """Without it, a failure that is not handled is a dialog, with the reference of the log or the error's text."""
        page = self.open()
        dialog = page.locator(".athena-call-failed")
        for method in ("wait", "drop"):
            page.evaluate(f"void {WIDGET}.{method}('audit')")
            dialog.get_by_text("Reference: ").wait_for()
            reference = re.search("Reference: ([0-9a-f]{8})", dialog.inner_text())
            assert reference is not None
            self.waitForLog(page, reference[1])
            self.assertNotIn("ledger", dialog.inner_text())
            dialog.get_by_role("button").click()
        page.evaluate(f"void {WIDGET}.wait('withdraw')")
        dialog.get_by_text("There is not enough money.").wait_for()
        self.assertEqual(page.locator("[data-athena-overlay]").count(), 0)
        for text in (
            "The HTML parser has removed the nodes of widgets",
            r"no class MistakenThing\.Unexported.*It exports: MistakenThing\.MistakenWidget",
        ):
            self.waitForComplaint(page, text)

    def test_faultPage(self) -> None:
        """A page that cannot be rendered shows the template's line and the source line, as text."""
        page = self.open("--debug", element="BrokenElement")
        page.get_by_role("heading", name="ZeroDivisionError").wait_for()
        self.assertIn('raise ZeroDivisionError("<b>nothing</b>")', page.locator("mark").all_inner_texts()[-1])
        self.assertEqual(page.locator("b").count(), 0)
        self.assertIn("the renderer 'total' of BrokenElement", page.locator("body").inner_text())
