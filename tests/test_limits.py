# -*- test-case-name: tests.test_limits -*-
"""The limits of a site are positive, and cannot be changed under it."""

from dataclasses import FrozenInstanceError, fields

from twisted.trial.unittest import SynchronousTestCase

from athenalite.limits import Limits


class LimitsTests(SynchronousTestCase):
    """``Limits(...)``."""

    def test_defaults(self):
        """The defaults that are no part of the protocol; tests/vectors/limits.json has those that are."""
        limits = Limits()
        self.assertEqual((limits.requestTimeout, limits.maxRequestSize, limits.shutdownTimeout), (60, 65536, 5))
        self.assertEqual((limits.maxPagesUnconnected, limits.maxPagesTransportless), (2000, 20_000))

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
