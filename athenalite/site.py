# -*- test-case-name: tests.test_site -*-
"""
HTTP for strangers: a ``twisted.web`` site whose requests are bounded in time and size.

``twisted.web`` bounds the head of a request in size. It does not bound its body, which it writes to disk, nor the time
that all of it may take: every byte that comes starts its timeout again.
"""

from __future__ import annotations

from io import BytesIO
from time import time
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.logger import Logger
from twisted.web.http import HTTPChannel, datetimeToLogString
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

from .interfaces import IClock
from .limits import Limits
from .sitelog import SiteLog

_TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def _logOf(site: Any, address: IAddress, otherwise: Logger) -> Logger:
    # Twisted has a line for each connection that times out, and a traceback for each request that a resource fails to
    # answer; a peer may cause as many as it likes.
    log = getattr(site, "siteLog", None)
    return otherwise if log is None else log.forAddress(address)


class _Channel(HTTPChannel):
    @property
    def _log(self) -> Any:  # type: ignore[override]
        channel: Any = self
        return _logOf(channel.site, channel.transport.getPeer(), HTTPChannel._log)

    def resetTimeout(self) -> None:
        """
        The timeout is for a whole request: it begins with the connection, or when the last response has been sent, and
        no single byte of the next one begins it again.
        """


class _Request(Request):
    """Nothing here takes a body, so none is kept; and one that does not end is not waited for."""

    _size = 0
    _refused = False

    @property
    def _log(self) -> Any:  # type: ignore[override]
        return _logOf(self.site, self.getClientAddress(), Request._log)

    def gotLength(self, length: int | None) -> None:
        self.content = BytesIO()
        self._bound(length or 0)

    def handleContentChunk(self, data: bytes) -> None:
        self._size += len(data)
        self._bound(self._size)

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
    A site for the open network. Its resources get no request bodies: browsers speak to their pages through sockets.
    A site of your own, with forms of its own, bounds them by its own measure.
    """

    protocol = _Channel  # type: ignore[assignment]  # Twisted's own is private, and chooses between HTTP/1.1 and 2
    requestFactory = _Request

    def __init__(self, root: IResource, limits: Limits, reactor: IClock, log: SiteLog | None = None) -> None:
        """
        :param limits: ``requestTimeout`` and ``maxRequestSize`` are for this site.
        :param log: a factory's ``log``, for what Twisted logs because of a peer; by default it does so by itself.
        """
        super().__init__(root, timeout=limits.requestTimeout, reactor=reactor)
        self.limits = limits
        self.siteLog = log

    def acceptableProtocols(self) -> list[Any]:
        # HTTP/2, which Twisted offers where it can, has other channels, and other ways to ask for too much.
        return [b"http/1.1"]

    def _updateLogDateTime(self) -> None:
        super()._updateLogDateTime()
        # The reactor's clock is monotonic (athenalite.clock); the access log shows the time of day.
        self._logDateTime = datetimeToLogString(time())
