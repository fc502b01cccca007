# -*- test-case-name: tests.server.test_hosts -*-
"""
The hosts that a site serves, by the ``Host`` header.

A page of a stranger's site can make a browser take that site's name for this server's address (DNS rebinding). Its
scripts then read pages and call methods here as pages of their own origin. Their ``Host`` is the stranger's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from .origin import ownOrigin
from .refusals import Refusals
from .responses import respondWithText


class Hosts:
    """Names of hosts. None stands for all."""

    def __init__(self, names: Iterable[str] | None = None, addresses: bool = False) -> None:
        """
        :param names: host names or addresses, without a port. One that begins with a dot stands for all names below it.
        :param addresses: whether any IP address is served, too: nobody can rebind one.
        """
        self._names = None if names is None else frozenset(name.lower().strip("[]") for name in names)
        self._addresses = addresses

    def serves(self, host: str) -> bool:
        """
        :param host: the value of a ``Host`` header.
        """
        if self._names is None:
            return True
        origin = ownOrigin(False, host)
        if origin is None:
            return False
        name = origin.host.strip("[]").rstrip(".")
        if name in self._names or any(name.endswith(one) for one in self._names if one.startswith(".")):
            return True
        return self._addresses and _isAddress(name)


def _isAddress(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def isMisdirected(request: Any, hosts: Hosts, behindProxy: bool, refusals: Refusals) -> bool:
    """
    Respond to a request whose ``Host`` is missing or ambiguous (RFC 9112 section 3.2), or not served.

    :param behindProxy: whether ``X-Forwarded-Host`` is the host that the browser has asked for.
    :return: whether the request has been responded to.
    """
    given = request.requestHeaders.getRawHeaders("host") or []
    if len(given) > 1 or (not given and request.clientproto == b"HTTP/1.1"):
        respondWithText(request, HTTPStatus.BAD_REQUEST, "A request must have one Host header.")
        return True
    host = given[0] if given else ""
    if behindProxy:
        host = firstForwarded(request.requestHeaders.getRawHeaders("x-forwarded-host")) or host
    if hosts.serves(host):
        return False
    host = host[:200]
    refusals.report(
        f"host {host}",
        "Refused a request for the host {host!r}, which is not served. If it is a name of this server, use {remedy}.",
        host=host,
        remedy=refusals.remedies.host.format(host.partition(":")[0]),
    )
    respondWithText(request, HTTPStatus.MISDIRECTED_REQUEST, "This server does not serve this host; its log has more.")
    return True


def firstForwarded(values: list[str] | None) -> str:
    """
    :param values: of an ``X-Forwarded-...`` header, to which each proxy on the way may have added an entry.
    :return: the first entry, which the proxy nearest to the browser has added; empty if there is none.
    """
    return ",".join(values or ()).partition(",")[0].strip()
