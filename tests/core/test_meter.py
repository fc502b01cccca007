# -*- test-case-name: tests.core.test_meter -*-
"""Counting what happens on the pages of a site."""

import gc
import weakref

from twisted.trial.unittest import SynchronousTestCase

from athenalite._core import meter
from athenalite._core.meter import Meter, kindOf
from tests.memory import FakePage, Site, encoded


class MeterTestCase(SynchronousTestCase):
    """A site that is measured."""

    def setUp(self):
        self.site = Site(transportlessTimeout=10, connectTimeout=20)
        self.meter = Meter(self.site.clock)
        self.site.sessions.measure(self.meter)

    def counts(self, name):
        """Return the counts of a method: calls, refused, failed, ended, seconds."""
        counts = self.meter.methods[name]
        return counts.calls, counts.refused, counts.failed, counts.ended, counts.seconds


class CallsTests(MeterTestCase):
    """Calls of the browser."""

    def setUp(self):
        super().setUp()
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def call(self, name, *args):
        """Call a method of object 1; return the responses."""
        self.connection.textReceived(encoded("call", 1, name, list(args)))
        self.site.flush()
        return [message for message in self.transport.take() if message[0] == "respond"]

    def test_counted(self):
        """Calls that succeed, that the application refuses, and that fail are counted apart; each has its response."""
        self.assertEqual(self.call("echo", 7), [["respond", 1, True, 7]])
        self.call("echo", 8)
        [[_, _, success, _]] = self.call("fail")
        self.assertFalse(success)
        self.call("crash")
        self.assertEqual(self.counts("echo"), (2, 0, 0, 2, 0))
        self.assertEqual(self.counts("fail"), (1, 1, 0, 1, 0))
        self.assertEqual(self.counts("crash"), (1, 0, 1, 1, 0))

    def test_coroutine(self):
        """So are coroutines."""
        self.assertEqual(self.call("coroutine", 1), [["respond", 1, True, 1]])
        self.assertEqual(self.counts("coroutine"), (1, 0, 0, 1, 0))

    def test_seconds(self):
        """The time is that until the result is there."""
        self.call("later")
        self.site.clock.advance(3)
        self.assertEqual(self.counts("later"), (1, 0, 0, 0, 0))
        self.page.target.waiting[0].callback(None)
        self.assertEqual(self.counts("later"), (1, 0, 0, 1, 3))

    def test_lost(self):
        """With the page its calls end; what they do afterwards does not count."""
        self.call("later")
        self.call("later")
        self.site.clock.advance(2)
        self.session.close("enough")
        self.page.target.waiting[0].errback(ZeroDivisionError())
        self.page.target.waiting[1].callback(None)
        self.assertEqual(self.counts("later"), (2, 0, 0, 2, 4))
        self.assertEqual(list(self.meter.methods), ["later"])

    def test_notSendable(self):
        """A result that cannot be sent is a failure, counted once."""
        self.page.target.waiting.clear()
        self.call("later")
        self.page.target.waiting[0].callback(object())
        self.assertEqual(self.counts("later"), (1, 0, 1, 1, 0))

    def test_unknown(self):
        """The names of methods that do not exist are the browser's, and count as one."""
        for name in ("nothing", "hidden", "__init__"):
            self.call(name)
        self.assertEqual(list(self.meter.methods), ["(unknown)"])
        self.assertEqual(self.counts("(unknown)"), (0, 3, 0, 0, 0))

    def test_many(self):
        """No more than so many methods are counted apart, also if the application accepts any name."""
        self.patch(meter, "MAX_METHODS", 3)
        self.page.target.waiting = []
        self.patch(type(self.page), "locateExposed", lambda page, number, name: lambda *args: name)
        session, _, self.connection, self.transport = self.site.opened()
        for number in range(10):
            self.call(f"m{number}")
        self.assertEqual(list(self.meter.methods), ["m0", "m1", "m2", "(other)"])
        self.assertEqual(self.counts("(other)"), (7, 0, 0, 7, 0))

    def test_tooMany(self):
        """A call that is refused because too many run is not one of its method, and ends nothing."""
        site = Site(maxPendingCalls=1)
        site.sessions.measure(self.meter)
        _, page, self.connection, self.transport = site.opened()
        self.site = site
        self.call("later")
        self.call("later")
        self.assertEqual(self.counts("later"), (1, 0, 0, 0, 0))
        self.assertEqual(self.counts("(unknown)"), (0, 1, 0, 0, 0))


class LivesTests(MeterTestCase):
    """Pages."""

    def test_lives(self):
        """States that pages have been in, and what was sent again, are counted."""
        session, _, connection, transport = self.site.opened()
        for number in range(3):
            session.callRemote(1, "show", [number])
        self.site.flush()
        connection.connectionLost()
        session.callRemote(1, "show", [3])
        self.site.flush()
        self.site.open(session, received=1)
        self.site.add()
        counted = self.meter
        self.assertEqual((counted.rendered, counted.connected, counted.disconnected, counted.resumed), (2, 1, 1, 1))
        # Two that were not received, and one that was queued meanwhile.
        self.assertEqual(counted.resent, 3)

    def test_lost(self):
        """Reasons are counted by kind; those of the application are one kind."""
        for reason in ("You have logged out.", "alice was banned", "the server is shutting down"):
            self.site.add()[0].close(reason)
        self.site.add()
        self.site.opened()[2].connectionLost()
        self.site.clock.advance(10)
        self.site.clock.advance(10)
        self.assertEqual(self.meter.lost, {"closed": 2, "shutdown": 1, "away": 1, "expired": 1})

    def test_kinds(self):
        """Each reason of the core has a kind."""
        self.assertEqual(kindOf("the page has fallen too far behind"), "slow")
        self.assertEqual(kindOf("not authorized"), "refused")
        self.assertEqual(kindOf("the page was closed"), "left")
        self.assertEqual(kindOf("too many pages were away"), "busy")
        self.assertEqual(kindOf(""), "closed")

    def test_released(self):
        """A page that is lost is freed without the garbage collector, also while a call of it runs."""
        self.addCleanup(gc.enable)
        gc.disable()
        page = FakePage()
        target = page.target
        session, _, connection, _ = self.site.opened(page=page)
        connection.textReceived(encoded("call", 1, "later", []))
        reference = weakref.ref(page)
        session.close("enough")
        connection.connectionLost()
        del page, session, connection, _
        self.assertIsNone(reference())
        self.assertEqual(len(target.waiting), 1)
