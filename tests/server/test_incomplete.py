# -*- test-case-name: tests.server.test_incomplete -*-
"""The bound on a site's sockets with incomplete messages, and real sockets in memory."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.states import State
from athenalite._server.incomplete import IncompleteMessages
from athenalite.limits import Limits
from harness.rawsocket import frame
from tests.pages import InMemorySite


class Socket:
    """A socket of a peer."""

    def __init__(self, *peerPath):
        self.peerPath = peerPath
        self.closed = None

    def closeSocket(self, code, reason):
        """Record the reason."""
        self.closed = code, reason


class IncompleteMessagesTests(SynchronousTestCase):
    """A bound of three incomplete messages."""

    def setUp(self):
        self.incomplete = IncompleteMessages(3)

    def test_largest(self):
        """The peer with the most incomplete messages loses the oldest; a slow one with a single message does not."""
        honest, hostile = Socket("1.2.3.4"), [Socket("4.3.2.1") for _ in range(3)]
        for socket in (honest, *hostile):
            self.incomplete.add(socket)
        self.assertEqual([socket.closed for socket in (honest, *hostile[1:])], [None] * 3)
        self.assertEqual(hostile[0].closed, (1013, "too many incomplete messages"))
        self.assertEqual(len(self.incomplete), 3)

    def test_removed(self):
        """A complete message does not count."""
        sockets = [Socket("1.2.3.4") for _ in range(10)]
        for socket in sockets:
            self.incomplete.add(socket)
            self.incomplete.remove(socket)
        self.assertEqual((len(self.incomplete), [socket.closed for socket in sockets]), (0, [None] * 10))


class SocketTests(SynchronousTestCase):
    """The sockets of a site that allows two incomplete messages."""

    def setUp(self):
        self.site = InMemorySite(self, limits=Limits(maxMessagesIncomplete=2))
        self.sockets = [self.site.page()[1] for _ in range(3)]
        self.factory = self.sockets[0].transport.protocol.factory

    @property
    def incomplete(self):
        """Return the number of incomplete messages."""
        return len(self.factory.incomplete)

    def receive(self, number, data):
        """Receive bytes on a socket."""
        self.sockets[number].transport.protocol.dataReceived(data)

    def test_beyond(self):
        """The third one closes the first, whose page is not lost."""
        for number in range(3):
            self.receive(number, frame(b"x", fin=False))
        self.assertEqual(self.incomplete, 2)
        # The message is freed before the peer has answered the close frame.
        self.assertEqual(self.sockets[0].transport.protocol.message_data, [])
        self.sockets[0].messages()
        self.assertEqual(self.sockets[0].closed[0], 1013)
        self.assertIs(list(self.site.factory.sessions._sessions.values())[0].state, State.CONNECTED)

    def test_complete(self):
        """Messages in fragments, or in segments, do not count when they are complete."""
        data = frame(b'["noop"]')
        for number in range(3):
            self.receive(number, data[:5])
            self.assertEqual(self.incomplete, 0)
            self.receive(number, data[5:])
            self.receive(number, data[:9])
            self.assertEqual(self.incomplete, 1)
            self.receive(number, data[9:])
            self.assertEqual(self.incomplete, 0)

    def test_lost(self):
        """A lost socket does not count."""
        self.receive(0, frame(b"x", fin=False))
        self.sockets[0].lose()
        self.assertEqual(self.incomplete, 0)
