# -*- test-case-name: tests.server.test_closing -*-
"""
Closes sockets in bounded time, whether or not their peers read, and frees their memory.

It is apart from :mod:`athenalite._server.websocket` to keep both short.
"""

from __future__ import annotations

from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from ..errors import CLOSE_MESSAGE_TOO_BIG
from .autobahn import WebSocketServerProtocol
from .peer import pathOf
from .tls import abortUnderTLS, release, stopReceiving

#: How long a peer may take to answer a close frame, or to read what was sent before the connection ends, in seconds.
CLOSING: Final = 1.0
#: How many fragments a message may have: an empty one takes memory, and counts no bytes.
_MAX_FRAGMENTS: Final = 1000
#: How long a socket's first message may be, in bytes. A peer that has no page cannot make the server hold more.
_MAX_OPEN: Final = 4096
#: RFC 6455 section 5.5: a control frame's payload is at most 125 bytes, two of which are the code.
_MAX_REASON: Final = 123


class ClosesInTime(WebSocketServerProtocol):  # type: ignore[misc]
    """
    A WebSocket whose connection ends within two seconds after either side has closed it, and within one second if the
    peer does not read.

    :ivar hasReceived: whether a message has arrived completely.
    :ivar isFull: whether the transport's write buffer is full, and its producer paused.
    """

    factory: Any
    hasReceived = False
    isFull = False
    #: See :func:`athenalite._server.peer.forwardedFor`.
    forwardedFor: str | None = None
    _drop: IDelayedCall | None = None
    _isIncomplete = False

    @property
    def peerPath(self) -> tuple[str, ...]:
        """See :func:`athenalite._server.peer.peerOf`. Made when it is needed: there is one for each page."""
        return pathOf(self.transport.getPeer(), self.forwardedFor)

    def dataReceived(self, data: bytes) -> None:
        """Bytes have arrived. The messages that are incomplete after that are bounded for the whole site."""
        super().dataReceived(data)
        self._setIncomplete(self.state == self.STATE_OPEN and self.inside_message)

    def _setIncomplete(self, isIncomplete: bool) -> None:
        if isIncomplete is not self._isIncomplete:
            self._isIncomplete = isIncomplete
            (self.factory.incomplete.add if isIncomplete else self.factory.incomplete.remove)(self)

    def closeSocket(self, code: int, reason: str) -> None:
        """See :class:`athenalite.interfaces.ITransport`."""
        if self.isFull:
            # A close frame would wait behind bytes that the peer does not read.
            self.abortSocket()
            return
        # Autobahn's sendClose takes only the codes that RFC 6455 section 7.4 leaves to applications.
        # An application's text may have a lone surrogate, which has no UTF-8.
        cut = reason.encode("utf-8", "replace")[:_MAX_REASON].decode("utf-8", "ignore")
        self.sendCloseFrame(code, cut.encode("utf-8"))

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False) -> None:
        """Send a close frame (RFC 6455 section 5.5.1), the last frame of this side."""
        super().sendCloseFrame(code, reasonUtf8, isReply)
        # The peer has a second to answer, in which nothing of this is needed: a message of which it has sent a part,
        # and some 260 KiB of a compressor. What arrives can still be inflated.
        if self.inside_message:
            self.message_data.clear()
        if self._perMessageCompress is not None:
            self._perMessageCompress._compressor = None

    def onMessageFrameBegin(self, length: int) -> None:
        """A frame of a message begins: close the socket if that message will take too much memory."""
        super().onMessageFrameBegin(length)
        if len(self.message_data) > _MAX_FRAGMENTS:
            self.sendCloseFrame(CLOSE_MESSAGE_TOO_BIG, b"too many fragments")
        elif not self.hasReceived and self.message_data_total_length > _MAX_OPEN:
            self.sendCloseFrame(CLOSE_MESSAGE_TOO_BIG, b"a socket must identify its page first")

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """Write to the transport. A connection that the event loop has given up is aborted."""
        try:
            super().sendData(data, sync, chopsize)
        except Exception:
            # uvloop closes its handle of a connection that is reset, and refuses another. Twisted does not find out.
            self.wasNotCleanReason = "the connection was reset"
            self.dropConnection(abort=True)

    def abortSocket(self) -> None:
        """See :class:`athenalite.interfaces.ITransport`."""
        self.wasNotCleanReason = "the peer does not read"
        self.dropConnection(abort=True)

    def dropConnection(self, abort: bool = False) -> None:
        """End the connection: at once, or when the write buffer is empty, after :data:`CLOSING` seconds at most."""
        if self.wasCloseHandshakeTimeout and not self.isFull:
            # A browser on a busy machine may be slower than that to read the close frame. If the connection was reset
            # meanwhile, its reply to it fails, and it loses the reason.
            abort = False
        try:
            # TLS does not shut down while a producer is registered.
            self.transport.unregisterProducer()
            stopReceiving(self.transport)
            super().dropConnection(abort)
        except Exception:
            # As in sendData: TLS sends an alert, and the write buffer is to be written.
            abortUnderTLS(self.transport)
            return
        if not abort and self._drop is None:
            self._drop = self.factory.reactor.callLater(CLOSING, abortUnderTLS, self.transport)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is lost."""
        drop, self._drop = self._drop, None
        if drop is not None and drop.active():
            drop.cancel()
        super().connectionLost(reason)
        self._setIncomplete(False)
        release(self.transport, reason)
        # Its result is this object: a cycle.
        self.is_closed = None
