"""
Broadcasts to many sockets in one loop; on real sockets whose kernel buffers are small. ``test_fastpath.py`` tests a
single writer, with the protocol that it belongs to.
"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.fastpaths import EVERY_FAST_PATH
from athenalite._server.directwrite import DirectWriter, sendToAll
from athenalite._server.frames import frame, framed
from athenalite._server.site import AthenaSite
from athenalite.limits import Limits
from harness.waiting import waitUntil
from tests.memory import MemoryTransport
from tests.server import test_site
from tests.server.test_fastpath import Reactor, SocketTransport, opened, socketPair

#: More than the kernel takes of these sockets, and less.
LARGE = b"x" * 300_000
SHORT = b"short"
PAGES = st.sets(st.integers(0, 4))


class Peer:
    """
    One page's end of a connection, and the server's.

    :ivar writer: the server's end.
    :ivar received: the bytes received.
    """

    def __init__(self, reactor):
        self.socket, self._ours = socketPair()
        self.socket.setblocking(False)
        self.transport = SocketTransport(self._ours, None, reactor)
        self.protocol = opened(EVERY_FAST_PATH, self.transport)
        self.writer = self.protocol.used
        self.received = b""

    def read(self):
        """Read the bytes that have arrived."""
        try:
            while data := self.socket.recv(65536):
                self.received += data
        except BlockingIOError:
            pass

    def close(self):
        """Close both ends."""
        self.socket.close()
        self._ours.close()


class ManyTestCase(SynchronousTestCase):
    """Five pages."""

    def setUp(self):
        self.make()

    def make(self):
        """Make them."""
        self.reactor = Reactor()
        self.peers = [Peer(self.reactor) for _ in range(5)]
        for peer in self.peers:
            self.addCleanup(peer.close)
        self.settle()
        for peer in self.peers:
            peer.received = b""

    def send(self, *messages, to=None):
        """Send to all pages, or to those with these numbers."""
        sendToAll([self.peers[number].writer for number in (range(5) if to is None else to)], list(messages))

    def settle(self, *but):
        """Run some reactor iterations, in which all pages but these read."""
        for _ in range(3):
            for one in list(self.reactor.writers):
                one.doWrite()
            for number, peer in enumerate(self.peers):
                if number not in but:
                    peer.read()

    def assertArrives(self, *expected):
        """Assert that each page receives exactly this, while the reactor runs."""
        waitUntil(
            lambda: all(len(peer.received) >= len(one) for peer, one in zip(self.peers, expected, strict=True)),
            lambda: [len(peer.received) for peer in self.peers],
            pause=lambda seconds: self.settle(),
        )
        self.settle()
        for number, (peer, one) in enumerate(zip(self.peers, expected, strict=True)):
            self.assertTrue(peer.received == one, f"page {number} got something else")


class SendToAllTests(ManyTestCase):
    """``sendToAll``."""

    def test_atOnce(self):
        """All pages have received the message before the next reactor iteration."""
        self.assertEqual({type(peer.writer) for peer in self.peers}, {DirectWriter})
        self.send(b"one", b"two")
        for peer in self.peers:
            peer.read()
        self.assertEqual([peer.received for peer in self.peers], [framed([b"one", b"two"])] * 5)
        self.assertEqual(self.reactor.writers, set())

    def test_refused(self):
        """If the kernel accepts a part or nothing, the rest follows later; no other socket waits for that."""
        # A socket with a full buffer; the kernel refuses the next write with an error, not with a number.
        self.send(LARGE, to=[1, 3])
        self.send(SHORT)
        for number in (0, 2, 4):
            self.peers[number].read()
            self.assertEqual(self.peers[number].received, frame(SHORT))
        short, both = frame(SHORT), framed([LARGE, SHORT])
        self.assertArrives(short, both, short, both, short)
        self.assertEqual([peer.protocol.reading for peer in self.peers], [[], [False, True], [], [False, True], []])

    def test_lost(self):
        """A socket that the event loop does not watch any more, as a lost one of uvloop, is aborted, and no other."""
        lost = self.peers[1]
        aborted = []
        lost.protocol.abortSocket = lambda: aborted.append(lost)

        def write(data):
            raise RuntimeError("the handler is closed")

        self.patch(lost.transport, "write", write)
        self.send(LARGE, to=[1, 3])
        self.assertEqual(aborted, [lost])
        self.send(SHORT)
        self.settle(1)
        self.assertEqual([self.peers[number].received for number in (0, 2, 4)], [frame(SHORT)] * 3)
        self.assertEqual(aborted, [lost])

    def test_full(self):
        """The kernel accepts nothing, on the first socket and on the last."""
        first, last = self.fill(0), self.fill(4)
        self.send(SHORT)
        short = frame(SHORT)
        self.assertArrives(first + short, short, short, short, last + short)
        self.assertEqual([peer.protocol.reading for peer in self.peers], [[False, True], [], [], [], [False, True]])

    def fill(self, number):
        """Fill the kernel's buffer of one socket, without its writer, and return the bytes it took."""
        taken = 0
        try:
            while True:
                taken += self.peers[number].transport.getHandle().send(b"y" * 1000)
        except BlockingIOError:
            return b"y" * taken

    def test_dead(self):
        """A lost connection is left for its transport to detect; all others are sent to."""
        for number in (0, 2):
            self.peers[number].socket.close()
            self.peers[number].read = lambda: None
        self.send(SHORT)
        self.send(SHORT)
        self.settle()
        self.assertEqual([self.peers[number].received for number in (1, 3, 4)], [framed([SHORT, SHORT])] * 3)

    def test_closing(self):
        """A closing socket is sent nothing after its close frame."""
        self.peers[2].protocol.sendCloseFrame(4000, b"over")
        self.send(SHORT)
        self.settle()
        self.assertEqual(
            [peer.received for peer in self.peers[::2]], [frame(SHORT), b"\x88\x06\x0f\xa0over", frame(SHORT)]
        )

    def test_otherTransports(self):
        """If one is not a DirectWriter, as over TLS, each socket sends for itself."""
        other = MemoryTransport()
        sendToAll([self.peers[0].writer, other, self.peers[1].writer], [b"[1]"])
        self.assertEqual(other.take(), [[1]])
        self.assertArrives(frame(b"[1]"), frame(b"[1]"), b"", b"", b"")

    def test_few(self):
        """A single socket is sent to, and an empty list is no error."""
        self.send(SHORT, to=[3])
        self.send(SHORT, to=[])
        self.assertArrives(b"", b"", b"", frame(SHORT), b"")

    @settings(max_examples=30, suppress_health_check=[HealthCheck.differing_executors])
    @given(st.lists(st.tuples(PAGES, st.sampled_from([1, 100, 3000, 40_000]), PAGES), max_size=12))
    def test_order(self, script):
        """Each page gets all of its messages in order, whichever pages do not read for a while."""
        self.make()
        expected = [b""] * 5
        for number, (to, size, slow) in enumerate(script):
            messages = [b"%d " % number * size]
            self.send(*messages, to=sorted(to))
            for page in to:
                expected[page] += framed(messages)
            self.settle(*slow)
        self.assertArrives(*expected)


class FlushTests(SynchronousTestCase):
    """``flush``: the responses of a site on a pair of real sockets whose kernel buffer is small."""

    def setUp(self):
        self.peer, ours = socketPair()
        self.addCleanup(self.peer.close)
        self.addCleanup(ours.close)
        self.peer.setblocking(False)
        self.clock, self.reactor = Clock(), Reactor()
        self.transport = SocketTransport(ours, None, self.reactor)
        self.transport.setTcpNoDelay = lambda enabled: None
        self.root = test_site.Root()
        self.channel = self.transport.protocol = AthenaSite(self.root, Limits(), self.clock).buildProtocol(None)
        self.channel.makeConnection(self.transport)

    def read(self):
        """Return what has arrived."""
        try:
            return self.peer.recv(1_000_000)
        except BlockingIOError:
            return b""

    def test_atOnce(self):
        """A response that the kernel accepts is sent without an iteration of the reactor."""
        for data in (test_site.GET, test_site.GET):
            self.channel.dataReceived(data)
            self.assertTrue(self.read().endswith(b"answer"))
            self.assertEqual(self.reactor.writers, set())
            self.clock.advance(0)

    def test_later(self):
        """So is one that is finished later."""
        self.channel.dataReceived(test_site.LATER)
        self.root.waiting[0].write(b"late")
        self.root.waiting[0].finish()
        self.assertIn(b"late", self.read())

    def test_rest(self):
        """The reactor sends what the kernel has refused, and the next request is handled after that."""
        self.channel.dataReceived(test_site.LARGE + test_site.GET)
        received = self.read()
        self.assertGreater(len(received), 1000)
        self.clock.advance(0)
        self.assertEqual(self.root.bodies, [b""])

        def arrived():
            for writer in list(self.reactor.writers):
                writer.doWrite()
            self.clock.advance(0)
            nonlocal received
            received += self.read()
            return received.endswith(b"answer")

        waitUntil(arrived, "the rest has not arrived")
        self.assertEqual((received.count(b"HTTP/1.1 200 OK"), received.count(b"x" * 100_000)), (2, 1))

    def test_closing(self):
        """The reactor sends the last response of a connection, because it has to end that then."""
        self.channel.dataReceived(test_site.LAST)
        self.assertEqual((self.read(), self.reactor.writers), (b"", {self.transport}))
        reason = self.transport.doWrite()
        self.assertTrue(self.read().endswith(b"answer"))
        self.assertIsInstance(reason, ConnectionDone)

    def test_disconnecting(self):
        """So it does if a resource has closed the connection itself."""
        self.channel.dataReceived(test_site.LATER)
        self.root.waiting[0].write(b"late")
        self.transport.loseConnection()
        self.root.waiting[0].finish()
        self.assertEqual(self.reactor.writers, {self.transport})
        self.assertIsInstance(self.transport.doWrite(), ConnectionDone)
