# -*- test-case-name: tests.core.test_outbox -*-
"""Messages wait for the end of the batch, for a socket, and until the socket accepts data."""

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
    """One outbox whose delivery keeps four thousand messages, and its transport."""

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
        """Make a call, and return its result."""
        return self.outbox.callRemote(1, "hear", ("hello",), {})

    def test_turn(self):
        """The messages of a batch are sent at its end, in one piece and in order."""
        sent = []
        self.outbox.open(self.transport)
        self.transport.sendFrames = sent.append
        self.outbox.respond(b"one")
        self.outbox.respond(b"two")
        self.assertEqual(sent, [])
        self.clock.advance(0)
        self.assertEqual(sent, [[b"one", b"two"]])

    def test_forms(self):
        """An answer is requested only for a result that is held, or has a callback."""
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
        """A result that a callback has returned is awaited, though only a reference cycle holds it."""
        results = []

        succeed(None).addCallback(lambda _: self.call()).addCallback(results.append)
        gc.collect()
        self.clock.advance(0)
        self.assertEqual(self.delivery.takeUnsent(), [CALL])
        self.remote.responseReceived(Respond(1, True, "yes"))
        self.assertEqual(results, ["yes"])

    def test_paused(self):
        """A paused socket is sent nothing, and everything when it is resumed."""
        self.outbox.open(self.transport)
        self.outbox.pause(True)
        self.outbox.respond(b"[1]")
        self.outbox.sendNow([b"[0]"])
        self.clock.advance(0)
        self.assertEqual(self.transport.take(), [])
        self.outbox.pause(False)
        self.assertEqual(self.transport.take(), [[1]])

    def test_newSocket(self):
        """A new socket takes over, and is not paused because the earlier one was."""
        self.outbox.open(self.transport)
        self.outbox.pause(True)
        new = MemoryTransport()
        self.assertIs(self.outbox.open(new), self.transport)
        self.outbox.respond(b"[1]")
        self.clock.advance(0)
        self.assertEqual((self.transport.take(), new.take()), ([], [[1]]))

    def test_overflow(self):
        """More messages than the delivery keeps are reported, once."""
        for _ in range(4001):
            self.outbox.respond(b"[1]")
        self.clock.advance(0)
        self.assertEqual(len(self.overflows), 1)

    def test_overtakesNothing(self):
        """A message after unsent ones that exceeded a bound is not sent before them, though the bound holds again."""
        self.outbox.open(self.transport)
        many = [b"[1]"] * 4001
        self.assertRaises(Overflow, self.outbox.keep, many, 3 * len(many))
        self.delivery.acknowledged(100)
        self.assertIsNone(self.outbox.keep([b"[2]"], 3))
        self.outbox.flush()
        self.assertEqual(self.transport.take(), [[1]] * 3901 + [[2]])
        self.assertIs(self.outbox.keep([b"[3]"], 3), self.transport)

    def test_large(self):
        """Many bytes are sent in pieces until the socket is paused; later messages follow them."""
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
        """A call to a lost page fails with the reason, and nothing is queued."""
        self.outbox.drop("gone")
        [failure] = outcome(self.call())
        self.assertEqual(str(failure.value), "gone")
        self.clock.advance(0)
        self.assertEqual(self.delivery.takeUnsent(), [])

    def test_droppedMeanwhile(self):
        """So does a call that was queued before the page was lost."""
        result = self.call()
        self.outbox.drop("gone")
        self.clock.advance(0)
        [failure] = outcome(result)
        self.assertEqual((str(failure.value), len(self.remote)), ("gone", 0))

    def test_acknowledges(self):
        """An acknowledgement is sent when the batch ends, if it is still due and the socket accepts data."""
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
        """A result records where it got its first callback, if Twisted's debugging of Deferreds is on."""
        self.addCleanup(setDebugging, getDebugging())
        setDebugging(True)
        result = self.call().addCallback(lambda value: value)
        self.assertIn("test_debug", "".join(result._debugInfo.creator))

    def test_tooLarge(self):
        """A call that exceeds the bound by itself is refused where it is made, and nothing is queued."""
        self.assertRaises(MessageTooLarge, self.outbox.callRemote, 1, "hear", ("x" * 10_000_000,), {})
        self.clock.advance(0)
        self.assertEqual((self.delivery.takeUnsent(), self.overflows), ([], []))
