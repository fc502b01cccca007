# -*- test-case-name: tests.server.test_channel -*-
"""The time that a connection has, and its end; see ``test_site`` for all else that it bounds."""

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
