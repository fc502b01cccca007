# -*- test-case-name: tests.rooms.test_backoff -*-
"""How long it takes to connect to the engine again."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.backoff import Backoff


class BackoffTests(SynchronousTestCase):
    """``Backoff``"""

    def setUp(self):
        self.backoff = Backoff()

    def delays(self, count):
        """Return so many delays, without an attempt that succeeds."""
        return [self.backoff.next() for _ in range(count)]

    def assertBetween(self, least, most, delays):
        """They are in these bounds: the delay, and half of it."""
        self.assertTrue(all(least <= delay <= most for delay in delays), delays)

    def test_away(self):
        """It grows up to 2 s."""
        self.assertBetween(0.025, 0.05, self.delays(1))
        self.assertBetween(0.0375, 0.075, self.delays(1))
        self.delays(8)
        self.assertBetween(1, 2, self.delays(10))

    def test_cut(self):
        """Links that work and are cut soon: it stays short, also after the engine was away."""
        self.delays(20)
        for _ in range(20):
            self.backoff.lost(0.1, True)
            self.assertBetween(0.05, 0.25, self.delays(1))

    def test_refusing(self):
        """Links on which the engine refuses something are none that work."""
        for _ in range(20):
            self.backoff.lost(0.1, False)
            self.delays(1)
        self.assertBetween(1, 2, self.delays(1))

    def test_lasted(self):
        """A link that lasts ends it."""
        self.delays(20)
        self.backoff.lost(2.1, False)
        self.assertBetween(0.025, 0.05, self.delays(1))
