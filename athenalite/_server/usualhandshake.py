# -*- test-case-name: tests.server.test_usualhandshake -*-
"""
The handshake of a socket as browsers send it, from what ``twisted.web`` has parsed.

Autobahn would get the request as bytes and parse it again, with its address and origin, which the gate has decided
about: an eighth of the opening of a socket. A handshake that differs from the usual one in anything is Autobahn's,
which knows the reason to refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from .autobahn import ConnectionRequest, WebSocketServerProtocol

#: The request as Autobahn's resource writes it, without a body. No character of it has more than one reading.
_REQUEST: Final = re.compile(rb"GET /[A-Za-z0-9._~/%?=&-]* HTTP/1\.1\r\n(?:[A-Za-z0-9-]+: [ -~]*\r\n)+\r\n")
_HOST: Final = r"[A-Za-z0-9.-]+(?::[1-5]?[0-9]{1,4})?"
_ORIGIN: Final = re.compile(f"https?://{_HOST}")
#: What these headers must be. A repeated one has a comma, which none of them allows but ``Connection``.
_USUAL: Final = (
    ("host", re.compile(_HOST)),
    ("upgrade", re.compile("websocket", re.IGNORECASE)),
    ("connection", re.compile("(?:.*,)? *upgrade *(?:,.*)?", re.IGNORECASE)),
    ("sec-websocket-version", re.compile("13")),
    ("sec-websocket-key", re.compile("[A-Za-z0-9+/]{22}==")),
)


def _isUsual(request: bytes, headers: Mapping[str, str]) -> bool:
    origin = headers.get("origin")
    return (
        _REQUEST.fullmatch(request) is not None
        and (origin is None or _ORIGIN.fullmatch(origin) is not None)
        and all(pattern.fullmatch(headers.get(name, "")) for name, pattern in _USUAL)
    )


class UsualHandshakeMixin(WebSocketServerProtocol):  # type: ignore[misc]
    """Takes the usual handshake, and leaves the rest to Autobahn. The origin must have been allowed."""

    factory: Any
    data: bytes
    #: See :func:`athenalite._text.cookies.headersOf`.
    requestHeaders: Mapping[str, str] = MappingProxyType({})

    def processHandshake(self) -> None:
        headers = self.requestHeaders
        offered = headers.get("sec-websocket-protocol")
        protocols = [] if offered is None else [one.strip() for one in offered.split(",")]
        isFull = 0 < self.maxConnections < self.factory.countConnections
        if isFull or len(set(protocols)) < len(protocols) or not _isUsual(self.data, headers):
            super().processHandshake()
            return
        extensions = headers.get("sec-websocket-extensions")
        self.data = b""
        self.websocket_version = 13
        self.websocket_protocols = protocols
        self.websocket_extensions = [] if extensions is None else self._parseExtensionsHeader(extensions)
        self._wskey = headers["sec-websocket-key"]
        origin = headers.get("origin", "")
        request = ConnectionRequest(
            self.peer, headers, headers["host"], "", {}, 13, origin, protocols, self.websocket_extensions
        )
        try:
            self.succeedHandshake(self.onConnect(request))
        except Exception:
            # Neither the request nor Autobahn can answer any more.
            self.factory.log.forAddress(self.peer).failure("A socket could not be opened")
            self.dropConnection(abort=True)
