# -*- test-case-name: tests.server.test_refusals -*-
"""
Reports refused requests and sockets to the operator: each cause once an hour, with what to do about it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from twisted.logger import Logger

from ..interfaces import IClock
from .origin import Origin, parseOrigin

#: In seconds: a cause is in the log once in this time.
PERIOD: Final = 3600.0
#: How many causes of one kind are logged in a period. A peer can invent any number.
MOST_CAUSES: Final = 5
#: For how long the reason for a refusal explains why its peer has no socket, in seconds.
_EXPLAINS: Final = 60.0
_MOST_PEERS: Final = 1000
_LONGEST: Final = 200


class Remedies(NamedTuple):
    """How an operator allows something, in a site of one's own. ``{}`` stands for what is allowed."""

    behindProxy: str = "LivePageFactory(behindProxy=True)"
    origin: str = "LivePageFactory(origins=[parseOrigin('{}')])"
    host: str = "LivePageFactory(hosts=['{}'])"


#: The same on the command line.
OPTIONS: Final = Remedies("--behind-proxy", "--origin={}", "--host={}")
IN_CODE: Final = Remedies()


@dataclass
class _Period:
    began: float
    causes: set[str] = field(default_factory=set)
    more: int = 0


class Refusals:
    """
    Logs each cause once in :data:`PERIOD`, and how many refusals of its kind came since: a browser tries again every
    few seconds, with each of its tabs. It keeps the reason for the last refusal of each peer for a minute.
    """

    def __init__(self, log: Logger, clock: IClock, remedies: Remedies = IN_CODE) -> None:
        self.remedies = remedies
        self._log = log
        self._clock = clock
        self._periods: dict[str, _Period] = {}
        self._reasons: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def report(self, kind: str, cause: str, format: str, **values: Any) -> None:
        """
        :param kind: a name of ours: a peer that invents causes of one kind hides no other kind.
        :param cause: what makes two refusals of a kind the same.
        :param format: the event, and its remedy.
        """
        now = self._clock.seconds()
        period = self._periods.get(kind)
        more = 0
        if period is None or now - period.began >= PERIOD:
            more = 0 if period is None else period.more
            period = self._periods[kind] = _Period(now)
        if cause in period.causes or len(period.causes) >= MOST_CAUSES:
            period.more += 1
            return
        period.causes.add(cause)
        before = f"; {more} more since the last time" if more else ""
        self._log.warn(f"{format} (Logged once an hour{before}.)", **values)

    def explain(self, peer: str, reason: str) -> bytes:
        """
        :param peer: the address of a peer that is refused.
        :param reason: a short text of ours, which is kept for :meth:`reasonFor`.
        :return: the body of the response.
        """
        self._reasons.pop(peer, None)
        if len(self._reasons) >= _MOST_PEERS:
            self._reasons.popitem(last=False)
        self._reasons[peer] = (self._clock.seconds(), reason)
        return f"{reason}\n".encode("ascii")

    def reasonFor(self, peer: str) -> str | None:
        """
        :return: why the last handshake of a peer was refused, if that was less than a minute ago.
        """
        at, reason = self._reasons.get(peer, (0.0, ""))
        return reason if reason and self._clock.seconds() - at < _EXPLAINS else None

    def refuseOrigin(self, origin: str, host: str, own: Origin | None, peer: str) -> bytes:
        """
        Report a socket that is refused because of its origin.

        :param origin: its ``Origin`` header, and ``host`` its ``Host`` header, or what the proxy has said of it.
        :param own: the origin of the site, as far as the request tells.
        :return: the body of the response.
        """
        kind, reason, remedy = self._diagnosis(origin, own)
        self.report(
            kind,
            f"{origin} {host}",
            "Refused a socket from {origin!r} to {host!r} ({peer}): not the page's own origin. {remedy}",
            origin=origin[:_LONGEST],
            host=host[:_LONGEST],
            peer=peer,
            remedy=remedy,
        )
        return self.explain(peer, reason)

    def _diagnosis(self, origin: str, own: Origin | None) -> tuple[str, str, str]:
        parsed = parseOrigin(origin)
        if parsed is None:
            return (
                "no origin",
                "The handshake has no Origin of a page.",
                "Browsers send the origin of the page with each socket; other clients must send one, too.",
            )
        behindProxy = self.remedies.behindProxy
        listed = f"or list the origin with {self.remedies.origin.format(origin)}"
        if own is None or parsed.host != own.host:
            return (
                "host",
                "The page is of another host than this request: a proxy changes Host, or it is another site's page.",
                "If a proxy is in between, let it pass the Host header (nginx: proxy_set_header Host $http_host) or "
                f"set X-Forwarded-Host, which needs {behindProxy}; {listed}.",
            )
        if parsed.scheme != own.scheme:
            return (
                "scheme",
                "The page came by another scheme than this request: a proxy terminates TLS without saying so.",
                f"The page came by {parsed.scheme}, and this server is asked by {own.scheme}: let the proxy set "
                "X-Forwarded-Proto (nginx: proxy_set_header X-Forwarded-Proto $scheme), and use "
                f"{behindProxy}; {listed}.",
            )
        return (
            "port",
            "The page came by another port than this request: a proxy leaves out the port in Host.",
            "The proxy leaves out the port: let it pass the Host header as it comes (nginx: proxy_set_header Host "
            f"$http_host); {listed}.",
        )

    def refuseHandshake(self, peer: str) -> bytes:
        """
        Report a handshake whose ``Upgrade`` header something has removed.

        :return: the body of the response.
        """
        self.report(
            "upgrade",
            "",
            "A socket cannot be opened ({peer}): something in between removes the header Upgrade. Let the proxy "
            "pass it (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header "
            'Connection "upgrade").',
            peer=peer,
        )
        return self.explain(peer, "A proxy in between has removed the header Upgrade of the handshake.")

    def whyUnconnected(self, peer: str) -> bytes:
        """
        A page has no socket, and its browser asks why. It is logged unless the reason is: then no handshake has come.

        :return: the body of the response.
        """
        reason = self.reasonFor(peer)
        if reason is None:
            self.report(
                "blocked",
                "",
                "A page reaches this server, but cannot open its WebSocket ({peer}): a proxy or a firewall in between "
                "does not let it pass. Let it pass requests with the header Upgrade, or serve over TLS, which "
                "it cannot read.",
                peer=peer,
            )
            reason = "No handshake has come from this address: something in between lets no WebSocket pass."
        return f"{reason}\n".encode("ascii")
