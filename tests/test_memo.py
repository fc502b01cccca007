# -*- test-case-name: tests.test_memo -*-
"""The same call is encoded once in a turn; another is never taken for it."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite.memo import CallMemo
from athenalite.turn import Turn
from athenalite.wire import encodeCall

SCALARS = st.sampled_from([0, 0.0, -0.0, 1, 1.0, True, False, None, "", "1", "a", "\ud800", 2**60])
ARGUMENTS = st.lists(SCALARS | st.just([1]) | st.just({"a": 1}), max_size=2).map(tuple)
CALLS = st.tuples(
    st.sampled_from([0, 1]), st.sampled_from(["a", "b"]), ARGUMENTS, st.sampled_from([None, {}, {"k": 1}])
)


class MemoTests(SynchronousTestCase):
    """``CallMemo.encodeCall``."""

    def setUp(self):
        self.clock = Clock()
        self.memo = CallMemo(Turn(self.clock, Logger(observer=lambda event: None)))

    def test_once(self):
        """A loop over pages says the same bytes to all: the very same object."""
        who, what = "alice", "hello"
        forms = [self.memo.encodeCall(1, "hear", (who, what), {}) for _ in range(3)]
        self.assertEqual(forms[0], encodeCall(1, "hear", (who, what)))
        self.assertTrue(all(one is forms[0] for one in forms))

    @given(st.lists(CALLS, max_size=12), st.booleans())
    def test_asPlain(self, calls, ends):
        """Whatever is called in whatever order, also across turns, the bytes are those that encodeCall makes."""
        for call in calls:
            self.assertEqual(self.memo.encodeCall(*call), encodeCall(*call))
            if ends:
                self.clock.advance(0)

    def test_mutable(self):
        """A list that has changed between two calls is said as it is at each."""
        basket = ["apple"]
        first = self.memo.encodeCall(1, "show", (basket,), {})
        basket.append("pear")
        second = self.memo.encodeCall(1, "show", (basket,), {})
        self.assertEqual(
            [first[1], second[1]], [b'["notify",1,"show",[["apple"]]]', b'["notify",1,"show",[["apple","pear"]]]']
        )

    def test_refused(self):
        """What cannot be sent is refused each time, and does not stand for what was sent before."""
        self.memo.encodeCall(1, "hear", ("a",), {})
        for _ in range(2):
            self.assertRaises(TypeError, self.memo.encodeCall, 1, "hear", (float("nan"),), {})
        self.assertEqual(self.memo.encodeCall(1, "hear", ("a",), {})[1], b'["notify",1,"hear",["a"]]')

    def test_forgets(self):
        """When the turn ends, nothing of it is kept, and no timer is left."""
        text = "a text of which nobody else knows"
        forms = self.memo.encodeCall(1, "hear", (text,), {})
        self.clock.advance(0)
        self.assertIsNot(self.memo.encodeCall(1, "hear", (text,), {}), forms)
        self.clock.advance(0)
        self.assertEqual(self.clock.getDelayedCalls(), [])
