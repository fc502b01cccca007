# -*- test-case-name: tests.core.test_encodecache -*-
"""Equal calls are encoded once in a batch; a different call never gets their bytes."""

import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.encodecache import EncodeCache, Frozen, allStrings, freeze
from athenalite._core.wire import asCall, encodeNotify
from athenalite.errors import MessageTooLarge

SCALARS = st.sampled_from([0, 0.0, -0.0, 1, 1.0, True, False, None, "", "1", "a", "\ud800", 2**60])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", 1]), inner, max_size=2),
    max_leaves=4,
)
ARGUMENTS = st.lists(VALUES, max_size=2).map(tuple)
CALLS = st.tuples(
    st.sampled_from([0, 1]), st.sampled_from(["a", "b"]), ARGUMENTS, st.sampled_from([None, {}, {"k": 1}])
)


def sayNothing(value):
    """Convert nothing, as a page that sends JSON only."""
    return value, []


class EncodeCacheTests(SynchronousTestCase):
    """``EncodeCache``."""

    def setUp(self):
        self.cache = EncodeCache(1000)

    def encode(self, objectID, methodName, args, kwargs=None):
        """The message of a call."""
        return self.cache.encode(objectID, methodName, args, kwargs or {}, sayNothing)

    def test_once(self):
        """Equal calls are the same bytes object, also with other calls in between."""
        for args in (("alice", "hello"), ("alice", 1, None, 2.5), (), ({"rows": [[1, 2.5], []]}, [None])):
            messages = [self.encode(1, "hear", args) for _ in range(3) if self.encode(2, "see", ("it",))]
            self.assertEqual(messages[0], encodeNotify(1, "hear", args))
            self.assertTrue(all(one is messages[0] for one in messages))

    def test_asCall(self):
        """So are equal calls with a request for an answer."""
        message = self.encode(1, "hear", ("hello",))
        self.assertIs(self.cache.asCall(message), self.cache.asCall(message))
        self.assertEqual(self.cache.asCall(message), b'["call",1,"hear",["hello"]]')

    def test_remembersNothing(self):
        """Without the fast path each call is encoded by itself."""
        self.cache = EncodeCache(1000, False)
        self.assertIsNot(self.encode(1, "hear", ("hello",)), self.encode(1, "hear", ("hello",)))

    @given(st.lists(CALLS, max_size=12), st.booleans())
    def test_asPlain(self, calls, ends):
        """In any order of calls, also across batches, the bytes are those that encodeNotify makes."""
        for call in calls:
            message = self.encode(*call)
            self.assertEqual(message, encodeNotify(*call))
            self.assertEqual(self.cache.asCall(message), asCall(message))
            if ends:
                self.cache.forget()

    def test_mutable(self):
        """A list that has changed between two calls is encoded anew."""
        basket = ["apple"]
        first = self.encode(1, "show", (basket,))
        basket.append("pear")
        second = self.encode(1, "show", (basket,))
        self.assertEqual(
            [first, second], [b'["notify",1,"show",[["apple"]]]', b'["notify",1,"show",[["apple","pear"]]]']
        )

    def test_refused(self):
        """A call that cannot be sent is refused each time, and does not replace a cached one."""
        self.encode(1, "hear", ("a",))
        for _ in range(2):
            self.assertRaises(TypeError, self.encode, 1, "hear", (float("nan"),))
            self.assertRaises(MessageTooLarge, self.encode, 1, "hear", ("x" * 1000,))
        self.assertEqual(self.encode(1, "hear", ("a",)), b'["notify",1,"hear",["a"]]')

    def test_converted(self):
        """Arguments that are not JSON are converted for each page by itself."""
        made = iter([(["first"], []), ({}, []), (["second"], []), ({}, [])])
        messages = [self.cache.encode(1, "show", (object(),), {}, lambda value: next(made)) for _ in range(2)]
        self.assertEqual(messages, [b'["notify",1,"show",["first"]]', b'["notify",1,"show",["second"]]'])

    def test_forgets(self):
        """Nothing is cached after the batch."""
        text = "a text of which nobody else knows"
        message = self.encode(1, "hear", (text,))
        self.cache.forget()
        self.assertIsNot(self.encode(1, "hear", (text,)), message)

    def test_allStrings(self):
        """Only for strings equal arguments have the same encoding."""
        self.assertTrue(allStrings(()) and allStrings(("a", "b")))
        self.assertFalse(any(map(allStrings, [("a", 1), (True,), ["a"], None])))

    @given(ARGUMENTS, ARGUMENTS)
    def test_freeze(self, one, other):
        """What is equal when it is frozen has the same bytes."""
        if freeze(one) == freeze(other):
            self.assertEqual(encodeNotify(1, "m", one), encodeNotify(1, "m", other))
        self.assertEqual(freeze(one), freeze(deepcopy(one)))
        frozen = Frozen.of(one)
        if frozen is not None:
            self.assertEqual(frozen == other, freeze(one) == freeze(other))
            self.assertTrue(deepcopy(one) == frozen)

    def test_frozen(self):
        """Equal values of other types, in another order, or of classes that are written likewise are not the same."""

        @dataclass
        class Point:
            x: float

        for one, *others in (
            ([1], [1.0], [True], (1,), ["1"]),
            ([0.0], [-0.0], [0]),
            ({"x": 1.5}, Point(1.5), [["x", 1.5]]),
            ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
            (["2026-11-27"], [date(2026, 11, 27)]),
            ([[1, 2]], [{1, 2}], [(1, 2)]),
            ("x", b"x"),
        ):
            frozen = Frozen.of((one,))
            self.assertTrue((deepcopy(one),) == frozen)
            for other in others:
                self.assertFalse((other,) == frozen, other)
        for inner in ({"point": {"x": 1.5}}, [{"x": 1.5}]):
            changed = ([inner],)
            frozen = Frozen.of(changed)
            inner[next(iter(inner)) if isinstance(inner, dict) else 0] = Point(1.5)
            self.assertFalse(changed == frozen, "what was changed meanwhile")
        cycle = []
        cycle.append(cycle)
        self.assertFalse((cycle,) == Frozen.of((1,)))

    def test_notFrozen(self):
        """Arguments without MessagePack are encoded, and compared, as others."""
        for args in ((2**70,), ("\ud800",)):
            self.assertIsNone(Frozen.of(args))
            self.assertIs(self.encode(1, "m", args), self.encode(1, "m", deepcopy(args)))

    def test_frozenOf(self):
        """Arguments that are converted are not compared by what they are made of: a converter may look at more."""
        converted = EncodeCache(1000)
        for args, isFrozen in (
            (({"a": [1]},), True),
            ((b"x",), False),
            ((bytearray(b"x"),), False),
            ((object(),), False),
        ):
            converted.encode(1, "m", args, {}, lambda value: (json.loads(json.dumps(value, default=str)), []))
            self.assertEqual(converted.frozenOf(1, "m", args) is not None, isFrozen)
