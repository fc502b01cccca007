# -*- test-case-name: tests.test_turn -*-
"""What is said in a turn of the reactor is sent at its end."""

from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite.turn import Turn


class Page:
    """Notes when it is flushed; may have something to do then."""

    def __init__(self, flushed, then=lambda: None):
        self.flushed = flushed
        self.then = then

    def flush(self):
        self.flushed.append(self)
        self.then()


class TurnTests(SynchronousTestCase):
    """``Turn.add`` and ``Turn.end``."""

    def setUp(self):
        self.clock = Clock()
        self.logged = []
        self.flushed = []
        self.ends = []
        self.turn = Turn(self.clock, Logger("tests", observer=self.logged.append), self.end)

    def end(self):
        self.ends.append(list(self.flushed))

    def test_atTheEnd(self):
        """Nothing is flushed while the turn lasts; then all are, in order, by one timer, and then it has ended."""
        pages = [Page(self.flushed), Page(self.flushed)]
        for page in pages:
            self.turn.add(page)
        self.assertEqual(self.flushed, [])
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(0)
        self.assertEqual(self.flushed, pages)
        self.assertEqual(self.ends, [pages])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_nextTurn(self):
        """What is said while flushing is flushed by another timer, not lost."""
        late = Page(self.flushed)
        early = Page(self.flushed, lambda: self.turn.add(late))
        self.turn.add(early)
        self.turn.end()
        self.assertEqual(self.flushed, [early])
        self.clock.advance(0)
        self.assertEqual(self.flushed, [early, late])

    def test_failure(self):
        """One page that cannot be flushed costs no other anything, and is logged."""
        self.turn.add(Page(self.flushed, lambda: 1 // 0))
        last = Page(self.flushed)
        self.turn.add(last)
        self.clock.advance(0)
        self.assertIs(self.flushed[-1], last)
        self.assertEqual([event["log_failure"].type for event in self.logged], [ZeroDivisionError])

    def test_now(self):
        """A turn that is ended early flushes once, and the timer then finds nothing to do."""
        self.turn.add(Page(self.flushed))
        self.turn.end()
        self.assertEqual(len(self.flushed), 1)
        self.clock.advance(0)
        self.assertEqual(len(self.flushed), 1)
