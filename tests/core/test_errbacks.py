# -*- test-case-name: tests.core.test_errbacks -*-
"""Errbacks are kept by the numbers of their messages, in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.errbacks import KEPT, Chain, Chains, Errbacks, isSame

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

    def test_alike(self):
        """So are those that are alike, of each of several messages. Those with arguments are not compared."""
        errbacks = Errbacks()
        first = errbacks.add(8, ((self.test_once, (), {}),), 0, 8)
        for number in range(16, 10_000, 8):
            self.assertIs(errbacks.add(number, ((self.test_once, (), {}),), 0, 8), first)
        self.assertEqual(len(errbacks._runs), 1)
        numbers = [number for number, _ in errbacks.after(0)]
        self.assertEqual(numbers, list(range(1, 9993)))
        for number, (args, kwargs) in enumerate([((), {}), ((1,), {}), ((1,), {}), ((), {"k": 1}), ((), {})], 9993):
            chain = ((len, args, kwargs),)
            self.assertIs(errbacks.add(number, chain, 0), chain)
        errbacks.add(9999, ((len, (), {}), (len, (), {})), 0)
        self.assertEqual(len(errbacks._runs), 7)

    def test_same(self):
        """Functions, and methods of one object, are the same; other objects are not asked."""
        self.assertTrue(isSame(len, len))
        self.assertTrue(isSame(self.test_same, self.test_same))
        self.assertFalse(isSame(self.test_same, self.test_once))
        self.assertFalse(isSame(len, repr))
        self.assertFalse(isSame([], []))


ERRBACKS = st.tuples(st.sampled_from([len, repr]), st.sampled_from([(), (1,)]), st.sampled_from([{}, {"k": 1}]))


class ChainsTests(SynchronousTestCase):
    """``Chains``."""

    @given(st.lists(st.tuples(st.integers(0, 3), st.just("pop") | ERRBACKS)), st.integers(0, 4))
    def test_found(self, script, inOrder):
        """Each position has its own, in their order, however they came."""
        chains, model = Chains(), {}
        for position in range(inOrder):
            chains.add(position, len, (), {})
            model[position] = ((len, (), {}),)
        for position, what in script:
            if what == "pop":
                self.assertEqual(chains.pop(position), model.pop(position, ()))
            else:
                chains.add(position, *what)
                model[position] = (*model.get(position, ()), what)
            self.assertEqual([chains.of(one) for one in range(5)], [model.get(one) for one in range(5)])
            self.assertEqual(bool(chains), bool(model))

    def test_ofAll(self):
        """The same ones of all pages are found at once, and are shared with the next broadcast."""
        chains, later = Chains(), Chains()
        self.assertEqual(chains.ofAll(3), ())
        for position in range(3):
            self.assertIsNone(chains.ofAll(3) or None)
            chains.add(position, len, (), {})
        later.share(chains)
        self.assertEqual(later.ofAll(3), ())
        later.add(0, len, (), {})
        self.assertEqual(chains.ofAll(3), ((len, (), {}),))
        self.assertIs(later.ofAll(1), chains.ofAll(3))
        later.add(1, repr, (), {})
        self.assertIsNone(later.ofAll(2))
        self.assertEqual(later.of(0), chains.of(0))
