# -*- test-case-name: tests.server.test_fastpath -*-
"""The fast paths behave as Autobahn does: compared with its parser, and on real sockets with small buffers."""

import gc
import select
import socket
import struct
import weakref
from itertools import cycle
from unittest.mock import Mock

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IPushProducer
from twisted.internet.task import Clock
from twisted.internet.tcp import Connection
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from athenalite._core.fastpaths import EVERY_FAST_PATH, NO_FAST_PATH, FastPath
from athenalite._server import fastpath
from athenalite._server.directwrite import DirectWriter
from athenalite._server.fastpath import WholeFrameMixin, withFastPaths
from athenalite._server.frames import frame, framed
from tests.pages import InMemorySite, Transport, lose
from tests.server import test_websocket as test_transport

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@implementer(IPushProducer)
class Plain(WebSocketServerProtocol):  # type: ignore[misc]
    """
    Records its events, and sends no replies.

    :ivar heard: the messages received, and the end of the socket.
    """

    def __init__(self):
        super().__init__()
        self.heard = []
        self.reading = []

    def sessionTransport(self):
        return self

    def sharedFrames(self):
        return self.frames

    def onOpen(self):
        self.used = self.sessionTransport()

    def sendFrames(self, messages):
        if self.state == self.STATE_OPEN:
            for message in messages:
                self.sendFrame(opcode=1, payload=message)

    def onMessage(self, payload, isBinary):
        self.heard.append((payload, isBinary))
        if payload == b"close":
            self.sendCloseFrame(1000)

    def onPong(self, payload):
        self.heard.append(("pong", payload))

    def onClose(self, wasClean, code, reason):
        self.heard.append(("closed", wasClean, code))

    def pauseProducing(self):
        self.reading.append(False)

    def resumeProducing(self):
        self.reading.append(True)

    def stopProducing(self):
        """Do nothing."""


def factoryOf(clock, fastPaths, **options):
    """Return a factory of recording sockets."""
    factory = WebSocketServerFactory(reactor=clock)
    factory.setProtocolOptions(**{"failByDrop": False, **options})
    factory.protocol = withFastPaths(Plain, factory, fastPaths)
    return factory


def opened(fastPaths, transport=None, **options):
    """Return a socket after its handshake."""
    protocol = factoryOf(Clock(), fastPaths, **options).buildProtocol(None)
    transport = transport or Transport()
    transport.protocol = protocol
    protocol.makeConnection(transport)
    protocol.dataReceived(HANDSHAKE)
    return protocol


# Frames, well formed and not. Most are short texts, for which the fast path is made.

BYTES = st.sampled_from([b"", b"a", b"close", b"\xc3\xa4", b"\xc3", b"\xff", b"\xed\xa0\x80"]) | st.binary(max_size=140)


@st.composite
def anyFrame(draw):
    """Generate one frame as bytes."""
    payload = draw(BYTES | st.text(max_size=130).map(lambda text: text.encode("utf-8", "replace")))
    first = draw(st.sampled_from([0x81] * 12 + [0x82, 0x80, 0x01, 0x00, 0x89, 0x8A, 0x88, 0xC1, 0x83]))
    masked = draw(st.sampled_from([0x80] * 15 + [0]))
    mask = draw(st.binary(min_size=4, max_size=4)) if masked else b""
    length = len(payload)
    size = struct.pack("!B", masked | length) if length < 126 else struct.pack("!BH", masked | 126, length)
    if draw(st.integers(0, 20)) == 0:
        # Not the shortest form.
        size = draw(
            st.sampled_from([struct.pack("!BH", masked | 126, length), struct.pack("!BQ", masked | 127, length)])
        )
    if masked:
        payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    return bytes([first]) + size + mask + payload


@st.composite
def stream(draw):
    """Generate some frames, in random segments."""
    data = b"".join(draw(st.lists(anyFrame(), max_size=8)))
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=4)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


class ReceiveTests(SynchronousTestCase):
    """``WholeFrameMixin``, compared with Autobahn's parser."""

    @settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(stream(), st.sampled_from([0, 1, 20, 125, 1000]))
    def test_asAutobahn(self, chunks, bound):
        """Any bytes in any segments give the same messages, the same replies and the same end."""
        outcomes = []
        for fastPaths in (NO_FAST_PATH, EVERY_FAST_PATH):
            protocol = opened(fastPaths, maxFramePayloadSize=bound, maxMessagePayloadSize=bound)
            protocol.transport.clear()
            for chunk in chunks:
                protocol.dataReceived(chunk)
            outcomes.append(
                (protocol.heard, protocol.transport.value(), protocol.state, protocol.transport.disconnecting)
            )
        self.assertEqual(*outcomes)

    def test_taken(self):
        """A text that has arrived completely bypasses the parser."""
        protocol = opened(EVERY_FAST_PATH)
        protocol.processData = lambda: self.fail("parsed")
        mask = b"\1\2\3\4"
        texts = [b"hello", b"x" * 125, b"y" * 126, b"z" * 60_000]
        for text, length in zip(texts, (b"\x85", b"\xfd", b"\xfe\x00\x7e", b"\xfe\xea\x60"), strict=True):
            protocol.dataReceived(b"\x81" + length + mask + bytes(a ^ b for a, b in zip(text, cycle(mask))))
        self.assertEqual(protocol.heard, [(text, False) for text in texts])

    def test_pong(self):
        """The answer to a keep-alive is reported on both paths, alone, between messages, and in pieces."""
        pong, text = b"\x8a\x80" + bytes(4), b"\x81\x81" + bytes(4) + b"a"
        for fastPaths in (NO_FAST_PATH, FastPath.RECEIVE_WHOLE):
            for data in (pong, pong + text + pong, text + pong):
                for cut in range(len(data)):
                    protocol = opened(fastPaths)
                    pongs = []
                    protocol.onPong = pongs.append
                    protocol.dataReceived(data[:cut])
                    protocol.dataReceived(data[cut:])
                    self.assertEqual(pongs, [b""] * data.count(pong), (fastPaths, cut))
                    self.assertEqual(len(protocol.heard), data.count(text))

    def test_unexpected(self):
        """If the attributes of Autobahn's parser are not as expected, it parses everything."""
        for name, value in (("data", []), ("current_frame", "header"), ("inside_message", 0)):

            class Other(Plain):
                def onOpen(self, name=name, value=value):
                    super().onOpen()
                    setattr(self, name, value)

            factory = factoryOf(Clock(), NO_FAST_PATH)
            factory.protocol = type("Short", (WholeFrameMixin, Other), {})
            protocol = factory.buildProtocol(None)
            protocol.makeConnection(Transport())
            protocol.data = b""
            with self.subTest(name):
                protocol.dataReceived(HANDSHAKE)
                self.assertFalse(protocol._whole)

    def test_missing(self):
        """So it does if an attribute is missing."""
        protocol = opened(EVERY_FAST_PATH)
        self.assertTrue(fastpath._parserAsExpected(protocol))
        del protocol.inside_message
        self.assertFalse(fastpath._parserAsExpected(protocol))


class OptionTests(SynchronousTestCase):
    """``CONFIGURE_ONCE``."""

    def test_same(self):
        """Every option has the value that Autobahn would have copied, and none is on the socket."""
        plain, short = opened(NO_FAST_PATH, maxFramePayloadSize=77), opened(EVERY_FAST_PATH, maxFramePayloadSize=77)
        for name in Plain.CONFIG_ATTRS:
            self.assertNotIn(name, short.__dict__.keys() - {"trackTimings"}, name)
            if not callable(getattr(plain, name)):
                self.assertEqual(getattr(short, name), getattr(plain, name), name)
        self.assertIsNone(short.perMessageCompressionAccept([]))

    def test_unexpected(self):
        """If Autobahn has an option that its factory lacks, Autobahn copies them itself."""
        odd = type("Odd", (Plain,), {"CONFIG_ATTRS": [*Plain.CONFIG_ATTRS, "of a later version"]})
        self.assertEqual(fastpath._options(odd, factoryOf(Clock(), NO_FAST_PATH)), {})


#: Attributes of a new socket that can be compared.
SIMPLE = ("state", "send_state", "data", "send_queue", "wasClean", "closedByMe", "is_server", "trackedTimings")


class FormatTests(SynchronousTestCase):
    """``FORMAT_NOTHING``."""

    def opening(self, fastPaths):
        """
        Open a socket and send a message.

        :return: the bytes that it wrote, and the formats of Autobahn's messages.
        """
        formats = []
        log = Mock(debug=lambda format, **fields: formats.append(format))
        self.patch(Plain, "log", log)
        protocol = opened(fastPaths)
        protocol.sendMessage(b"hello")
        return protocol.transport.value(), formats

    def test_same(self):
        """The same bytes are written, without the messages that are formatted for nobody."""
        (plain, all_), (quick, fewer) = self.opening(NO_FAST_PATH), self.opening(FastPath.FORMAT_NOTHING)
        self.assertEqual(quick, plain)
        self.assertIn(b"hello", quick)
        left = [one for one in all_ if "received {data_len} bytes" in one or "sent {data_len} bytes" in one]
        self.assertEqual(len(left), 3)
        self.assertEqual(fewer, [one for one in all_ if one not in left])

    def test_peer(self):
        """A socket over TCP has what Autobahn sets, except for ``transport_details``, which nothing reads."""
        self.patch(fastpath, "Server", Transport)
        for address in (IPv4Address("TCP", "203.0.113.1", 1234), IPv6Address("TCP", "2001:db8::1", 1234)):
            seen = []
            for fastPaths in (NO_FAST_PATH, FastPath.FORMAT_NOTHING):
                protocol = factoryOf(Clock(), fastPaths).buildProtocol(None)
                protocol.makeConnection(Transport(peerAddress=address))
                state = vars(protocol)
                seen.append((protocol.peer, set(state), {name: state[name] for name in state if name in SIMPLE}))
                isQuick = fastPaths is not NO_FAST_PATH and isinstance(address, IPv4Address)
                self.assertEqual(protocol.transport_details.own_pid is None, isQuick)
            self.assertEqual(seen[0], seen[1])
            self.assertIn("1234", seen[0][0])

    def test_queued(self):
        """Data that follows what Autobahn has queued are queued, too."""
        protocol = opened(FastPath.FORMAT_NOTHING)
        protocol.transport.clear()
        protocol.send_queue.append((b"first", False))
        protocol.sendData(b"second")
        self.assertEqual(
            [data for data, _ in protocol.send_queue] + [protocol.transport.value()], [b"second", b"first"]
        )


class Reactor:
    """The part of a reactor that a connection needs: its writers and readers."""

    def __init__(self):
        self.writers = set()
        self.readers = set()

    def addWriter(self, one):
        self.writers.add(one)

    def removeWriter(self, one):
        self.writers.discard(one)

    def addReader(self, one):
        self.readers.add(one)

    def removeReader(self, one):
        self.readers.discard(one)


class SocketTransport(Connection):
    """A transport over a real socket, without a reactor."""

    connected = 1

    def getPeer(self):
        return IPv4Address("TCP", "127.0.0.1", 1)

    getHost = getPeer


def socketPair():
    """Return two connected TCP sockets: the first with a small receive buffer, the second with a small send buffer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        peer = socket.socket()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect(listening.getsockname())
        return peer, listening.accept()[0]


class DirectWriterTests(SynchronousTestCase):
    """``DirectWriteMixin``, on a pair of real sockets whose kernel buffer is small."""

    def setUp(self):
        self.peer, ours = socketPair()
        self.addCleanup(self.peer.close)
        self.addCleanup(ours.close)
        self.peer.setblocking(False)
        self.reactor = Reactor()
        self.transport = SocketTransport(ours, None, self.reactor)
        self.protocol = opened(EVERY_FAST_PATH, self.transport)
        self.writer = self.protocol.used
        self.iterate()
        self.read()

    def iterate(self):
        """Run some reactor iterations."""
        for _ in range(3):
            for one in list(self.reactor.writers):
                one.doWrite()

    def read(self):
        """Return all bytes that have arrived."""
        parts = []
        while True:
            try:
                parts.append(self.peer.recv(65536))
            except BlockingIOError:
                return b"".join(parts)

    def assertArrives(self, expected):
        """Assert that exactly these bytes arrive, while the reactor runs."""
        data = b""
        while len(data) < len(expected):
            self.assertTrue(select.select([self.peer], [], [], 10)[0], f"{len(data)} of {len(expected)} bytes arrived")
            data += self.read()
            self.iterate()
        self.assertEqual(data, expected)

    def test_atOnce(self):
        """Bytes that the kernel accepts have arrived when sendFrames returns, without a reactor iteration."""
        self.assertIsInstance(self.writer, DirectWriter)
        self.writer.sendFrames([b"one", b"two"])
        self.assertEqual(self.reactor.writers, set())
        self.assertArrives(framed([b"one", b"two"]))
        self.assertEqual(self.reactor.writers, set())

    def test_beforeHandshake(self):
        """Nothing overtakes the handshake's response while it is in the transport's buffer."""
        peer, ours = socketPair()
        self.addCleanup(peer.close)
        self.addCleanup(ours.close)
        transport = SocketTransport(ours, None, self.reactor)
        opened(EVERY_FAST_PATH, transport).used.sendFrames([b"early"])
        self.iterate()
        data = peer.recv(65536)
        self.assertTrue(data.startswith(b"HTTP/1.1 101"))
        self.assertTrue(data.endswith(frame(b"early")))

    def test_flushOpening(self):
        """The response and what follows it are sent together, without waiting for the reactor, and then the rest is."""
        peer, ours = socketPair()
        self.addCleanup(peer.close)
        self.addCleanup(ours.close)
        protocol = opened(EVERY_FAST_PATH, SocketTransport(ours, None, self.reactor))
        protocol.used.sendFrames([b"early"])
        protocol.flushOpening()
        self.assertEqual(self.reactor.writers, set())
        data = peer.recv(65536)
        self.assertEqual((data[:12], data[-7:]), (b"HTTP/1.1 101", frame(b"early")))
        protocol.used.sendFrames([b"late"])
        self.assertEqual(peer.recv(65536), frame(b"late"))

    def test_flushOpeningOfClosed(self):
        """A connection that is closed already is left to the reactor, which ends it."""
        for isWritten, isLost in ((False, False), (False, True), (True, True)):
            peer, ours = socketPair()
            self.addCleanup(peer.close)
            self.addCleanup(ours.close)
            protocol = opened(EVERY_FAST_PATH, SocketTransport(ours, None, self.reactor))
            if isWritten:
                protocol.transport.doWrite()
            (protocol.transport.loseConnection if isLost else protocol.used.close)()
            protocol.flushOpening()
            self.assertEqual(self.reactor.writers, {protocol.transport})
            self.reactor.writers.clear()

    def test_queuedBeforeHandshake(self):
        """Meanwhile no more is queued than in other transports; then the session is paused, and resumed."""
        peer, ours = socketPair()
        self.addCleanup(peer.close)
        self.addCleanup(ours.close)
        for control in (False, True):
            protocol = opened(EVERY_FAST_PATH, SocketTransport(ours, None, Reactor()))
            for _ in range(6):
                self.assertEqual(protocol.reading, [])
                if control:
                    protocol.sendFrame(opcode=10, payload=b"x" * 11_000)
                else:
                    protocol.used.sendFrames([b"x" * 11_000])
            self.assertEqual(protocol.reading, [False])
        while not protocol.reading[1:]:
            protocol.transport.doWrite()
            select.select([peer], [], [], 1)
            peer.recv(65536)
        self.assertEqual(protocol.reading, [False, True])

    def test_refused(self):
        """Refused bytes wait, the session is paused, and everything arrives in order when the peer reads."""
        messages = [b"%06d" % number * 100 for number in range(400)]
        for message in messages:
            self.writer.sendFrames([message])
        self.assertEqual(self.protocol.reading, [False])
        self.assertArrives(framed(messages))
        self.assertEqual(self.protocol.reading, [False, True])
        self.writer.sendFrames([b"again at once"])
        self.assertEqual(self.reactor.writers, set())
        self.assertArrives(frame(b"again at once"))

    def test_controlFrames(self):
        """A ping keeps its place among messages, written directly or through the transport."""
        for stuck in (False, True):
            messages = [b"x" * 300_000] if stuck else [b"short"]
            self.writer.sendFrames(messages)
            self.protocol.sendPing(b"ping")
            self.writer.sendFrames([b"behind"])
            self.assertArrives(framed(messages) + b"\x89\x04ping" + frame(b"behind"))

    def test_refusedAgain(self):
        """A session may send as soon as it is resumed, and be paused again."""
        more = [[b"y" * 300_000], [b"z"]]
        self.protocol.resumeProducing = lambda: more and self.writer.sendFrames(more.pop(0))
        self.writer.sendFrames([b"x" * 300_000])
        self.assertArrives(framed([b"x" * 300_000, b"y" * 300_000, b"z"]))

    def test_closing(self):
        """Nothing is sent after a close frame, and the close frame is sent after waiting bytes."""
        self.writer.sendFrames([b"x" * 300_000])
        self.protocol.sendCloseFrame(4000, b"over")
        self.writer.sendFrames([b"late"])
        self.assertArrives(frame(b"x" * 300_000) + b"\x88\x06\x0f\xa0over")
        self.writer.sendFrames([b"later"])
        self.iterate()
        self.assertEqual(self.read(), b"")

    def test_dropped(self):
        """Sending on a dropped connection does nothing and raises nothing."""
        self.protocol.dropConnection(abort=False)
        self.writer.sendFrames([b"late"])
        self.iterate()
        self.assertEqual(self.read(), b"")

    def test_dead(self):
        """A lost connection is left for the transport to detect: sending raises nothing."""
        self.peer.close()
        self.writer.sendFrames([b"into nothing"])
        self.writer.sendFrames([b"more"])
        self.assertEqual(self.reactor.writers, {self.transport})
        self.assertIsInstance(self.transport.doWrite(), Exception)

    def test_lost(self):
        """After the connection is lost, nothing is sent or raised."""
        lose(self.transport)
        self.writer.sendFrames([b"late"])
        self.assertEqual(self.read(), b"")

    def test_nothingForTheCollector(self):
        """A lost connection is freed without the garbage collector, while it sends or not."""
        self.addCleanup(gc.enable)
        gc.disable()
        protocol = weakref.ref(self.protocol)
        self.writer.sendFrames([b"x" * 300_000])
        lose(self.transport)
        # One is Autobahn's, and AthenaProtocol handles it; the other is of this test.
        self.protocol.is_closed = self.protocol.used = None
        self.protocol = self.writer = None
        self.assertIsNone(protocol())

    def test_otherTransports(self):
        """A transport that is not a TCP socket, such as TLS, is written to."""
        for transport in (Transport(), StringTransport()):
            protocol = opened(EVERY_FAST_PATH, transport)
            self.assertIs(protocol.used, protocol)
            transport.clear()
            protocol.used.sendFrames([b"one", b"two"])
            self.assertEqual(transport.value(), framed([b"one", b"two"]))

    def test_pastSendData(self):
        """If Autobahn writes past sendData, everything is written to the transport."""

        class Other(Plain):
            def sendData(self, data, sync=False, chopsize=None):
                raise AssertionError("not used by this one")

            def succeedHandshake(self, result):
                self.state = self.STATE_OPEN
                self.current_frame, self.inside_message = None, False
                self.transport.write(b"101")
                self.onOpen()

        factory = factoryOf(Clock(), NO_FAST_PATH)
        factory.protocol = withFastPaths(Other, factory, EVERY_FAST_PATH)
        protocol = factory.buildProtocol(None)
        protocol.makeConnection(self.transport)
        protocol.dataReceived(HANDSHAKE)
        self.assertIs(protocol.used, protocol)


class WithoutFastPaths:
    """Tests of a site's sockets, without fast paths."""

    def setUp(self):
        self.patch(test_transport, "InMemorySite", _plainSite)
        super().setUp()


def _plainSite(testCase, *args, **options):
    return _InMemorySite(testCase, *args, _fastPaths=NO_FAST_PATH, **options)


_InMemorySite = InMemorySite


class PlainOpenTests(WithoutFastPaths, test_transport.OpenTests):
    """The first message, without fast paths."""


class PlainCloseTests(WithoutFastPaths, test_transport.CloseTests):
    """Messages that a browser must not send, without fast paths."""


class PlainLifeTests(WithoutFastPaths, test_transport.LifeTests):
    """Connections that go quiet, without fast paths."""
