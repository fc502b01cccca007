# -*- test-case-name: tests.server.test_directtls -*-
"""Over TLS, messages are encrypted and sent at once, in the order that the transport keeps; on real sockets."""

import contextlib
import gc
import ssl
import tempfile
import weakref
from functools import partial
from pathlib import Path

from twisted.internet.error import ConnectionDone
from twisted.internet.ssl import DefaultOpenSSLContextFactory
from twisted.internet.task import Clock
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

from athenalite._core.fastpaths import EVERY_FAST_PATH, NO_FAST_PATH
from athenalite._server.directwrite import DirectWriter
from athenalite._server.frames import frame, framed
from athenalite._server.tls import directTLS, release, stopReceiving
from harness.server import selfSigned
from tests.pages import Transport
from tests.server.test_directwrite import LARGE, SHORT, ManyTestCase, Peer, SendToAllTests
from tests.server.test_fastpath import HANDSHAKE, Reactor, SocketTransport, factoryOf, socketPair


class SecurePeer(Peer):
    """
    One page's end of a TLS connection, and the server's.

    :ivar tls: Twisted's TLS, the transport of the server's protocol.
    """

    def __init__(self, reactor, clock, context, fastPaths=EVERY_FAST_PATH):
        plain, self._ours = socketPair()
        plain.setblocking(False)
        self._ours.setblocking(False)
        factory = TLSMemoryBIOFactory(context, False, factoryOf(clock, fastPaths), clock=clock)
        self.tls = factory.buildProtocol(None)
        self.transport = SocketTransport(self._ours, self.tls, reactor)
        self.protocol = self.tls.wrappedProtocol
        self.tls.makeConnection(self.transport)
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        self.socket = client.wrap_socket(plain, do_handshake_on_connect=False)
        self.received = b""
        for step in (self.socket.do_handshake, lambda: self.socket.send(HANDSHAKE)):
            for _ in range(1000):
                with contextlib.suppress(ssl.SSLWantReadError):
                    step()
                    break
                self.iterate(clock)
        while not hasattr(self.protocol, "used"):
            self.iterate(clock)
        self.writer = self.protocol.used

    def iterate(self, clock):
        """Run an iteration of the reactor for this connection."""
        self.transport.doRead()
        clock.advance(0)
        self.transport.doWrite()

    def read(self):
        with contextlib.suppress(ssl.SSLWantReadError):
            while data := self.socket.recv(65536):
                self.received += data


class SecureTestCase(ManyTestCase):
    """Five pages over TLS."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        pem = str(selfSigned(Path(directory.name)))
        self.context = DefaultOpenSSLContextFactory(pem, pem)
        super().setUp()

    def make(self):
        self.clock = Clock()
        self.reactor = Reactor()
        self.peers = [self.peer() for _ in range(5)]
        self.settle()
        for peer in self.peers:
            self.assertIn(b"HTTP/1.1 101", peer.received)
            peer.received = b""

    def peer(self, fastPaths=EVERY_FAST_PATH):
        """Return another page."""
        peer = SecurePeer(self.reactor, self.clock, self.context, fastPaths)
        self.addCleanup(peer.close)
        return peer

    def settle(self, *but):
        self.clock.advance(0)
        super().settle(*but)


class SecureSendToAllTests(SecureTestCase, SendToAllTests):
    """``sendToAll`` does over TLS what it does without."""

    def fill(self, number):
        # The kernel's buffer may have anything in it that a peer can decrypt.
        self.peers[number].tls._tlsConnection.send(b"y" * 10_000)
        self.peers[number].tls._flushSendBIO()
        self.peers[number].transport.doWrite()
        return b"y" * 10_000


class DirectTLSTests(SecureTestCase):
    """``DirectTLS``."""

    def test_behindOthers(self):
        """What TLS has yet to encrypt, or the transport to send, comes first."""
        one, two = self.peers[:2]
        one.tls.write(b"first")
        one.writer.sendFrames([SHORT])
        # As the answer to an update of keys: a record that TLS writes by itself.
        two.tls._tlsConnection.send(b"first")
        two.tls._flushSendBIO()
        two.writer.sendFrames([SHORT])
        self.assertArrives(b"first" + frame(SHORT), b"first" + frame(SHORT), b"", b"", b"")
        for peer in (one, two):
            peer.received = b""
            peer.writer.sendFrames([SHORT])
            peer.read()
            self.assertEqual(peer.received, frame(SHORT))

    def test_long(self):
        """A message of many records arrives whole, also if TLS had something to send before."""
        one = self.peers[0]
        one.tls._tlsConnection.send(b"y" * 10_000)
        one.writer.sendFrames([LARGE])
        self.assertArrives(b"y" * 10_000 + frame(LARGE), b"", b"", b"", b"")

    def test_broken(self):
        """An error of TLS is the transport's to report."""
        one = self.peers[0]
        one.tls._tlsConnection.shutdown()
        one.writer.sendFrames([SHORT])
        self.clock.advance(0)
        self.assertTrue(one.tls._lostTLSConnection)
        one.writer.sendFrames([SHORT])

    def test_paused(self):
        """While the peer does not read, the session is paused once; reading goes on afterwards."""
        for messages in ([LARGE], [b"x" * 3000] * 200):
            one = self.peers[0]
            del one.protocol.reading[:]
            one.received = b""
            for message in messages:
                one.writer.sendFrames([message])
            self.settle(0)
            self.assertEqual(one.protocol.reading, [False])
            self.assertArrives(framed(messages), b"", b"", b"", b"")
            self.assertEqual(one.protocol.reading, [False, True])

    def test_nothingForTheCollector(self):
        """A lost connection is freed without the garbage collector, while it sends or not."""
        self.addCleanup(gc.enable)
        gc.disable()
        for message in (SHORT, LARGE):
            peer = self.peer()
            # As AthenaProtocol does, and then release.
            peer.protocol.stopProducing = partial(stopReceiving, peer.tls)
            self.settle()
            peer.writer.sendFrames([message])
            peer.transport.connectionLost(Failure(ConnectionDone()))
            release(peer.tls, Failure(ConnectionDone()))
            tls = weakref.ref(peer.tls)
            peer.protocol.is_closed = peer.protocol.used = peer.protocol.stopProducing = None
            self.reactor.writers.clear()
            self.reactor.readers.clear()
            peer.tls = peer.protocol = peer.writer = peer.transport = None
            self.assertIsNone(tls())

    def test_otherTransports(self):
        """Other transports, and a Twisted whose TLS is not as expected, are left alone."""
        self.assertIsNone(directTLS(Transport()))
        self.assertIsInstance(self.peers[0].writer, DirectWriter)
        self.assertIsNotNone(directTLS(self.peers[0].tls))
        plain = self.peer(NO_FAST_PATH)
        self.assertIs(plain.writer, plain.protocol)
        for holder, name in (
            (plain.tls, "_aggregator"),
            (plain.tls, "_appSendBuffer"),
            (plain.tls, "transport"),
            (plain.transport, "_tempDataBuffer"),
        ):
            kept = getattr(holder, name)
            setattr(holder, name, None)
            self.assertIsNone(directTLS(plain.tls), name)
            setattr(holder, name, kept)


del SendToAllTests
