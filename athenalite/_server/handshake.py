# -*- test-case-name: tests.server.test_handshake -*-
"""
Decides about the handshake of a socket by its HTTP request: host, ``Upgrade`` and origin.

A refusal is an ordinary response: a browser shows scripts neither its status nor its body, so the page asks for the
reason by a request of its own (``docs/protocol.rst``, "Opening and resuming a socket").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from .forwarded import hostsOf
from .hosts import Hosts, isMisdirected
from .origin import Origin, forwardedOrigins, isAllowed, ownOrigin
from .peer import hostOf
from .refusals import Refusals
from .responses import asError

#: In the response to a page that asks why it has no socket: the status of its handshake.
REFUSED: Final = "Athenalite-Refused"
#: In its request: the page's origin. A page of another site cannot send it.
PAGE: Final = "Athenalite-Page"


class Gate:
    """The handshakes of one site."""

    def __init__(
        self, origins: Iterable[Origin], behindProxy: bool, refusals: Refusals, hosts: Hosts | None = None
    ) -> None:
        """
        :param origins: origins whose pages may open sockets, besides the site's own.
        :param behindProxy: whether to trust what proxies report about a request.
        :param refusals: reports those that are refused.
        :param hosts: those that are served; None for all.
        """
        self._origins = tuple(origins)
        self.behindProxy = behindProxy
        self._refusals = refusals
        self._hosts = hosts

    def isMisdirected(self, request: Any) -> bool:
        """
        :return: whether the request was for a host that is not served; then it has been responded to.
        """
        return self._hosts is not None and isMisdirected(request, self._hosts, self.behindProxy, self._refusals)

    def refusal(self, request: Any, headers: Mapping[str, str]) -> bytes | None:
        """
        :param headers: of the request, as :func:`athenalite._text.cookies.headersOf` returns them.
        :return: the body of the response; its status and headers are set. None for a handshake that may go on.
        """
        if headers.get("upgrade", "").lower() != "websocket":
            request.setHeader("upgrade", "websocket")
            return _refused(request, HTTPStatus.UPGRADE_REQUIRED, self._notUpgraded(request, headers))
        own = self.ownOrigins(headers, request.isSecure())
        origin = headers.get("origin")
        if isAllowed(origin, (*own, *self._origins)):
            return None
        host = (hostsOf(headers) if self.behindProxy else [headers.get("host", "")]) or [""]
        body = self._refusals.refuseOrigin(origin or "", host[0], own[0] if own else None, self._peerOf(request))
        return _refused(request, HTTPStatus.FORBIDDEN, body)

    def ownOrigins(self, headers: Mapping[str, str], secure: bool) -> list[Origin]:
        """
        :return: the origins of the pages that the request's address serves, as browsers see them; usually one.
        """
        if self.behindProxy:
            return forwardedOrigins(headers, secure)
        own = ownOrigin(secure, headers.get("host", ""))
        return [] if own is None else [own]

    def refuseInvalid(self, headers: Mapping[str, str], peer: str, status: int, problem: str) -> None:
        """
        Report that Autobahn refuses a handshake.

        :param headers: see :meth:`refusal`.
        :param peer: the address of its peer.
        :param problem: Autobahn's text, which may quote the peer.
        """
        isProxys = "upgrade" not in headers.get("connection", "").lower()
        self._refusals.refuseInvalid(peer, headers.get("origin", ""), status, problem, isProxys)

    def _notUpgraded(self, request: Any, headers: Mapping[str, str]) -> bytes:
        if "sec-websocket-key" in headers:
            return self._refusals.refuseHandshake(self._peerOf(request), headers.get("origin", ""))
        # Of requests for this address, only those of a page are worth a line in the log.
        if request.args.get(b"unconnected") == [b"script"]:
            why = request.args.get(b"why", [b""])[0].decode("ascii", "replace")
            self._refusals.reportUnstarted(self._peerOf(request), why)
        elif b"unconnected" in request.args:
            refused = self._refusals.whyUnconnected(self._peerOf(request), request.getHeader(PAGE))
            request.setHeader(REFUSED, str(int(refused.status)))
            return refused.body
        return b"This address is for WebSockets.\n"

    def _peerOf(self, request: Any) -> str:
        return hostOf(request, self.behindProxy)


def _refused(request: Any, status: HTTPStatus, body: bytes) -> bytes:
    if request.clientproto == b"HTTP/1.1":
        # As after any other failed handshake. In HTTP/2 a connection is not one request's to close.
        request.setHeader("connection", "close")
        request.channel.persistent = False
    return asError(request, status, body)
