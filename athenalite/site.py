# -*- test-case-name: tests.test_site -*-
"""
HTTP for strangers: a ``twisted.web`` site whose requests are bounded in time and size.

``twisted.web`` bounds the head of a request in size. It does not bound its body, which it writes to disk, nor the time
that all of it may take: every byte that comes starts its timeout again.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from twisted.web.http import HTTPChannel
from twisted.web.resource import IResource
from twisted.web.server import Request, Site

from .interfaces import IClock
from .limits import Limits
from .wire import MAX_LEFT

_TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class _Channel(HTTPChannel):
    def resetTimeout(self) -> None:
        """
        The timeout is for a whole request: it begins with the connection, or when the last response has been sent, and
        no single byte of the next one begins it again.
        """


class _Request(Request):
    """
    A request of bounded size. Only the report of a page that is left has a body that is read, so a body that is longer
    than such a report is not kept.
    """

    _size = 0
    content: BytesIO
    _refused = False

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
    A site for the open network. Its resources get no request body that is longer than ``wire.MAX_LEFT`` bytes: browsers
    send all else through sockets. A site of your own, with forms of its own, bounds them by its own measure.
    """

    protocol = _Channel  # type: ignore[assignment]  # Twisted's own is private, and chooses between HTTP/1.1 and 2
    requestFactory = _Request

    def __init__(self, root: IResource, limits: Limits, reactor: IClock) -> None:
        """
        :param limits: ``requestTimeout`` and ``maxRequestSize`` are for this site.
        """
        super().__init__(root, timeout=limits.requestTimeout, reactor=reactor)
        self.limits = limits

    def acceptableProtocols(self) -> list[Any]:
        # HTTP/2, which Twisted offers where it can, has other channels, and other ways to ask for too much.
        return [b"http/1.1"]
