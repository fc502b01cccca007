# -*- test-case-name: tests.server.test_channel -*-
"""
One connection of an HTTP site, bounded in time and in what it makes the site do: :class:`Channel`.

``twisted.web`` bounds the head of a request. It does not bound the time, since each byte restarts its timeout; the
pipelined requests of one read, which it handles in one iteration; or the time that a peer may take to read a response.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from twisted.internet.interfaces import IAddress, IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel
from twisted.web.http_headers import Headers

from .directwrite import flush
from .responses import refusal
from .tls import release, stopReceiving
from .usualrequest import takeUsual

_BAD: Final = refusal(HTTPStatus.BAD_REQUEST)


def logOf(site: Any, address: IAddress, otherwise: Logger) -> Logger:
    """
    :param site: a ``Site``.
    :return: its log of what this peer causes, which is bounded; ``otherwise``, Twisted's, if it has none.
    """
    # Twisted logs each connection that times out, and a traceback for each exception of a resource, however many a peer
    # causes.
    log = getattr(site, "siteLog", None)
    return otherwise if log is None else log.forAddress(address)


def _discard(data: bytes) -> None:
    """Ignore what arrives: the connection is closing."""


class Channel(HTTPChannel):
    """
    One connection, which handles one request per reactor iteration, and none while its last response is unread.

    Its timer runs in each state in which the peer is to act: while a request is expected or incomplete, while the
    transport's buffer is full, and while the connection closes. It does not run while a request is handled and the
    transport takes the response.
    """

    #: The site, which has made this.
    site: Any
    _period: float
    _handling = False
    _unread = False
    _closing = False
    # The request that has been answered, until the next one may be handled.
    _answered: Any = None
    _next: IDelayedCall | None = None

    def connectionMade(self) -> None:
        self._period = self.timeOut  # type: ignore[assignment]  # a number, which AthenaSite gives
        super().connectionMade()

    @property
    def _log(self) -> Any:  # type: ignore[override]
        channel: Any = self
        return logOf(channel.site, channel.transport.getPeer(), HTTPChannel._log)

    def resetTimeout(self) -> None:
        """
        Do nothing: the timeout is for a whole request. It starts with the connection, or with the end of the last
        response, and received bytes do not start it again.
        """

    # Received data

    def _respondToBadRequestAndDisconnect(self) -> None:
        # Twisted's response has no headers.
        transport: Any = self.transport
        transport.write(_BAD)
        self.loseConnection()

    def dataReceived(self, data: bytes) -> None:
        try:
            if not takeUsual(self, data):
                super().dataReceived(data)
        except ValueError:
            # Of a header, because int() refuses more than some thousand digits.
            if self._handling:
                raise
            self._respondToBadRequestAndDisconnect()

    def lineLengthExceeded(self, line: bytes) -> None:
        self._respondToBadRequestAndDisconnect()

    def checkPersistence(self, request: Any, version: bytes) -> bool:
        persists: bool = super().checkPersistence(request, version)
        if persists and self.site.isStopping:
            request.responseHeaders.setRawHeaders(b"connection", [b"close"])
            return False
        return persists

    def allContentReceived(self) -> None:
        if self.site.hasStopped:
            self.loseConnection()
            return
        self._handling = True
        self.site.answering.add(self)
        super().allContentReceived()
        if self.transport is None:
            # It has become a WebSocket.
            self.site.answering.discard(self)

    def rawDataReceived(self, data: bytes) -> None:
        waits = self._handling
        # Without a transport, the connection has become a WebSocket, whose reading is not this channel's to pause.
        if self._closing or self.transport is None:
            return
        super().rawDataReceived(data)
        if waits:
            # Pipelined requests wait here, at most those of one read.
            self._networkProducer.pauseProducing()

    # Responses

    def writeHeaders(self, version: bytes, code: bytes, reason: bytes, headers: Headers) -> None:
        # In one piece: a transport checks and counts each part of a sequence.
        lines = [b"%b %b %b" % (version, code, reason)]
        lines += [b"%b: %b" % (name, value) for name, values in headers.getAllRawHeaders() for value in values]
        self.write(b"\r\n".join([*lines, b"", b""]))

    def requestDone(self, request: Any) -> None:
        self.site.answering.discard(self)
        if not self.persistent:
            super().requestDone(request)
            return
        self._answered = request
        # Time for the next request begins now, and not where Twisted would start it again.
        self._savedTimeOut = None
        if not self._unread:
            self._handleNext()
        flush(self.transport)

    def _handleNext(self) -> None:
        self.setTimeout(self._period)
        if self._next is None:
            self._next = self.callLater(0, self._ready)

    def _ready(self) -> None:
        self._next = None
        if not self._unread:
            request, self._answered = self._answered, None
            self._handling = False
            super().requestDone(request)

    def pauseProducing(self) -> None:
        super().pauseProducing()
        if not self._unread and self.transport is not None:
            self._unread = True
            self.setTimeout(self._period)

    def resumeProducing(self) -> None:
        unread, self._unread = self._unread, False
        if unread and self._answered is not None:
            self._handleNext()
        elif unread and self._handling:
            self.setTimeout(None)
        # May write, and pause again.
        super().resumeProducing()

    # The end

    def timeoutConnection(self) -> None:
        if self._unread or self._closing:
            # An orderly close would wait for the peer to read.
            self.forceAbortClient()
        else:
            self.abortTimeout = min(self._period, HTTPChannel.abortTimeout)  # type: ignore[assignment]  # as good
            super().timeoutConnection()

    def loseConnection(self) -> None:
        if not self._closing:
            self._closing = True
            # TLS delivers received data until the connection is lost, and more lines may have arrived.
            self.dataReceived = self.lineReceived = _discard  # type: ignore[method-assign]
            self._cancelNext()
            self.setTimeout(self._period)
            self._networkProducer.resumeProducing()
            stopReceiving(self.transport)
        super().loseConnection()

    def stopProducing(self) -> None:
        super().stopProducing()
        stopReceiving(self.transport)

    def connectionLost(self, reason: Failure) -> None:  # type: ignore[override]  # Twisted's has no default either
        self.site.answering.discard(self)
        self._cancelNext()
        if self._answered is not None:
            self._answered = None
            del self.requests[0]
        super().connectionLost(reason)
        release(self.transport, reason)

    def _cancelNext(self) -> None:
        following, self._next = self._next, None
        if following is not None:
            following.cancel()
