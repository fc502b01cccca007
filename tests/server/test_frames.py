# -*- test-case-name: tests.server.test_frames -*-
"""Frames are encoded as by Autobahn, and once for the same messages."""

from autobahn.twisted.websocket import WebSocketServerFactory
from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.frames import Frames, frame, framed


class FrameTests(SynchronousTestCase):
    """``frame`` and ``Frames``."""

    def test_asAutobahn(self):
        """Each message is framed as Autobahn frames it, at every boundary of its length."""
        for length in (0, 1, 125, 126, 127, 65535, 65536, 70000):
            prepared = WebSocketServerFactory().prepareMessage(b"x" * length)
            self.assertEqual(frame(b"x" * length), prepared.payloadHybi, length)

    def test_once(self):
        """The next page with the same messages gets the same object; other messages are encoded anew."""
        frames = Frames()
        first = frames.of([b"one", b"two"])
        self.assertIs(frames.of([b"one", b"two"]), first)
        self.assertEqual(frames.of([b"one"]), framed([b"one"]))
        self.assertEqual(frames.of([b"one", b"two"]), framed([b"one", b"two"]))

    def test_large(self):
        """A large result is not kept."""
        frames = Frames()
        large = [b"x" * 70000]
        self.assertIsNot(frames.of(large), frames.of(large))
