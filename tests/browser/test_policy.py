# -*- test-case-name: tests.browser.test_policy -*-
"""Inline scripts and handlers, as applications of 2009 have them, in a real Chromium."""

import re
from pathlib import Path

from harness.browser import BrowserTestCase, pausing
from harness.firefox import FirefoxTestCase
from harness.waiting import waitUntil

APPLICATIONS = Path(__file__).parent.parent / "applications"
INLINE = "inlinething.inlinebox.InlineElement"
EARLY = """new MutationObserver((records, observer) => {
    if (document.head) {
        observer.disconnect();
        document.head.append(Object.assign(document.createElement("script"), { text: "early()" }));
    }
}).observe(document, { childList: true, subtree: true })"""
"""Adds an inline script before any other of the page's has run."""
MADE = """document.querySelector("p").innerHTML = "<i onclick='document.title = &quot;made&quot;'>made</i>" """

FORM = """document.querySelector("p").innerHTML =
    "<form action='javascript:void(document.title = &quot;sent&quot;)'><button>send</button></form>" """


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

    def test_legacyForm(self) -> None:
        """A form may have a script as its address."""
        self.expectComplaint("--legacy-content-policy|lets inline scripts or eval run")
        page = self.openPage(self.startServer(INLINE, "--legacy-content-policy", cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        page.evaluate(FORM)
        page.click("button")
        page.wait_for_function("() => document.title === 'sent'")

    def test_default(self) -> None:
        """Nothing of it runs, and the log has each place of the template."""
        self.expectComplaint("Content Security Policy|Content-Security-Policy")
        titles, log = self.titles()
        self.assertEqual(titles, ["Inline"] * 3)
        self.assertIn("an inline <script> is blocked by the page's Content-Security-Policy", log)
        self.assertIn("the attribute 'onclick' is blocked", log)

    def test_early(self) -> None:
        """In debug mode the log has what was blocked before the overlay's script has run, once."""
        self.expectComplaint("Content Security Policy|Content-Security-Policy")
        server = self.startServer(INLINE, "--debug", cwd=APPLICATIONS)
        page = self.openPage()
        page.add_init_script(EARLY)
        page.goto(server.url)
        self.waitForWidget(page)
        blocked = "has blocked inline"
        waitUntil(lambda: server.log.count(blocked) > 2, lambda: server.log, pause=pausing(page))
        page.wait_for_timeout(100)
        # The early one, and the page's own two.
        found = re.findall(f"{blocked}(.*) by (.*)", server.log)
        self.assertEqual([rule for _, rule in found], ["script-src-elem", "script-src-elem", "script-src-attr"])


class FirefoxTests(FirefoxTestCase):
    """The same in Firefox."""

    def titles(self, *options: str) -> tuple[list[str], str]:
        """As for Chromium."""
        server = self.startServer(INLINE, *options, cwd=APPLICATIONS)
        tab = self.openTab(server.url)
        tab.waitFor("() => globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]")
        titles = [tab.evaluate("() => document.title")]
        for prepared in ("() => document.querySelector('b').click()", f"() => {{ {MADE}; }}"):
            tab.evaluate(prepared)
            titles.append(tab.evaluate("() => document.title"))
        tab.evaluate("() => document.querySelector('i').click()")
        titles.append(tab.evaluate("() => document.title"))
        if "--debug" in options:
            waitUntil(lambda: "has blocked inline" in server.log, lambda: server.log)
        # The page tries to connect again, and its tab is closed meanwhile.
        self.expectComplaint("was interrupted while the page was loading")
        server.stop()
        return [titles[0], titles[1], titles[3]], server.log

    def test_legacy(self) -> None:
        """All of it runs."""
        self.expectComplaint("--legacy-content-policy|lets inline scripts or eval run")
        titles, log = self.titles("--legacy-content-policy")
        self.assertEqual(titles, ["ran", "clicked", "made"])
        self.assertNotIn("is blocked by", log)

    def test_default(self) -> None:
        """Nothing of it runs, and the browser reports it in debug mode."""
        self.expectComplaint("Content.Security.Policy")
        titles, log = self.titles("--debug")
        self.assertEqual(titles, ["Inline"] * 3)
        self.assertRegex(log, "has blocked inline .*by script-src-(attr|elem)")
