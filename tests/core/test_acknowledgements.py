# -*- test-case-name: tests.core.test_acknowledgements -*-
"""When a session acknowledges what it has received, on a clock and a transport in memory."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.acknowledgements import Acknowledgements
from tests.memory import Site


class AcknowledgementsTests(SynchronousTestCase):
    """A connected session of a site that acknowledges every four messages, or after two seconds."""

    def setUp(self):
        self.site = Site(ackEvery=4, ackDelay=2.0)
        self.session, _ = self.site.add()
        _, self.transport = self.site.open(self.session)
        self.transport.take()
        delivery, outbox = self.session._delivery, self.session.outbox
        self.acks = Acknowledgements(self.site.clock, delivery, outbox, self.site.sessions.limits)
        self.delivery = delivery

    def receive(self, count):
        """Receive so many messages."""
        for _ in range(count):
            self.delivery.messageReceived()
            self.acks.due()

    def test_delay(self):
        """A few messages are acknowledged together when the delay of the first is over."""
        self.receive(1)
        self.site.clock.advance(1)
        self.receive(1)
        self.site.clock.advance(0.9)
        self.assertEqual(self.transport.take(), [])
        self.site.clock.advance(0.1)
        self.assertEqual(self.transport.take(), [["ack", 2]])

    def test_many(self):
        """Many messages are acknowledged at the end of the batch."""
        self.receive(4)
        self.assertEqual(self.transport.take(), [])
        self.site.clock.advance(0)
        self.assertEqual(self.transport.take(), [["ack", 4]])

    def test_response(self):
        """A response that has acknowledged the messages makes another acknowledgement unnecessary."""
        self.receive(2)
        self.delivery.responded(2)
        self.site.clock.advance(2)
        self.assertEqual(self.transport.take(), [])

    def test_stop(self):
        """Nothing is sent after the socket was lost, and no timer is left."""
        self.receive(1)
        before = len(self.site.clock.getDelayedCalls())
        self.acks.stop()
        self.assertEqual(len(self.site.clock.getDelayedCalls()), before - 1)
        self.acks.stop()
        self.site.clock.advance(2)
        self.assertEqual(self.transport.take(), [])

    def test_paused(self):
        """A socket that accepts no data is not given an acknowledgement; it is due again when it accepts data."""
        self.receive(1)
        self.session.outbox.pause(True)
        self.site.clock.advance(2)
        self.assertEqual((self.transport.take(), self.delivery.ackPending), ([], 1))
        self.session.outbox.pause(False)
        self.acks.due()
        self.site.clock.advance(2)
        self.assertEqual(self.transport.take(), [["ack", 1]])
