# -*- test-case-name: tests.server.test_site -*-
"""HTTP requests are bounded in time and in size, on a clock and without a port."""

from functools import partial

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http import HTTPChannel
from twisted.web.http_headers import Headers
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from athenalite._core.sitelog import PER_PEER, SiteLog
from athenalite._server.site import AthenaSite
from athenalite.limits import Limits

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LATER = b"GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
LARGE = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Root(Resource):
    """Answers every request, ``/later`` when ``waiting`` is finished, and records the bodies."""

    isLeaf = True

    def __init__(self):
        super().__init__()
        self.bodies = []
        self.waiting = []

    def render(self, request):
        self.bodies.append(request.content.read())
        if request.path == b"/later":
            self.waiting.append(request)
            return NOT_DONE_YET
        return b"x" * 100_000 if request.path == b"/large" else b"answer"


class Failing(Resource):
    """Raises an error for each request."""

    isLeaf = True

    def render(self, request):
        raise ValueError("\x1b[31m")


class LogTests(SynchronousTestCase):
    """Twisted's events that a peer causes go through the site's log, bounded for each address."""

    def setUp(self):
        self.clock = Clock()
        self.logged = []
        log = SiteLog(Logger("tests", observer=self.logged.append), self.clock, lambda text: False)
        self.site = AthenaSite(Failing(), Limits(requestTimeout=10), self.clock, log)

    def connect(self):
        """Return a connection of a peer."""
        transport = StringTransportWithDisconnection()
        transport.abortConnection = transport.loseConnection
        transport.protocol = channel = self.site.buildProtocol(None)
        channel.makeConnection(transport)
        return channel

    def texts(self):
        """Return the events, formatted as in a file."""
        return [eventAsText(event) for event in self.logged]

    def test_failures(self):
        """A resource that raises."""
        for _ in range(100):
            self.connect().dataReceived(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        self.assertIn(r"ValueError: \x1b[31m", self.texts()[0])
        self.assertLess(sum(map(len, self.texts())), PER_PEER)
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_timeouts(self):
        """Connections that receive nothing."""
        for _ in range(1000):
            self.connect()
        self.clock.advance(10)
        self.assertIn("Timing out client", self.texts()[0])
        self.assertLess(sum(map(len, self.texts())), PER_PEER)

    def test_without(self):
        """Without such a log Twisted uses its own."""
        self.site.siteLog = None
        self.connect().dataReceived(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(self.logged, [])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)


class Transport(StringTransportWithDisconnection):
    """
    A transport whose peer reads only by :meth:`read`: it buffers writes, pauses its producer above 64 KiB, and
    closes when all has been read.
    """

    def __init__(self):
        super().__init__()
        self.held = 0
        self.paused = False

    def write(self, data):
        if not self.connected:
            return
        super().write(data)
        self.held += len(data)
        if self.held > 65536 and self.producer is not None:
            self.paused = True
            self.producer.pauseProducing()

    def writeSequence(self, data):
        self.write(b"".join(data))

    def read(self):
        """Read everything as the peer."""
        self.held = 0
        if self.paused and self.producer is not None:
            self.paused = False
            self.producer.resumeProducing()
        elif self.disconnecting:
            super().loseConnection()

    def unregisterProducer(self):
        self.producer = None

    def resumeProducing(self):
        self.producerState = "producing"

    def loseConnection(self):
        self.disconnecting = True
        if not self.held:
            super().loseConnection()

    def abortConnection(self):
        self.disconnected = self.disconnecting = True
        super().loseConnection()


class ConnectionTestCase(SynchronousTestCase):
    """One connection to a site that allows ten seconds and a thousand bytes."""

    transportFactory: type[StringTransportWithDisconnection] = StringTransportWithDisconnection

    def setUp(self):
        self.clock = Clock()
        self.root = Root()
        site = AthenaSite(self.root, Limits(requestTimeout=10, maxRequestSize=1000), self.clock)
        self.transport = self.transportFactory()
        self.channel = self.transport.protocol = site.buildProtocol(None)
        self.channel.makeConnection(self.transport)

    def receive(self, *pieces):
        """Receive these pieces; return the bytes sent since."""
        for piece in pieces:
            if self.transport.connected:
                self.channel.dataReceived(piece)
        return self.transport.value()

    def iterate(self):
        """Run one iteration of the reactor; calls made during it are not due."""
        for call in self.clock.getDelayedCalls():
            if call.active() and call.getTime() <= self.clock.seconds():
                self.clock.calls.remove(call)
                call.called = 1
                call.func(*call.args, **call.kw)

    def answers(self):
        """Return the number of responses written."""
        return self.transport.value().count(b"HTTP/1.1 200 OK")


class SiteTests(ConnectionTestCase):
    """One request after the other."""

    def test_request(self):
        """A common request is answered, and so is the next on the same connection."""
        self.receive(GET)
        self.iterate()
        self.receive(GET)
        self.assertEqual(self.answers(), 2)
        self.iterate()
        self.assertEqual([call.getTime() for call in self.clock.getDelayedCalls()], [10])

    def test_head(self):
        """The head of a response is that of Twisted's channel, which writes it in many parts."""
        headers = Headers({b"content-type": [b"text/plain"], b"set-cookie": [b"a=1", b"b=2"], b"x-empty": [b""]})
        written = []
        for write in (self.channel.writeHeaders, partial(HTTPChannel.writeHeaders, self.channel)):
            self.transport.clear()
            write(b"HTTP/1.1", b"200", b"OK", headers)
            written.append(self.transport.value())
        self.assertEqual(written[0], written[1])
        self.assertIn(b"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n", written[0])

    def test_slow(self):
        """A request that arrives byte by byte has ten seconds in all."""
        for byte in b"GET / HTTP/1.1":
            self.receive(bytes([byte]))
            self.clock.advance(1)
        self.assertFalse(self.transport.connected)
        self.assertEqual(self.root.bodies, [])

    def test_slowBody(self):
        """A request with a slow body has no more time."""
        self.receive(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n")
        for _ in range(12):
            self.receive(b"x")
            self.clock.advance(1)
        self.assertFalse(self.transport.connected)
        self.assertEqual(self.root.bodies, [])

    def test_idle(self):
        """The timeout restarts after a response; a peer that then sends no request is disconnected."""
        self.clock.advance(9)
        self.receive(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.clock.advance(9)
        self.assertTrue(self.transport.connected)
        self.clock.advance(1)
        self.assertFalse(self.transport.connected)

    def test_body(self):
        """A body within the bounds is discarded."""
        answer = self.receive(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", b"x" * 1000)
        self.assertIn(b"200 OK", answer)
        self.assertEqual(self.root.bodies, [b""])

    def test_declaredTooLarge(self):
        """A body with a too large Content-Length is refused before it arrives."""
        answer = self.receive(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n")
        self.assertEqual(answer[:13], b"HTTP/1.1 413 ")
        self.assertFalse(self.transport.connected)

    def test_endless(self):
        """A body of unknown length is refused once, where it becomes too large, and its request is not handled."""
        head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunk = b"64\r\n" + b"x" * 100 + b"\r\n"
        answer = self.receive(head, *[chunk] * 10)
        self.assertEqual(answer, b"")
        answer = self.receive(chunk + chunk + b"0\r\n\r\n")
        self.assertEqual(answer.count(b"HTTP/1.1 413 "), 1)
        self.assertFalse(self.transport.connected)
        self.assertEqual(self.root.bodies, [])

    def test_hugeNumber(self):
        """A number with more digits than Python converts is a bad request, anywhere in the head."""
        for lines in (
            b"Content-Length: " + b"9" * 5000,
            b"Content-Length: " + b"9" * 5000 + b"\r\nHost: localhost",
            b"Transfer-Encoding: chunked\r\n\r\n" + b"9" * 5000,
        ):
            self.setUp()
            answer = self.receive(b"POST / HTTP/1.1\r\n" + lines + b"\r\n\r\n", b"xx" + GET)
            self.assertEqual(answer[:12], b"HTTP/1.1 400")
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1)
            self.assertFalse(self.transport.connected)
            self.assertEqual(self.root.bodies, [])

    def test_longLine(self):
        """So is an endless line."""
        self.assertIn(b"HTTP/1.1 400 ", self.receive(b"GET /" + b"x" * 20_000))
        self.assertFalse(self.transport.connected)

    def test_http2(self):
        """HTTP/2 is not offered, though Twisted would offer it."""
        self.assertEqual(self.channel.factory.acceptableProtocols(), [b"http/1.1"])


class PipelineTests(ConnectionTestCase):
    """Requests that arrive before the responses to earlier ones have been read."""

    transportFactory = Transport

    def test_onePerIteration(self):
        """Of requests in one segment, one is handled in each iteration, and nothing more is read."""
        self.receive(GET * 4)
        for count in range(1, 4):
            self.assertEqual((self.answers(), self.transport.producerState), (count, "paused"))
            self.iterate()
        self.assertEqual(self.answers(), 4)
        self.iterate()
        self.assertEqual(self.transport.producerState, "producing")

    def test_severalReads(self):
        """The same holds for requests that are delivered one by one within an iteration, as by TLS."""
        self.receive(GET, GET, GET)
        for count in range(1, 4):
            self.assertEqual(self.answers(), count)
            self.iterate()

    def test_afterBody(self):
        """The same holds for requests after a body."""
        self.receive(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello" + GET * 2)
        for count in range(1, 4):
            self.assertEqual(self.answers(), count)
            self.iterate()

    def test_whileHandled(self):
        """Requests after one that is slow to handle wait for it, unread beyond the first read."""
        self.receive(LATER)
        self.assertEqual(self.transport.producerState, "producing")
        self.receive(GET)
        self.assertEqual((self.answers(), self.transport.producerState), (0, "paused"))
        self.root.waiting[0].finish()
        self.assertEqual(self.answers(), 1)
        self.iterate()
        self.assertEqual(self.answers(), 2)

    def test_unread(self):
        """No request is handled while a response is unread; the next one is handled after that."""
        self.receive(LARGE * 3)
        for count in (1, 2, 3):
            for _ in range(3):
                self.iterate()
            self.assertEqual(self.answers(), count)
            self.assertLess(self.transport.held, 200_000)
            self.transport.read()
        self.iterate()
        self.assertEqual(self.transport.producerState, "producing")

    def test_unreadSmall(self):
        """Unread small responses take no more than the transport's buffer."""
        self.receive(GET * 3000)
        for _ in range(3100):
            self.iterate()
        self.assertLess(self.transport.held, 66_000)
        self.assertLess(self.answers(), 3000)

    def test_unreadTimeout(self):
        """A peer that does not read a response is disconnected after the timeout, also with pipelined requests."""
        for data in (LARGE, LARGE * 2, LARGE + LAST, LARGE.replace(b"Host", b"Connection: close\r\nHost")):
            self.setUp()
            self.receive(data)
            self.iterate()
            self.clock.advance(9)
            self.assertTrue(self.transport.connected)
            self.clock.advance(1)
            self.assertEqual((self.transport.connected, self.transport.disconnected), (False, True), data)
            self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_unreadRest(self):
        """So is one that leaves less than the transport's buffer unread, and sends no request for as long."""
        self.receive(GET)
        self.clock.advance(10)
        self.assertTrue(self.transport.disconnecting)
        self.clock.advance(10)
        self.assertEqual((self.transport.connected, self.transport.disconnected), (False, True))

    def test_unreadRefusal(self):
        """So is one that does not read a refusal."""
        self.receive(b"nonsense\r\n\r\n")
        self.assertTrue(self.transport.disconnecting)
        self.clock.advance(10)
        self.assertEqual((self.transport.connected, self.transport.disconnected), (False, True))
