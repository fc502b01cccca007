# -*- test-case-name: tests.core.test_places -*-
"""Places have their position from when they are reserved, and their content from the end of the batch."""

from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.encodecache import EncodeCache
from athenalite._core.places import PlacesBatch
from tests.core.test_batch import Page
from tests.core.test_encodecache import sayNothing


def called(text):
    """The message of a call."""
    return b'["notify",1,"hear",["%s"]]' % text.encode("ascii")


class PlacesTests(SynchronousTestCase):
    """A batch, and calls as an outbox makes them."""

    def setUp(self):
        self.clock = Clock()
        self.logged = []
        self.batch = PlacesBatch(self.clock, Logger("tests", observer=self.logged.append), EncodeCache(1_000_000))

    def call(self, page, text):
        """Call ``page`` with ``text``."""
        self.batch.broadcast(1, "hear", (text,), {}, sayNothing).add(page)

    def test_position(self):
        """What is filled in at the end is sent where its place was reserved."""
        page, state = Page(), ["early"]
        self.call(page, "one")
        self.batch.reserve(lambda: [([page], state[0].encode())])
        self.call(page, "two")
        self.batch.respond(page, b"answer")
        state[0] = "late"
        self.clock.advance(0)
        self.assertEqual(page.sent, [[called("one"), b"late", called("two"), b"answer"]])

    def test_joined(self):
        """A call that is equal to the one before a place does not join it there."""
        one, two = Page(), Page()
        self.call(one, "same")
        self.batch.reserve(lambda: [([two], b"part")])
        self.call(two, "same")
        self.clock.advance(0)
        self.assertEqual((one.sent, two.sent), ([[called("same")]], [[b"part", called("same")]]))

    def test_many(self):
        """One place may send several messages, each to several pages, or nothing."""
        pages = [Page() for _ in range(3)]
        self.batch.reserve(lambda: [(pages[:2], b"pieces"), (pages[2:], b"whole"), ([], b"none")])
        self.batch.reserve(list)
        self.clock.advance(0)
        self.assertEqual([page.sent for page in pages], [[[b"pieces"]], [[b"pieces"]], [[b"whole"]]])

    def test_later(self):
        """What is queued while a place is filled belongs to the next batch, behind all of this one."""
        page = Page()

        def fill():
            self.call(page, "later")
            self.batch.reserve(lambda: [([page], b"part 2")])
            # A page that is lost meanwhile would end the batch.
            self.batch.end()
            return [([page], b"part")]

        self.batch.reserve(fill)
        self.call(page, "one")
        self.clock.advance(0)
        self.assertEqual(page.sent, [[b"part", called("one")], [called("later"), b"part 2"]])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_endless(self):
        """Places that are reserved while others are filled, without end, are refused; others are not."""
        page, refused = Page(), []

        def fill():
            try:
                self.batch.reserve(fill)
            except RuntimeError as error:
                refused.append(str(error))
            self.call(page, "one")
            return []

        for _ in range(2):
            self.batch.reserve(fill)
            self.clock.pump([0] * 200)
        self.assertEqual(len(refused), 2)
        self.assertIn("mark each other, without end", refused[0])
        self.assertEqual(len(page.sent), 202)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_failure(self):
        """One that fails is logged; all else is sent."""
        page = Page()
        self.batch.reserve(lambda: 1 / 0)
        self.call(page, "one")
        self.clock.advance(0)
        self.assertEqual(page.sent, [[called("one")]])
        self.assertIn("could not be sent", self.logged[0]["log_format"])
