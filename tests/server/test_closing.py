# -*- test-case-name: tests.server.test_closing -*-
"""Connections of peers that do not read end soon after their sockets are closed."""

from twisted.internet.interfaces import ISSLTransport
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from harness.messages import opening
from tests.pages import CLOSE, InMemorySite


class ClosingTests(SynchronousTestCase):
    """One page, and its socket."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.element, self.socket = self.site.page()
        self.transport = self.socket.transport

    def fill(self):
        """Fill the transport: it pauses its producer."""
        self.transport.producer.pauseProducing()

    def assertAborted(self):
        """The connection was aborted, without a close frame."""
        self.assertTrue(self.transport.disconnected)
        self.assertEqual((self.socket.messages(), self.socket.closed), ([], None))

    def test_replaced(self):
        """A full socket that is replaced is aborted at once; the new one works."""
        self.fill()
        again = self.site.socket()
        again.send(*opening(self.element.page.session.token, 0))
        self.assertEqual(again.messages(), [["opened", 0]])
        self.assertAborted()

    def test_lost(self):
        """So is a full socket of a lost page."""
        self.fill()
        self.element.page.close("over")
        self.assertAborted()

    def test_reads(self):
        """A peer that reads receives the reason, and has a second to answer."""
        self.fill()
        self.transport.producer.resumeProducing()
        self.element.page.close("over")
        self.socket.messages()
        self.assertEqual(self.socket.closed, (4000, "over"))
        self.assertFalse(self.transport.disconnected)
        self.site.clock.pump([0.1] * 9)
        self.assertFalse(self.transport.disconnecting)
        self.site.clock.pump([0.1] * 3)
        # Closed in order, and not reset: a browser that is slow can still read the reason, and reply.
        self.assertEqual((self.transport.disconnecting, self.transport.disconnected), (True, False))
        self.site.clock.pump([0.1] * 10)
        self.assertTrue(self.transport.disconnected)

    def test_stopsReading(self):
        """A peer that does not read what comes before the close frame is aborted when its second is over."""
        self.element.page.close("over")
        self.fill()
        self.site.clock.pump([0.1] * 9)
        self.assertFalse(self.transport.disconnected)
        self.site.clock.pump([0.1] * 3)
        self.assertTrue(self.transport.disconnected)

    def test_givenUp(self):
        """A connection that the event loop has given up is aborted, whatever is sent to it; the page stays."""

        def write(data):
            raise RuntimeError("the handler is closed")

        self.patch(self.transport, "write", write)
        self.element.callRemote("hear").addErrback(lambda failure: None)
        self.site.flush()
        self.assertAborted()
        self.assertEqual(len(self.site.factory.sessions), 1)
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_givenUpUnderTLS(self):
        """Under TLS such a connection is aborted below it: the alert cannot be written either."""

        @implementer(ISSLTransport)
        class Secure:
            transport = self.transport

            def getHandle(self):
                return None

            def unregisterProducer(self):
                raise RuntimeError("the handler is closed")

        protocol = self.transport.protocol
        protocol.transport = Secure()
        protocol.abortSocket()
        self.assertAborted()

    def test_surrogate(self):
        """A reason with a lone surrogate, which has no UTF-8, closes the socket as any other does."""
        self.element.page.close("over \ud800")
        self.socket.messages()
        self.assertEqual(self.socket.closed, (4000, "over ?"))

    def test_closedByPeer(self):
        """A peer that closes and does not read the remaining data has a second as well."""
        self.socket.sendFrame(b"", CLOSE)
        self.assertTrue(self.transport.disconnecting)
        self.site.clock.advance(0.9)
        self.assertFalse(self.transport.disconnected)
        self.site.clock.advance(0.2)
        self.assertTrue(self.transport.disconnected)

    def test_noTimer(self):
        """A lost connection leaves no timer."""
        before = set(self.site.clock.getDelayedCalls())
        self.socket.close()
        self.socket.messages()
        left = [call for call in self.site.clock.getDelayedCalls() if "abortConnection" in repr(call.func)]
        self.assertEqual(left, [])
        self.assertTrue(before)
