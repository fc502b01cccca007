# -*- test-case-name: tests.browser.test_policy -*-
"""Inline scripts and handlers, as applications of 2009 have them, in a real Chromium."""

from pathlib import Path

from harness.browser import BrowserTestCase

APPLICATIONS = Path(__file__).parent.parent / "applications"
INLINE = "inlinething.inlinebox.InlineElement"
MADE = """document.querySelector("p").innerHTML = "<i onclick='document.title = &quot;made&quot;'>made</i>" """


class PolicyTests(BrowserTestCase):
    """The default policy, and that of ``--legacy-content-policy``."""

    def titles(self, *options: str) -> tuple[list[str], str]:
        """Return the title of the page, after a click, and after one on what a script has made; and the log."""
        server = self.startServer(INLINE, *options, cwd=APPLICATIONS)
        page = self.openPage(server.url)
        self.waitForWidget(page)
        titles = [page.title()]
        page.click("b")
        titles.append(page.title())
        page.evaluate(MADE)
        page.click("i")
        titles.append(page.title())
        page.context.close()
        server.stop()
        return titles, server.log

    def test_legacy(self) -> None:
        """All of it runs, no template is reported, and the log says what the policy lets through."""
        self.expectComplaint("--legacy-content-policy|lets inline scripts or eval run")
        titles, log = self.titles("--legacy-content-policy")
        self.assertEqual(titles, ["ran", "clicked", "made"])
        self.assertIn("--legacy-content-policy: inline scripts and handlers run", log)
        self.assertNotIn("is blocked by", log)

    def test_default(self) -> None:
        """Nothing of it runs, and the log has each place of the template."""
        self.expectComplaint("Content Security Policy|Content-Security-Policy")
        titles, log = self.titles()
        self.assertEqual(titles, ["Inline"] * 3)
        self.assertIn("an inline <script> is blocked by the page's Content-Security-Policy", log)
        self.assertIn("the attribute 'onclick' is blocked", log)
