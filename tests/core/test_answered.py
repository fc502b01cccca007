# -*- test-case-name: tests.core.test_answered -*-
"""Numbers that were answered: each is known, until it is too long ago."""

from sys import getsizeof

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.answered import WINDOW, Answered


class AnsweredTests(SynchronousTestCase):
    """Answered"""

    @given(st.lists(st.integers(1, 4 * WINDOW)), st.integers(1, 4 * WINDOW))
    def test_set(self, numbers, other):
        """It is a set of numbers, of which it forgets those that are far behind the highest."""
        answered = Answered()
        for number in numbers:
            answered.add(number)
        floor = max([0, *numbers]) - WINDOW
        for number in (*numbers, other):
            self.assertEqual(answered.isForgotten(number), number <= floor)
            self.assertEqual(number in answered, number in numbers and number > floor)

    @given(st.lists(st.tuples(st.integers(1, 4 * WINDOW), st.integers(1, 2 * WINDOW))), st.integers(1, 4 * WINDOW))
    def test_many(self, added, other):
        """Many numbers that follow each other are added as one by one."""
        answered, single = Answered(), Answered()
        for number, count in added:
            answered.add(number, count)
            for one in range(max(1, number - count + 1), number + 1):
                single.add(one)
        for number in (other, *(number - count for number, count in added)):
            self.assertEqual((number in answered), (number in single))
        self.assertEqual(answered._bits, single._bits)

    def test_size(self):
        """It does not grow beyond a bound, however high the numbers are."""
        answered = Answered()
        for number in (*range(1, 5000), 2**53 - 1):
            answered.add(number)
        self.assertLess(getsizeof(answered) + getsizeof(answered._bits) + getsizeof(answered._floor), 400)
