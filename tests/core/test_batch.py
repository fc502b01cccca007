# -*- test-case-name: tests.core.test_batch -*-
"""What is said in a turn of the reactor is sent at its end: to each page in order, in one piece."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.batch import Batch
from athenalite._core.callresult import CallResult
from athenalite._core.delivery import Overflow
from athenalite._core.encodecache import EncodeCache
from tests.core.test_encodecache import sayNothing


class Page:
    """
    An outbox and its socket. Notes what it is sent, piece by piece; may fail, or have something to do when it
    overflows.
    """

    def __init__(self, error=None, then=lambda: None):
        self.sent = []
        self.kept = []
        self.responses = []
        self.acknowledged = 0
        self.closed = None
        self.error = error
        self.then = then

    def keep(self, messages, size):
        if self.error is not None:
            raise self.error
        assert size == sum(map(len, messages))
        return self

    def closeSocket(self, code, reason):
        self.closed = (code, reason)

    def sendFrames(self, messages):
        self.sent.append([bytes(one) for one in messages])
        self.object = messages

    def asking(self, messages, waiters):
        return [b"?" + message if waiter() else message for message, waiter in zip(messages, waiters, strict=True)]

    def responding(self, position):
        self.responses.append(position)

    def acknowledge(self):
        self.acknowledged += 1

    def overflowed(self, kept):
        self.kept.append(kept)
        self.then()


class BatchTestCase(SynchronousTestCase):
    """A turn, and calls as an outbox makes them."""

    def setUp(self):
        self.clock = Clock()
        self.logged = []
        self.batch = Batch(self.clock, Logger("tests", observer=self.logged.append), EncodeCache(1_000_000))

    def call(self, page, text, waiter=None):
        """Say ``text`` to ``page``."""
        saying = self.batch.call(1, "hear", (text,), {}, sayNothing)
        saying.outboxes.append(page)
        if waiter is not None:
            saying.held[len(saying.outboxes) - 1] = waiter
        return saying


class BatchTests(BatchTestCase):
    """What is said, and when it is sent."""

    def test_atTheEnd(self):
        """Nothing is sent while the turn lasts; then all is, by one timer."""
        pages = [Page(), Page()]
        for page in pages:
            self.batch.answer(page, b"answer")
        self.assertEqual([page.sent for page in pages], [[], []])
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(0)
        self.assertEqual([page.sent for page in pages], [[[b"answer"]]] * 2)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_broadcast(self):
        """What all are told is one and the same list for all of them, also if one of them is answered besides."""
        pages = [Page() for _ in range(4)]
        for number in range(3):
            for page in pages:
                self.call(page, f"text {number}")
            self.batch.answer(pages[1], b"answer %d" % number)
        self.clock.advance(0)
        told = [b'["notify",1,"hear",["text %d"]]' % number for number in range(3)]
        self.assertEqual(pages[0].sent, [told])
        self.assertTrue(all(page.object is pages[0].object for page in pages[2:]))
        answers = [b"answer %d" % number for number in range(3)]
        self.assertEqual(pages[1].sent, [[one for pair in zip(told, answers, strict=True) for one in pair]])

    def test_repeated(self):
        """A page that is told the same three times hears it three times, in one piece."""
        page = Page()
        for _ in range(3):
            self.call(page, "beep")
        self.clock.advance(0)
        self.assertEqual(page.sent, [[b'["notify",1,"hear",["beep"]]'] * 3])

    @given(
        st.lists(st.tuples(st.sampled_from(["call", "wait", "answer", "now"]), st.integers(0, 3), st.integers(0, 2)))
    )
    def test_order(self, script):
        """Each page is sent its messages in the order in which they were queued, in one piece for each batch."""
        self.setUp()
        pages = [Page() for _ in range(4)]
        expected, held = [[] for _ in pages], CallResult()
        for kind, which, text in script:
            if kind == "now":
                self.batch.end()
                continue
            if kind == "answer":
                self.batch.answer(pages[which], b"%d" % text)
                expected[which].append(b"%d" % text)
            else:
                self.call(pages[which], str(text), (lambda: held) if kind == "wait" else None)
                message = b'["notify",1,"hear",["%d"]]' % text
                expected[which].append(b"?" + message if kind == "wait" else message)
        self.clock.advance(0)
        for page, messages in zip(pages, expected, strict=True):
            self.assertEqual([one for piece in page.sent for one in piece], messages)
            self.assertLessEqual(len(page.sent), 1 + [kind for kind, *_ in script].count("now"))

    def test_alternating(self):
        """Two calls to each page, by turns, are encoded twice, and not twice for each."""
        pages = [Page() for _ in range(3)]
        for page in pages:
            self.call(page, "one")
            self.call(page, "two")
        self.clock.advance(0)
        first = pages[0].object
        for page in pages:
            self.assertTrue(all(mine is its for mine, its in zip(page.object, first, strict=True)))

    def test_nextTurn(self):
        """What is said while a page is told that it is lost is sent by another timer, not forgotten."""
        late = Page()
        early = Page(Overflow("too much"), lambda: self.batch.answer(late, b"late"))
        self.batch.answer(early, b"early")
        self.batch.end()
        self.assertEqual((early.kept, late.sent), (["too much"], []))
        self.clock.advance(0)
        self.assertEqual(late.sent, [[b"late"]])

    def test_failures(self):
        """A page that cannot be sent to costs no other anything, and is logged."""
        last = Page()
        for page in (Page(ValueError()), Page(Overflow("too much"), lambda: 1 // 0), last):
            self.call(page, "text")
        self.clock.advance(0)
        self.assertEqual(len(last.sent), 1)
        self.assertEqual([event["log_failure"].type for event in self.logged], [ValueError, ZeroDivisionError])

    def test_sendingFails(self):
        """
        If sending fails, it is logged, and the sockets are closed: a message left out would be a wrong number for each
        behind it, but on its next socket a page is sent what it has not got. The acknowledgements go on.
        """

        def fail(transports, messages):
            raise ValueError("not expected")

        batch = Batch(self.clock, Logger("tests", observer=self.logged.append), EncodeCache(1_000_000), fail)
        told, due = Page(), Page()
        batch.answer(told, b"answer")
        batch.ackDue(due)
        self.clock.advance(0)
        self.assertEqual((told.closed, due.closed, due.acknowledged), ((1011, "internal error"), None, 1))
        self.assertEqual([event["log_failure"].type for event in self.logged], [ValueError])

    def test_waits(self):
        """A page that has no socket, or one that takes no more, is sent nothing now, and the others are."""
        away, there = Page(), Page()
        away.keep = lambda messages, size: None
        for page in (away, there):
            self.call(page, "text")
        self.clock.advance(0)
        self.assertEqual((away.sent, len(there.sent)), ([], 1))

    def test_overflowLast(self):
        """By the time that an application hears of a page that is lost, all others have been sent what was said."""
        other = Page()
        self.call(Page(Overflow("too much"), lambda: self.assertEqual(len(other.sent), 1)), "text")
        self.call(other, "text")
        self.batch.end()

    def test_now(self):
        """A turn that is ended early sends once, and the timer then finds nothing to do."""
        page = Page()
        self.batch.answer(page, b"answer")
        self.batch.end()
        self.assertEqual(len(page.sent), 1)
        self.clock.advance(0)
        self.assertEqual(len(page.sent), 1)

    def test_ackDue(self):
        """Who owes an acknowledgement is asked for it after all has been sent."""
        page = Page()
        self.batch.ackDue(page)
        self.assertEqual(page.acknowledged, 0)
        self.clock.advance(0)
        self.assertEqual((page.acknowledged, page.sent), (1, []))

    def test_forgets(self):
        """When the turn has ended, the same call is another saying, and nothing of it is kept."""
        before = self.call(Page(), "text")
        self.batch.end()
        self.assertIsNot(self.call(Page(), "text").message, before.message)

    def test_remembersNothing(self):
        """Without the shortcut each call is encoded by itself, as often as it is made."""
        batch = Batch(self.clock, Logger("tests", observer=self.logged.append), EncodeCache(1_000_000, False))
        sayings = [batch.call(1, "hear", ("text",), {}, sayNothing) for _ in range(2)]
        self.assertIsNot(sayings[0].message, sayings[1].message)
        self.assertEqual([one.args for one in sayings], [None, None])

    def test_many(self):
        """A turn in which very much is said is sent in parts; the rest of it at its end."""
        page = Page()
        for number in range(50_001):
            self.batch.answer(page, b"%d" % number)
        self.assertEqual([len(piece) for piece in page.sent], [50_000])
        self.clock.advance(0)
        self.assertEqual([len(piece) for piece in page.sent], [50_000, 1])

    def test_large(self):
        """So is one in which it is large; but what is said to many counts once."""
        page, text = Page(), "x" * 600_000
        for one in (page, Page(), Page(), Page()):
            self.call(one, text)
        self.assertEqual(page.sent, [])
        self.batch.answer(page, b"y" * 600_000)
        self.assertEqual(len(page.sent), 1)
