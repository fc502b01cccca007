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

    def test_size(self):
        """It does not grow beyond a bound, however high the numbers are."""
        answered = Answered()
        for number in (*range(1, 5000), 2**53 - 1):
            answered.add(number)
        self.assertLess(getsizeof(answered) + getsizeof(answered._bits) + getsizeof(answered._floor), 400)
