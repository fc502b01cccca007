# -*- test-case-name: tests.test_clock -*-
"""Delays do not depend on the system's clock: on a reactor whose sources of time are set by the test."""

from unittest.mock import patch

from twisted.internet.base import ReactorBase
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http import datetimeToLogString
from twisted.web.resource import Resource

from athenalite import clock
from athenalite._server.factory import LivePageFactory
from athenalite._server.site import AthenaSite
from athenalite.limits import Limits


class FakeReactor(ReactorBase):
    """A reactor that waits for nothing, but keeps its calls and their times as every reactor does."""

    def installWaker(self):
        """It is never woken."""


class MonotonicTests(SynchronousTestCase):
    """
    useMonotonicTime

    :ivar wall: what ``time.time()`` says.
    :ivar uptime: what ``time.monotonic()`` says.
    """

    def setUp(self):
        self.wall = 1_700_000_000.0
        self.uptime = 50.0
        for target, name in (
            ("athenalite.clock.time", "wall"),
            ("athenalite.clock.monotonic", "uptime"),
        ):
            patched = patch(target, lambda name=name: getattr(self, name))
            patched.start()
            self.addCleanup(patched.stop)
        # Twisted holds time.time itself, by this name.
        kept = ReactorBase.seconds
        ReactorBase.seconds = staticmethod(lambda: self.wall)
        self.addCleanup(setattr, ReactorBase, "seconds", staticmethod(kept))
        self.reactor = FakeReactor()
        self.fired = []

    def arm(self, delay):
        """A call that adds its delay to ``fired``."""
        return self.reactor.callLater(delay, self.fired.append, delay)

    def passes(self, seconds):
        """Let time pass, and run the reactor."""
        self.wall += seconds
        self.uptime += seconds
        self.reactor.runUntilCurrent()

    def test_forward(self):
        """The clock set forward fires nothing, whether it was armed before or after."""
        self.arm(60)
        self.assertTrue(clock.useMonotonicTime(self.reactor))
        self.arm(61)
        self.wall += 3600
        self.passes(59)
        self.assertEqual(self.fired, [])
        self.passes(1)
        self.assertEqual(self.fired, [60])
        self.passes(1)
        self.assertEqual(self.fired, [60, 61])

    def test_back(self):
        """The clock set back delays nothing."""
        self.arm(60)
        clock.useMonotonicTime(self.reactor)
        self.arm(61)
        self.wall -= 3600
        self.passes(61)
        self.assertEqual(self.fired, [60, 61])

    def test_timeout(self):
        """Nor does the reactor sleep for longer than until its next call is due."""
        self.arm(60)
        clock.useMonotonicTime(self.reactor)
        self.wall -= 3600
        self.assertAlmostEqual(self.reactor.timeout(), 60)

    def test_reset(self):
        """A call that was armed before can be reset after the step."""
        call = self.arm(60)
        clock.useMonotonicTime(self.reactor)
        self.wall += 3600
        call.reset(10)
        self.passes(9)
        self.assertEqual(self.fired, [])
        self.passes(1)
        self.assertEqual(self.fired, [60])

    def test_epoch(self):
        """The reactor's time is the time of day until the system's clock is set."""
        clock.useMonotonicTime(self.reactor)
        self.passes(12)
        self.assertAlmostEqual(self.reactor.seconds(), self.wall)

    def test_once(self):
        """The second time changes nothing."""
        clock.useMonotonicTime(self.reactor)
        seconds = self.reactor.seconds
        self.assertFalse(clock.useMonotonicTime(self.reactor))
        self.assertIs(self.reactor.seconds, seconds)

    def test_others(self):
        """A replaced clock is left alone."""
        self.assertFalse(clock.useMonotonicTime(Clock()))
        self.reactor.seconds = own = lambda: 1.0
        self.assertFalse(clock.useMonotonicTime(self.reactor))
        self.assertIs(self.reactor.seconds, own)

    def test_factory(self):
        """A LivePageFactory makes its reactor monotonic; other reactors are not touched."""
        other = FakeReactor()
        LivePageFactory(self.reactor)
        self.wall += 3600
        self.assertAlmostEqual(self.reactor.seconds(), self.wall - 3600)
        self.assertAlmostEqual(other.seconds(), self.wall)


class AccessLogTests(SynchronousTestCase):
    """The date in the access log"""

    def test_date(self):
        """It is the time of day, independent of the reactor's clock."""
        with patch("athenalite._server.site.time", lambda: 1_700_000_000.0):
            site = AthenaSite(Resource(), Limits(), Clock())
            site.startFactory()
            self.addCleanup(site.stopFactory)
        self.assertEqual(site._logDateTime, datetimeToLogString(1_700_000_000.0))
