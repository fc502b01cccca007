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
from typing import Final, NamedTuple

_PORTS: Final = MappingProxyType({"http": 80, "https": 443})
# RFC 6454 section 6.2: scheme, "://", host, and a port where it is not the scheme's own. Nothing may follow.
_ORIGIN: Final = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?", re.IGNORECASE | re.ASCII)


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


def ownOrigin(secure: bool, host: str) -> Origin | None:
    """
    :param secure: whether the request came over TLS, as the browser sees it.
    :param host: its ``Host`` header.
    :return: the origin of pages that the request's address serves.
    """
    return parseOrigin(f"{'https' if secure else 'http'}://{host}")


def forwardedOrigin(headers: Mapping[str, str], secure: bool) -> Origin | None:
    """
    The origin of pages that a request's address serves, as the browser sees it in front of proxies.

    Each proxy may add an entry to ``X-Forwarded-Proto`` and ``X-Forwarded-Host``. The first one is of the proxy nearest
    to the browser, which must remove what browsers send under these names.

    :param headers: of the request, by lower-case names; repeated ones joined by commas.
    :param secure: whether the request itself came over TLS.
    """
    scheme = _first(headers, "x-forwarded-proto").lower() or ("https" if secure else "http")
    host = _first(headers, "x-forwarded-host") or headers.get("host", "")
    port = _first(headers, "x-forwarded-port")
    # Proxies that set Host or X-Forwarded-Host without the port send it apart.
    if port and re.fullmatch(r"[^:]+|\[[^\]]*\]", host):
        host = f"{host}:{port}"
    return ownOrigin(scheme in ("https", "wss"), host) if scheme in ("http", "https", "ws", "wss") else None


def _first(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "").partition(",")[0].strip()


def isAllowed(origin: str | None, own: Origin | None, others: Iterable[Origin] = ()) -> bool:
    """
    :param origin: the handshake's ``Origin`` header. A socket without one is refused: every browser sends it.
    :param own: the origin of the site itself.
    :param others: further origins that the site lists.
    """
    parsed = None if origin is None else parseOrigin(origin)
    return parsed is not None and (parsed == own or parsed in tuple(others))
