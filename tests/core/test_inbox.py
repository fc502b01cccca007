# -*- test-case-name: tests.core.test_inbox -*-
"""Received messages that wait: handled in order, a slice at a time, while the page reads."""

from types import SimpleNamespace

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.inbox import SECONDS, SLICE, Inbox, cost


class InboxTests(SynchronousTestCase):
    """One inbox."""

    def setUp(self):
        self.clock = Clock()
        self.ran = []
        self.open = True
        self.iteration = 0
        self.inbox = self.made(self.run_, lambda: self.open)

    def made(self, run, takesCalls=lambda: True):
        """Return an inbox of 1000 bytes."""
        receiver = SimpleNamespace(takesCalls=takesCalls, iteration=lambda: self.iteration, run=run)
        return Inbox(receiver, self.clock, 1000)

    def run_(self, text):
        self.ran.append(text)

    def iterate(self):
        """Run one iteration of the reactor: the calls that were due when it began."""
        due = [call for call in self.clock.getDelayedCalls() if call.getTime() <= self.clock.seconds()]
        for call in due:
            self.clock.calls.remove(call)
            call.called = 1
            call.func(*call.args)

    def add(self, count, size=1):
        """Add this many messages."""
        texts = [b"%d" % number + b" " * (size - 1) for number in range(count)]
        for text in texts:
            self.inbox.add(text)
        return texts

    def test_cost(self):
        """A message counts as one, and one more for each full KiB."""
        self.assertEqual([cost(b"x" * size) for size in (0, 1023, 1024, 65536)], [1, 1, 2, 65])

    def test_slices(self):
        """Waiting messages are handled in order, one slice in each iteration."""
        texts = self.add(3 * SLICE - 5)
        self.assertEqual(self.ran, [])
        lengths = []
        for _ in range(5):
            self.iterate()
            lengths.append(len(self.ran))
        self.assertEqual(lengths, [SLICE, 2 * SLICE, *[3 * SLICE - 5] * 3])
        self.assertEqual(self.ran, texts)
        self.assertIsNone(self.inbox.waiting)

    def test_large(self):
        """A slice has fewer large messages; one larger than a slice is handled all the same."""
        self.add(3, size=SLICE * 600)
        self.iterate()
        self.assertEqual(len(self.ran), 2)
        self.add(1, size=SLICE * 6000)
        self.iterate()
        self.assertEqual(len(self.ran), 4)

    def test_seconds(self):
        """Slow methods make a slice shorter."""
        self.inbox = self.made(lambda text: (self.ran.append(text), self.later()))
        self.add(20)
        self.iterate()
        self.assertEqual(len(self.ran), 2)

    def later(self):
        """Let time pass within an iteration."""
        self.clock.rightNow += SECONDS / 2 + 1e-6

    def test_spent(self):
        """Messages handled at once count in the same slice, and the next iteration has another."""
        self.inbox.left = 0
        self.inbox.refill()
        self.iterate()
        self.assertEqual((self.inbox.left, self.clock.getDelayedCalls()), (SLICE, []))

    def test_spentSlowly(self):
        """If a slice took several iterations, the next one begins at once; the one after that does not."""
        self.iteration = 1
        self.inbox.left = 0
        self.inbox.refill()
        self.assertEqual((self.inbox.left, self.clock.getDelayedCalls()), (SLICE, []))
        self.inbox.left = 0
        self.inbox.refill()
        self.assertEqual((self.inbox.left, len(self.clock.getDelayedCalls())), (0, 1))

    def test_spentBoth(self):
        """Waiting and arriving messages of one iteration share one slice."""
        self.iteration = 1
        self.add(2)
        self.iterate()
        self.inbox.left = 0
        self.inbox.refill()
        self.assertEqual((self.inbox.left, len(self.clock.getDelayedCalls())), (0, 1))

    def test_closed(self):
        """While the page has much to read, nothing is handled, and there is no polling."""
        self.open = False
        texts = self.add(10)
        self.iterate()
        self.assertEqual((self.ran, self.clock.getDelayedCalls()), ([], []))
        self.open = True
        self.inbox.proceed()
        self.iterate()
        self.assertEqual(self.ran, texts)

    def test_granted(self):
        """Each acknowledgement lets one message be handled, though much is still unacknowledged."""
        self.open = False
        texts = self.add(10)
        for _ in range(3):
            self.inbox.proceed()
        self.iterate()
        self.iterate()
        self.assertEqual(self.ran, texts[:3])

    def test_notGrantedInAdvance(self):
        """Acknowledgements while nothing waited, or while there was room, do not count later."""
        self.inbox.proceed()
        self.add(2)
        self.inbox.proceed()
        self.iterate()
        self.open = False
        self.add(3)
        self.iterate()
        self.assertEqual(len(self.ran), 2)

    def test_closesMeanwhile(self):
        """Responses of a slice may suspend the rest of it."""
        self.inbox = self.made(self.run_, lambda: len(self.ran) < 4)
        self.add(10)
        self.iterate()
        self.assertEqual(len(self.ran), 4)

    def test_full(self):
        """Overheads count, and handled messages do not."""
        self.add(15)
        self.assertFalse(self.inbox.isFull)
        self.add(1)
        self.assertTrue(self.inbox.isFull)
        self.iterate()
        self.assertFalse(self.inbox.isFull)

    def test_drop(self):
        """When the socket is closed, waiting messages are dropped; also if a message closes it."""
        self.add(3)
        self.inbox.drop()
        self.assertEqual((self.inbox.waiting, self.clock.getDelayedCalls(), self.inbox.isFull), (None, [], False))
        self.inbox = self.made(lambda text: (self.ran.append(text), self.inbox.drop()))
        self.add(3)
        self.iterate()
        self.iterate()
        self.assertEqual(len(self.ran), 1)
