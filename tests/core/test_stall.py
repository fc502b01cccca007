# -*- test-case-name: tests.core.test_stall -*-
"""Detection of connected pages that do not read."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.delivery import Delivery, Overflow
from athenalite._core.stall import StallTimer


class StallTests(SynchronousTestCase):
    """A page with bounds of two messages and of five seconds without progress."""

    def setUp(self):
        self.clock = Clock()
        self.delivery = Delivery(2, 1000)
        self.stalls = []
        self.timer = StallTimer(self.clock, 5, self.delivery)

    def stalled(self):
        """Record when the page was found stalled."""
        self.stalls.append(self.clock.seconds())

    def add(self, count):
        """Keep this many more messages, and watch."""
        for _ in range(count):
            try:
                self.delivery.addMessage(b"x")
            except Overflow:
                self.timer.start(self.stalled)

    def test_within(self):
        """Within the bounds there is no timer."""
        self.add(2)
        self.timer.start(self.stalled)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_stalled(self):
        """Beyond them, a page without progress is reported, once."""
        self.add(5)
        self.clock.advance(3)
        self.add(5)
        self.clock.pump([1] * 30)
        self.assertEqual(self.stalls, [5])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_acknowledges(self):
        """An acknowledgement restarts the time."""
        self.add(10)
        self.clock.advance(4)
        self.delivery.acknowledged(1)
        self.clock.pump([1] * 30)
        self.assertEqual(self.stalls, [10])

    def test_carries(self):
        """So does data that the socket sends."""
        self.add(10)
        self.clock.advance(4)
        self.delivery.takeUnsent(1)
        self.clock.pump([1] * 30)
        self.assertEqual(self.stalls, [10])

    def test_caughtUp(self):
        """Within the bounds again, the timer is stopped."""
        self.add(10)
        self.delivery.acknowledged(9)
        self.clock.pump([1] * 30)
        self.assertEqual((self.stalls, self.clock.getDelayedCalls()), ([], []))

    def test_restart(self):
        """A new socket restarts the time."""
        self.add(10)
        self.clock.advance(4)
        self.timer.restart(self.stalled)
        self.clock.pump([1] * 30)
        self.assertEqual(self.stalls, [9])

    def test_stop(self):
        """After stop nothing is reported, and there is no timer."""
        self.add(10)
        self.timer.stop()
        self.timer.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])
