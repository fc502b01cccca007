# -*- test-case-name: tests.core.test_outbox -*-
"""What a page is told waits for the turn's end, for a socket, and for a socket that takes it."""

import gc

from twisted.internet.defer import getDebugging, setDebugging, succeed
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.batch import Batch
from athenalite._core.calls import RemoteCalls
from athenalite._core.delivery import Delivery, Overflow
from athenalite._core.encodecache import EncodeCache
from athenalite._core.outbox import Outbox
from athenalite._core.wire import Respond
from athenalite.errors import MessageTooLarge
from tests.core.test_encodecache import sayNothing
from tests.memory import MemoryTransport, outcome

NOTIFY = b'["notify",1,"hear",["hello"]]'
CALL = b'["call",1,"hear",["hello"]]'


class OutboxTests(SynchronousTestCase):
    """One outbox, whose delivery keeps four thousand messages, and what is on the wire."""

    def setUp(self):
        self.clock = Clock()
        log = Logger(observer=lambda event: None)
        self.overflows = []
        self.delivery = Delivery(4000, 10_000_000)
        self.remote = RemoteCalls(log)
        batch = Batch(self.clock, log, EncodeCache(10_000_000))
        self.outbox = Outbox(batch, sayNothing, self.delivery, self.remote, 16, self.overflows.append)
        self.transport = MemoryTransport()

    def call(self):
        """Make a call, and return its Deferred."""
        return self.outbox.callRemote(1, "hear", ("hello",), {})

    def test_turn(self):
        """All that is said in a turn leaves at its end, in one piece and in order."""
        sent = []
        self.outbox.open(self.transport)
        self.transport.sendFrames = sent.append
        self.outbox.respond(b"one")
        self.outbox.respond(b"two")
        self.assertEqual(sent, [])
        self.clock.advance(0)
        self.assertEqual(sent, [[b"one", b"two"]])

    def test_forms(self):
        """An answer is asked for where somebody holds the Deferred, or has added a callback to it, and nowhere else."""
        held = self.call()
        self.call()
        self.call().addCallback(lambda value: value)
        self.outbox.respond(b"[1]")
        self.call()
        self.clock.advance(0)
        self.assertEqual(self.delivery.takeUnsent(), [CALL, NOTIFY, CALL, b"[1]", NOTIFY])
        self.assertEqual(len(self.remote), 2)
        self.remote.responseReceived(Respond(1, True, "yes"))
        self.assertEqual(self.successResultOf(held), "yes")

    def test_chained(self):
        """A Deferred that a callback has returned is awaited, though only a circle of two holds it: no garbage yet."""
        results = []

        succeed(None).addCallback(lambda _: self.call()).addCallback(results.append)
        gc.collect()
        self.clock.advance(0)
        self.assertEqual(self.delivery.takeUnsent(), [CALL])
        self.remote.responseReceived(Respond(1, True, "yes"))
        self.assertEqual(results, ["yes"])

    def test_paused(self):
        """A socket that takes no more is given nothing, and all of it when it takes more."""
        self.outbox.open(self.transport)
        self.outbox.pause(True)
        self.outbox.respond(b"[1]")
        self.outbox.sendNow([b"[0]"])
        self.clock.advance(0)
        self.assertEqual(self.transport.take(), [])
        self.outbox.pause(False)
        self.assertEqual(self.transport.take(), [[1]])

    def test_newSocket(self):
        """A new socket takes over, and is not paused because the one before was."""
        self.outbox.open(self.transport)
        self.outbox.pause(True)
        new = MemoryTransport()
        self.assertIs(self.outbox.open(new), self.transport)
        self.outbox.respond(b"[1]")
        self.clock.advance(0)
        self.assertEqual((self.transport.take(), new.take()), ([], [[1]]))

    def test_overflow(self):
        """More than the delivery keeps is reported, once."""
        for _ in range(4001):
            self.outbox.respond(b"[1]")
        self.clock.advance(0)
        self.assertEqual(len(self.overflows), 1)

    def test_overtakesNothing(self):
        """What comes behind messages that passed a bound waits for these, though the bounds hold again."""
        self.outbox.open(self.transport)
        many = [b"[1]"] * 4001
        self.assertRaises(Overflow, self.outbox.keep, many, 3 * len(many))
        self.delivery.acknowledged(100)
        self.assertIsNone(self.outbox.keep([b"[2]"], 3))
        self.outbox.flush()
        self.assertEqual(self.transport.take(), [[1]] * 3901 + [[2]])
        self.assertIs(self.outbox.keep([b"[3]"], 3), self.transport)

    def test_large(self):
        """Much is sent in pieces at once, as long as the socket takes more; what comes next goes behind it."""
        sent = []

        def send(messages):
            sent.append(len(messages))
            self.outbox.pause(len(sent) == 2)

        self.outbox.open(self.transport)
        self.transport.sendFrames = send
        many = [b"x" * 10_000] * 20
        self.assertIsNone(self.outbox.keep(many, 200_000))
        self.assertIsNone(self.outbox.keep([b"[2]"], 3))
        self.assertEqual(sent, [7, 7])
        self.outbox.pause(False)
        self.assertEqual(sent, [7, 7, 7])

    def test_drop(self):
        """When the page is lost, whoever calls it is told why, and nothing is said."""
        self.outbox.drop("gone")
        [failure] = outcome(self.call())
        self.assertEqual(str(failure.value), "gone")
        self.clock.advance(0)
        self.assertEqual(self.delivery.takeUnsent(), [])

    def test_droppedMeanwhile(self):
        """So is whoever waits for what was said before, and not sent yet."""
        result = self.call()
        self.outbox.drop("gone")
        self.clock.advance(0)
        [failure] = outcome(result)
        self.assertEqual((str(failure.value), len(self.remote)), ("gone", 0))

    def test_acknowledges(self):
        """An acknowledgement is sent when the turn ends, if no answer has said it, and the socket takes it."""
        for _ in range(16):
            self.delivery.messageReceived()
        self.outbox.acknowledgeLater()
        self.clock.advance(0)
        self.outbox.open(self.transport)
        self.outbox.acknowledgeLater()
        self.assertEqual(self.transport.take(), [])
        self.clock.advance(0)
        self.assertEqual(self.transport.take(), [["ack", 16]])
        self.outbox.acknowledgeLater()
        self.clock.advance(0)
        self.assertEqual(self.transport.take(), [])

    def test_debug(self):
        """A Deferred tells where it got its first callback, if Twisted is asked to trace them."""
        self.addCleanup(setDebugging, getDebugging())
        setDebugging(True)
        result = self.call().addCallback(lambda value: value)
        self.assertIn("test_debug", "".join(result._debugInfo.creator))

    def test_tooLarge(self):
        """A call that alone is more than is kept is refused where it is made, and nothing is said."""
        self.assertRaises(MessageTooLarge, self.outbox.callRemote, 1, "hear", ("x" * 10_000_000,), {})
        self.clock.advance(0)
        self.assertEqual((self.delivery.takeUnsent(), self.overflows), ([], []))
