# -*- test-case-name: tests.core.test_errbacks -*-
"""Errbacks are kept by the numbers of their messages, in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.errbacks import KEPT, Chain, Errbacks, isSame

ONE: Chain = ((len, (), {}),)
TWO: Chain = ((repr, (), {}),)


class ErrbacksTests(SynchronousTestCase):
    """``Errbacks``."""

    @given(st.lists(st.sampled_from([None, ONE, TWO])), st.integers(0, 20))
    def test_found(self, chains, acknowledged):
        """Each message has its own, and those without errbacks have none."""
        errbacks = Errbacks()
        for number, chain in enumerate(chains, 1):
            if chain is not None:
                errbacks.add(number, chain, 0)
        self.assertEqual([errbacks.of(number) for number in range(len(chains) + 2)], [None, *chains, None])
        after = [(number, chain) for number, chain in enumerate(chains, 1) if chain and number > acknowledged]
        self.assertEqual(list(errbacks.after(acknowledged)), after)

    def test_once(self):
        """The same errbacks of messages that follow each other are kept once."""
        errbacks = Errbacks()
        for number in range(1, 10_000):
            errbacks.add(number, ONE, 0)
        self.assertEqual(len(errbacks._runs), 1)

    def test_bounded(self):
        """Of acknowledged messages the last are kept; all others are."""
        errbacks = Errbacks()
        for number in range(1, 10_000):
            errbacks.add(number, ((len, (number,), {}),), max(0, number - 1000))
            self.assertLessEqual(len(errbacks._runs), 3 * (1000 + KEPT))
        kept = [number for number in range(10_000) if errbacks.of(number)]
        self.assertEqual(kept, list(range(kept[0], 10_000)))
        self.assertLessEqual(kept[0], 9_000 - KEPT)
        for number in range(10_000, 20_000):
            errbacks.add(number, ((len, (number,), {}),), number - 1)
        self.assertLessEqual(len(errbacks._runs), 2 * KEPT)

    def test_same(self):
        """Functions, and methods of one object, are the same; other objects are not asked."""
        self.assertTrue(isSame(len, len))
        self.assertTrue(isSame(self.test_same, self.test_same))
        self.assertFalse(isSame(self.test_same, self.test_once))
        self.assertFalse(isSame(len, repr))
        self.assertFalse(isSame([], []))
