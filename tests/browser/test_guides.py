"""The JavaScript and style sheets that the guides list (templates, errors, appearance, porting), in a real Chromium."""

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from harness.browser import BrowserTestCase
from harness.portforwarder import PortForwarder
from harness.server import Server
from tests.listings import DOCS, writeListings
from tests.project.test_commands import COMMANDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

BLUE = "rgb(0, 60, 120)"
WIDGET = "globalThis.Nevow?.Athena?.Widget?._athenaWidgets[1]"


class Site(Server):
    """A site that a file for twistd makes."""

    started = re.compile(r"Site starting on (\d+)\n")

    def __init__(self, directory: Path, name: str) -> None:
        super().__init__("", cwd=directory, environment={"PYTHONPATH": "."})
        self.command = [*COMMANDS["twistd"], "--pidfile=", "-y", name]


class GuideTestCase(BrowserTestCase):
    """The listings of one guide, served."""

    guide = ""

    def setUp(self) -> None:
        super().setUp()
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="athenalite-guide-")))
        writeListings(DOCS / f"{self.guide}.rst", self.directory)

    def serve(self, element: str) -> Server:
        """A server of one of the guide's elements."""
        return self.startServer(element, cwd=self.directory)

    def open(self, element: str) -> "Page":
        """A page with one of the guide's elements."""
        return self.ready(self.openPage(self.serve(element).url))

    def ready(self, page: "Page") -> "Page":
        """The page, once its widget exists and the server has answered a call of it."""
        page.wait_for_function(f"() => {WIDGET}")
        page.evaluate(f"async () => {{ try {{ await {WIDGET}.callRemote('no such method'); }} catch {{ }} }}")
        return page


#: The namespaces in a drawing, what needs its capitals, and its bars: how many more than one, and the first.
DRAWING = """() => {
    const drawing = document.querySelector("svg");
    const all = [drawing, ...drawing.querySelectorAll("*")];
    const [first, ...more] = drawing.querySelectorAll("rect");
    window.noted ??= first;
    return [
        [...new Set(all.map((one) => one.namespaceURI))],
        drawing.querySelector("linearGradient").gradientTransform.baseVal.numberOfItems,
        drawing.viewBox.baseVal.width, more.length, first === window.noted,
        Math.round(first.getBoundingClientRect().width),
    ];
}"""


class LiveTests(GuideTestCase):
    """docs/live-templates.rst"""

    guide = "live-templates"

    def test_drawing(self) -> None:
        """A chart is of SVG's elements and attributes, at first and when a click has changed it; its shapes stay."""
        page = self.open("charting.Chart")
        svg = ["http://www.w3.org/2000/svg"]
        self.assertEqual(page.evaluate(DRAWING), [svg, 1, 2, 1, True, 100])
        page.click("text=Add")
        page.wait_for_selector("rect:nth-of-type(3)")
        self.assertEqual(page.evaluate(DRAWING), [svg, 1, 3, 2, True, 67])


class TemplateTests(GuideTestCase):
    """docs/templates.rst"""

    guide = "templates"

    def test_order(self) -> None:
        """A handler in a pattern is called with its node, and the widget finds its own id."""
        (self.directory / "run.py").write_text(
            "import shop\n\ndef make():\n    return shop.Shop('Ann', [(1, 'Tea')])\n"
        )
        page = self.open("run.make")
        self.assertTrue(page.get_by_label("A note for us").is_disabled())
        page.get_by_role("button", name="Order").click()
        page.wait_for_function("() => document.querySelector('button').disabled")
        expect(page.get_by_label("A note for us")).to_be_enabled()


class ErrorTests(GuideTestCase):
    """docs/errors.rst"""

    guide = "errors"

    def setUp(self) -> None:
        super().setUp()
        self.page = self.open("accounts.Account")

    def withdraw(self, amount: str) -> None:
        """Ask for an amount."""
        self.page.get_by_label("Amount").fill(amount)
        self.page.get_by_role("button", name="Withdraw").click()

    def assertShown(self, text: str) -> None:
        """Assert that the page shows this as the result."""
        self.page.locator("output", has_text=text).wait_for()

    def test_refused(self) -> None:
        """The server's refusal is shown, at its field or with the error's arguments."""
        self.withdraw("30")
        self.assertShown("Left: 70")
        self.withdraw("71")
        self.assertShown("There is not enough money. You have 70.")
        self.withdraw("0")
        self.assertShown("Enter a positive amount.")
        expect(self.page.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
        self.withdraw("1.5")
        self.assertShown("amount: ")

    def test_unexpected(self) -> None:
        """Any other error is shown without its text, which stays on the server, and goes on to the console."""
        for noise in ("Traceback", "An exposed method failed: 'audit'"):
            self.expectComplaint(noise)
        self.page.evaluate(
            f"""() => {{
                const widget = {WIDGET};
                const {{ callRemote }} = widget;
                widget.callRemote = () => callRemote.call(widget, "audit");
            }}"""
        )
        with self.page.expect_event("pageerror") as caught:
            self.withdraw("1")
        self.assertShown("Something went wrong.")
        self.assertRegex(caught.value.message, "^see reference [0-9a-f]{8} in the server's log$")
        self.assertEqual(caught.value.name, "RemoteError")
        self.expectComplaint("uncaught: RemoteError: see reference")


class AppearanceTests(GuideTestCase):
    """docs/appearance.rst"""

    guide = "appearance"

    def openThroughForwarder(self, element: str) -> "tuple[Page, PortForwarder]":
        """A page, and its connection, which can be cut."""
        self.expectComplaint(r"WebSocket connection to .* failed")
        forwarder = self.enterContext(PortForwarder(self.serve(element).port))
        return self.ready(self.openPage(forwarder.url)), forwarder

    def color(self, page: "Page", selector: str, name: str) -> str:
        """A property as it is computed."""
        found: str = page.eval_on_selector(selector, f"node => getComputedStyle(node).{name}")
        return found

    def test_interrupted(self) -> None:
        """The line is styled by the application, and goes when the connection is back; the region stays."""
        page, forwarder = self.openThroughForwarder("notes.Notes")
        forwarder.down()
        page.get_by_text("Connection interrupted. Reconnecting…").wait_for()
        self.assertEqual(self.color(page, ".athena-status > *", "backgroundColor"), BLUE)
        forwarder.up()
        page.locator(".athena-status > *").wait_for(state="detached")
        self.assertEqual(page.locator(".athena-status").count(), 1)

    def test_lost(self) -> None:
        """The dialog has the reason, a button, and the application's style."""
        page = self.open("notes.Notes")
        page.get_by_role("button", name="Finish").click()
        dialog = page.get_by_role("alertdialog")
        dialog.get_by_text("The reason: you have finished.").wait_for()
        self.assertEqual(self.color(page, "[data-athena-dialog]", "borderTopColor"), BLUE)
        self.assertEqual(self.color(page, ".nevow-connection-lost button", "color"), BLUE)
        with page.expect_event("load"):
            dialog.get_by_role("button", name="Reload").click()
        self.assertEqual(dialog.count(), 0)
        # Not to end while the page is being connected.
        self.ready(page)

    def test_german(self) -> None:
        """Title, language and texts of the element."""
        page = self.open("vermerke.Vermerke")
        self.assertEqual(page.title(), "Vermerke")
        page.get_by_role("button", name="Finish").click()
        dialog = page.get_by_role("alertdialog")
        dialog.get_by_text("Der Grund: you have finished. Bitte laden Sie neu. Ihr Entwurf bleibt stehen.").wait_for()
        for name in ("Neu laden", "Später"):
            self.assertTrue(dialog.get_by_role("button", name=name).is_visible())

    def test_replaced(self) -> None:
        """Another object shows both in its own words, and nothing else is shown."""
        page, forwarder = self.openThroughForwarder("notizen.Notizen")
        forwarder.down()
        page.get_by_text("Die Verbindung ist unterbrochen.").wait_for()
        forwarder.up()
        page.get_by_text("Die Verbindung ist unterbrochen.").wait_for(state="detached")
        page.get_by_role("button", name="Finish").click()
        page.get_by_text("Die Verbindung ist beendet (you have finished).").wait_for()
        self.assertEqual(page.locator("[data-athena-dialog], .athena-status").count(), 0)

    def test_ownPage(self) -> None:
        """The page's own class replaces the dialog."""
        (self.directory / "own.tac").write_text(
            "from twisted.application import strports\n"
            "from twisted.application.service import Application\n"
            "from twisted.web.resource import Resource\n"
            "from twisted.web.server import Site\n"
            "from ownpage import NotesPage\n"
            "class Root(Resource):\n"
            "    def getChild(self, path, request):\n"
            "        return NotesPage()\n"
            "application = Application('own')\n"
            "strports.service('tcp:0', Site(Root())).setServiceParent(application)\n"
        )
        site = Site(self.directory, "own.tac")
        self._servers.append((site, 0))
        self.enterContext(site)
        page = self.openPage(f"http://localhost:{site.url}/page")
        page.get_by_role("button", name="Finish").click()
        page.wait_for_function("() => document.title === 'Ended: you have finished'")
        self.assertEqual(page.locator("[data-athena-dialog]").count(), 0)


class PortingTests(GuideTestCase):
    """docs/porting.rst"""

    guide = "porting"

    def test_form(self) -> None:
        """A field that is no number is named, and a guest is added."""
        page = self.open("guest.GuestForm")
        page.get_by_label("Name").fill("Ann")
        for age, message in (("x", "Please correct: age"), ("3", "Ann is a guest.")):
            page.get_by_label("Age").fill(age)
            page.get_by_role("button", name="Add").click()
            page.get_by_text(message).wait_for()

    def test_both(self) -> None:
        """A widget of an ES module is put into one of Athena's kind."""
        page = self.open("board.Board")
        page.get_by_role("button", name="More").click()
        page.get_by_text("A note (from an old widget)").wait_for()
