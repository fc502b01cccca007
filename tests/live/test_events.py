# -*- test-case-name: tests.live.test_events -*-
"""Events call exposed methods with arguments that are converted as annotated."""

from dataclasses import dataclass
from functools import wraps

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred

from athenalite._live.events import argumentsOf
from athenalite.errors import ArgumentError
from athenalite.live import FieldError, LiveElement, LivePageError, expose
from athenalite.testing import RemoteError
from tests.live.test_parts import PartTestCase, template


@dataclass
class Order:
    """A form."""

    what: str
    note: str = ""


def described(function):
    """A decorator whose own parameter has a name."""

    @wraps(function)
    def wrapper(element, *args, **kw):
        return function(element, *args, **kw)

    return wrapper


class Controls(LiveElement):
    """Has methods for events."""

    docFactory = template('<button>a<athena:handler event="onclick" remote="toggle" /></button>')

    def __init__(self):
        super().__init__()
        self.called = []

    @expose
    def toggle(self, key: int, byAmount: int = 1) -> object:
        self.called.append((key, byAmount))
        return object()

    @expose
    def later(self):
        self.called.append(Deferred())
        return self.called[-1]

    @expose
    def several(self, tags: list[int], *, word: str = ""):
        self.called.append((tags, word))

    @expose
    def any(self, first: int = 0, **others: int | None):
        self.called.append((first, others))

    @expose
    @described
    def texts(self, **others):
        self.called.append(others)

    @expose
    def form(self, order: Order, note: str = "", **others):
        self.called.append((order, note, others))

    @expose
    def refuse(self):
        raise LivePageError("no")

    @expose
    def _hidden(self):
        self.called.append("hidden")

    def secret(self):
        self.called.append("secret")

    def locateMethod(self, ctx, methodName):
        if methodName == "found":
            return lambda: self.called.append("found")
        return super().locateMethod(ctx, methodName)


class EventTests(PartTestCase):
    """Events of one element's controls."""

    element = Controls

    def event(self, method, *pairs, key=None):
        """What the browser gets for an event: None, a RemoteError, or a Deferred without a result."""
        results = []
        self.page.call(self.board, "_athenaEvent", method, [list(one) for one in pairs], key).addBoth(results.append)
        return getattr(results[0], "value", results[0]) if results else "waits"

    def test_call(self):
        """A method is called by the names of its parameters, and its result is not sent."""
        self.assertIsNone(self.event("toggle", ("byamount", "5"), key="7"))
        self.assertIsNone(self.event("several", ("tags", "1"), ("tags", "2"), ("word", "x")))
        self.assertIsNone(self.event("several"))
        self.assertEqual(self.board.called, [(7, 5), ([1, 2], "x"), ([], "")])

    def test_others(self):
        """A method with keyword arguments gets all fields, converted as these are annotated, and refuses the same."""
        self.assertIsNone(self.event("any", ("A", "1"), ("b", ""), ("first", "2"), ("others", "3")))
        self.assertIsNone(self.event("texts", ("__class__", "x"), ("constructor", "y")))
        self.assertIsNone(self.event("form", ("what", "tea"), ("note", "n"), ("more", "2")))
        self.assertEqual(
            self.board.called,
            [
                (2, {"A": 1, "b": None, "others": 3}),
                {"__class__": "x", "constructor": "y"},
                (Order("tea", "n"), "n", {"more": "2"}),
            ],
        )
        number = "Please enter a whole number."
        self.assertEqual(self.event("any", ("a", "x"), ("first", "y")), {"errors": [["a", number], ["first", number]]})
        for method, name in (("any", "self"), ("texts", "self"), ("texts", "element"), ("form", "order")):
            pairs = [("what", "tea"), (name, "1")] if method == "form" else [(name, "1")]
            self.assertEqual(self.event(method, *pairs).type, "ArgumentError", (method, name))
        self.assertEqual(self.event("any", ("a", "1"), ("a", "2")).type, "ArgumentError")
        self.assertEqual(self.event("texts", ("key", "1"), key="7").type, "ArgumentError")

    def test_key(self):
        """The key is that of the item, which a field of that name does not replace."""
        self.assertIsInstance(self.event("toggle", ("key", "1"), key="7"), RemoteError)
        self.assertIsNone(self.event("several", key="7"))
        self.assertIsNone(self.event("toggle", ("key", "1")))
        self.assertEqual(self.board.called[1:], [(1, 1)])

    def test_waits(self):
        """The answer comes when the method's Deferred fires."""
        self.assertEqual(self.event("later"), "waits")
        self.board.called[0].callback(object())
        self.browser.advance()
        self.assertEqual(self.page.waitingFor(), [])

    def test_refused(self):
        """Arguments that are not taken, or given twice, do not call the method; nor those that cannot be converted."""
        for pairs in ([("key", "1"), ("key", "2")], [("key", "1"), ("x", "1")], [("key", "1"), ("x" * 99, "")]):
            error = self.event("toggle", *pairs)
            self.assertEqual(error.type, "ArgumentError")
            self.assertLess(len(str(error)), 100)
        number = "Please enter a whole number."
        for pairs, errors in (
            ([], [["key", "Please fill in this field."]]),
            ([("byAmount", ""), ("key", "x")], [["byAmount", "Please fill in this field."], ["key", number]]),
        ):
            self.assertEqual(self.event("toggle", *pairs), {"errors": errors})
        self.assertEqual(self.event("refuse").type, "LivePageError")
        self.assertEqual(self.board.called, [])

    def test_names(self):
        """No more can be called than what is exposed; names with an underscore not at all; locateMethod decides."""
        for name in ("secret", "_hidden", "__init__", "called", "", "_athenaDetachServer", "rerender"):
            self.assertEqual(self.event(name).type, "NoSuchMethod", name)
        self.assertIsNone(self.event("found"))
        self.assertEqual(self.board.called, ["found"])

    def test_annotations(self):
        """Annotations that cannot be resolved are an error of the application."""

        def method(value: "Missing"):  # type: ignore[name-defined]  # noqa: F821
            """Never called."""

        self.assertRaisesRegex(TypeError, "cannot be resolved", argumentsOf, method, [["value", "1"]], None)

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["key", "byAmount", "tags", "self", "__class__"]), st.text(max_size=3) | st.booleans()
            )
        )
    )
    def test_any(self, pairs):
        """Whatever the pairs, the arguments are what is annotated, or the method is not called."""
        try:
            arguments = argumentsOf(self.board.toggle, pairs, None)
        except (ArgumentError, FieldError):
            return
        self.assertLessEqual({"key"}, set(arguments))
        self.assertTrue(all(type(one) is int for one in arguments.values()))
