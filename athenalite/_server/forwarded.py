# -*- test-case-name: tests.server.test_forwarded -*-
"""
What proxies report about a request: the scheme, host and port that the browser has used, and its address.

Each proxy may add an entry to ``X-Forwarded-Proto``, ``-Host`` and ``-For``, so behind several each is a list. The
*first* scheme and host are those of the browser's address. No script can set them for a WebSocket, so they may decide
which origin is the site's own. The *last* address is that of the nearest proxy's peer, the only one that no client can
invent; limits per peer depend on it.

``Forwarded`` (RFC 7239) has all of it. It is read only if none of the others is there: a proxy that sets those passes
a client's ``Forwarded`` unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

_SECURE: Final = MappingProxyType({"http": False, "ws": False, "https": True, "wss": True})
_OTHERS: Final = ("x-forwarded-proto", "x-forwarded-host", "x-forwarded-for")
#: A longer ``Forwarded`` is ignored, in characters.
_LONGEST: Final = 1000
_ELEMENT: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^",])+')
_PAIR: Final = re.compile(r'[\s;]*([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^";\s]+)')
#: An address with a port, as some proxies write it. An IPv6 address has brackets then.
_WITH_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:]*):[0-9]+")


def entriesOf(headers: Mapping[str, str], name: str) -> list[str]:
    """
    :param headers: of a request, by lower-case names; repeated ones joined by commas.
    :return: the entries of a list, without blanks around them.
    """
    value = headers.get(name)
    return [] if value is None else [entry.strip() for entry in value.split(",")]


def schemeIsSecure(headers: Mapping[str, str], secure: bool) -> bool | None:
    """
    :param secure: whether the request itself came over TLS.
    :return: whether the browser's did; None if the proxies report something that is no scheme.
    """
    entries = entriesOf(headers, "x-forwarded-proto") or _forwarded(headers, "proto")
    return _SECURE.get(entries[0].lower()) if entries else secure


def hostsOf(headers: Mapping[str, str]) -> list[str]:
    """
    :return: the hosts that the request was sent to, with ports; the first is the one that the browser has asked for.
    """
    return entriesOf(headers, "x-forwarded-host") or _forwarded(headers, "host") or entriesOf(headers, "host")


def portOf(headers: Mapping[str, str]) -> str:
    """
    :return: the port that the proxy nearest to the browser listens on, or an empty text.
    """
    return (entriesOf(headers, "x-forwarded-port") or [""])[0]


def addressOf(headers: Mapping[str, str]) -> str:
    """
    :return: the address of the nearest proxy's peer, without its port; an empty text if it is not given.
    """
    entries = entriesOf(headers, "x-forwarded-for") or _forwarded(headers, "for")
    last = entries[-1] if entries else ""
    match = _WITH_PORT.fullmatch(last)
    return match[1] if match else last


def forwardingHeaders(request: Any) -> dict[str, str]:
    """
    :param request: a ``twisted.web`` request.
    :return: its headers that the functions of this module read.
    """
    found = {}
    for name in ("host", "forwarded", "x-forwarded-port", *_OTHERS):
        values = request.requestHeaders.getRawHeaders(name)
        if values:
            found[name] = ",".join(values)
    return found


def _forwarded(headers: Mapping[str, str], name: str) -> list[str]:
    text = headers.get("forwarded", "")
    if not text or len(text) > _LONGEST or any(other in headers for other in _OTHERS):
        return []
    return [value for element in _ELEMENT.findall(text) for value in _valuesIn(element, name)]


def _valuesIn(element: str, name: str) -> Iterator[str]:
    for found, value in _PAIR.findall(element):
        if found.lower() == name:
            yield re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
