# -*- test-case-name: tests.server.test_websocket -*-
"""
WebSockets in a ``twisted.web`` site, by Autobahn.

:class:`AthenaProtocol` passes received messages to a :class:`Connection` and sends the messages of its session.
:mod:`athenalite._server.closing` has the end of a socket, and :mod:`athenalite._server.fastpath` fast paths for the
common cases. All three have Autobahn's names from :mod:`athenalite._server.autobahn`.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar, Final

from twisted.internet.interfaces import IPushProducer
from twisted.web.resource import IResource
from twisted.web.server import NOT_DONE_YET
from txaio.tx import make_logger
from zope.interface import implementer

from .._core.connection import Connection
from .._core.fastpaths import EVERY_FAST_PATH, FastPath
from .._core.registry import SessionRegistry
from .._core.states import LEFT
from .._core.wire import openingIn
from .._text.cookies import RequestedFactory, headersOf
from ..errors import (
    CLOSE_INVALID_PAYLOAD,
    CLOSE_MESSAGE_TOO_BIG,
    CLOSE_NO_CODE,
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    CLOSE_PROTOCOL_ERROR,
    CLOSE_UNSUPPORTED_DATA,
    ProtocolError,
)
from ..interfaces import Handshake, ITransport
from .autobahn import (
    OF_HANDSHAKE,
    ConnectionRequest,
    WebSocketResource,
    WebSocketServerFactory,
)
from .closing import CLOSING, ClosesInTime
from .compression import BOUNDS_INFLATION, DeflatedFrames, acceptance, isShared
from .fastpath import withFastPaths
from .frames import KEEP_ALIVE, Frames
from .handshake import Gate
from .incomplete import IncompleteMessages
from .leaving import pageLeft
from .peer import forwardedFor
from .resource import workerIn
from .responses import refusal
from .tls import stopReceiving

#: The subprotocol, for ``open`` in the handshake (``docs/protocol.rst``, "Opening and resuming a socket").
PROTOCOL: Final = "athenalite"
_OFFERED: Final = "sec-websocket-protocol"
_CONTINUATION: Final = 0
_TEXT: Final = 1
#: RSV1, the bit of a compressed message (RFC 7692 section 6).
_COMPRESSED: Final = 4
_BROKEN: Final = frozenset(
    (CLOSE_PROTOCOL_ERROR, CLOSE_UNSUPPORTED_DATA, CLOSE_INVALID_PAYLOAD, CLOSE_POLICY_VIOLATION, CLOSE_MESSAGE_TOO_BIG)
)


@implementer(ITransport, IPushProducer)
class AthenaProtocol(ClosesInTime):
    """One WebSocket: the transport of a :class:`Connection`."""

    # Autobahn logs two more lines for each refused or broken peer, and neither gives a remedy.
    log = make_logger("error")

    factory: AthenaServerFactory
    frames: ClassVar[Frames]
    deflatedFrames: ClassVar[DeflatedFrames]
    closeHandshakeTimeoutCall: Any
    #: Parsed by twisted.web. Autobahn takes a byte such as the second of a UTF-8 "Å" for the end of a line.
    requestHeaders: dict[str, str]
    _connection: Connection | None = None
    _handshake: Handshake
    _opening: bytes | None = None
    _pauses = 0
    #: The one that the address names.
    worker = ""

    # ITransport

    def sendFrames(self, messages: list[bytes]) -> None:
        # Autobahn raises once the closing handshake has begun.
        if self.state != self.STATE_OPEN:
            return
        frames = self.sharedFrames()
        if frames is not None:
            self.sendData(frames.of(messages))
            return
        for message in messages:
            # sendMessage would apply maxMessagePayloadSize, which is for received messages.
            self.sendFrame(opcode=_TEXT, payload=self._compressed(message), rsv=_COMPRESSED)

    def sharedFrames(self) -> Frames | None:
        """Return what makes the same frames for this socket as for others; None if they are its own."""
        if self._perMessageCompress is None:
            return self.frames
        return self.deflatedFrames if isShared(self._perMessageCompress) else None

    def sendKeepAlive(self) -> None:
        if self.state == self.STATE_OPEN:
            # A message may be uncompressed also where compression is agreed on (RFC 7692 section 6).
            self.sendData(KEEP_ALIVE)

    def _compressed(self, message: bytes) -> bytes:
        deflate = self._perMessageCompress
        deflate.start_compress_message()
        data: bytes = deflate.compress_message_data(message) + deflate.end_compress_message()
        return data

    def pauseReading(self) -> None:
        self._pauses += 1
        self.transport.pauseProducing()

    def resumeReading(self) -> None:
        self._pauses -= 1
        if not self._pauses and self._connection is not None:
            self.transport.resumeProducing()

    # IPushProducer: the transport's write buffer is full, or empty again. While it is full, the peer is not read from.

    def pauseProducing(self) -> None:
        self.isFull = True
        self.pauseReading()
        if self._connection is not None:
            self._connection.sendingPaused()

    def resumeProducing(self) -> None:
        self.isFull = False
        self.resumeReading()
        if self._connection is not None:
            self._connection.sendingResumed()

    def stopProducing(self) -> None:
        """The transport is closing; :meth:`onClose` follows."""
        stopReceiving(self.transport)

    # Called by Autobahn, which discards exceptions, so none may be raised.

    def onConnect(self, request: ConnectionRequest) -> str | None:
        """
        :return: the subprotocol; None for a browser that offers none.
        """
        headers = self.requestHeaders
        # The application may log headers, and must not see the token.
        headers.pop(_OFFERED, None)
        self._handshake = Handshake(headers, str(request.peer), self.worker)
        if PROTOCOL in request.protocols:
            self._opening = openingIn(request.protocols)
        # Without the subprotocol in the response, the browser tries again and sends open as a message.
        return None if self._opening is None else PROTOCOL

    def failHandshake(self, reason: str, code: int = 400, responseHeaders: Iterable[Any] | None = None) -> None:
        self.factory.log.forAddress(self.peer).info(
            "Refused a socket of {peer}: {reason}", peer=self.peer, reason=reason
        )
        address = self.peerPath[-1 if self.forwardedFor is not None else -2]
        self.factory.gate.refuseInvalid(self.requestHeaders, address, code, reason)
        super().failHandshake(reason, code, responseHeaders)

    def sendHttpErrorResponse(self, code: int, reason: str, responseHeaders: Iterable[Any] | None = None) -> None:
        # Autobahn's reason quotes the peer's headers unescaped, so the response must not contain it.
        status = HTTPStatus(code)
        self.sendData(refusal(status, f"{status.phrase}: {status.description}".rstrip(": "), responseHeaders or ()))

    def onOpen(self) -> None:
        # The HTTP channel that this socket came from is still the transport's producer.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)
        opening, self._opening = self._opening, None
        self._connection = Connection(
            self.factory.sessions, self.sessionTransport(), self._handshake, hasOpen=opening is not None
        )
        del self._handshake, self.requestHeaders  # 2 KiB, which the connection drops when it is authorized
        for name in OF_HANDSHAKE:  # 2 KiB more, which Autobahn would keep
            self.__dict__.pop(name, None)
        if opening is not None:
            self.onMessage(opening, False)
        self.flushOpening()

    def flushOpening(self) -> None:
        """The handshake's response, and what the page is sent at once, are in the transport, which writes them."""

    def sessionTransport(self) -> ITransport:
        return self

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self._connection is None:
            return
        self.hasReceived = True
        try:
            if isBinary:
                self._connection.binaryReceived()
            else:
                self._connection.textReceived(payload)
        except Exception:
            self._connection.handlingFailed()

    def onMessageFrameBegin(self, length: int) -> None:
        super().onMessageFrameBegin(length)
        if not self.current_frame.fin or self.current_frame.opcode == _CONTINUATION:
            self._frameReceived()

    def onPing(self, payload: bytes) -> None:
        super().onPing(payload)
        self._frameReceived()

    def onPong(self, payload: bytes) -> None:
        self._frameReceived()

    def _frameReceived(self) -> None:
        if self._connection is not None:
            self._connection.frameReceived()

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False) -> None:
        super().sendCloseFrame(code, reasonUtf8, isReply)
        # Autobahn itself has detected a violation of the protocol.
        if code in _BROKEN and not isReply and self._connection is not None:
            self._connection.protocolFailed(ProtocolError((reasonUtf8 or b"").decode("utf-8", "replace"), code))

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        connection, self._connection = self._connection, None
        if self.closeHandshakeTimeoutCall is not None:
            # Autobahn does not cancel it if the connection is lost before the peer's close frame.
            self.closeHandshakeTimeoutCall.cancel()
            self.closeHandshakeTimeoutCall = None
        if connection is not None:
            if code == CLOSE_PAGE_LOST:
                connection.pageLeft(_printable(reason) or LEFT)
            connection.connectionLost(CLOSE_NO_CODE if code is None else code, reason or "")


def _printable(reason: str | None) -> str:
    return "".join(character for character in reason or "" if character.isprintable())


class AthenaServerFactory(WebSocketServerFactory):  # type: ignore[misc]
    """Autobahn's factory for the sockets of one site."""

    def __init__(
        self,
        sessions: SessionRegistry,
        gate: Gate,
        compress: bool | str,
        fastPaths: FastPath = EVERY_FAST_PATH,
    ) -> None:
        """
        :param gate: decides about handshakes by their HTTP requests.
        :param compress: whether to accept permessage-deflate, see :mod:`athenalite._server.compression`.
        :param fastPaths: see :mod:`athenalite._server.fastpath`.
        :raise RuntimeError: if ``compress`` is true and Autobahn does not bound the size of an inflated message.
        """
        super().__init__(server="athenalite", reactor=sessions.clock)
        self.sessions = sessions
        self.incomplete = IncompleteMessages(sessions.limits.maxMessagesIncomplete)
        self.log = sessions.log
        self.gate = gate
        limits = sessions.limits
        # Every value that differs from Autobahn's default has its reason in docs/security.rst.
        self.setProtocolOptions(
            versions=[13],
            webStatus=False,
            utf8validateIncoming=True,
            requireMaskedClientFrames=True,
            maxFramePayloadSize=limits.maxMessageSize,
            maxMessagePayloadSize=limits.maxMessageSize,
            failByDrop=False,
            echoCloseCodeReason=False,
            maxConnections=limits.maxConnections,
            # twisted.web has read the whole request, so Autobahn decides about it at once.
            openHandshakeTimeout=0,
            closeHandshakeTimeout=CLOSING,
            tcpNoDelay=True,
            # See athenalite._core.keepalive.
            autoPingInterval=0,
            autoPingTimeout=0,
            serveFlashSocketPolicy=False,
            # The gate has refused it.
            allowNullOrigin=True,
        )
        if compress:
            if not BOUNDS_INFLATION:
                raise RuntimeError(
                    "compress needs a newer autobahn: this version does not bound the size of an inflated message"
                )
            self.setProtocolOptions(perMessageCompressionAccept=acceptance(compress))
        self.protocol = withFastPaths(AthenaProtocol, self, fastPaths)


class _SocketResource(WebSocketResource):  # type: ignore[misc]
    def render(self, request: Any) -> Any:
        if request.method == b"POST":
            return pageLeft(self._factory.sessions, request)
        gate = self._factory.gate
        if gate.isMisdirected(request):
            return NOT_DONE_YET
        headers = headersOf(request)
        refused = gate.refusal(request, headers)
        if refused is not None:
            return refused
        channel = request.channel
        factory = RequestedFactory(self._factory, headers, forwardedFor(request, gate.behindProxy), workerIn(request))
        body = WebSocketResource(factory).render(request)
        if body is NOT_DONE_YET:
            # The connection is a WebSocket now. Without the request, the channel is freed at once.
            channel.requests.clear()
        return body


def transportResource(
    sessions: SessionRegistry, gate: Gate, compress: bool | str, fastPaths: FastPath = EVERY_FAST_PATH
) -> IResource:
    """
    :return: the resource that accepts the sockets of ``sessions``.
    """
    resource: IResource = _SocketResource(AthenaServerFactory(sessions, gate, compress, fastPaths))
    return resource
