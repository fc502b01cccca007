# -*- test-case-name: tests.server.test_refusals -*-
"""
Reports refused requests and sockets to the operator: each cause once an hour, with what to do about it. It keeps the
reasons for a minute, for the pages that ask (``docs/protocol.rst``, "Opening and resuming a socket").
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from twisted.logger import Logger

from .._text.printable import printable
from ..interfaces import IClock
from .origin import Origin, parseOrigin

#: In seconds: a cause is in the log once in this time.
PERIOD: Final = 3600.0
#: How many causes of one kind are logged in a period. A peer can invent any number.
MOST_CAUSES: Final = 5
#: For how long the reason for a refusal explains why its peer has no socket, in seconds.
_EXPLAINS: Final = 60.0
_MOST_PEERS: Final = 1000
#: How many origins of one peer's pages have reasons of their own.
_MOST_ORIGINS: Final = 5
_LONGEST: Final = 200


#: Why the client's script does not run.
_UNSTARTED: Final = MappingProxyType(
    {
        "type": "its response is not JavaScript by its Content-Type; a proxy responds in the place of this server",
        "blocked": "the browser has not loaded it; an extension or a filter blocks it, or a proxy is broken",
        "failed": "it was loaded; the network is slow, something in between has changed it, or the browser is too old",
    }
)


class Remedies(NamedTuple):
    """How an operator allows something, in a site of one's own. ``{}`` stands for what is allowed."""

    behindProxy: str = "LivePageFactory(behindProxy=True)"
    origin: str = "LivePageFactory(origins=[parseOrigin('{}')])"
    host: str = "LivePageFactory(hosts=['{}'])"
    limits: str = "LivePageFactory(limits=Limits(maxConnections=...))"


#: The same on the command line.
OPTIONS: Final = Remedies("--behind-proxy", "--origin={}", "--host={}")
IN_CODE: Final = Remedies()


class Refused(NamedTuple):
    """Why a handshake was refused."""

    #: Of the response.
    status: int
    #: A short text of ours.
    reason: str
    #: What the operator reads; an empty text unless the site is in debug mode.
    detail: str = ""

    @property
    def body(self) -> bytes:
        """For the page that asks: text for its author."""
        return "".join(f"{text}\n" for text in (self.reason, self.detail) if text).encode()


#: The last ones of one peer's origins, the newest at the end, with their times.
_ByOrigin: TypeAlias = OrderedDict[str, tuple[float, Refused]]


@dataclass
class _Period:
    began: float
    causes: set[str] = field(default_factory=set)
    more: int = 0


class Refusals:
    """
    Logs each cause once in :data:`PERIOD`, and how many refusals of its kind came since: a browser tries again every
    few seconds, with each of its tabs. It keeps the reason for the last refusal of each peer and origin for a minute.
    """

    def __init__(self, log: Logger, clock: IClock, remedies: Remedies = IN_CODE, debug: bool = False) -> None:
        """
        :param debug: whether pages that ask get what the log has, with the remedy.
        """
        self.remedies = remedies
        self._debug = debug
        self._log = log
        self._clock = clock
        self._periods: dict[str, _Period] = {}
        self._reasons: OrderedDict[str, _ByOrigin] = OrderedDict()

    def report(self, kind: str, cause: str, format: str, **values: Any) -> str:
        """
        :param kind: a name of ours: a peer that invents causes of one kind hides no other kind.
        :param cause: what makes two refusals of a kind the same.
        :param format: the event, and its remedy.
        :return: the text of the event, for :meth:`explain`; an empty one unless the site is in debug mode.
        """
        text = printable(format.format(**values)) if self._debug else ""
        now = self._clock.seconds()
        period = self._periods.get(kind)
        more = 0
        if period is None or now - period.began >= PERIOD:
            more = 0 if period is None else period.more
            period = self._periods[kind] = _Period(now)
        if cause in period.causes or len(period.causes) >= MOST_CAUSES:
            period.more += 1
            return text
        period.causes.add(cause)
        before = f"; {more} more since the last time" if more else ""
        self._log.warn(f"{format} (Logged once an hour{before}.)", **values)
        return text

    def explain(
        self, peer: str, reason: str, *, status: int = HTTPStatus.FORBIDDEN, origin: str = "", detail: str = ""
    ) -> bytes:
        """
        Keep the reason for :meth:`refusedFor`. Each refusal of a handshake comes here.

        :param peer: the address of a peer that is refused.
        :param reason: a short text of ours, in ASCII.
        :param origin: the ``Origin`` of the handshake.
        :param detail: what :meth:`report` returned.
        :return: the body of the response.
        """
        of = self._reasons.pop(peer, OrderedDict())
        of.pop(origin[:_LONGEST], None)
        if len(of) >= _MOST_ORIGINS:
            of.popitem(last=False)
        of[origin[:_LONGEST]] = (self._clock.seconds(), Refused(status, reason, detail))
        if len(self._reasons) >= _MOST_PEERS:
            self._reasons.popitem(last=False)
        self._reasons[peer] = of
        return f"{reason}\n".encode("ascii")

    def refusedFor(self, peer: str, origin: str | None = None) -> Refused | None:
        """
        :param origin: of the page that asks, as it states; None for any page of the peer. Several people may have one
            address, and another site's page may have tried to open a socket from it.
        :return: why the last handshake of this origin, or the last one without an origin, was refused, if that was less
            than a minute ago.
        """
        of = self._reasons.get(peer, OrderedDict())
        names = [*of][-1:] if origin is None else [origin[:_LONGEST], ""]
        for at, refused in [of[name] for name in names if name in of]:
            if self._clock.seconds() - at < _EXPLAINS:
                return refused
        return None

    def refuseOrigin(self, origin: str, host: str, own: Origin | None, peer: str) -> bytes:
        """
        Report a socket that is refused because of its origin.

        :param origin: its ``Origin`` header, and ``host`` its ``Host`` header, or what the proxy reports for it.
        :param own: the origin of the site, as far as the request shows it.
        :return: the body of the response.
        """
        kind, reason, remedy = self._diagnosis(origin, own)
        detail = self.report(
            kind,
            f"{origin} {host}",
            "Refused a socket from {origin!r} to {host!r} ({peer}): not the page's own origin. {remedy}",
            origin=origin[:_LONGEST],
            host=host[:_LONGEST],
            peer=peer,
            remedy=remedy,
        )
        return self.explain(peer, reason, origin=origin, detail=detail)

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
                "The page came by another scheme than this request: a proxy terminates TLS without reporting it.",
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

    def refuseHandshake(self, peer: str, origin: str = "") -> bytes:
        """
        Report a handshake whose ``Upgrade`` header something has removed.

        :return: the body of the response.
        """
        detail = self.report(
            "upgrade",
            "",
            "A socket cannot be opened ({peer}): something in between removes the header Upgrade. Let the proxy "
            "pass it (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header "
            'Connection "upgrade").',
            peer=peer,
        )
        reason = "A proxy in between has removed the header Upgrade of the handshake."
        return self.explain(peer, reason, status=HTTPStatus.UPGRADE_REQUIRED, origin=origin, detail=detail)

    def refuseInvalid(self, peer: str, origin: str, status: int, problem: str, isProxys: bool) -> None:
        """
        Report a handshake that Autobahn refuses: there are too many sockets, or it is malformed. The latter is a
        warning only if a proxy has made it so; else it is Autobahn's line.

        :param problem: Autobahn's text, which may quote the peer.
        :param isProxys: whether the handshake lacks what proxies remove.
        """
        detail = printable(problem[:_LONGEST]) if self._debug else ""
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            reason = "There are too many sockets at present."
            detail = self.report(
                "busy",
                "",
                "Refused a socket of {peer}: there are as many as Limits.maxConnections allows. If that is not an "
                "attack, allow more ({remedy}), and as many open files (ulimit -n).",
                peer=peer,
                remedy=self.remedies.limits,
            )
        else:
            reason = "The handshake is malformed: something in between may have changed its headers."
            if isProxys:
                detail = self.report(
                    "malformed",
                    "",
                    "Refused a socket of {peer}: its header Connection does not contain Upgrade. A proxy in between "
                    'changes it: let it send that (nginx: proxy_set_header Connection "upgrade").',
                    peer=peer,
                )
        self.explain(peer, reason, status=status, origin=origin, detail=detail)

    def whyUnconnected(self, peer: str, origin: str | None = None) -> Refused:
        """
        A page has no socket, and its browser asks why. It is logged unless the reason is: then no handshake has come,
        or what was sent on a socket has not arrived.

        :param origin: see :meth:`refusedFor`.
        """
        refused = self.refusedFor(peer, origin)
        if refused is None:
            detail = self.report(
                "blocked",
                "",
                "A page reaches this server, but cannot open its WebSocket ({peer}): a proxy or a firewall in between "
                "does not let it pass. Let it pass requests with the header Upgrade, or serve over TLS, which "
                "it cannot read.",
                peer=peer,
            )
            reason = "The server has refused no handshake of this address: something in between lets no WebSocket pass."
            refused = Refused(HTTPStatus.UPGRADE_REQUIRED, reason, detail)
        return refused

    def reportUnstarted(self, peer: str, why: str) -> None:
        """
        Report that the client's scripts do not run in a page.

        :param why: as the page's browser says: see :data:`_UNSTARTED`, or a status.
        """
        isStatus = len(why) == 3 and why.isdecimal()
        why = why if isStatus or why in _UNSTARTED else "failed"
        self.report(
            "unstarted",
            why,
            "athenalite.js, or a script that it imports, does not run in a page of {peer}, so the page does nothing: "
            "{why}.",
            peer=peer,
            why=f"its response has the status {why}; let the proxy pass all below _athena"
            if isStatus
            else _UNSTARTED[why],
        )
