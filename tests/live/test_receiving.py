# -*- test-case-name: tests.live.test_receiving -*-
"""The files of a page come in pieces, within bounds, and are removed when they are not wanted any more."""

import errno
from base64 import b64encode
from io import BytesIO
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._live.receiving import Elsewhere, Receiving
from athenalite._live.sentences import Refused
from athenalite._live.uploads import Offer
from athenalite.limits import Limits

OWNER = (1, "add")
OF_FIELD = (1, "add", "picture")
MIB = 1024 * 1024


def encoded(piece):
    """A piece as the browser sends it."""
    return b64encode(piece).decode("ascii")


class FullDisk(BytesIO):
    """A file on a disk that is full."""

    def write(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")


class ReceivingTestCase(SynchronousTestCase):
    """One page that sends files, whose contents are in memory."""

    def setUp(self):
        self.make()

    def make(self, limits=None):
        self.files = []
        self.clock = Clock()
        self.site = SimpleNamespace(limits=limits or Limits(), bytesUploading=0)
        self.receiving = self.page()

    def page(self):
        """Another page of the site."""
        return Receiving(self.site, self.clock, Logger(), self.makeFile)

    def makeFile(self):
        self.files.append(BytesIO())
        return self.files[-1]

    def begin(self, *sizes, receiving=None):
        """The ids of files of these sizes, of the one field."""
        offers = [Offer("picture", f"{size}.png", size, "image/png") for size in sizes]
        return (receiving or self.receiving).begin(OWNER, offers)

    def refused(self, function, *args):
        """The kind of the sentence with which it is refused."""
        return self.assertRaises(Refused, function, *args).kind

    def assertNothing(self):
        """Nothing is held for anybody."""
        self.assertEqual((self.site.bytesUploading, self.receiving._bytes), (0, 0))
        self.assertTrue(all(one.closed for one in self.files))


class PieceTests(ReceivingTestCase):
    """What a browser sends."""

    def test_whole(self):
        """A file is the argument of its method when it has come; then it is the method's, and counts until closed."""
        [number] = self.begin(6)
        for piece in (b"abc", b"def"):
            self.assertIsNone(self.receiving.receive(number, encoded(piece)))
        [upload] = self.receiving.claim(OF_FIELD, [number])
        self.assertEqual((upload.file.read(), upload.name, upload.size), (b"abcdef", "6.png", 6))
        self.receiving.close()
        self.assertEqual(self.site.bytesUploading, MIB)
        upload.close()
        upload.close()
        self.assertNothing()

    def test_refused(self):
        """A piece too many, an empty one, one that is not base64, or for no file: the file is removed."""
        for text in (encoded(b"abcd"), "", "a", "====", "YWJj\n", "Ä"):
            [number] = self.begin(3)
            self.assertEqual(self.refused(self.receiving.receive, number, text), "incomplete")
            self.assertEqual(self.refused(self.receiving.receive, number, encoded(b"a")), "incomplete")
            self.assertNothing()
        self.assertEqual(self.refused(self.receiving.receive, "7", encoded(b"a")), "incomplete")

    def test_claimed(self):
        """Only a whole file is an argument, only once, and only of its own field, method and element."""
        others = [(2, "add", "picture"), (1, "other", "picture"), (1, "add", "other")]
        for owner, piece in [(OF_FIELD, b"ab"), *((one, b"abc") for one in others)]:
            [number] = self.begin(3)
            self.receiving.receive(number, encoded(piece))
            self.assertEqual(self.refused(self.receiving.claim, owner, [number]), "incomplete")
            self.assertNothing()
        [number] = self.begin(0)
        self.assertEqual(self.refused(self.receiving.claim, OF_FIELD, [number, number]), "incomplete")
        self.assertNothing()
        self.assertEqual(self.receiving.claim(OF_FIELD, []), [])

    def test_full(self):
        """When the disk is full, the person is asked to try later, and the log has the reason."""
        self.receiving = Receiving(self.site, self.clock, Logger(), FullDisk)
        [number] = self.begin(3)
        self.assertEqual(self.refused(self.receiving.receive, number, encoded(b"abc")), "room")
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)
        self.assertNothing()

    def test_noFile(self):
        """So when there are no descriptors: of several files none is accepted."""

        def makeFile():
            if self.files:
                raise OSError(errno.EMFILE, "Too many open files")
            return self.makeFile()

        self.receiving = Receiving(self.site, self.clock, Logger(), makeFile)
        self.assertEqual(self.refused(self.begin, 3, 3), "room")
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)
        self.assertNothing()

    @settings(deadline=None, max_examples=30)
    @given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("bpcxt"), st.integers(0, 9)), max_size=20))
    def test_model(self, steps):
        """Whatever comes in whatever order: a method gets what was sent, or nothing; and nothing stays."""
        self.make()
        sent = {}
        for index, step, size in steps:
            number = str(index)
            if step == "b":
                sent[self.begin(size)[0]] = (size, b"")
            elif step == "p":
                piece = bytes(range(size))
                wanted, before = sent.pop(number, (-1, b""))
                if not piece or wanted < len(before + piece):
                    self.assertRaises(Refused, self.receiving.receive, number, encoded(piece))
                else:
                    self.receiving.receive(number, encoded(piece))
                    sent[number] = wanted, before + piece
            elif step == "c":
                wanted, before = sent.pop(number, (-1, b""))
                if wanted == len(before):
                    [upload] = self.receiving.claim(OF_FIELD, [number])
                    self.assertEqual(upload.file.read(), before)
                    upload.close()
                else:
                    self.assertRaises(Refused, self.receiving.claim, OF_FIELD, [number])
            elif step == "x":
                self.receiving.cancel([number])
                sent.pop(number, None)
            else:
                self.clock.advance(size)
            self.assertEqual(self.site.bytesUploading, len(sent) * MIB)
        self.receiving.close()
        self.assertNothing()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class BoundTests(ReceivingTestCase):
    """What is held is bounded, and ends."""

    def test_room(self):
        """A page, and the site, have room for so many bytes; a file counts at least 1 MiB, whatever its size."""
        self.make(Limits(maxPageUploads=4 * MIB, maxUploads=6 * MIB))
        begun = self.begin(2 * MIB, 0, 1)
        for size in (0, 10**30):
            self.assertEqual(self.refused(self.begin, size), "room")
        self.receiving.cancel(begun)
        other = self.page()
        self.begin(4 * MIB)
        self.begin(1, 1, receiving=other)
        self.assertEqual(self.refused(lambda: self.begin(1, receiving=other)), "room")
        self.receiving.close()
        self.begin(1, receiving=other)
        other.close()
        self.assertNothing()

    def test_thousands(self):
        """Files that are begun, and never sent, are no more than there is room for."""
        self.make(Limits(maxPageUploads=64 * MIB))
        begun = 0
        for _ in range(1000):
            try:
                begun += len(self.begin(1))
            except Refused:
                break
        self.assertEqual((begun, len(self.files)), (64, 64))

    def test_timeout(self):
        """They are removed when nothing has come for a while; each piece begins it anew."""
        self.make(Limits(uploadTimeout=60))
        [number] = self.begin(2)
        self.clock.advance(59)
        self.receiving.receive(number, encoded(b"a"))
        self.clock.pump([30, 29])
        self.assertFalse(self.files[0].closed)
        self.clock.advance(2)
        self.assertNothing()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.begin(1)
        self.clock.advance(60)
        self.assertNothing()

    def test_lost(self):
        """When the page is lost, all that no method has is removed, and no timer is left."""
        [number, _] = self.begin(10**6, 5)
        while self.receiving.receive(number, encoded(bytes(24_000))) is None:
            pass
        self.receiving.close()
        self.assertNothing()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_forgotten(self):
        """A file that a method never closes, because it has no result, is closed when it is forgotten."""
        [number] = self.begin(0)
        del self.receiving.claim(OF_FIELD, [number])[:]
        self.assertNothing()

    def test_paced(self):
        """Pieces are answered at three quarters of the rate limit, after a burst; who does not wait is refused."""
        self.make(Limits(maxMessagesPerSecond=1000))
        [number] = self.begin(10**6)
        waiting = None
        while waiting is None:
            waiting = self.receiving.receive(number, encoded(bytes(24_000)))
        self.assertNoResult(waiting)
        started = self.clock.seconds()
        for _ in range(24):
            while not waiting.called:
                self.clock.advance(0.01)
            waiting = self.receiving.receive(number, encoded(bytes(24_000)))
        # 24 pieces of 32,000 bytes, at 768,000 bytes a second.
        self.assertEqual(round(self.clock.seconds() - started, 1), 1.0)
        for _ in range(7):
            self.receiving.receive(number, encoded(b"a"))
        self.assertEqual(self.refused(self.receiving.receive, number, encoded(b"a")), "incomplete")

    def test_moves(self):
        """A page that is to leave is answered at once; where it goes on, its files are known to be elsewhere."""
        lost, *numbers = self.begin(5, 10**6, 5)
        self.receiving.cancel([lost])
        waiting = None
        while waiting is None:
            waiting = self.receiving.receive(numbers[0], encoded(bytes(24_000)))
        self.receiving.hurry()
        self.assertIsNone(self.successResultOf(waiting))
        self.assertIsNone(self.receiving.receive(numbers[0], encoded(b"a")))
        left = self.receiving.leave()
        self.assertEqual(left, [3, numbers])
        self.receiving.close()
        other = self.page()
        other.goOn(left)
        for number in numbers:
            self.assertRaises(Elsewhere, other.receive, number, encoded(b"a"))
            self.assertRaises(Elsewhere, other.claim, OF_FIELD, [number])
        self.assertEqual(self.refused(other.receive, lost, encoded(b"a")), "incomplete")
        self.assertEqual(self.begin(0, receiving=other), ["4"])
        self.assertEqual(other.leave(), [4, [*numbers, "4"]])
        other.close()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_pieceSize(self):
        """A piece fits into a message, and is a multiple of three."""
        for most, size in ((64 * 1024, 24_000), (16 * 1024, 11_520), (1, 3)):
            self.make(Limits(maxMessageSize=most))
            self.assertEqual(self.receiving.pieceSize, size)
