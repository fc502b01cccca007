# -*- test-case-name: tests.browser.test_examples_modern -*-
"""The examples in the modern style, each in a real Chromium, started by its own command."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from harness.browser import pausing
from harness.waiting import waitUntil
from tests.browser.test_examples import ExampleTestCase
from tests.browser.test_live import TYPE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Route

HOLD = """() => {
    const widget = Nevow.Athena.Widget.fromAthenaID(1);
    const callRemote = widget.callRemote.bind(widget);
    window.answers = [];
    widget.callRemote = async (...args) => {
        const answer = await callRemote(...args);
        await new Promise((resolve) => window.answers.push(resolve));
        return answer;
    };
}"""
"""From now on, results wait in the page until ``answers[0]()`` and so on are called."""


class CalculatorTests(ExampleTestCase):
    """The calculator, whose arguments are checked."""

    def setUp(self) -> None:
        super().setUp()
        self.page = self.example("calculator-modern", "reckoning.calculator.CalculatorElement")
        self.left = self.page.get_by_label("First number")
        self.right = self.page.get_by_label("Second number")
        self.alert = self.page.get_by_role("alert").first

    def calculate(self, left: str, operator: str, right: str) -> None:
        """Fill in the form by keyboard alone, and press Enter."""
        self.left.fill(left)
        self.page.get_by_role("radio", name=operator).focus()
        self.page.keyboard.press("Space")
        self.right.fill(right)
        self.page.keyboard.press("Enter")

    def test_calculate(self) -> None:
        """Results are exact, are listed one below the other, and become the next left operand."""
        lines = self.page.get_by_role("log").locator("div")
        for number, (left, operator, right, line) in enumerate(
            (
                ("0.1", "plus", "0.2", "0.1 + 0.2 = 0.3"),
                ("7", "times", "6", "7 × 6 = 42"),
                ("1", "minus", "-1e30", "1 − -1e30 = 1E+30"),
                ("1", "divided by", "3", "1 ÷ 3 = 0.333333333333333"),
            )
        ):
            self.calculate(left, operator, right)
            self.waitForText(lines.nth(number), line)
        expect(self.left).to_have_value("0.333333333333333")
        expect(self.right).to_have_value("")
        expect(self.right).to_be_focused()

    def test_argument(self) -> None:
        """Text that is not a number is refused before the method runs, and the field of the argument is marked."""
        for left, right, wrong in (("abc", "1", self.left), ("1", "", self.right), ("Infinity", "1", self.left)):
            self.calculate(left, "plus", right)
            expect(wrong).to_have_attribute("aria-invalid", "true")
            expect(wrong).to_be_focused()
            self.waitForText(self.alert, "Please write a number, such as 12.5.")
        self.calculate("1", "plus", "1")
        self.waitForText(self.page.get_by_role("log").locator("div"), "1 + 1 = 2")
        self.waitForText(self.alert, "")
        expect(self.page.locator("[aria-invalid=true]")).to_have_count(0)

    def test_impossible(self) -> None:
        """The server's error text is shown if there is no result."""
        self.calculate("1", "divided by", "0")
        self.waitForText(self.alert, "Nothing can be divided by zero.")
        self.calculate("9e999999", "times", "10")
        self.waitForText(self.alert, "There is no such number.")


class TypeAheadTests(ExampleTestCase):
    """Type-ahead, which calls after a pause in typing, and ignores outdated results."""

    def setUp(self) -> None:
        super().setUp()
        self.page = self.example("typeahead-modern", "finding.characters.FinderElement")
        self.field = self.page.get_by_role("combobox")
        self.options = self.page.get_by_role("option")
        self.waitForWidget(self.page)

    def test_keyboard(self) -> None:
        """Arrow keys go round the matches, Enter chooses; attributes have the option for screen readers."""
        self.field.press_sequentially("umbr dro")
        # First those for a part of it may be shown.
        self.waitForTexts(self.options, "☔UMBRELLA WITH RAIN DROPS")
        self.waitForText(self.page.get_by_role("status").first, "1 found")
        self.assertEqual(self.field.get_attribute("aria-expanded"), "true")
        self.assertEqual(
            self.field.get_attribute("aria-controls"), self.page.get_by_role("listbox").get_attribute("id")
        )
        self.field.fill("snow")
        self.options.nth(2).wait_for()
        last = self.options.count() - 1
        for key, index in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", last), ("ArrowDown", 0)):
            self.page.keyboard.press(key)
            self.assertEqual(self.options.nth(index).get_attribute("aria-selected"), "true", key)
            self.assertEqual(
                self.field.get_attribute("aria-activedescendant"), self.options.nth(index).get_attribute("id")
            )
        self.page.keyboard.press("Enter")
        self.waitForText(self.page.locator("output"), "☃U+2603 SNOWMAN")
        self.assertEqual((self.field.input_value(), self.options.count()), ("SNOWMAN", 0))
        self.assertEqual(self.field.get_attribute("aria-expanded"), "false")

    def test_mouse(self) -> None:
        """A click chooses, and Escape closes what is found without a choice."""
        self.field.fill("snowm")
        self.options.first.wait_for()
        self.field.press("Escape")
        self.assertEqual(self.options.count(), 0)
        self.field.fill("umbrella")
        self.options.filter(has_text="☂").first.click()
        self.waitForText(self.page.locator("output"), "☂U+2602 UMBRELLA")
        self.assertTrue(self.field.evaluate("node => node === document.activeElement"))

    def test_nothing(self) -> None:
        """A message shows if there is no match, and none for an empty field."""
        self.field.fill("xyzzy")
        self.waitForText(self.page.get_by_role("status").first, "0 found")
        self.field.fill("")
        self.waitForText(self.page.get_by_role("status").first, "")

    def test_early(self) -> None:
        """Text typed before there is a widget, or in the field after a reload, is searched once there is one."""
        early = self.openPage()
        early.route("**/Finding.mjs", self.typeFirst)
        early.goto(self.page.url)
        early.get_by_role("option").first.wait_for()

    def typeFirst(self, route: "Route") -> None:
        """Type into the page that waits for its module, and only then let it have that."""
        route.request.frame.locator("input").fill("umbrella")
        route.continue_()

    def test_debounce(self) -> None:
        """A word typed without a pause is one call."""
        self.page.evaluate(HOLD)
        self.field.evaluate(TYPE, "umbrella")
        self.page.wait_for_function("() => answers.length > 0")
        self.page.evaluate("answers[0]()")
        self.options.first.wait_for()
        self.assertEqual(self.page.evaluate("answers.length"), 1)

    def test_outOfDate(self) -> None:
        """The result of an earlier call is ignored, whether it comes before or after that of the latest."""
        self.page.evaluate(HOLD)
        for number, words in enumerate(("snow", "rain", "umbrella"), 1):
            self.field.fill(words)
            self.page.wait_for_function("number => answers.length === number", arg=number)
        self.page.evaluate("answers[0]()")
        self.assertEqual(self.options.count(), 0)
        self.page.evaluate("answers[2]()")
        self.options.first.wait_for()
        self.page.evaluate("answers[1]()")
        self.waitForText(self.options.first, "☂UMBRELLA")


class TreeTests(ExampleTestCase):
    """The tree, whose coroutines await the other side."""

    def setUp(self) -> None:
        super().setUp()
        self.page = self.example("tree-modern", "branching.tree.makeTree")
        self.dialog = self.page.get_by_role("dialog")

    def branch(self, name: str) -> "Locator":
        """The branch of this name."""
        return self.page.get_by_role("listitem", name=name, exact=True)

    def button(self, name: str) -> "Locator":
        """The button whose name is what it says and the name of its branch."""
        return self.page.get_by_role("button", name=name, exact=True)

    def grow(self, name: str, new: str) -> None:
        """Grow a new branch on the one of this name, by keyboard."""
        self.button(f"Grow {name}").press("Enter")
        self.branch(name).locator("input:focus").wait_for()
        self.page.keyboard.type(new)
        self.page.keyboard.press("Enter")

    def assertSize(self, text: str) -> None:
        """Wait until the server has sent the size of the tree."""
        self.waitForText(self.page.get_by_role("status").first, text)

    def assertFocused(self, name: str) -> None:
        """Assert that the keyboard goes on at the button of this name."""
        expect(self.button(name)).to_be_focused()

    def test_grow(self) -> None:
        """A branch grows on one that came with the page, and on one that grew; the server counts them."""
        self.assertSize("4 branches")
        self.grow("right", "<twig>")
        self.assertFocused("Grow <twig>")
        self.grow("<twig>", "bud")
        self.assertFocused("Grow bud")
        self.assertSize("6 branches")
        self.assertEqual(self.branch("right").get_by_role("listitem").count(), 2)

    def test_prune(self) -> None:
        """A branch with nothing on it goes at once; the keyboard goes on at the one that it was on."""
        self.button("Prune leaf").press("Enter")
        self.branch("leaf").wait_for(state="detached")
        self.assertSize("3 branches")
        self.assertFocused("Grow left")

    def askAgain(self) -> None:
        """Press the button until the question is there."""
        # In one task of the page: between a look at it and a key, the question may come, and the key would answer it.
        press = "() => Boolean(document.querySelector('dialog[open]') || document.activeElement.click())"
        waitUntil(lambda: self.page.evaluate(press), "there is no question", pause=pausing(self.page), interval=0.1)

    def test_confirm(self) -> None:
        """For a branch with others on it, the server awaits a confirmation; all are removed, or none."""
        self.grow("leaf", "bud")
        self.assertSize("5 branches")
        self.button("Prune left").press("Enter")
        self.waitForText(self.dialog.locator("p"), "Prune left and the 2 branches on it?")
        self.page.keyboard.press("Escape")
        self.assertFocused("Prune left")
        # Until the server has the answer, the button does nothing.
        self.askAgain()
        self.dialog.get_by_role("button", name="Keep").click()
        self.assertFocused("Prune left")
        self.assertSize("5 branches")
        self.askAgain()
        self.dialog.get_by_role("button", name="Prune").click()
        self.branch("left").wait_for(state="detached")
        self.assertSize("2 branches")
        self.assertFocused("Grow trunk")

    def test_twice(self) -> None:
        """Two clicks prune once."""
        # Both in one task of the page: between two clicks of a mouse, another button may be there.
        self.button("Prune leaf").evaluate("(button) => { button.click(); button.click(); }")
        self.branch("leaf").wait_for(state="detached")
        self.assertSize("3 branches")

    def test_refused(self) -> None:
        """The server's refusal is shown at the branch, until the next attempt."""
        self.grow("right", " ")
        alert = self.branch("right").get_by_role("alert").first
        self.waitForText(alert, "Give it a name of at most 40 characters.")
        self.page.keyboard.type("twig")
        self.page.keyboard.press("Enter")
        self.branch("twig").wait_for()
        self.waitForText(alert, "")
        self.button("Prune trunk").click()
        self.waitForText(self.branch("trunk").get_by_role("alert").first, "The trunk stays.")

    def test_leave(self) -> None:
        """A page left without an answer is no error: the server's log stays quiet."""
        self.button("Prune left").click()
        self.dialog.wait_for()
        self.page.goto("about:blank")
