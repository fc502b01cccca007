# -*- test-case-name: tests.server.test_accesslog -*-
"""
The lines of the access log.
"""

from __future__ import annotations

import re
from typing import Any, Final

from twisted.web.iweb import IAccessLogFormatter
from zope.interface import implementer

from .peer import hostOf

#: Printable ASCII without quotes and backslashes.
_PLAIN: Final = re.compile(rb"[ !#-\[\]-~]*")
_NONE: Final = (b"-",)


@implementer(IAccessLogFormatter)
class AccessLogFormatter:
    """
    Formats requests as Twisted's ``combinedLogFormatter`` does, in the combined log format of Apache httpd, with the
    client's address also behind a proxy. There is a line for each page, so a line must cost little.
    """

    def __init__(self, behindProxy: bool = False) -> None:
        """
        :param behindProxy: whether a proxy adds the client's address, see :func:`athenalite._server.peer.peerOf`.
        """
        self._behindProxy = behindProxy

    def __call__(self, timestamp: str, request: Any) -> str:
        """
        :param timestamp: the time of the request, in brackets.
        :return: its line, without a line end. What the peer wrote cannot end it or a quoted part of it.
        """
        host = hostOf(request, self._behindProxy) or "-"
        headers = request.requestHeaders
        referrer = (headers.getRawHeaders(b"referer") or _NONE)[-1]
        agent = (headers.getRawHeaders(b"user-agent") or _NONE)[-1]
        parts: tuple[bytes, ...] = (request.method, request.uri, request.clientproto, referrer, agent)
        if not _PLAIN.fullmatch(b"".join(parts)):
            parts = tuple(map(_escaped, parts))
        method, uri, protocol, referrer, agent = [part.decode("ascii") for part in parts]
        length = request.sentLength or "-"
        return f'"{host}" - - {timestamp} "{method} {uri} {protocol}" {request.code} {length} "{referrer}" "{agent}"'


def _escaped(text: bytes) -> bytes:
    return b"".join([byte if _PLAIN.fullmatch(byte) else _reference(byte) for byte in map(bytes, zip(text))])


def _reference(byte: bytes) -> bytes:
    return b"\\" + byte if byte in b'"\\' else rb"\x%02x" % byte[0]
