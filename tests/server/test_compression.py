# -*- test-case-name: tests.server.test_compression -*-
"""Messages are compressed once for all sockets that keep no context."""

import json
import unittest
import zlib

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.fastpaths import EVERY_FAST_PATH
from athenalite._server.compression import BOUNDS_INFLATION, DeflatedFrames, acceptance
from athenalite._server.directwrite import DeflatingWriter, DirectWriter
from athenalite._server.frames import frame
from harness.fleet import wholeFrame
from tests.server.test_directwrite import ManyTestCase, Peer
from tests.server.test_fastpath import HANDSHAKE, Reactor, SocketTransport, factoryOf, socketPair

LONG = json.dumps([f"line {number}" for number in range(200)]).encode()


def inflated(data):
    """Return the messages in these frames, and which of them were compressed."""
    found = []
    while data:
        first, payload, size = wholeFrame(data)
        compressed = bool(first & 0x40)
        if compressed:
            payload = zlib.decompressobj(-15).decompress(payload + b"\0\0\xff\xff")
        found.append((payload, compressed))
        data = data[size:]
    return found


class DeflatedFramesTests(SynchronousTestCase):
    """``DeflatedFrames``."""

    @given(st.lists(st.binary(max_size=300) | st.integers(0, 70_000).map(lambda size: b"text " * (size // 5))))
    def test_messages(self, messages):
        """Each message can be inflated by itself, and no frame is longer than without compression."""
        data = DeflatedFrames().of(messages)
        self.assertEqual([message for message, _ in inflated(data)], messages)
        self.assertLessEqual(len(data), sum(len(frame(message)) for message in messages))

    def test_which(self):
        """Long messages are compressed, unless they become no smaller."""
        noise = bytes((number * number * 31 + number // 7) % 251 for number in range(300))
        kept = [compressed for _, compressed in inflated(DeflatedFrames().of([b"x" * 255, b"x" * 256, LONG]))]
        self.assertEqual(kept, [False, True, True])
        self.assertEqual(inflated(DeflatedFrames().of([zlib.compress(noise)])), [(zlib.compress(noise), False)])

    def test_once(self):
        """The next page with the same messages gets the same object."""
        frames = DeflatedFrames()
        self.assertIs(frames.of([LONG]), frames.of([LONG]))


class DeflatingPeer(Peer):
    """A page whose browser has agreed on compression."""

    def __init__(self, reactor):
        self.socket, self._ours = socketPair()
        self.socket.setblocking(False)
        self.transport = SocketTransport(self._ours, None, reactor)
        factory = factoryOf(Clock(), EVERY_FAST_PATH, perMessageCompressionAccept=acceptance(True))
        self.protocol = factory.buildProtocol(None)
        self.protocol.sharedFrames = lambda: self.protocol.deflatedFrames
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)
        offer = b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        self.protocol.dataReceived(HANDSHAKE[:-2] + offer)
        self.writer = self.protocol.used
        self.received = b""


@unittest.skipUnless(BOUNDS_INFLATION, "this Autobahn does not bound what a message inflates to")
class SendingTests(ManyTestCase):
    """Pages with compression, and one without."""

    def make(self):
        self.reactor = Reactor()
        self.peers = [DeflatingPeer(self.reactor) for _ in range(4)] + [Peer(self.reactor)]
        for peer in self.peers:
            self.addCleanup(peer.close)
        self.settle()
        for peer in self.peers:
            peer.received = b""

    def test_together(self):
        """Pages with compression are sent to in one loop; and each page gets what it has agreed on."""
        self.assertEqual([type(peer.writer) for peer in self.peers], [DeflatingWriter] * 4 + [DirectWriter])
        self.send(LONG, to=range(4))
        self.send(LONG, b"short")
        self.settle()
        for peer in self.peers[:4]:
            self.assertEqual(inflated(peer.received), [(LONG, True), (LONG, True), (b"short", False)])
        self.assertEqual(inflated(self.peers[4].received), [(LONG, False), (b"short", False)])
