# -*- test-case-name: tests.server.test_site -*-
"""
An HTTP site that bounds its requests in bytes, and its connections in time, and serves named hosts.

``twisted.web`` does not bound the body of a request, which it writes to disk. For its connections see
:mod:`athenalite._server.channel`.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from time import time
from typing import Any, Final

from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel, datetimeToLogString
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

from .._core.sitelog import SiteLog
from ..interfaces import IClock
from ..limits import Limits
from .accesslog import AccessLogFormatter
from .channel import Channel, logOf
from .fault import reportFault, respondWithFault
from .hosts import Hosts, hostsNamed, isMisdirected
from .leaving import MAX_LEFT
from .prefix import reportMissing
from .refusals import Refusals
from .responses import completeHeaders, refusal

_TOO_LARGE: Final = refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class _Request(Request):
    """
    A request of bounded size. Only the report of a left page has a body that is read, so a longer body is not kept.
    """

    _size = 0
    content: BytesIO
    _refused = False

    @property
    def _log(self) -> Any:  # type: ignore[override]
        return logOf(self.site, self.getClientAddress(), Request._log)

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

    protocol = Channel  # type: ignore[assignment]  # Twisted's own is private, and chooses between HTTP/1.1 and 2
    requestFactory = _Request
    #: Whether a resource was found for a request. Until then, a proxy may be wrong about the site's paths.
    hasFound = False
    #: Whether each connection is closed after its next response, because the server stops.
    isStopping = False
    #: Whether each connection is closed at its next request, without a response: browsers and proxies repeat a request
    #: on an idle connection that was closed.
    hasStopped = False
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
        #: The connections on which a request is being answered.
        self.answering: set[Channel] = set()
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
