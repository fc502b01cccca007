# -*- test-case-name: tests.server.test_site -*-
"""
An HTTP site that bounds each connection in time and in bytes, and serves named hosts.

``twisted.web`` bounds the head of a request. It does not bound the body, which it writes to disk; the time, since each
byte restarts its timeout; the pipelined requests of one read, which it handles in one iteration; or the time that a
peer may take to read a response.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from time import time
from typing import Any, Final

from twisted.internet.interfaces import IAddress, IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel, datetimeToLogString
from twisted.web.http_headers import Headers
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

from .._core.sitelog import SiteLog
from ..interfaces import IClock
from ..limits import Limits
from .accesslog import AccessLogFormatter
from .directwrite import flush
from .fault import reportFault, respondWithFault
from .hosts import Hosts, hostsNamed, isMisdirected
from .leaving import MAX_LEFT
from .prefix import reportMissing
from .refusals import Refusals
from .responses import completeHeaders, refusal
from .tls import release, stopReceiving
from .usualrequest import takeUsual

_TOO_LARGE: Final = refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
_BAD: Final = refusal(HTTPStatus.BAD_REQUEST)


def _logOf(site: Any, address: IAddress, otherwise: Logger) -> Logger:
    # Twisted logs each connection that times out, and a traceback for each exception of a resource, however many a peer
    # causes.
    log = getattr(site, "siteLog", None)
    return otherwise if log is None else log.forAddress(address)


def _discard(data: bytes) -> None:
    """Ignore what arrives: the connection is closing."""


class _Channel(HTTPChannel):
    """
    One connection, which handles one request per reactor iteration, and none while its last response is unread.

    Its timer runs in each state in which the peer is to act: while a request is expected or incomplete, while the
    transport's buffer is full, and while the connection closes. It does not run while a request is handled and the
    transport takes the response.
    """

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
        return _logOf(channel.site, channel.transport.getPeer(), HTTPChannel._log)

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

    def allContentReceived(self) -> None:
        self._handling = True
        super().allContentReceived()

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


class _Request(Request):
    """
    A request of bounded size. Only the report of a left page has a body that is read, so a longer body is not kept.
    """

    _size = 0
    content: BytesIO
    _refused = False

    @property
    def _log(self) -> Any:  # type: ignore[override]
        return _logOf(self.site, self.getClientAddress(), Request._log)

    def process(self) -> None:
        channel: Any = self.channel
        if not channel.site.isMisdirected(self):
            super().process()

    def write(self, data: bytes) -> None:
        if not self.startedWriting:
            completeHeaders(self)
            site: Any = self.site
            # There is none yet for a request that is refused before.
            if site is not None and not site.hasFound:
                site.respondsFirst(self)
        super().write(data)

    def processingFailed(self, reason: Failure) -> Failure:
        reference = reportFault(self._log, reason, "A request could not be answered")
        site: Any = self.site
        if not self._disconnected and not self.finished:
            respondWithFault(self, reason, reference, site.displayTracebacks, getattr(site, "siteLog", None))
        return reason

    def gotLength(self, length: int | None) -> None:
        self.content = BytesIO()
        self._bound(length or 0)

    def handleContentChunk(self, data: bytes) -> None:
        self._size += len(data)
        self._bound(self._size)
        if self._size <= MAX_LEFT:
            self.content.write(data)
        elif not self._refused:
            self.content.truncate(0)

    def _bound(self, size: int) -> None:
        channel: Any = self.channel
        if not self._refused and size > channel.site.limits.maxRequestSize:
            self._refused = True
            channel.transport.write(_TOO_LARGE)
            channel.loseConnection()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        # The rest of a refused request may have been read already.
        if not self._refused:
            super().requestReceived(command, path, version)


class AthenaSite(Site):
    """
    A site for the open network. Its resources get no request body longer than ``leaving.MAX_LEFT`` bytes: browsers send
    everything else through sockets. A site of your own, with forms, needs bounds of its own.
    """

    protocol = _Channel  # type: ignore[assignment]  # Twisted's own is private, and chooses between HTTP/1.1 and 2
    requestFactory = _Request
    #: Whether a resource was found for a request. Until then, a proxy may be wrong about the site's paths.
    hasFound = False
    #: Whether pages about errors load themselves again, until there is none: while an application is developed.
    refreshesFaults = False

    def __init__(
        self,
        root: IResource,
        limits: Limits,
        reactor: IClock,
        log: SiteLog | None = None,
        hosts: Iterable[str] | Hosts | None = None,
        behindProxy: bool = False,
        refusals: Refusals | None = None,
    ) -> None:
        """
        :param limits: of these, ``requestTimeout`` and ``maxRequestSize``; ``docs/security.rst`` has the resulting
            bounds of a connection.
        :param log: a factory's ``log``, for Twisted's events that a peer causes; by default Twisted's own loggers.
        :param hosts: the names of this site, by which alone it is served: protection from DNS rebinding. One that
            begins with a dot stands for all names below it; None serves any name.
        :param behindProxy: whether the name is in ``X-Forwarded-Host``; see :class:`LivePageFactory`.
        :param refusals: a factory's ``refusals``, which report a host that is not served.
        """
        super().__init__(
            root, timeout=limits.requestTimeout, reactor=reactor, logFormatter=AccessLogFormatter(behindProxy)
        )
        self.limits = limits
        self.siteLog = log
        self._hosts = hosts if isinstance(hosts, Hosts) else hostsNamed(hosts)
        self._behindProxy = behindProxy
        self._refusals = Refusals(log or HTTPChannel._log, reactor) if refusals is None else refusals

    def isMisdirected(self, request: Any) -> bool:
        """Respond to a request for another host: see :func:`athenalite._server.hosts.isMisdirected`."""
        return isMisdirected(request, self._hosts, self._behindProxy, self._refusals)

    def respondsFirst(self, request: Any) -> None:
        """Note what the site responds to a request, as long as it has found nothing."""
        if request.code == HTTPStatus.NOT_FOUND:
            reportMissing(request, self._behindProxy, self._refusals)
        elif request.code < HTTPStatus.BAD_REQUEST:
            self.hasFound = True

    def acceptableProtocols(self) -> list[Any]:
        # HTTP/2, which Twisted offers where it can, has other channels, which this class does not bound.
        return [b"http/1.1"]

    def _updateLogDateTime(self) -> None:
        super()._updateLogDateTime()
        # The reactor's clock is monotonic (athenalite.clock); the access log shows the time of day.
        self._logDateTime = datetimeToLogString(time())
