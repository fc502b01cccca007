# -*- test-case-name: tests.server.test_refusals -*-
"""
Reports refused requests and sockets to the operator: each cause once, with what to do about it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, NamedTuple

from twisted.logger import Logger

from .origin import Origin

#: How many causes are reported. A peer can invent as many as it likes.
_MOST: Final = 100


class Remedies(NamedTuple):
    """How an operator allows something, in a site of one's own. ``{}`` stands for what is allowed."""

    behindProxy: str = "LivePageFactory(behindProxy=True)"
    origin: str = "LivePageFactory(origins=[parseOrigin('{}')])"
    host: str = "AthenaSite(hosts=['{}'])"


#: The same on the command line.
OPTIONS: Final = Remedies("--behind-proxy", "--origin={}", "--host={}")
IN_CODE: Final = Remedies()


class Refusals:
    """Logs each cause once. A browser tries again every few seconds, with each of its tabs."""

    def __init__(self, log: Logger, remedies: Remedies = IN_CODE) -> None:
        self.remedies = remedies
        self._log = log
        self._reported: set[str] = set()

    def report(self, cause: str, format: str, **values: Any) -> None:
        """
        :param cause: what makes two refusals the same.
        :param format: the event, and its remedy.
        """
        if cause in self._reported or len(self._reported) >= _MOST:
            return
        self._reported.add(cause)
        self._log.warn(f"{format} (Further refusals for this reason are not logged.)", **values)

    def reportOrigin(self, origin: str, host: str, own: Origin | None, parsed: Origin | None, peer: str) -> None:
        """
        Report a socket that was refused because of its origin.

        :param origin: its ``Origin`` header, and ``host`` its ``Host`` header, or what the proxy has said of it.
        :param own: the origin of the site, as far as the request tells.
        :param parsed: the origin of the page that has opened the socket.
        """
        self.report(
            f"origin {origin} {host}",
            "Refused a socket from {origin!r} to {host!r} ({peer}): not the page's own origin. {remedy}",
            origin=origin,
            host=host,
            peer=peer,
            remedy=self._remedyFor(origin, own, parsed),
        )

    def _remedyFor(self, origin: str, own: Origin | None, parsed: Origin | None) -> str:
        listed = f"or list the origin with {self.remedies.origin.format(origin)}"
        if parsed is None:
            return "Browsers send the origin of the page with each socket; other clients must send one, too."
        if own is None or parsed.host != own.host:
            return (
                "If a proxy is in between, let it pass the Host header (nginx: proxy_set_header Host $http_host) or "
                f"set X-Forwarded-Host, which needs {self.remedies.behindProxy}; {listed}."
            )
        if parsed.scheme != own.scheme:
            return (
                f"The page came by {parsed.scheme}, and this server is asked by {own.scheme}: let the proxy set "
                f"X-Forwarded-Proto, and use {self.remedies.behindProxy}; {listed}."
            )
        return (
            "The proxy leaves out the port: let it pass the Host header as it comes (nginx: proxy_set_header Host "
            f"$http_host); {listed}."
        )

    def reportNoUpgrade(self, isHandshake: bool, peer: str) -> None:
        """
        Report a request for a socket that is no handshake.

        :param isHandshake: whether it was one, before something removed its ``Upgrade`` header.
        """
        if isHandshake:
            self.report(
                "upgrade",
                "A socket cannot be opened ({peer}): something in between removes the header Upgrade. Let the proxy "
                "pass it (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header "
                'Connection "upgrade")',
                peer=peer,
            )
        elif not self._reported:
            self.report(
                "blocked",
                "A page reaches this server, but cannot open its WebSocket ({peer}): a proxy or a firewall in between "
                "does not let it pass",
                peer=peer,
            )


def upgradeRequired(request: Any, refusals: Refusals) -> bytes:
    """
    Respond with 426 (RFC 9110 section 15.5.22) to a request for a socket that is no handshake. A page without a socket
    makes one to find out whether the server can be reached at all; with ``?unconnected=1`` if it never had a socket.
    """
    isHandshake = request.getHeader("sec-websocket-key") is not None
    if isHandshake or b"unconnected" in request.args:
        refusals.reportNoUpgrade(isHandshake, str(getattr(request.getClientAddress(), "host", "")))
    request.setResponseCode(HTTPStatus.UPGRADE_REQUIRED)
    request.setHeader("upgrade", "websocket")
    request.setHeader("cache-control", "no-store")
    request.setHeader("content-type", "text/plain; charset=utf-8")
    return b"This address is for WebSockets.\n"
