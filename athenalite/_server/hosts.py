# -*- test-case-name: tests.server.test_hosts -*-
"""
The hosts that a site serves, by the ``Host`` header.

The owner of another site can let its name resolve to this server's address (DNS rebinding). Scripts of that site
then read pages and call methods here as of their own origin. The ``Host`` of their requests is that other name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final

from .forwarded import forwardingHeaders, hostsOf
from .origin import Origin, ownOrigin
from .peer import hostOf
from .refusals import Refusals
from .responses import respondWithText

_LONGEST: Final = 200
_ONE_HOST: Final = "A request must have one Host header."
_MISDIRECTED: Final = "The handshake is for a host that this server does not serve."
#: How many names of served hosts are cached, each at most as long as a name in DNS with a port.
_MAX_CACHED: Final = 100
_MAX_NAME: Final = 260


def hostsNamed(names: Iterable[str] | None) -> Hosts:
    """
    :param names: what the author of a site has given; None for all.
    :raise TypeError: for one text, whose characters would be the names.
    :raise ValueError: for what is no name of a host, but an address with a scheme or a port, or a pattern: requests
        for it would be refused.
    """
    if isinstance(names, (str, bytes)):
        raise TypeError(f"hosts is a list of names, not the text {names!r}")
    given = None if names is None else list(names)
    for name in given or ():
        text = f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name.removeprefix(".")
        origin = ownOrigin(False, text)
        if origin is None or origin.host != text.lower():
            raise ValueError(f"{name!r} is not the name of a host; write it as chat.example.org, or .example.org")
    return Hosts(given)


class Hosts:
    """Names of hosts. None stands for all."""

    def __init__(self, names: Iterable[str] | None = None, addresses: bool = False) -> None:
        """
        :param names: host names or addresses, without a port. One that begins with a dot stands for all names below it.
        :param addresses: whether any IP address is served, too: DNS rebinding needs a name.
        """
        self._names = None if names is None else frozenset(name.lower().strip("[]") for name in names)
        self._addresses = addresses
        self._served: set[bytes] = set()

    def hasServed(self, host: bytes) -> bool:
        """
        :return: whether ``host`` is known to be valid and served. Nearly all requests of a site have one of few.
        """
        return host in self._served

    def serves(self, host: str) -> bool:
        """
        :param host: the value of a ``Host`` header.
        """
        origin = ownOrigin(False, host.removesuffix(":"))
        if not self._isServed(origin):
            return False
        if origin is not None and len(host) <= _MAX_NAME:
            if len(self._served) >= _MAX_CACHED:
                self._served.clear()
            self._served.add(host.encode("utf-8"))
        return True

    def _isServed(self, origin: Origin | None) -> bool:
        if self._names is None:
            return True
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
    Respond to a request whose ``Host`` is missing, ambiguous or malformed (RFC 9112 section 3.2), or not served.

    :param behindProxy: whether proxies report the hosts that the request was sent to. Then each must be served, and
        ``Host``, too: the script of a page can set any header but ``Host``, and a proxy may pass it.
    :return: whether the request has been responded to.
    """
    received = request.requestHeaders.getRawHeaders(b"host") or []
    if len(received) == 1 and not behindProxy and hosts.hasServed(received[0]):
        return False
    given = [one.decode("utf-8", "replace") for one in received]
    if len(given) > 1 or (not given and request.clientproto == b"HTTP/1.1") or not all(map(_isHost, given)):
        _explain(request, behindProxy, refusals, HTTPStatus.BAD_REQUEST, _ONE_HOST)
        respondWithText(request, HTTPStatus.BAD_REQUEST, _ONE_HOST)
        return True
    names = given or [""]
    if behindProxy:
        names = [*hostsOf(forwardingHeaders(request)), *given] or names
    for host in names:
        if not hosts.serves(host):
            _refuse(request, host[:_LONGEST], behindProxy, refusals)
            return True
    return False


def _refuse(request: Any, host: str, behindProxy: bool, refusals: Refusals) -> None:
    detail = refusals.report(
        "misdirected",
        host,
        "Refused a request for the host {host!r}, which is not served. If it is a name of this server, use {remedy}.",
        host=host,
        remedy=refusals.remedies.host.format(re.sub(":[0-9]*$", "", host)),
    )
    _explain(request, behindProxy, refusals, HTTPStatus.MISDIRECTED_REQUEST, _MISDIRECTED, detail)
    respondWithText(request, HTTPStatus.MISDIRECTED_REQUEST, "This server does not serve this host; its log has more.")


def _explain(
    request: Any, behindProxy: bool, refusals: Refusals, status: HTTPStatus, reason: str, detail: str = ""
) -> None:
    # The page that asks why it has no socket may have come by another host.
    if request.requestHeaders.hasHeader(b"sec-websocket-key"):
        origin = request.getHeader("origin") or ""
        refusals.explain(hostOf(request, behindProxy), reason, status=status, origin=origin, detail=detail)


def _isHost(host: str) -> bool:
    # An empty one is valid, and so is an empty port.
    return not host or ownOrigin(False, host.removesuffix(":")) is not None
