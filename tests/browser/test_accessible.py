# -*- test-case-name: tests.browser.test_accessible -*-
"""axe-core finds nothing on the pages that are shipped, in light, dark and forced colors."""

import re
from importlib.resources import files

from harness.browser import BrowserTestCase
from harness.waiting import waitUntil
from tests.applications.shipped import ELEMENTS
from tests.browser.test_chat import CHAT, Person

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RUN = """async (rules) => {
    const options = { resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } }) };
    const found = await axe.run(document, options);
    return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html} ${node.failureSummary}`));
}"""
#: Shows the overlay of debug mode, with a traceback that must be scrolled.
FAIL = """() => document.getElementById("athena-page")[Symbol.for("athenalite.overlay")]
    .show("The call of brew failed: KeyError: no such tea", "  File board.py, line 1, in brew\\n".repeat(60))"""
#: What the colors may change.
COLORS = ["color-contrast", "link-in-text-block"]


class AccessibleTests(BrowserTestCase):
    """All pages of one server: the site's, the operators', and a failure's."""

    def assertAccessible(self, what, page):
        """Assert that axe-core finds nothing."""
        page.evaluate(AXE)
        for scheme, forced, rules in (
            ("light", "none", None),
            ("dark", "none", COLORS),
            ("light", "active", COLORS),
            ("dark", "active", COLORS),
        ):
            page.emulate_media(color_scheme=scheme, forced_colors=forced)
            self.assertEqual(page.evaluate(RUN, rules), [], f"{what}: {scheme}, forced colors {forced}")

    def assertSitesAccessible(self, ports):
        """Assert it for the address book, and for the office before, during and after a login."""
        page = self.openPage(f"http://localhost:{ports['NevowSite']}/", bypass_csp=True)
        self.assertAccessible("address books", page)
        page.get_by_role("link", name="Charles").click()
        self.waitForWidget(page, 2)
        self.assertAccessible("an address book", page)
        office = f"http://localhost:{ports['Site']}/"
        page.goto(office)
        self.assertAccessible("a login", page)
        for password, shown in ("wrong", "The name or the password is wrong."), ("ann", "Reading this now"):
            page.get_by_label("Name").fill("ann")
            page.get_by_label("Password").fill(password)
            page.get_by_label("Password").press("Enter")
            page.get_by_text(shown).wait_for()
            self.assertAccessible(f"after {password}", page)
        page.goto(f"{office}kitchen/lunch")
        self.assertAccessible("lunch", page)
        page.goto(office)
        self.assertAccessible("the front page", page)

    def test_shipped(self):
        """
        Each example, new projects, the debug panel, the overlay, the operators' page, the connection's line and dialog,
        and a page that could not be made.
        """
        options = "--debug", "--admin=tcp:0:interface=127.0.0.1"
        server = self.startServer("tests.applications.shipped.element", *options)
        self.expectComplaint("StopIteration|Traceback|500|403|favicon|^\t|WebSocket connection to .* failed|net::ERR_")
        waitUntil(lambda: "operators at" in server.log, lambda: server.log)
        page = self.openPage(bypass_csp=True)
        for name in ELEMENTS:
            page.goto(server.url)
            self.waitForWidget(page)
            if name == CHAT:
                Person("alice", page).join().say("see https://example.com/")
                page.get_by_role("link").wait_for()
            self.assertAccessible(name, page)
        page.get_by_role("button", name="Debug", exact=True).click()
        page.get_by_role("button", name="Cut the connection").wait_for()
        self.assertAccessible("the debug panel", page)
        page.get_by_role("button", name="Close").click()
        page.evaluate(FAIL)
        page.get_by_text("no such tea").first.wait_for()
        self.assertAccessible("the overlay", page)
        self.assertSitesAccessible(dict(re.findall(r"\W(Site|NevowSite) starting on (\d+)", server.log)))
        [address] = re.findall(r"operators at (\S+)", server.log)
        operators = self.openPage(address, bypass_csp=True)
        operators.get_by_role("button", name=re.compile("Board")).click()
        operators.get_by_role("button", name="Cut its connection").wait_for()
        self.assertAccessible("operators", operators)
        operators.get_by_role("button", name="End this page").click()
        page.get_by_role("alertdialog").wait_for()
        self.assertAccessible("a lost page", page)
        page.goto(server.url)
        page.get_by_text("StopIteration").first.wait_for()
        self.assertAccessible("a page that could not be made", page)
        server.kill()
        operators.get_by_text("Connection interrupted").wait_for()
        self.assertAccessible("an interrupted page", operators)
