# -*- test-case-name: tests.text.test_cookies -*-
"""
The headers and cookies of a socket's handshake, as ``twisted.web`` parses those of any other request.
"""

from __future__ import annotations

from typing import Any

from twisted.web.http import Request
from twisted.web.http_headers import Headers


class _CookieRequest(Request):
    """A request that has headers and nothing else: what Twisted's parser reads, and what it writes to."""

    def __init__(self, header: bytes) -> None:
        self.requestHeaders = Headers({b"cookie": [header]})
        self.received_cookies: dict[bytes, bytes] = {}


def cookieIn(header: bytes, name: bytes) -> bytes | None:
    """
    :param header: the value of a ``Cookie`` header (RFC 6265 section 5.4).
    :return: what ``getCookie(name)`` of a ``twisted.web`` request with this header returns.
    """
    request = _CookieRequest(header)
    request.parseCookies()
    value: bytes | None = request.getCookie(name)
    return value


def headersOf(request: Any) -> dict[str, str]:
    """
    :param request: a ``twisted.web`` request.
    :return: its headers by lower-case name, decoded as ISO 8859-1. Repeated headers are joined by commas, and cookies
        by semicolons (RFC 9113 section 8.2.3), which leaves ``request.getCookie`` and :func:`cookieIn` of one mind.
    """
    headers = {}
    for name, values in request.requestHeaders.getAllRawHeaders():
        lower = name.decode("latin-1").lower()
        value = values[0] if len(values) == 1 else (b"; " if lower == "cookie" else b",").join(values)
        headers[lower] = value.decode("latin-1")
    return headers


class RequestedFactory:
    """Makes the socket of one request, which it gives the ``requestHeaders`` of that."""

    def __init__(
        self, factory: Any, headers: dict[str, str], forwardedFor: str | None = None, worker: str = ""
    ) -> None:
        """
        :param factory: makes the site's sockets.
        :param headers: of the request, see :func:`headersOf`.
        :param forwardedFor: see :func:`athenalite._server.peer.forwardedFor`. The socket gets it, too.
        :param worker: see :class:`athenalite.interfaces.Handshake`, too.
        """
        self._factory = factory
        self._headers = headers
        self._forwardedFor = forwardedFor
        self._worker = worker

    def buildProtocol(self, address: Any) -> Any:
        """Return what the site's factory returns."""
        protocol = self._factory.buildProtocol(address)
        if protocol is not None:
            protocol.requestHeaders = self._headers
            protocol.forwardedFor = self._forwardedFor
            protocol.worker = self._worker
        return protocol
