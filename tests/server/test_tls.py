# -*- test-case-name: tests.server.test_tls -*-
"""The memory of a lost TLS connection is freed without the garbage collector."""

import gc
import ssl
import tempfile
import weakref
from functools import partial
from pathlib import Path

from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.ssl import DefaultOpenSSLContextFactory
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.tls import release, stopReceiving
from harness.messages import opening, showing
from harness.rawsocket import frame, message
from harness.server import selfSigned
from tests.pages import InMemorySite, Transport

HEAD = "GET {path} HTTP/1.1\r\nHost: localhost:8080\r\n"
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\nOrigin: https://localhost:8080\r\n"
)


class TCP(Transport):
    """The transport under TLS. It ends as Twisted's does: it notifies its producer, then its protocol."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def setTcpNoDelay(self, enabled):
        """Called once by Twisted."""

    def loseConnection(self):
        super().loseConnection()
        self._clock.callLater(0, self.end, ConnectionDone())

    def abortConnection(self):
        super().abortConnection()
        self._clock.callLater(0, self.end, ConnectionAborted())

    def end(self, reason):
        """Lose the connection."""
        protocol, self.protocol = self.protocol, None
        if protocol is None:
            return
        if self.producer is not None:
            self.producer.stopProducing()
            self.producer = None
        protocol.connectionLost(Failure(reason))


class Client:
    """A TLS client; the server's end of its connection is ``transport``."""

    def __init__(self, factory, clock):
        self.transport = TCP(clock)
        self.transport.protocol = factory.buildProtocol(None)
        self.transport.protocol.makeConnection(self.transport)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing)

    def _pump(self):
        self._incoming.write(self.transport.value())
        self.transport.clear()
        data = self._outgoing.read()
        if data and self.transport.protocol is not None:
            self.transport.protocol.dataReceived(data)
        return bool(data)

    def handshake(self):
        """Complete the handshake of TLS."""
        for _ in range(10):
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._pump()
            else:
                self._pump()
                return self
        raise AssertionError("no handshake")

    def send(self, data):
        """Send application data, and let the server receive it."""
        self._tls.write(data if isinstance(data, bytes) else data.encode("ascii"))
        self._pump()

    def receive(self, data):
        """Let the server receive bytes that are not of this client's TLS."""
        self.transport.protocol.dataReceived(data)

    def close(self):
        """Send TLS's close_notify, as in an orderly close."""
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            self._pump()

    def received(self):
        """Return the application data that has arrived."""
        self._pump()
        data = b""
        try:
            while more := self._tls.read(65536):
                data += more
        except ssl.SSLError:
            pass
        return data


class LostConnectionTests(SynchronousTestCase):
    """A connection that is lost in any state is freed."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        pem = str(selfSigned(Path(directory.name)))
        self.site = InMemorySite(self)
        self.token = self.site.request().island["token"]
        self.factory = TLSMemoryBIOFactory(
            DefaultOpenSSLContextFactory(pem, pem), False, self.site.site, clock=self.site.clock
        )
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)

    def connect(self):
        """Return a client, before its TLS handshake."""
        return Client(self.factory, self.site.clock)

    def socket(self, *protocols):
        """Return a client with an open WebSocket."""
        client = self.connect().handshake()
        offered = f"Sec-WebSocket-Protocol: {', '.join(protocols)}\r\n" if protocols else ""
        client.send(HEAD.format(path="/_athena/transport") + UPGRADE + offered + "\r\n")
        self.site.clock.advance(0)
        self.assertIn(b"101 Switching Protocols", client.received())
        return client

    def page(self):
        """Return a client with the socket of a page, and messages for the page that are not sent yet."""
        client = self.socket()
        client.send(message(*opening(self.token, 0)))
        self.site.clock.advance(0)
        self.assertIn(b"opened", client.received())
        return client

    def assertFreed(self, client, lose=None):
        """End the connection by ``lose``, by default by the peer; assert that its objects are freed."""
        transport = client.transport
        references = [weakref.ref(transport.protocol), weakref.ref(transport.protocol.wrappedProtocol)]
        (lose or (lambda: transport.end(ConnectionDone())))()
        self.site.clock.pump([0, 1, 1])
        self.assertIsNone(transport.protocol, "the connection has not ended")
        self.assertEqual([reference() for reference in references], [None, None])

    def test_beforeHandshake(self):
        """The peer disconnects before it has sent anything."""
        self.assertFreed(self.connect())

    def test_amidHandshake(self):
        """The peer disconnects after its first message of the handshake."""
        client = self.connect()
        client.receive(bytes.fromhex("160301007a"))
        self.assertFreed(client)

    def test_idle(self):
        """The peer disconnects before a request."""
        self.assertFreed(self.connect().handshake())

    def test_amidRequest(self):
        """The peer disconnects in the middle of a request."""
        client = self.connect().handshake()
        client.send("GET / HTTP/1.1\r\nHost")
        self.assertFreed(client)

    def test_persistent(self):
        """The peer disconnects after a response."""
        client = self.connect().handshake()
        client.send(HEAD.format(path="/") + "\r\n")
        self.site.clock.advance(0)
        self.assertIn(b"200 OK", client.received())
        self.assertFreed(client)

    def test_lastRequest(self):
        """The server closes after a response; the peer has received it, and need not close TLS."""
        client = self.connect().handshake()
        client.send(HEAD.format(path="/") + "Connection: close\r\n\r\n")
        self.site.clock.advance(0)
        self.assertIn(b"200 OK", client.received())
        self.site.clock.advance(0)
        self.assertIsNone(client.transport.protocol)

    def test_timeout(self):
        """The server times the request out."""
        client = self.connect().handshake()
        self.assertFreed(client, lambda: self.site.clock.pump([self.site.factory.limits.requestTimeout, 15, 15]))

    def test_broken(self):
        """The peer sends bytes that are not TLS, amid the handshake and after it."""
        for client in (self.connect(), self.connect().handshake(), self.socket()):
            self.assertFreed(client, partial(client.receive, b"\x17\x03\x03\x00\x20" + bytes(32)))

    def test_closeNotify(self):
        """The peer closes TLS in order."""
        for client in (self.connect().handshake(), self.page()):
            self.assertFreed(client, client.close)

    def test_socket(self):
        """The peer of a socket disconnects, before the socket is opened and afterwards."""
        shown = showing(b'["open","' + self.token.encode("ascii") + b'",0,1]')
        for connect in (self.socket, self.page, lambda: self.socket("athenalite", shown)):
            self.assertFreed(connect())

    def test_closedByPeer(self):
        """The peer closes the socket in order, and disconnects without closing TLS."""
        client = self.page()
        self.assertFreed(client, lambda: client.send(frame(b"\x03\xe8", 8)))

    def test_refused(self):
        """The peer of a refused socket reads the reason, or disconnects without a reply."""
        for reply in (True, False):
            client = self.socket()
            client.send(message("noop"))
            self.site.clock.advance(0)
            self.assertIn(b"a socket must", client.received())
            self.assertFreed(client, partial(client.send, frame(b"\x03\xf0", 8)) if reply else None)

    def test_notAuthorized(self):
        """A refused handshake ends the connection."""
        client = self.connect().handshake()
        client.send(HEAD.format(path="/_athena/transport") + UPGRADE.replace("https:", "http:") + "\r\n")
        self.site.clock.advance(0)
        self.assertIn(b"403 Forbidden", client.received())
        self.site.clock.advance(0)
        self.assertIsNone(client.transport.protocol)

    def test_replaced(self):
        """A socket that is replaced while its transport is full is aborted."""
        client = self.page()
        client.transport.producer.pauseProducing()
        self.assertFreed(client, self.page)


class StopReceivingTests(SynchronousTestCase):
    """``stopReceiving`` and ``release``"""

    def test_plain(self):
        """Transports without TLS, and None, are not changed."""
        stopReceiving(Transport())
        stopReceiving(None)

    def test_withoutTraceback(self):
        """A failure without a traceback is not changed."""
        reason = Failure(ConnectionDone())
        release(Transport(), reason)
        self.assertEqual(reason.type, ConnectionDone)

    def test_traceback(self):
        """The frames of a failure with a traceback are released."""
        try:
            raise ConnectionDone
        except ConnectionDone:
            reason = Failure()
        release(Transport(), reason)
        self.assertIsNone(reason.value.__traceback__)
        self.assertIsNone(reason.tb)
