# -*- test-case-name: tests.core.test_expiry -*-
"""The end of a page that has no socket for too long."""

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.admission import Admission
from athenalite._core.expiry import Expiry
from athenalite._core.states import LEFT
from athenalite.errors import ConnectFailed, ConnectionLost
from athenalite.limits import Limits


class ExpiryTests(SynchronousTestCase):
    """A page with a time of its own for each reason to be without a socket."""

    def setUp(self):
        self.clock = Clock()
        self.ends = []
        limits = Limits(connectTimeout=60, transportlessTimeout=30, leavingTimeout=5, authorizeTimeout=20)
        self.admission = Admission(self.clock, limits.authorizeTimeout, Logger())
        self.expiry = Expiry(self.clock, limits, self.admission)

    def expired(self, reason, error):
        """Record when the page was ended, and why."""
        self.ends.append((self.clock.seconds(), type(error), reason))
        self.assertIn(reason, str(error))

    def test_rendered(self):
        """A page that never has a socket is ended after ``connectTimeout``, once."""
        self.expiry.rendered(self.expired)
        self.clock.pump([1] * 100)
        self.assertEqual(self.ends, [(60, ConnectFailed, "the page never connected")])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_disconnected(self):
        """A page whose socket is lost is ended after ``transportlessTimeout``."""
        self.expiry.disconnected(self.expired)
        self.clock.pump([1] * 100)
        self.assertEqual(self.ends, [(30, ConnectionLost, "the page was away for more than 30 s")])

    def test_left(self):
        """If the browser has closed the socket as when a page is left, ``leavingTimeout`` is enough."""
        self.expiry.left(self.expired)
        self.clock.pump([1] * 100)
        self.assertEqual(self.ends, [(5, ConnectionDone, LEFT)])

    def test_restarted(self):
        """The last reason counts, and there is one timer only."""
        self.expiry.rendered(self.expired)
        self.clock.advance(50)
        self.expiry.disconnected(self.expired)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.pump([1] * 100)
        self.assertEqual(self.ends, [(80, ConnectionLost, "the page was away for more than 30 s")])

    def test_stopped(self):
        """A page that has a socket is not ended."""
        self.expiry.disconnected(self.expired)
        self.expiry.stop()
        self.expiry.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_pending(self):
        """While the application decides about a socket, a page is not ended: it gets ``authorizeTimeout`` more."""
        self.expiry.disconnected(self.expired)
        self.clock.advance(29)
        self.admission.ask(lambda _: Deferred(), None, 1, lambda _: None)
        self.clock.advance(1)
        self.assertEqual(self.ends, [])
        self.clock.pump([1] * 100)
        self.assertEqual(self.ends, [(50, ConnectionLost, "the page was away for more than 30 s")])
