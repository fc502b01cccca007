# -*- test-case-name: tests.rooms.test_queue -*-
"""What waits for the engine."""

from twisted.internet.defer import succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.queue import Budget, SendQueue


class QueueTests(SynchronousTestCase):
    """``SendQueue``"""

    def setUp(self):
        self.budget = Budget()
        self.queue = SendQueue(self.budget)

    def add(self, size=0, deadline=None):
        """Add an operation."""
        return self.queue.add(lambda link, number: succeed(True), size, deadline)

    def test_numbers(self):
        """Operations are numbered from 1, and sent in order, each once on a link."""
        items = [self.add(), self.add()]
        self.assertEqual([item.number for item in self.queue.toSend()], [1, 2])
        items.append(self.add())
        self.assertEqual(self.queue.toSend(), items[2:])
        self.assertEqual(self.queue.toSend(), [])

    def test_again(self):
        """On another link all are sent again that were not answered, with their numbers."""
        one, _ = self.add(), self.add()
        self.queue.toSend()
        self.assertTrue(self.queue.remove(one))
        self.queue.disconnected()
        self.assertEqual([(item.number, item.attempt) for item in self.queue.toSend()], [(2, 2)])
        self.assertFalse(self.queue.remove(one))

    def test_budget(self):
        """What waits is counted, for all queues of a worker."""
        other = SendQueue(self.budget)
        item = self.add(100)
        other.add(lambda link, number: succeed(True), 0, None)
        self.assertEqual(self.budget.size, 100 + 64 + 64)
        self.queue.remove(item)
        self.assertEqual((self.budget.size, len(self.queue), len(other)), (64, 0, 1))

    def test_deadlines(self):
        """What has waited for too long is removed; what has no deadline stays."""
        forever, early, late = self.add(), self.add(deadline=5), self.add(deadline=7)
        self.assertEqual(self.queue.nextDeadline(), 5)
        self.assertEqual(self.queue.expired(4.9), [])
        self.assertEqual(self.queue.expired(5), [early])
        self.assertEqual(self.queue.nextDeadline(), 7)
        self.queue.restart(20)
        self.assertEqual((forever.deadline, late.deadline), (None, 20))
        self.queue.expired(20)
        self.assertIsNone(self.queue.nextDeadline())
        self.assertEqual(self.queue.toSend(), [forever])
