# -*- test-case-name: tests.browser.test_examples -*-
"""The examples in Athena's own style, each in a real Chromium, started by its own command."""

from typing import TYPE_CHECKING

from harness.browser import BrowserTestCase
from tests.browser.test_chat import EXAMPLES

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class ExampleTestCase(BrowserTestCase):
    """An example is run in its directory, with nothing on the path but that."""

    def example(self, directory: str, element: str) -> "Page":
        """Start it, and open its page."""
        server = self.sharedServer(element, cwd=EXAMPLES / directory, environment={"PYTHONPATH": None})
        return self.openPage(server.url)

    def waitForText(self, node: "Locator", text: str) -> None:
        """Wait until a node's text is this."""
        from playwright.sync_api import expect

        expect(node).to_have_text(text)

    def waitForTexts(self, nodes: "Locator", *texts: str) -> None:
        """Wait until there are as many nodes, with these texts."""
        from playwright.sync_api import expect

        expect(nodes).to_have_text(texts)


class CalculatorTests(ExampleTestCase):
    """The calculator."""

    def test_calculate(self) -> None:
        """The server's result is shown, however fast buttons are pressed."""
        page = self.example("calculator", "calculating.calculator.CalculatorElement")
        display = page.locator("[name=display]")
        for keys, shown in (
            ("7 × 6 =", "42"),
            ("C . 1 + . 2 =", "0.3"),
            ("1 ÷ 0 =", "Error"),
            ("C 9 − 4 × 2 =", "10"),
        ):
            for key in keys.split():
                page.locator(f'[name="{key}"]').click()
            self.waitForText(display, shown)

    def test_keyboard(self) -> None:
        """Keys of the keyboard do what the buttons do, and Enter calculates."""
        page = self.example("calculator", "calculating.calculator.CalculatorElement")
        page.locator("main:focus").wait_for()
        display = page.locator("[name=display]")
        for keys, shown in (("12/8", "8"), ("Enter", "1.5"), ("Escape", "0"), ("1-1.5=", "-0.5")):
            for key in [keys] if keys.isalpha() else keys:
                page.keyboard.press(key)
            self.waitForText(display, shown)

    def test_digits(self) -> None:
        """A result is shown with as many digits as there is room for, and never cut off."""
        page = self.example("calculator", "calculating.calculator.CalculatorElement")
        page.locator("main:focus").wait_for()
        display = page.locator("[name=display]")
        for keys, shown in (
            ("99999999999/7=", "14285714285.6"),
            ("999999999999*999999999999=", "1.00000e+24"),
            ("C1/99999999999=*0=", "0"),
            ("C0-1/99999999999=", "0"),
        ):
            page.keyboard.press("Escape")
            page.keyboard.type(keys.removeprefix("C"))
            self.waitForText(display, shown)
            self.assertLessEqual(*display.evaluate("node => [node.scrollWidth, node.clientWidth]"))


class TypeAheadTests(ExampleTestCase):
    """Type-ahead."""

    def test_complete(self) -> None:
        """Typed text is completed; a choice goes into the field; a message shows if nothing is found."""
        page = self.example("typeahead", "completing.typeahead.TypeAheadElement")
        page.get_by_label("The name of a tree").press_sequentially("ha")
        matches = page.locator("[name=matches] button")
        # First those for "h" may be shown.
        self.waitForTexts(matches, "hawthorn", "hazel")
        self.waitForText(page.get_by_role("status").first, "2 found")
        matches.nth(1).click()
        self.assertEqual(page.get_by_label("The name of a tree").input_value(), "hazel")
        self.assertEqual(matches.count(), 0)
        page.get_by_label("The name of a tree").fill("xyz")
        self.waitForText(page.get_by_role("status").first, "0 found")


class TreeTests(ExampleTestCase):
    """The tree of nested and dynamic widgets."""

    def setUp(self) -> None:
        super().setUp()
        self.page = self.example("tree", "growing.tree.makeTree")

    def branch(self, name: str) -> "Locator":
        """The branch of this name."""
        return self.page.get_by_role("region", name=name, exact=True)

    def grow(self, name: str, new: str) -> None:
        """Grow a new branch on the one of this name."""
        self.branch(name).locator("[name=label]").first.fill(new)
        self.branch(name).get_by_role("button", name="Grow").first.click()

    def assertCount(self, name: str, text: str) -> None:
        """Ask the server how many branches there are from this one on."""
        self.branch(name).get_by_role("button", name="Count").first.click()
        self.waitForText(self.branch(name).get_by_role("status").first, text)

    def test_nested(self) -> None:
        """The branches that came with the page are widgets in each other, and each asks for its own element."""
        self.assertCount("trunk", "4 branches")
        self.assertCount("left", "2 branches")
        self.assertCount("leaf", "1 branch")

    def test_grow(self) -> None:
        """A branch can grow on one that came with the page, and on one that grew, on both sides."""
        self.grow("right", "<twig>")
        self.branch("<twig>").wait_for()
        self.grow("<twig>", "bud")
        self.branch("bud").wait_for()
        self.assertCount("<twig>", "2 branches")
        self.assertCount("trunk", "6 branches")

    def test_prune(self) -> None:
        """
        Pruning takes away all that is on a branch, on both sides, whether it came with the page or grew; the keyboard
        goes on at the branch that it was on.
        """
        self.grow("leaf", "bud")
        self.branch("bud").wait_for()
        self.branch("left").get_by_role("button", name="Prune").first.click()
        self.branch("left").wait_for(state="detached")
        self.assertEqual(self.branch("bud").count(), 0)
        self.branch("trunk").locator("[name=label]:focus").wait_for()
        self.assertCount("trunk", "2 branches")

    def test_refused(self) -> None:
        """An error that the server declares is shown as text."""
        self.grow("trunk", " ")
        self.waitForText(self.branch("trunk").get_by_role("status").first, "Give it a name of at most 40 characters.")
