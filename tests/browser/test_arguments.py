# -*- test-case-name: tests.browser.test_arguments -*-
"""Annotated arguments, keyword arguments and coroutines, from a real Chromium."""

from typing import Any

from harness.browser import BrowserTestCase
from tests.browser.test_odd import APPLICATIONS

CHECKED = "checkedthing.checkedbox.CheckedElement"

GREET = """([args, kwargs]) => {
    const widget = Nevow.Athena.Widget.fromAthenaID(1);
    widget.greeting = (name, { times }) => Array(times).fill(name).join(", ");
    const called = kwargs ? widget.callRemoteKw("greet", kwargs) : widget.callRemote("greet", ...args);
    return called.addErrback((failure) => failure.error.message);
}"""


class ArgumentTests(BrowserTestCase):
    """One method, called in all ways."""

    def setUp(self) -> None:
        super().setUp()
        self.page = self.openPage(self.sharedServer(CHECKED, cwd=APPLICATIONS).url)
        self.waitForWidget(self.page)

    def greet(self, *args: Any, **kwargs: Any) -> Any:
        """The result of the element's method, or the text of its error."""
        return self.page.evaluate(GREET, [args, kwargs or None])

    def test_coroutine(self) -> None:
        """A coroutine awaits its page, and its result arrives; arguments go by position and by name, both ways."""
        self.assertEqual(self.greet("Ada"), "Ada!")
        self.assertEqual(self.greet("Ada", 2), "Ada, Ada!")
        self.assertEqual(self.greet(name="Ada", times=3), "Ada, Ada, Ada!")

    def test_refused(self) -> None:
        """What the annotations do not allow is an error whose text names the argument; the page goes on."""
        for text, args in (
            ("ArgumentError: name: Expected `str`, got `int`", [7]),
            ("ArgumentError: times: Expected `int`, got `str`", ["Ada", "2"]),
            ("ArgumentError: name: it is missing", []),
            ("ArgumentError: 3 arguments were given, and 2 are the most", ["Ada", 1, 2]),
        ):
            self.assertEqual(self.greet(*args), text)
        self.assertEqual(self.greet("Ada"), "Ada!")
