# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What each kind of server and its pages say to each other, for the same work.

A page that is told something hears the same JSON from all of them, but for Socket.IO, which has its own. Payloads
here are bytes without a WebSocket frame around them.
"""

from __future__ import annotations

import json
import re
import socket
from typing import Any, Final, Protocol

from harness.messages import showing

_TOKEN: Final = re.compile(rb'"token":\s*"([^"]+)"')
_GET: Final = "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
#: How many seconds a page may take.
_PATIENCE: Final = 60.0
#: Who says everything.
WHO: Final = "load"


class BrokenPromise(Exception):
    """Something was lost, doubled, out of order, or is not what was expected."""


class Page(Protocol):
    """What a dialect needs of a page, which is :class:`harness.fleet.Page`."""

    token: str
    sockets: int
    numbered: int
    sent: int

    def send(self, payload: bytes) -> None: ...

    def await_(self, payload: bytes) -> None: ...

    def awaitMatch(self, pattern: bytes) -> None: ...


def encode(*parts: Any) -> bytes:
    """JSON as all servers write it."""
    return json.dumps(parts, separators=(",", ":")).encode("utf-8")


def _exchange(port: int, request: str) -> bytes:
    """
    :return: all that comes in answer to an HTTP request, on a connection of its own.
    """
    with socket.create_connection(("127.0.0.1", port), _PATIENCE) as connection:
        connection.sendall(request.encode("ascii"))
        parts = []
        while data := connection.recv(65536):
            parts.append(data)
    return b"".join(parts)


class Dialect:
    """
    The least there can be, without a promise: ``benchmarks.raw`` and most of the peers speak it.

    :cvar path: where the socket is.
    :cvar acknowledges: whether a page says how many messages it has had.
    """

    path = "/transport"
    acknowledges = False

    def fetch(self, port: int) -> str:
        """
        What a browser does before it opens the socket.

        :return: whatever :meth:`open` needs to know of it.
        """
        return ""

    def headers(self, page: Page, fetched: str) -> str:
        """
        :return: what is in the handshake of a page's next socket, besides what is in every one.
        """
        return ""

    def open(self, page: Page) -> None:
        """What is said on a new socket; return when the server is ready."""

    def join(self) -> tuple[bytes, bytes] | None:
        """What the first page says before it talks, and what all hear of that; None if there is no need."""
        return None

    def say(self, text: str) -> bytes:
        """Tell this to everybody."""
        return encode("call", 1, "say", [text])

    def burst(self, count: int, text: str) -> bytes:
        """Tell this to everybody ``count`` times, with 0, 1, 2 behind it, in one turn."""
        return encode("call", 1, "burst", [count, text])

    def broadcast(self, text: str, element: int = 1) -> bytes:
        """What everybody hears."""
        return encode("notify", element, "displayUserMessage", [WHO, text])

    def answerToSay(self, number: int) -> bytes | None:
        """What who said it is answered, if it is its call ``number``."""
        return None

    def call(self, number: int, text: str) -> bytes:
        """Ask to have this back."""
        return encode("call", 1, "echo", [text])

    def answer(self, number: int, text: str) -> bytes:
        """It comes back, as the answer to call ``number``."""
        return encode("respond", number, True, text)

    def aside(self, payload: bytes) -> bytes | None:
        """
        Something that is not the next that must come.

        :return: what is to be said to it, which may be nothing; None if it should not have come at all.
        """
        return None


class Athena(Dialect):
    """``docs/protocol.rst``."""

    path = "/_athena/transport"
    acknowledges = True

    def fetch(self, port: int) -> str:
        page = _exchange(port, _GET.format(port=port))
        found = _TOKEN.search(page)
        if found is None:
            raise BrokenPromise(f"a page without a token: {page[:200]!r}")
        return found[1].decode("ascii")

    def headers(self, page: Page, fetched: str) -> str:
        page.token = fetched
        page.sockets += 1
        opening = encode("open", 1, fetched, page.numbered, page.sockets)
        return f"Sec-WebSocket-Protocol: athenalite, {showing(opening)}\r\n"

    def open(self, page: Page) -> None:
        page.await_(encode("opened", page.sent))

    def answerToSay(self, number: int) -> bytes | None:
        return encode("respond", number, True, None)

    def aside(self, payload: bytes) -> bytes | None:
        return b"" if payload == b'["noop"]' or payload.startswith(b'["ack",') else None


class Tutorial(Athena):
    """The tutorial's chat: whoever talks has a name first."""

    def join(self) -> tuple[bytes, bytes] | None:
        said = encode("call", 1, "setUsername", [WHO])
        return said, encode("notify", 1, "displayMessage", [f" * user {WHO} has joined the room"])


class SocketIO(Dialect):
    """Packets of Socket.IO 5 in packets of Engine.IO 4, over a WebSocket from the first byte."""

    path = "/socket.io/?EIO=4&transport=websocket"

    def open(self, page: Page) -> None:
        page.awaitMatch(rb"0\{.*\}")
        page.send(b"40")
        page.awaitMatch(rb"40\{.*\}")

    def say(self, text: str) -> bytes:
        return b"42" + encode("say", text)

    def broadcast(self, text: str, element: int = 1) -> bytes:
        return b"42" + encode("displayUserMessage", WHO, text)

    def call(self, number: int, text: str) -> bytes:
        return b"42%d" % number + encode("echo", text)

    def answer(self, number: int, text: str) -> bytes:
        return b"43%d" % number + encode(text)

    def aside(self, payload: bytes) -> bytes | None:
        return b"3" if payload == b"2" else None
