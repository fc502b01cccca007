# -*- test-case-name: tests.test_site -*-
"""HTTP requests are bounded in time and in size, on a clock and without a port."""

from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource

from athenalite.limits import Limits
from athenalite.site import AthenaSite
from athenalite.sitelog import PER_PEER, SiteLog


class Root(Resource):
    """Answers everything, and remembers the bodies."""

    isLeaf = True

    def __init__(self):
        super().__init__()
        self.bodies = []

    def render(self, request):
        self.bodies.append(request.content.read())
        return b"answer"


class Failing(Resource):
    """Answers nothing."""

    isLeaf = True

    def render(self, request):
        raise ValueError("\x1b[31m")


class LogTests(SynchronousTestCase):
    """What Twisted logs because of a peer goes through the site's log, bounded for each address."""

    def setUp(self):
        self.clock = Clock()
        self.logged = []
        log = SiteLog(Logger("tests", observer=self.logged.append), self.clock, lambda text: False)
        self.site = AthenaSite(Failing(), Limits(requestTimeout=10), self.clock, log)

    def connect(self):
        """One connection of a peer."""
        transport = StringTransportWithDisconnection()
        transport.abortConnection = transport.loseConnection
        transport.protocol = channel = self.site.buildProtocol(None)
        channel.makeConnection(transport)
        return channel

    def texts(self):
        """The events, as a file would have them."""
        return [eventAsText(event) for event in self.logged]

    def test_failures(self):
        """A resource that raises."""
        for _ in range(100):
            self.connect().dataReceived(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        self.assertIn(r"ValueError: \x1b[31m", self.texts()[0])
        self.assertLess(sum(map(len, self.texts())), PER_PEER)
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_timeouts(self):
        """Connections on which nothing comes."""
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


class SiteTests(SynchronousTestCase):
    """One connection to a site that allows ten seconds and a thousand bytes."""

    def setUp(self):
        self.clock = Clock()
        self.root = Root()
        site = AthenaSite(self.root, Limits(requestTimeout=10, maxRequestSize=1000), self.clock)
        self.transport = StringTransportWithDisconnection()
        self.channel = self.transport.protocol = site.buildProtocol(None)
        self.channel.makeConnection(self.transport)

    def receive(self, *pieces):
        """The server reads these pieces; what it has sent by then."""
        for piece in pieces:
            if self.transport.connected:
                self.channel.dataReceived(piece)
        return self.transport.value()

    def test_request(self):
        """A common request is answered, and so is the next on the same connection."""
        request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        self.assertEqual(self.receive(request, request).count(b"HTTP/1.1 200 OK"), 2)

    def test_slow(self):
        """A request whose bytes come one by one has ten seconds, however steadily they come."""
        for byte in b"GET / HTTP/1.1":
            self.receive(bytes([byte]))
            self.clock.advance(1)
        self.assertFalse(self.transport.connected)
        self.assertEqual(self.root.bodies, [])

    def test_slowBody(self):
        """So has one whose body comes so."""
        self.receive(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n")
        for _ in range(12):
            self.receive(b"x")
            self.clock.advance(1)
        self.assertFalse(self.transport.connected)
        self.assertEqual(self.root.bodies, [])

    def test_idle(self):
        """Time begins again after an answer; who then asks nothing is disconnected."""
        self.clock.advance(9)
        self.receive(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.clock.advance(9)
        self.assertTrue(self.transport.connected)
        self.clock.advance(1)
        self.assertFalse(self.transport.connected)

    def test_body(self):
        """A body within the bounds is read past, and not kept."""
        answer = self.receive(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", b"x" * 1000)
        self.assertIn(b"200 OK", answer)
        self.assertEqual(self.root.bodies, [b""])

    def test_declaredTooLarge(self):
        """A body that is announced too large is refused before it comes."""
        answer = self.receive(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n")
        self.assertStartsWith(answer, b"HTTP/1.1 413 ")
        self.assertFalse(self.transport.connected)

    def test_endless(self):
        """A body of unknown length is refused where it becomes too large, once, and its request is not run."""
        head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunk = b"64\r\n" + b"x" * 100 + b"\r\n"
        answer = self.receive(head, *[chunk] * 10)
        self.assertEqual(answer, b"")
        answer = self.receive(chunk + chunk + b"0\r\n\r\n")
        self.assertEqual(answer.count(b"HTTP/1.1 413 "), 1)
        self.assertFalse(self.transport.connected)
        self.assertEqual(self.root.bodies, [])

    def test_http2(self):
        """HTTP/2 is not offered, wherever Twisted would."""
        self.assertEqual(self.channel.factory.acceptableProtocols(), [b"http/1.1"])

    def assertStartsWith(self, text, start):
        """The text begins so."""
        self.assertEqual(text[: len(start)], start)
