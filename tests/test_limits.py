# -*- test-case-name: tests.test_limits -*-
"""The limits of a site are positive, and cannot be changed under it."""

from dataclasses import FrozenInstanceError, fields

from twisted.trial.unittest import SynchronousTestCase

from athenalite.limits import Limits


class LimitsTests(SynchronousTestCase):
    """``Limits(...)``."""

    def test_defaults(self):
        """The defaults are those that the documentation promises."""
        limits = Limits()
        self.assertEqual((limits.connectTimeout, limits.transportlessTimeout), (60, 180))
        self.assertEqual((limits.openTimeout, limits.ackDelay, limits.ackEvery), (5, 1, 16))
        self.assertEqual((limits.authorizeTimeout, limits.maxMessageSize), (10, 65536))

    def test_deadLine(self):
        """A dead line is noticed within 45 seconds."""
        self.assertLessEqual(Limits().pingInterval + Limits().pingTimeout, 45)

    def test_positive(self):
        """Zero, a negative number and NaN are refused by name, for every limit."""
        for field in fields(Limits):
            for value in (0, -1, float("nan")):
                error = self.assertRaises(ValueError, Limits, **{field.name: value})
                self.assertIn(field.name, str(error))

    def test_frozen(self):
        """Limits do not change while sessions run by them."""
        with self.assertRaises(FrozenInstanceError):
            Limits().ackEvery = 3
