# -*- test-case-name: tests.server.test_channel -*-
"""The time that a connection has, and its end; see ``test_site`` for all else that it bounds."""

from tests.pages import InMemorySite
from tests.server.test_site import GET, LAST, LATER, ConnectionTestCase, Transport


class TimeTests(ConnectionTestCase):
    """Only what the peer is to do counts."""

    transportFactory = Transport

    def test_slowHandling(self):
        """The time in which a page is rendered does not count against the peer."""
        self.receive(LATER)
        self.clock.advance(1000)
        self.root.waiting[0].finish()
        self.clock.advance(9)
        self.assertTrue(self.transport.connected)

    def test_slowReading(self):
        """A peer that reads each part of a long response within the timeout gets it all."""
        self.receive(LATER)
        for _ in range(5):
            self.root.waiting[0].write(b"x" * 100_000)
            self.clock.advance(9)
            self.transport.read()
        self.clock.advance(100)
        self.assertTrue(self.transport.connected)
        self.root.waiting[0].write(b"x" * 100_000)
        self.clock.advance(10)
        self.assertFalse(self.transport.connected)

    def test_lostBetween(self):
        """A connection that is lost while a request waits leaves nothing behind."""
        self.receive(GET * 3)
        self.transport.abortConnection()
        self.assertEqual((self.clock.getDelayedCalls(), self.answers()), ([], 1))

    def test_afterClose(self):
        """Requests after a close are not handled."""
        self.receive(LAST + GET, GET)
        for _ in range(3):
            self.iterate()
        self.receive(GET)
        self.assertEqual(self.answers(), 1)


class StopTests(ConnectionTestCase):
    """A site that stops."""

    def setUp(self):
        super().setUp()
        self.site = self.channel.site

    def test_stopping(self):
        """What was requested is answered, and the connection ends with its next response, which says so."""
        self.receive(LATER)
        self.site.isStopping = True
        self.assertEqual(self.site.answering, {self.channel})
        self.root.waiting[0].finish()
        self.iterate()
        self.assertEqual((self.site.answering, self.transport.connected), (set(), True))
        self.transport.clear()
        self.assertIn(b"connection: close", self.receive(GET).lower())
        self.assertEqual((self.answers(), self.transport.connected), (1, False))
        self.assertEqual(self.site.answering, set())

    def test_stopped(self):
        """Then a request ends the connection, and has no effect: browsers repeat it."""
        self.receive(GET)
        self.iterate()
        self.transport.clear()
        self.site.isStopping = self.site.hasStopped = True
        self.assertEqual(self.receive(LATER), b"")
        self.assertEqual((self.transport.connected, self.root.waiting, self.site.answering), (False, [], set()))

    def test_lost(self):
        """A connection that is lost while a request is answered does not count any more."""
        self.receive(LATER)
        self.assertEqual(self.site.answering, {self.channel})
        self.transport.abortConnection()
        self.assertEqual(self.site.answering, set())

    def test_socket(self):
        """Nor does a WebSocket."""
        site = InMemorySite(self)
        site.page()
        self.assertEqual(site.site.answering, set())
