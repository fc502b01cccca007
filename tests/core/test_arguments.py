# -*- test-case-name: tests.core.test_arguments -*-
"""Arguments are validated against the annotations; after a mismatch the method does not run."""

from __future__ import annotations

import dataclasses
import datetime
import gc
import weakref
from functools import partial, wraps
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import inlineCallbacks
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.arguments import checked
from athenalite.athena import LiveElement, expose
from athenalite.errors import ArgumentError
from tests.pages import InMemorySite, template


def injecting(function):
    """Return a decorator's wrapper that adds an argument, with ``functools.wraps``."""

    @wraps(function)
    def injected(self, *args):
        return function(self, "injected", *args)

    return injected


class Counter:
    """Methods without annotations, and attributes that are not methods."""

    def none(self):
        return ()

    def two(self, a, b):
        return a, b

    def some(self, a, b=2, *, c=3):
        return a, b, c

    def named(self, a, /, b, **others):
        return a, b, others

    @inlineCallbacks
    def yielding(self, a):
        yield None
        return a

    async def awaiting(self, a):
        return a

    @injecting
    def decorated(self, user, a):
        return user, a

    def plain(self, *args, **kwargs):
        return args, kwargs

    def noted(self, a: int = 0, **kwargs):
        return a, kwargs

    def only(self, /, **kwargs):
        return kwargs

    @classmethod
    def ofClass(cls, a):
        return a

    @staticmethod
    def ofNothing(a):
        return a

    def wrong(self, a):
        return a.unknown(*a) if a else len()

    def __call__(self, a):
        return a


class Wrapping:
    """An object whose signature differs from the arguments it accepts, and that calls its function wrongly."""

    @injecting
    def __call__(self, user):
        raise AssertionError("it is called with too many arguments")


#: A parameter, as its kind, whether it has a default, and its name.
KINDS = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD")


@st.composite
def functions(draw):
    """Generate functions of any signature, which return nothing."""
    names = list("abcde")
    kinds = sorted(draw(st.lists(st.sampled_from([0, 1, 1, 2, 3, 4]), max_size=5)))
    kinds = [kind for number, kind in enumerate(kinds) if kind not in (2, 4) or kind not in kinds[:number]]
    parameters, defaults = [], False
    for kind, name in zip(kinds, names, strict=False):
        default = kind in (0, 1, 3) and (draw(st.booleans()) or (defaults and kind != 3))
        defaults = defaults or (default and kind != 3)
        parameters.append(Parameter(name, getattr(Parameter, KINDS[kind]), default=0 if default else Parameter.empty))

    made = {}
    exec(f"def function{Signature(parameters)}: return None", made)  # noqa: S102
    return made["function"]


if TYPE_CHECKING:
    # Unknown when the tests run.
    from decimal import Decimal as Unknown


class Point(TypedDict):
    """An object with two numbers."""

    x: int
    y: int


@dataclasses.dataclass
class Order:
    """A class that is made from a JSON object."""

    what: str
    count: int = 1


class Shop:
    """Methods of every kind; each returns its arguments."""

    class Shelf:
        """A class in a class."""

        Colour = Literal["red", "green"]

        def paint(self, colour: Colour) -> Any:
            return colour

    def plain(self, *args, **kwargs):
        return args, kwargs

    def result(self, value: int) -> Unknown | int:
        return value

    def say(self, message: str, times: int = 1) -> Any:
        return message, times

    def half(self, anything, number: int) -> Any:
        return anything, number

    def only(self, name: str, /, *, loud: bool = False) -> Any:
        return name, loud

    def many(self, first: str, *numbers: int, **flags: bool) -> Any:
        return first, numbers, flags

    def wrong(self, value: Unknown) -> None:
        raise AssertionError("it cannot be checked, and ran")

    def unsupported(self, value: str | datetime.date) -> None:
        raise AssertionError("it cannot be checked, and ran")

    @inlineCallbacks
    def decorated(self, value: int):
        yield None
        return value

    @staticmethod
    def static(value: int) -> Any:
        return value

    @classmethod
    def ofClass(cls, value: int) -> Any:
        return value


def taking(annotation):
    """Return a checked function with one argument of this type, which it returns."""

    def take(value):
        return value

    take.__annotations__ = {"value": annotation}
    return checked(take)


class ValueTests(SynchronousTestCase):
    """JSON values and annotations."""

    def test_accepted(self):
        """A value of the type is passed as it is, or converted if JSON has no such type."""
        for annotation, value, expected in (
            (str, "a", "a"),
            (int, 2**70, 2**70),
            (float, 2, 2.0),
            (bool, True, True),
            (object, [1], [1]),
            (Any, {"a": 1}, {"a": 1}),
            (list, ["a", 1], ["a", 1]),
            (list[str], ["a"], ["a"]),
            (tuple[int, str], [1, "a"], (1, "a")),
            (set[int], [1, 1], {1}),
            (dict[str, int], {"a": 1}, {"a": 1}),
            (dict[int, str], {"1": "a"}, {1: "a"}),
            (int | None, None, None),
            (int | str, "a", "a"),
            (Literal["a", 1], 1, 1),
            (Point, {"x": 1, "y": 2}, {"x": 1, "y": 2}),
            (Order, {"what": "tea"}, Order("tea")),
            (datetime.date, "2026-01-02", datetime.date(2026, 1, 2)),
        ):
            given = taking(annotation)(value)
            self.assertEqual((type(given), given), (type(expected), expected))

    def test_refused(self):
        """A value of another type is refused; a number is not accepted as a text, nor a text as a number."""
        for annotation, value in (
            (str, 1),
            (str, None),
            (int, "1"),
            (int, True),
            (int, 1.5),
            (float, "1.5"),
            (bool, 0),
            (list[str], "abc"),
            (list[str], ["a", 1]),
            (tuple[int, str], [1]),
            (dict[str, int], {"a": "b"}),
            (int | str, []),
            (Literal["a"], "b"),
            (Point, {"x": 1}),
            (Order, {"what": 1}),
            (Shop, {"what": 1}),
        ):
            error = self.assertRaises(ArgumentError, taking(annotation), value)
            self.assertEqual(error.argument, "value")

    def test_text(self):
        """The error's text names the argument, the expected type, and the place in the value."""
        error = self.assertRaises(ArgumentError, taking(list[str]), ["a", 1])
        self.assertEqual(str(error), "value: Expected `str`, got `int` - at `value[1]`")


class ArityTests(SynchronousTestCase):
    """Methods without annotations are called only with a number of arguments that they accept."""

    def setUp(self):
        self.counter = Counter()

    def refused(self, method, /, *args, **kwargs):
        """Return the error that refuses a call."""
        call = partial(checked(method), *args, **kwargs)
        return self.assertRaises(ArgumentError, call)

    def test_called(self):
        """A call with fitting arguments is made."""
        counter = self.counter
        self.assertEqual(checked(counter.none)(), ())
        self.assertEqual(checked(counter.two)(1, b=2), (1, 2))
        self.assertEqual(checked(counter.some)(1, c=4), (1, 2, 4))
        self.assertEqual(checked(counter.named)(1, 2, a=3), (1, 2, {"a": 3}))
        self.assertEqual(self.successResultOf(checked(counter.yielding)(1)), 1)
        for method in (counter.ofClass, Counter.ofClass, counter.ofNothing, counter):
            self.assertEqual(checked(method)(1), 1)
        self.assertEqual(checked(partial(counter.two, 1))(2), (1, 2))

    def test_refused(self):
        """A call with others is refused, and the argument named, if it has a name."""
        counter = self.counter
        for error, argument in (
            (self.refused(counter.none, 1), None),
            (self.refused(counter.two), "a"),
            (self.refused(counter.two, 1), "b"),
            (self.refused(counter.two, 1, 2, 3), None),
            (self.refused(counter.two, 1, a=2, b=3), "a"),
            (self.refused(counter.two, 1, 2, x=3), "x"),
            (self.refused(counter.two, 1, 2, method=3), "method"),
            (self.refused(counter.some, 1, 2, 3), None),
            (self.refused(counter.named, b=2, a=1), "a"),
            (self.refused(counter.yielding), "a"),
            (self.refused(counter.yielding, 1, 2), None),
            (self.refused(counter.awaiting, 1, 2), None),
            (self.refused(counter.ofClass), "a"),
            (self.refused(counter.ofNothing, 1, 2), None),
            (self.refused(counter), None),
            (self.refused(partial(counter.two, 1), 2, 3), None),
        ):
            self.assertEqual(error.argument, argument)

    def test_decorated(self):
        """A decorated function is checked by the decorator's signature, not by its own."""
        self.assertEqual(checked(self.counter.decorated)(1), ("injected", 1))
        self.assertRaises(TypeError, checked(self.counter.decorated), 1, 2)

    def test_own(self):
        """A TypeError raised inside the method is the application's."""
        for method, args in (
            (Wrapping(), [1, 2]),
            (self.counter.wrong, [()]),
            (partial(self.counter.wrong, ()), []),
            (len, [1, 2]),
        ):
            error = self.assertRaises(TypeError, checked(method), *args)
            self.assertNotIsInstance(error, ArgumentError)

    @given(functions(), st.integers(0, 4), st.frozensets(st.sampled_from("abcdefg")))
    def test_anySignature(self, function, count, names):
        """For any signature, exactly the calls are made that Python accepts."""
        args, kwargs = range(count), dict.fromkeys(names)
        call = partial(checked(function), *args, **kwargs)
        try:
            function(*args, **kwargs)
        except TypeError:
            self.assertRaises(ArgumentError, call)
        else:
            self.assertIsNone(call())


class ParameterTests(SynchronousTestCase):
    """The assignment of values to parameters."""

    def setUp(self):
        self.shop = Shop()

    def assertRefused(self, argument, method, /, *args, **kwargs):
        """Assert that the call is refused because of this argument."""
        with self.assertRaises(ArgumentError) as raised:
            checked(method)(*args, **kwargs)
        self.assertEqual(raised.exception.argument, argument)

    def test_unannotated(self):
        """Functions that take any arguments, and those of C, are unchanged."""
        for method in (lambda *args, **kwargs: None, "x".upper, len):
            self.assertEqual(checked(method), method)
        self.assertEqual(checked(self.shop.plain)(1, a=2), self.shop.plain(1, a=2))

    def test_instance(self):
        """A keyword with the name of a method's instance is refused, and not a traceback in the log."""
        counter = Counter()
        for method in (self.shop.plain, counter.plain, counter.noted):
            self.assertRefused("self", method, 1, self=2)
        self.assertEqual(checked(counter.named)(1, 2, self=3), (1, 2, {"self": 3}))
        self.assertEqual(checked(counter.only)(self=2), {"self": 2})
        self.assertEqual(checked(counter.noted)(1, b=2), (1, {"b": 2}))

    def test_byPositionAndName(self):
        """Arguments are passed by position and by name; those with a default may be omitted."""
        say = checked(self.shop.say)
        self.assertEqual(say("a"), ("a", 1))
        self.assertEqual(say("a", 2), ("a", 2))
        self.assertEqual(say(times=2, message="a"), ("a", 2))
        self.assertRefused("message", self.shop.say, 1)
        self.assertRefused("times", self.shop.say, "a", times="b")

    def test_missing(self):
        """A missing argument is named."""
        self.assertRefused("message", self.shop.say)
        self.assertRefused("message", self.shop.say, times=2)

    def test_tooMany(self):
        """So is a superfluous or a repeated argument; positional ones are counted."""
        self.assertRefused(None, self.shop.say, "a", 1, 2)
        self.assertRefused("message", self.shop.say, "a", message="b")
        self.assertRefused("loud", self.shop.say, "a", loud=True)
        self.assertRefused("x" * 100, self.shop.say, "a", **{"x" * 101: 1})

    def test_named(self):
        """A keyword that the browser chooses reaches only arguments: not ``self``, not our own."""
        for name in ("self", "method"):
            self.assertRefused(name, self.shop.say, "a", **{name: 1})

    def test_half(self):
        """In a method with some annotations, an argument without one accepts anything."""
        self.assertEqual(checked(self.shop.half)({}, 1), ({}, 1))
        self.assertRefused("number", self.shop.half, {}, "1")

    def test_positionalOnly(self):
        """Python's markers are respected: before the slash only positions, after the star only keywords."""
        self.assertEqual(checked(self.shop.only)("a", loud=True), ("a", True))
        self.assertRefused("name", self.shop.only, name="a")
        self.assertRefused(None, self.shop.only, "a", True)
        self.assertRefused("loud", self.shop.only, "a", loud=1)

    def test_variable(self):
        """``*numbers: int`` and ``**flags: bool`` check each argument, which errors name."""
        self.assertEqual(checked(self.shop.many)("a", 1, 2, b=True), ("a", (1, 2), {"b": True}))
        self.assertRefused("numbers", self.shop.many, "a", 1, "2")
        self.assertRefused("b", self.shop.many, "a", b=1)

    def test_kinds(self):
        """Static and class methods, and decorated ones, are checked as others are."""
        for method in (self.shop.static, self.shop.ofClass):
            self.assertEqual(checked(method)(1), 1)
            self.assertRefused("value", method, "1")
        self.assertEqual(self.successResultOf(checked(self.shop.decorated)(1)), 1)
        self.assertRefused("value", self.shop.decorated, "1")

    def test_nested(self):
        """An annotation may name a class beside the method."""
        shelf = Shop.Shelf()
        self.assertEqual(checked(shelf.paint)("red"), "red")
        self.assertRefused("colour", shelf.paint, "blue")


class ResolvingTests(SynchronousTestCase):
    """Annotations are resolved once."""

    def test_result(self):
        """The annotation of the result is ignored."""
        self.assertEqual(checked(Shop().result)(1), 1)

    def test_unknown(self):
        """An undefined name is the server's error at each call, which names the method and the name."""
        for _ in range(2):
            error = self.assertRaises(TypeError, checked, Shop().wrong)
            self.assertRegex(str(error), r"test_arguments\.Shop\.wrong .*'Unknown'")

    def test_unsupported(self):
        """So is a type that cannot be checked."""
        error = self.assertRaises(TypeError, checked(Shop().unsupported), "a")
        self.assertRegex(str(error), r"value of tests\.core\.test_arguments\.Shop\.unsupported cannot be checked")

    def test_once(self):
        """Two objects of a class share the resolved annotations."""
        one, other = checked(Shop().say), checked(Shop().say)
        self.assertIs(one.func.__self__, other.func.__self__)

    def test_forgotten(self):
        """The resolved annotations are freed with the function."""

        def function(value: int) -> None:
            pass

        checked(function)
        gone = weakref.ref(function)
        del function
        gc.collect()
        self.assertIsNone(gone())


class Greeter(LiveElement):
    """An element with a coroutine method, which waits for its page."""

    docFactory = template()

    @expose
    async def greet(self, name: str, *, times: int = 1) -> str:
        greeting: str = await self.callRemote("greeting", name, times=times)
        return greeting + "!"

    @expose
    def wrong(self, value: Unknown) -> None:
        raise AssertionError("it cannot be checked, and ran")

    @expose
    def plain(self, value):
        return value()


class WireTests(SynchronousTestCase):
    """The same in the frames that a browser sends and receives."""

    def setUp(self):
        self.site = InMemorySite(self, Greeter)
        _, self.socket = self.site.page()

    def test_refused(self):
        """The error is an ArgumentError that names the argument, and the method does not run."""
        error = {"type": "ArgumentError", "message": "name: Expected `str`, got `int`", "argument": "name"}
        self.assertEqual(self.socket.call("greet", 7), [["respond", 1, False, error]])

    def test_count(self):
        """A call with a wrong number of arguments, without annotations, is refused and not logged."""
        error = {"type": "ArgumentError", "message": "value: it is missing", "argument": "value"}
        self.assertEqual(self.socket.call("plain"), [["respond", 1, False, error]])
        ((_, _, success, error),) = self.socket.call("plain", 1, 2)
        self.assertEqual((success, error["type"]), (False, "ArgumentError"))
        self.assertEqual(self.flushLoggedErrors(), [])
        ((_, _, success, error),) = self.socket.call("plain", 1)
        self.assertEqual((success, error["type"]), (False, "TypeError"))
        self.assertEqual(len(self.flushLoggedErrors(TypeError)), 1)

    def test_coroutine(self):
        """A coroutine method awaits its page, takes and passes keyword arguments, and answers once."""
        self.assertEqual(self.socket.call("greet", "Ada", times=2), [["call", 1, "greeting", ["Ada"], {"times": 2}]])
        self.socket.send("respond", 1, True, "Ada, Ada")
        self.site.flush()
        self.assertEqual(self.socket.messages(), [["respond", 1, True, "Ada, Ada!"]])

    def test_unknown(self):
        """A method whose annotations cannot be resolved fails, which is logged, and the page goes on."""
        ((_, _, success, error),) = self.socket.call("wrong", 1)
        self.assertEqual((success, error["type"]), (False, "TypeError"))
        (logged,) = self.flushLoggedErrors(TypeError)
        self.assertIn("Greeter.wrong", logged.getErrorMessage())
        self.assertEqual(self.socket.call("greet", "Ada")[0][:3], ["call", 1, "greeting"])
