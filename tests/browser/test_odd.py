# -*- test-case-name: tests.browser.test_odd -*-
"""Odd values in a real Chromium: each fails the one call that carries it, where it was made, and the page lives."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.browser import BrowserTestCase

if TYPE_CHECKING:
    from playwright.sync_api import Page

APPLICATIONS = Path(__file__).parent.parent / "applications"
ODD = "oddthing.oddbox.OddElement"

CALL = """async ([id, method, ...args]) => {
    const widget = Nevow.Athena.Widget.fromAthenaID(id);
    try {
        const value = await widget.callRemote(method, ...args);
        return ["value", typeof value === "string" && value.length > 1000 ? value.length : value];
    } catch (error) {
        return ["error", `${error}`.slice(0, 200)];
    }
}"""

# A value that the test cannot hand to the page is made there.
ECHO = """async (name) => {
    const widget = Nevow.Athena.Widget.fromAthenaID(1);
    const value = OddThing.values[name]();
    try {
        widget.callRemote("echo", value).addErrback((failure) => { window.failed = String(failure.error); });
    } catch (error) {
        return `thrown: ${error}`;
    }
    const failed = window.failed;
    delete window.failed;
    return failed ? `failed: ${failed}` : "sent";
}"""


class OddTests(BrowserTestCase):
    """Each test ends with a page that works as before."""

    def open(self) -> "Page":
        page = self.openPage(self.sharedServer(ODD, cwd=APPLICATIONS).url)
        self.waitForWidget(page)
        return page

    def call(self, page: "Page", method: str, *args: Any, objectID: int = 1) -> Any:
        """Call a method of the element, and return ``["value", result]`` or ``["error", text]``."""
        return page.evaluate(CALL, [objectID, method, *args])

    def assertAlive(self, page: "Page") -> None:
        """Assert that calls go both ways, and that nothing is shown to people."""
        self.assertEqual(self.call(page, "echo", "alive"), ["value", "alive"])
        self.assertEqual(self.call(page, "ask", "null thrown")[1], "JSException Error: null")
        self.assertEqual(page.get_by_role("alertdialog").count(), 0)

    def assertOutcomes(self, page: "Page", method: str, expected: dict[str, tuple[str, str]]) -> None:
        """Assert what ``method`` makes of each name, and that the page lives after each."""
        for name, (kind, pattern) in expected.items():
            with self.subTest(method=method, name=name):
                outcome = self.call(page, method, name)
                self.assertEqual(outcome[0], kind, outcome)
                self.assertRegex(str(outcome[1]), pattern)
                self.assertAlive(page)

    def test_results_of_the_server(self) -> None:
        """An invalid result or error of a Python method fails its call in the browser."""
        self.expectComplaint("Traceback|Error|#critical")
        page = self.open()
        unsayable = ("error", "(Type|Value|Recursion)Error: see reference [0-9a-f]+ in the server's log")
        self.assertOutcomes(
            page,
            "give",
            {
                "NaN": unsayable,
                "circular": unsayable,
                "deep": unsayable,
                "object": unsayable,
                "function": unsayable,
                "bytes": ("value", "Ynl0ZXM="),
                "surrogate": ("value", "^.$"),
                "long": ("value", "^100000$"),
                # More than all that is kept for a page.
                "huge": ("error", "MessageTooLarge: see reference"),
                "integer": ("error", "^UnsafeInteger: the result of give: .*9007199254740992"),
                "integers": ("error", "^UnsafeInteger: the result of give: .*-1152921504606846976"),
                "safe integer": ("value", "^9007199254740991$"),
                "any script": ("error", "Ошибка, 错误, خطأ, 🎉, </script>\u2028\0"),
                "undefined": ("error", "Undefined: not defined"),
                "undeclared": ("error", "RuntimeError: (?!.*secret)"),
                "speechless": ("error", "Speechless"),
                "no such name": ("error", "KeyError"),
            },
        )

    def test_arguments_of_the_server(self) -> None:
        """An argument that cannot be sent to the browser raises in Python."""
        page = self.open()
        refused = ("value", "^(Type|Value|Recursion)Error")
        self.assertOutcomes(
            page,
            "tell",
            {
                "NaN": refused,
                "circular": refused,
                "deep": refused,
                "object": refused,
                "function": refused,
                "bytes": ("value", "int 8"),
                "surrogate": ("value", "int 1"),
                "long": ("value", "int 100000"),
                "huge": ("value", "^MessageTooLarge"),
                "integer": ("value", "JSException UnsafeInteger: .*9007199254740992"),
                "integers": ("value", "JSException UnsafeInteger: .*-1152921504606846976"),
                "safe integer": ("value", "NoneType None"),
            },
        )

    def test_results_of_the_browser(self) -> None:
        """An invalid result or error of a JavaScript method fails its call in Python."""
        page = self.open()
        self.assertOutcomes(
            page,
            "ask",
            {
                "NaN": ("value", "JSException TypeError: .*NaN is not JSON"),
                "circular": ("value", "JSException TypeError: .*circular"),
                "symbol": ("value", "JSException TypeError: .*symbol"),
                "node": ("value", "JSException TypeError: .*DOM node"),
                "function": ("value", "JSException TypeError: .*a function is not JSON; send data"),
                "long": ("value", "JSException MessageTooLarge"),
                "null thrown": ("value", "JSException Error: null"),
                "string thrown": ("value", "JSException String: only a string"),
                "undefined thrown": ("value", "JSException Error: undefined"),
                "object thrown": ("value", "JSException Error: an error without a description"),
                "any script": ("value", "JSException Error: Ошибка, 错误, خطأ, 🎉, </script>"),
                "no such class": ("value", "JSException TypeError: OddThing.IsNotDefined is not a constructor"),
                "rejected": ("value", "JSException Error: null"),
                "long error": ("value", "JSException Error: x{100}"),
            },
        )

    def test_arguments_of_the_browser(self) -> None:
        """An argument that JavaScript cannot send throws at the call; one that is too large fails it."""
        page = self.open()
        expected = {
            "NaN": "thrown: TypeError: .*NaN is not JSON",
            "circular": "thrown: TypeError: .*circular",
            "symbol": "thrown: TypeError: .*symbol",
            "node": "thrown: TypeError: .*DOM node",
            "function": "thrown: TypeError: .*a function is not JSON",
            "surrogate": "sent",
            "long": "failed: MessageTooLarge",
        }
        for name, pattern in expected.items():
            with self.subTest(name=name):
                self.assertRegex(page.evaluate(ECHO, name), pattern)
                self.assertAlive(page)

    def test_broken_widget(self) -> None:
        """A widget whose constructor throws is reported in the console, and its neighbour works."""
        self.expectComplaint("broken on purpose")
        page = self.openPage(self.startServer("oddthing.oddbox.NeighboursElement", cwd=APPLICATIONS).url)
        self.waitForWidget(page, 3)
        self.assertEqual(self.call(page, "echo", "alive", objectID=3), ["value", "alive"])
        self.waitForComplaint(page, "OddThing.BrokenWidget .*could not be set up")

    def test_roundedArguments(self) -> None:
        """A widget whose initial arguments JavaScript would round is not made; its neighbour works."""
        self.expectComplaint("UnsafeInteger")
        page = self.openPage(self.startServer("oddthing.oddbox.RoundedNeighboursElement", cwd=APPLICATIONS).url)
        self.waitForWidget(page, 3)
        self.assertEqual(self.call(page, "echo", "alive", objectID=3), ["value", "alive"])
        self.waitForComplaint(page, r"Widget OddThing\.OddWidget \(athena:2\) could not be set up")
        self.waitForComplaint(page, r"the initial arguments of OddThing\.OddWidget \(object 2\).*9007199254740993")
        self.assertFalse(page.evaluate("2 in Nevow.Athena.Widget._athenaWidgets"))
