# -*- test-case-name: tests.browser.test_athena -*-
"""
What Athena's own browser tests showed, in a real Chromium: the calls, in both directions.

All of Athena's tests, by their names there, and where their behaviour is shown here:

=========================================  ===========================================================================
WidgetInitializerArguments                 ``CallTests.test_initialArguments``
CallRemoteTestCase                         ``CallTests.test_unknownMethod``
ClientToServerArgumentSerialization        ``CallTests.test_argumentsToServer``
ClientToServerResultSerialization          ``CallTests.test_resultsFromServer``
JSONRoundtrip                              ``CallTests.test_roundtrip``
ExceptionFromServer, Async...              ``ErrorTests.test_fromServer``
ExceptionFromClient, Async...              ``ErrorTests.test_fromBrowser``, ``test_laterFromBrowser``
ServerToClientArgumentSerialization        ``CallTests.test_argumentsToBrowser``
ServerToClientResultSerialization          ``CallTests.test_resultsFromBrowser``
WidgetInATable, WidgetIsATable             ``test_browser_athena_nodes.WidgetTests.test_tables``
ChildParentRelationship                    ``WidgetTests.test_family``
AthenaHandler                              ``WidgetTests.test_onclick``
NodeLocation                               ``test_browser_athena_nodes.NodeTests``; in widgets that come later,
                                           ``test_browser_athena_children.ChildTests.test_nodes``
DynamicWidgetInstantiation:
... childWidgetAsArgument                  ``test_browser_dynamic.DynamicTests.test_argument``
... nonXHTMLWidgetReturn                   ``test_browser_dynamic.DynamicTests.test_namespace``
... addChildWidgetFromComponents           ``ChildTests.test_components``
... addChildWidgetFromWidgetInfo           ``ChildTests.test_widgetInfo``
... removeChildWidget, invalid..., all     ``ChildTests.test_remove``, ``test_removeStranger``, ``test_removeAll``
... detachOrphan, detachedCallback,        ``ChildTests.test_detach``: from both sides, with and without a parent, with
    detachWithChildren, serverSide...      children
... dynamicImportWidget                    ``ChildTests.test_modulesAndStyles``
GettingWidgetlessNodeRaisesException       ``NodeTests.test_noWidget``
RemoteMethodErrorShowsDialog               ``test_browser_athena_children.DialogTests``
DelayedCallTests                           ``ChildTests.test_callLater``
DynamicStylesheetFetching                  ``ChildTests.test_modulesAndStyles``
=========================================  ===========================================================================
"""

import atexit
import functools
import re
from typing import TYPE_CHECKING, Any

from harness.browser import BrowserTestCase
from harness.server import Server
from tests.browser.test_odd import APPLICATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Page

MODULES = APPLICATIONS / "athenatests" / "js" / "AthenaTests"

LAST = "AthenaTests.Nodes.Plain"
"""The class of the last widget of the page: when it is there, all are."""

WIDGET = """(className) => Object.values(globalThis.Nevow?.Athena?.Widget?._athenaWidgets ?? {})
    .find((widget) => widget.__class__?.__name__ === className)"""

CALL_WIDGET = f"""async ([className, methodName, ...args]) => {{
    const widget = ({WIDGET})(className);
    return await widget[methodName](...args);
}}"""


@functools.cache
def suiteServer() -> Server:
    """
    The server of all these tests, which ends with the process.

    A function, for trial does not call setUpClass.
    """
    server = Server("athenatests.suite.Suite", cwd=APPLICATIONS)
    server.start()
    atexit.register(server.stop)
    return server


class AthenaTestCase(BrowserTestCase):
    """Each test has a new page with all the widgets; they are of one server."""

    #: The class of the widgets that ``callWidget`` calls.
    widget: str

    def setUp(self) -> None:
        super().setUp()
        self.server = suiteServer()
        self.addCleanup(self.server.assertQuiet)
        self.page = self.open()

    def open(self) -> "Page":
        """A page whose widgets exist."""
        page = self.openPage(self.server.url)
        page.wait_for_function(WIDGET, arg=LAST)
        return page

    def callWidget(self, methodName: str, *args: Any) -> Any:
        """What a method of the page's first widget of ``widget`` returns, when it has it."""
        return self.page.evaluate(CALL_WIDGET, [self.widget, methodName, *args])


class CallTests(AthenaTestCase):
    """Arguments and results."""

    widget = "AthenaTests.Calls.Widget"

    def test_initialArguments(self) -> None:
        """The result of getInitialArguments follows the node in the arguments of ``__init__``, and can be sent back."""
        arguments = self.page.evaluate(f"(name) => ({WIDGET})(name).initialArguments", self.widget)
        self.assertEqual(arguments, [1, "two", [3, 3, 3, 3, 3]])
        self.assertRegex(self.callWidget("returnInitialArguments"), r"^\(1, 'two', \[3(\.0)?(, 3(\.0)?){4}\]\)$")

    def test_unknownMethod(self) -> None:
        """A method that is not there, or not exposed, is a NoSuchMethod that names it."""
        self.assertIn("noSuchMethod", self.callWidget("callUnknown"))

    def test_together(self) -> None:
        """Of calls sent together, one to an object that has ended gets an error, and the others their results."""
        self.assertEqual(self.callWidget("callTogether"), ["('first',)", True, "('third',)"])

    def test_argumentsToServer(self) -> None:
        """The server gets Python's values of Python's types; undefined is None."""
        self.assertEqual(
            self.callWidget("sendArguments"),
            "(1, 1.5, 'Hello world', [1, 1.5, 'Hello world'], {'hello world': 'object value'}, None, None, True)",
        )

    def test_resultsFromServer(self) -> None:
        """A tuple arrives as an array, with its items unchanged."""
        self.assertEqual(
            self.callWidget("receiveResults"),
            [1, 1.5, "Hello world", [1, 1.5, "Hello world"], {"hello world": "object value"}],
        )

    def test_roundtrip(self) -> None:
        """Unusual structures and texts come back from the browser unchanged."""
        count, changed = self.page.evaluate(
            f"async (name) => await ({WIDGET})(name).callRemote('roundtrip')", self.widget
        )
        self.assertGreater(count, 30)
        self.assertEqual(changed, [])

    def test_argumentsToBrowser(self) -> None:
        """The browser gets JavaScript's values, and an instance of the class of a transportable object."""
        arguments = self._call("sendArguments")
        self.assertEqual(arguments, [1, 1.5, "Hello world", [1, "x"], {"a": None}, "Hello 2"])

    def test_resultsFromBrowser(self) -> None:
        """The result of a widget's method is sent to Python."""
        self.assertEqual(self._call("askResults"), "[1, 1.5, 'Hello world', {'object': ['value']}, None, None, False]")

    def _call(self, methodName: str) -> Any:
        return self.page.evaluate(
            f"async ([name, method]) => await ({WIDGET})(name).callRemote(method)", [self.widget, methodName]
        )


class ErrorTests(AthenaTestCase):
    """Errors, in both directions."""

    widget = "AthenaTests.Calls.Widget"

    def test_fromServer(self) -> None:
        """An error that the server raises, or a Deferred fails with, has its text and the class that it names."""
        for methodName in ("fail", "failLater"):
            for kind, expected in {
                "plain": ["Divmod.Error", "Said by the server.", None],
                "class": ["AthenaTests.Calls.Refusal", "no", [1, 2]],
                # Athena's Deferred never fired.
                "undefined": ["Divmod.Error", "Undefined: no such class", None],
                "any script": ["Divmod.Error", "\u0416\u4e2d\N{DROMEDARY CAMEL}", None],
            }.items():
                with self.subTest(methodName=methodName, kind=kind):
                    self.assertEqual(self.callWidget("catchError", methodName, kind), expected)

    def ask(self, methodName: str) -> Any:
        """Class, text and traceback of the Failure that the server gets of a method of the widget."""
        return self.page.evaluate(
            f"async ([name, method]) => await ({WIDGET})(name).callRemote('askFailure', method)",
            [self.widget, methodName],
        )

    def assertPlaces(self, traceback: str, *places: tuple[str, str], fileName: str = "Calls.js") -> None:
        """Assert that a traceback has these functions of a module, each with what stands in the line it was at."""
        path = MODULES / fileName
        found = re.findall(rf'File "{re.escape(str(path))}", line (\d+), in (.*)\n', traceback)
        lines = path.read_text("utf-8").splitlines()
        shown = [(name.rpartition(".")[2], lines[int(number) - 1].strip()) for number, name in found]
        self.assertEqual(shown, list(places), traceback)

    def test_fromBrowser(self) -> None:
        """An error thrown in JavaScript is a JSException, whose traceback has the line of the widget's own file."""
        for methodName, text, line in (
            ("throwError", "Error: thrown by throwError", 'throw new Error("thrown by throwError");'),
            (
                "throwDivmodError",
                "Divmod.Error: thrown by throwDivmodError",
                'throw Divmod.Error("thrown by throwDivmodError");',
            ),
            ("throwTypeError", "TypeError: ", "return self.thereIs.no.such.thing;"),
            (
                "failDeferred",
                "Error: failed by failDeferred",
                'return Divmod.Defer.fail(new Error("failed by failDeferred"));',
            ),
        ):
            with self.subTest(methodName=methodName):
                name, message, traceback = self.ask(methodName)
                self.assertEqual((name, message[: len(text)]), ("JSException", text))
                self.assertPlaces(traceback, (methodName, line))

    def test_fromDeepInTheBrowser(self) -> None:
        """The traceback has each function on the way, the innermost last, and its line; none of the client's."""
        _, _, traceback = self.ask("throwDeep")
        thrown = 'throw new Error("thrown by throwError");'
        self.assertPlaces(
            traceback, ("throwDeep", "[1].forEach(inner);"), ("inner", "self.throwError();"), ("throwError", thrown)
        )
        self.assertIn(thrown, traceback)
        self.assertNotIn("athenalite.js", traceback)

    def test_fromModule(self) -> None:
        """The same holds for a widget of an ES module, whose methods are asynchronous and private."""
        _, message, traceback = self.page.evaluate(
            "async () => await Object.values(Nevow.Athena.Widget._athenaWidgets).find((widget) => widget.throwModern)"
            ".callRemote('askFailure', 'throwModern')"
        )
        self.assertEqual(message, "RangeError: thrown by throwPrivately")
        thrown = 'throw new RangeError("thrown by throwPrivately");'
        self.assertPlaces(
            traceback,
            ("throwModern", "this.#throwPrivately();"),
            ("#throwPrivately", thrown),
            fileName="Modern.mjs",
        )

    def test_laterFromBrowser(self) -> None:
        """The same holds for a Deferred that fails later."""
        name, message, traceback = self.ask("failLater")
        self.assertEqual((name, message), ("JSException", "Error: failed by failLater"))
        self.assertPlaces(traceback, ("failingLater", 'failing.errback(new Error("failed by failLater"));'))

    def test_noErrors(self) -> None:
        """A thrown value that is not an error is a JSException, too. Athena's Deferred never fired."""
        self.assertEqual(self.ask("throwString")[:2], ["JSException", "String: thrown by throwString"])
        self.assertEqual(self.ask("throwNull")[:2], ["JSException", "Error: null"])

    def test_coroutine(self) -> None:
        """A coroutine that awaits the call sees its own file and the widget's in one traceback."""
        files = self.page.evaluate(
            f"async (name) => await ({WIDGET})(name).callRemote('awaitFailure', 'throwError')", self.widget
        )
        self.assertEqual((files[0], files[-1]), ("calls.py", "Calls.js"))
