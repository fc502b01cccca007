# -*- test-case-name: tests.core.test_delivery -*-
"""Exactly once and in order, over a link that is cut anywhere. Scripts for single steps: ``test_vectors``."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.delivery import Delivery, Overflow
from athenalite._core.wire import MAX_NUMBER
from athenalite.errors import ProtocolError

MANY = 1_000_000


class End:
    """One end of a :class:`Link`: a delivery, and the messages it has received."""

    def __init__(self):
        self.delivery = Delivery(MANY, MANY)
        self.heard = []
        self.line = deque()

    def say(self, text, connected):
        """Send ``text``, now or on the next socket."""
        self.delivery.addMessage(text)
        self.offer(connected)

    def offer(self, connected):
        """Send the unsent messages."""
        if connected:
            self.line.extend(self.delivery.takeUnsent())

    def hear(self, frame):
        """Receive one frame of the other end."""
        if isinstance(frame, int):
            self.delivery.acknowledged(frame)
        else:
            self.delivery.messageReceived()
            self.heard.append(frame)


class Link:
    """Two ends, and a connection between them that is cut with the messages in flight."""

    def __init__(self):
        self.ends = End(), End()
        self.connected = False

    def connect(self):
        """Connect anew: messages in flight are lost, and each end reports how many it has received."""
        one, other = self.ends
        received = one.delivery.received, other.delivery.received
        for end, count in ((one, received[1]), (other, received[0])):
            end.line.clear()
            end.delivery.resume(count)
        self.connected = True
        for end in self.ends:
            end.offer(True)

    def carry(self, which, count):
        """Carry at most ``count`` frames from one end to the other."""
        for _ in range(count if self.connected else 0):
            if self.ends[which].line:
                self.ends[1 - which].hear(self.ends[which].line.popleft())

    def acknowledge(self, which):
        """Acknowledge, from one end."""
        if self.connected:
            self.ends[which].line.append(self.ends[which].delivery.ackToSend())


STEPS = st.lists(
    st.tuples(st.just("say"), st.integers(0, 1))
    | st.tuples(st.just("carry"), st.integers(0, 1), st.integers(1, 5))
    | st.tuples(st.just("acknowledge"), st.integers(0, 1))
    | st.tuples(st.just("cut"))
    | st.tuples(st.just("connect")),
    max_size=80,
)


class LinkTests(SynchronousTestCase):
    """Two deliveries over a connection that is cut anywhere."""

    def play(self, steps):
        """Run ``steps`` on a new link, and return the messages of each end."""
        link, said = Link(), ([], [])
        for name, *args in steps:
            if name == "say":
                (which,) = args
                said[which].append(b"%d" % len(said[which]))
                link.ends[which].say(said[which][-1], link.connected)
            elif name == "cut":
                link.connected = False
            else:
                getattr(link, name)(*args)
            for which in (0, 1):
                # No duplicates, no gaps, nothing unsent; at any time.
                self.assertEqual(link.ends[1 - which].heard, said[which][: len(link.ends[1 - which].heard)])
        return link, said

    @given(STEPS)
    def test_onceInOrder(self, steps):
        """Each message arrives once and in order, as soon as a connection lasts."""
        link, said = self.play(steps)
        link.connect()
        for which in (0, 1):
            link.carry(which, MANY // 1000)
            self.assertEqual(link.ends[1 - which].heard, said[which])

    @given(STEPS)
    def test_keptUntilAcknowledged(self, steps):
        """Acknowledged messages are released, and all others are kept."""
        link, said = self.play(steps)
        link.connect()
        for which in (0, 1):
            link.carry(which, MANY // 1000)
            self.assertEqual(link.ends[1 - which].delivery.received, len(said[which]))
        link.connect()
        for end in link.ends:
            self.assertEqual(end.delivery.bytesUnacknowledged, 0)
            self.assertEqual(end.delivery.takeUnsent(), [])


class DeliveryTests(SynchronousTestCase):
    """One delivery."""

    def test_sameBytes(self):
        """A queue holds references, so a thousand queues of one message cost one message."""
        message = b"to all"
        for _ in range(2):
            delivery = Delivery(MANY, MANY)
            delivery.addMessage(message)
            self.assertIs(delivery.takeUnsent()[0], message)

    def test_offeredOnce(self):
        """A socket is sent each message once, a new socket those that its peer has not received."""
        delivery = Delivery(MANY, MANY)
        for message in (b"1", b"2", b"3"):
            delivery.addMessage(message)
        self.assertEqual(delivery.takeUnsent(), [b"1", b"2", b"3"])
        self.assertEqual(delivery.takeUnsent(), [])
        delivery.addMessage(b"4")
        self.assertEqual(delivery.takeUnsent(), [b"4"])
        delivery.resume(2)
        self.assertEqual(delivery.takeUnsent(), [b"3", b"4"])

    def test_acknowledgedBeforeOffered(self):
        """A message that the peer acknowledges before it is sent on this socket is not sent."""
        delivery = Delivery(MANY, MANY)
        for message in (b"1", b"2", b"3"):
            delivery.addMessage(message)
        delivery.acknowledged(2)
        self.assertEqual(delivery.takeUnsent(), [b"3"])

    def test_wrongResume(self):
        """A peer that has received fewer messages than acknowledged, or more than sent, is in error."""
        delivery = Delivery(MANY, MANY)
        delivery.addMessage(b"1")
        delivery.addMessage(b"2")
        delivery.acknowledged(1)
        self.assertRaises(ProtocolError, delivery.resume, 0)
        self.assertRaises(ProtocolError, delivery.resume, 3)
        self.assertRaises(ProtocolError, delivery.acknowledged, 3)
        delivery.resume(1)
        self.assertEqual(delivery.takeUnsent(), [b"2"])

    def test_bounds(self):
        """Exactly the bounds may be kept, and no more, in messages and in bytes."""
        for bounds in ((3, MANY), (MANY, 3)):
            delivery = Delivery(*bounds)
            for _ in range(3):
                delivery.addMessage(b"x")
            self.assertRaises(Overflow, delivery.addMessage, b"x")

    def test_beyondBounds(self):
        """Messages that exceed a bound are kept all the same, and are unsent."""
        for carried in (True, False):
            delivery = Delivery(2, MANY)
            delivery.addMessages([b"1", b"2"], 2, True)
            self.assertFalse(delivery.overflows)
            self.assertRaises(Overflow, delivery.addMessages, [b"3", b"4"], 2, carried)
            self.assertTrue(delivery.overflows)
            self.assertEqual((delivery.sent, delivery.takeUnsent()), (4, [b"3", b"4"]))

    def test_pieces(self):
        """Unsent messages are taken in pieces of at most the given size, but of at least one message."""
        delivery = Delivery(MANY, MANY)
        for _ in range(5):
            delivery.addMessage(b"x" * 36)
        self.assertEqual(delivery.weight, 500)
        progress = set()
        for size, count in ((200, 2), (1, 1), (MANY, 2), (MANY, 0)):
            progress.add(delivery.progress)
            self.assertEqual(len(delivery.takeUnsent(size)), count)
        self.assertEqual(len(progress), 4)
        delivery.acknowledged(1)
        self.assertNotIn(delivery.progress, progress)

    def test_acknowledgedIsNotKept(self):
        """An acknowledgement makes room."""
        delivery = Delivery(1, 1)
        for number in range(1, 100):
            self.assertEqual(delivery.addMessage(b"x"), number)
            delivery.acknowledged(number)
            self.assertEqual(delivery.bytesUnacknowledged, 0)

    def test_clear(self):
        """Nothing is kept for a lost page."""
        delivery = Delivery(MANY, MANY)
        delivery.addMessage(b"x")
        delivery.clear()
        self.assertEqual((delivery.bytesUnacknowledged, delivery.takeUnsent()), (0, []))

    def test_numbersEnd(self):
        """A number that JavaScript cannot represent is never reached."""
        delivery = Delivery(MANY, MANY)
        delivery.received = MAX_NUMBER
        self.assertRaises(ProtocolError, delivery.messageReceived)

    def test_ackPending(self):
        """A response acknowledges all messages up to its call; an older one acknowledges nothing new."""
        delivery = Delivery(MANY, MANY)
        for _ in range(4):
            delivery.messageReceived()
        delivery.responded(3)
        self.assertEqual(delivery.ackPending, 1)
        delivery.responded(2)
        self.assertEqual(delivery.ackPending, 1)
        self.assertEqual(delivery.ackToSend(), 4)
        self.assertEqual(delivery.ackPending, 0)
