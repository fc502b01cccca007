# -*- test-case-name: tests.core.test_batch -*-
"""Messages of one reactor iteration are sent at its end: to each page in order, in one piece."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.batch import Batch
from athenalite._core.delivery import Overflow
from athenalite._core.encodecache import EncodeCache
from tests.core.test_encodecache import sayNothing


class Page:
    """
    An outbox and its socket. Records the messages sent, piece by piece; may fail, or call ``then`` when
    it overflows.
    """

    def __init__(self, error=None, then=lambda: None):
        self.sent = []
        self.kept = []
        self.responses = []
        self.asked = []
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

    def asking(self, position, result):
        self.asked.append(position)

    def responding(self, position, count):
        self.responses += range(position - count + 1, position + 1)

    def acknowledge(self):
        self.acknowledged += 1

    def overflowed(self, kept):
        self.kept.append(kept)
        self.then()


class BatchTestCase(SynchronousTestCase):
    """A batch, and calls as an outbox makes them."""

    def setUp(self):
        self.clock = Clock()
        self.logged = []
        self.batch = Batch(self.clock, Logger("tests", observer=self.logged.append), EncodeCache(1_000_000))

    def call(self, page, text):
        """Call ``page`` with ``text``, and return the result."""
        return self.batch.broadcast(1, "hear", (text,), {}, sayNothing).add(page)


class BatchTests(BatchTestCase):
    """Which messages are sent when."""

    def test_atTheEnd(self):
        """Nothing is sent during the iteration; one timer sends everything at its end."""
        pages = [Page(), Page()]
        for page in pages:
            self.batch.respond(page, b"answer")
        self.assertEqual([page.sent for page in pages], [[], []])
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(0)
        self.assertEqual([page.sent for page in pages], [[[b"answer"]]] * 2)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_broadcast(self):
        """A broadcast is one list of messages for all pages, although one of them is sent responses besides."""
        pages = [Page() for _ in range(4)]
        for number in range(3):
            for page in pages:
                self.call(page, f"text {number}")
            self.batch.respond(pages[1], b"answer %d" % number)
        self.clock.advance(0)
        told = [b'["notify",1,"hear",["text %d"]]' % number for number in range(3)]
        self.assertEqual(pages[0].sent, [told])
        self.assertTrue(all(page.object is pages[0].object for page in pages[2:]))
        answers = [b"answer %d" % number for number in range(3)]
        self.assertEqual(pages[1].sent, [[one for pair in zip(told, answers, strict=True) for one in pair]])
        self.assertEqual([page.responses for page in pages], [[], [2, 4, 6], [], []])

    def test_awaited(self):
        """Pages of which the same answers are awaited share one list of messages, and so do those of which none is."""
        pages, held = [Page() for _ in range(6)], []
        for text in "ab":
            for page in pages:
                result = self.call(page, text)
                if page in pages[:2] or (page, text) in ((pages[2], "b"), (pages[3], "b"), (pages[4], "a")):
                    held.append(result)
            # The position of the last page is that of no other.
            del result
        self.batch.respond(pages[3], b"answer")
        self.clock.advance(0)
        kinds = [[(b"notify", b"call")[number in page.asked] for number in (1, 2)] for page in pages]
        self.assertEqual([page.asked for page in pages], [[1, 2], [1, 2], [2], [2], [1], []])
        for page, (one, other) in zip(pages, kinds, strict=True):
            told = [b'["%b",1,"hear",["a"]]' % one, b'["%b",1,"hear",["b"]]' % other]
            self.assertEqual(page.sent, [[*told, b"answer"] if page is pages[3] else told])
        self.assertIs(pages[0].object, pages[1].object)

    def test_afterwards(self):
        """What is done afterwards is done when all pages have been sent their messages, and once."""
        first, last, done = Page(), Page(), []
        first.asking = lambda position, result: self.batch.afterwards(lambda: done.append(len(last.sent)))
        results = [self.call(page, "text") for page in (first, last)]
        self.batch.end()
        self.batch.end()
        self.assertEqual((done, len(results)), ([1], 2))

    def test_responses(self):
        """Responses to a page in a row are one piece, in their order, and each is known as a response."""
        one, other = Page(), Page()
        for page, answer in ((one, b"1"), (one, b"2"), (other, b"3"), (one, b"4"), (one, b"5")):
            self.batch.respond(page, answer)
        self.clock.advance(0)
        self.assertEqual((one.sent, one.responses), ([[b"1", b"2", b"4", b"5"]], [1, 2, 3, 4]))
        self.assertEqual((other.sent, other.responses), ([[b"3"]], [1]))
        self.batch.respond(one, b"6")
        self.call(one, "text")
        self.batch.respond(one, b"7")
        self.clock.advance(0)
        self.assertEqual(one.sent[1:], [[b"6", b'["notify",1,"hear",["text"]]', b"7"]])

    def test_repeated(self):
        """Three equal calls to a page are sent three times, in one piece."""
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
        expected, held = [[] for _ in pages], []
        for kind, which, text in script:
            if kind == "now":
                self.batch.end()
                continue
            if kind == "answer":
                self.batch.respond(pages[which], b"%d" % text)
                expected[which].append(b"%d" % text)
            else:
                result = self.call(pages[which], str(text))
                if kind == "wait":
                    held.append(result)
                del result
                method = b"call" if kind == "wait" else b"notify"
                expected[which].append(b'["%b",1,"hear",["%d"]]' % (method, text))
        self.clock.advance(0)
        for page, messages in zip(pages, expected, strict=True):
            self.assertEqual([one for piece in page.sent for one in piece], messages)
            self.assertLessEqual(len(page.sent), 1 + [kind for kind, *_ in script].count("now"))

    def test_alternating(self):
        """Two calls to each page, in alternation, are encoded twice, and not twice for each page."""
        pages = [Page() for _ in range(3)]
        for page in pages:
            self.call(page, "one")
            self.call(page, "two")
        self.clock.advance(0)
        first = pages[0].object
        for page in pages:
            self.assertTrue(all(mine is its for mine, its in zip(page.object, first, strict=True)))

    def test_nextBatch(self):
        """Messages that are queued by the hooks of a lost page are sent by another timer."""
        late = Page()
        early = Page(Overflow("too much"), lambda: self.batch.respond(late, b"late"))
        self.batch.respond(early, b"early")
        self.batch.end()
        self.assertEqual((early.kept, late.sent), (["too much"], []))
        self.clock.advance(0)
        self.assertEqual(late.sent, [[b"late"]])

    def test_failures(self):
        """A failure to send to one page is logged, and affects no other page."""
        last = Page()
        for page in (Page(ValueError()), Page(Overflow("too much"), lambda: 1 // 0), last):
            self.call(page, "text")
        self.clock.advance(0)
        self.assertEqual(len(last.sent), 1)
        self.assertEqual([event["log_failure"].type for event in self.logged], [ValueError, ZeroDivisionError])

    def test_sendingFails(self):
        """
        If sending fails, it is logged, and the sockets are closed: after a gap, messages would be miscounted, but on
        the next socket the missing ones are resent. Acknowledgements are sent all the same.
        """

        def fail(transports, messages):
            raise ValueError("not expected")

        batch = Batch(self.clock, Logger("tests", observer=self.logged.append), EncodeCache(1_000_000), fail)
        told, due = Page(), Page()
        batch.respond(told, b"answer")
        batch.ackDue(due)
        self.clock.advance(0)
        self.assertEqual((told.closed, due.closed, due.acknowledged), ((1011, "internal error"), None, 1))
        self.assertEqual([event["log_failure"].type for event in self.logged], [ValueError])

    def test_waits(self):
        """A page without a socket that accepts data is sent nothing now, and the others are."""
        away, there = Page(), Page()
        away.keep = lambda messages, size: None
        for page in (away, there):
            self.call(page, "text")
        self.clock.advance(0)
        self.assertEqual((away.sent, len(there.sent)), ([], 1))

    def test_overflowLast(self):
        """When the hooks of a lost page are called, all other pages have been sent their messages."""
        other = Page()
        self.call(Page(Overflow("too much"), lambda: self.assertEqual(len(other.sent), 1)), "text")
        self.call(other, "text")
        self.batch.end()

    def test_now(self):
        """A batch that is ended early is sent once, and the timer then does nothing."""
        page = Page()
        self.batch.respond(page, b"answer")
        self.batch.end()
        self.assertEqual(len(page.sent), 1)
        self.clock.advance(0)
        self.assertEqual(len(page.sent), 1)

    def test_ackDue(self):
        """Acknowledgements that are due are sent after all messages."""
        page = Page()
        self.batch.ackDue(page)
        self.assertEqual(page.acknowledged, 0)
        self.clock.advance(0)
        self.assertEqual((page.acknowledged, page.sent), (1, []))

    def test_forgets(self):
        """When the batch has ended, the same call is encoded again, and nothing of it is kept."""
        messages = []
        for _ in range(2):
            self.call(Page(), "text")
            messages.append(self.batch.last.message)
            self.batch.end()
        self.assertIsNot(*messages)

    def test_remembersNothing(self):
        """Without the fast path each call is encoded by itself."""
        batch = Batch(self.clock, Logger("tests", observer=self.logged.append), EncodeCache(1_000_000, False))
        calls = [batch.broadcast(1, "hear", ("text",), {}, sayNothing) for _ in range(2)]
        self.assertIsNot(calls[0].message, calls[1].message)
        self.assertEqual([one.args for one in calls], [None, None])

    def test_many(self):
        """A batch of very many messages is sent in parts; the last part at its end."""
        page = Page()
        for number in range(50_001):
            self.batch.respond(page, b"%d" % number)
        self.assertEqual([len(piece) for piece in page.sent], [50_000])
        self.clock.advance(0)
        self.assertEqual([len(piece) for piece in page.sent], [50_000, 1])

    def test_large(self):
        """So is a batch of very many bytes; but the bytes of a broadcast count once."""
        page, text = Page(), "x" * 600_000
        for one in (page, Page(), Page(), Page()):
            self.call(one, text)
        self.assertEqual(page.sent, [])
        self.batch.respond(page, b"y" * 600_000)
        self.assertEqual(len(page.sent), 1)

    def test_largeResponses(self):
        """The bytes of responses to one page count, too."""
        page = Page()
        for _ in range(6):
            self.batch.respond(page, b"y" * 400_000)
        self.assertEqual([len(piece) for piece in page.sent], [2, 2])
