# -*- test-case-name: tests.server.test_origin -*-
"""
Checks the origin of a WebSocket handshake, the first of two checks of every socket (the other is the page's token).

A browser sends the origin of the page whose script opens a socket (RFC 6455 section 10.2, RFC 6454). It must be the
site's own, or one that the site lists: the same scheme, host and port, compared exactly. There are no patterns, because
patterns often match more hosts than intended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from .forwarded import hostsOf, portOf, schemeIsSecure

_PORTS: Final = MappingProxyType({"http": 80, "https": 443})
# RFC 6454 section 6.2: scheme, "://", host, and a port where it is not the scheme's own. Nothing may follow.
_ORIGIN: Final = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?", re.IGNORECASE | re.ASCII)
_WITHOUT_PORT: Final = re.compile(r"[^:]+|\[[^\]]*\]")


class Origin(NamedTuple):
    """A web origin, compared as a whole: all in lower case, the port always named."""

    scheme: str
    host: str
    port: int


def parseOrigin(text: str) -> Origin | None:
    """
    :return: the origin in an ``Origin`` header, or None if it is not one web origin (``null``, a path, several).
    """
    match = _ORIGIN.fullmatch(text)
    if match is None:
        return None
    scheme, host = match[1].lower(), match[2].lower()
    port = int(match[3]) if match[3] else _PORTS[scheme]
    return Origin(scheme, host, port) if 0 < port < 65536 else None


def checkedOrigins(origins: Iterable[Any]) -> list[Origin]:
    """
    :param origins: what the author of a site has given.
    :raise TypeError: if one is a text, which would equal no origin, or None, which :func:`parseOrigin` returns for what
        is none.
    """
    given = list(origins)
    for origin in given:
        if not isinstance(origin, Origin):
            what = f"the text {origins!r}" if isinstance(origins, str) else repr(origin)
            raise TypeError(f"origins is a list of what parseOrigin('https://chat.example.org') returns, not {what}")
    return given


def ownOrigin(secure: bool, host: str) -> Origin | None:
    """
    :param secure: whether the request came over TLS, as the browser sees it.
    :param host: its ``Host`` header.
    :return: the origin of pages that the request's address serves.
    """
    return parseOrigin(f"{'https' if secure else 'http'}://{host}")


def forwardedOrigins(headers: Mapping[str, str], secure: bool) -> list[Origin]:
    """
    The origins of pages that a request's address serves, as the browser sees it in front of proxies; none if a header
    of the proxies is malformed. There are two if the host has no port and ``X-Forwarded-Port`` has one: a proxy that
    sets ``Host`` without the port sends it separately, but that may be the port of a proxy further inside.

    :param headers: of the request, by lower-case names; repeated ones joined by commas.
    :param secure: whether the request itself came over TLS.
    """
    isSecure = schemeIsSecure(headers, secure)
    host = (hostsOf(headers) or [""])[0]
    if isSecure is None:
        return []
    port = portOf(headers)
    texts = [host, f"{host}:{port}"] if port and _WITHOUT_PORT.fullmatch(host) else [host]
    return [origin for text in texts if (origin := ownOrigin(isSecure, text)) is not None]


def isAllowed(origin: str | None, allowed: Iterable[Origin | None]) -> bool:
    """
    :param origin: the handshake's ``Origin`` header. A socket without one is refused: every browser sends it.
    :param allowed: the origins of the site itself, and those that it lists; None is none.
    """
    parsed = None if origin is None else parseOrigin(origin)
    return parsed is not None and parsed in tuple(allowed)
