# -*- test-case-name: tests.project.test_waiting -*-
"""``harness.waiting`` waits for a condition, and gives up."""

from unittest import TestCase

from twisted.internet.task import Clock

from harness.waiting import waitUntil


class WaitUntilTests(TestCase):
    """``waitUntil``, with a clock that only its pauses advance."""

    def setUp(self):
        self.clock = Clock()

    def wait(self, condition, *message, **options):
        """Wait by the clock."""
        waitUntil(condition, *message, pause=self.clock.advance, clock=self.clock.seconds, **options)

    def test_alreadyTrue(self):
        """It does not pause if the condition is true."""
        self.wait(lambda: True, limit=0)
        self.assertEqual(self.clock.seconds(), 0)

    def test_becomesTrue(self):
        """It returns at the first look at which the condition is true."""
        self.wait(lambda: self.clock.seconds() >= 1, interval=0.25)
        self.assertEqual(self.clock.seconds(), 1)

    def test_neverTrue(self):
        """It gives up after the limit, and says what it waited for."""
        with self.assertRaisesRegex(AssertionError, "not within 2 seconds: the page has no socket"):
            self.wait(lambda: False, "the page has no socket", limit=2, interval=0.5)
        self.assertEqual(self.clock.seconds(), 2)

    def test_lateMessage(self):
        """A message that is callable says how things are at the end."""
        with self.assertRaisesRegex(AssertionError, "waited 2"):
            self.wait(lambda: False, lambda: f"waited {self.clock.seconds():g}", limit=2, interval=0.5)
