# -*- test-case-name: tests.project.test_benchmarks -*-
"""
The protocols of the servers that are compared: the messages each server and its pages exchange for the same work.

A broadcast is the same JSON in all of them except Socket.IO, which has its own format. Payloads here are bytes without
a WebSocket frame around them.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
from typing import Any, Final, Protocol

from harness.messages import showing

_TOKEN: Final = re.compile(rb'"token":\s*"([^"]+)"')
#: Relative to the page's address, with the name of the worker that has the page, if there are several.
_TRANSPORT: Final = re.compile(rb'"transport":\s*"[.](/[^"]+)"')
_CLIENT: Final = re.compile(rb"'client_id': '([^']+)'")
_GET: Final = "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
#: Timeout of a page, in seconds.
_PATIENCE: Final = 60.0
#: The user name of the page that sends.
WHO: Final = "load"


class BrokenPromise(Exception):
    """A message was lost, duplicated, out of order or unexpected."""


class Page(Protocol):
    """The interface that a dialect needs of a page; :class:`harness.fleet.Page` provides it."""

    fetched: str
    sockets: int
    numbered: int
    sent: int

    def send(self, payload: bytes) -> None: ...

    def await_(self, payload: bytes) -> None: ...

    def awaitMatch(self, pattern: bytes) -> None: ...


def encode(*parts: Any) -> bytes:
    """Encode JSON as all servers do."""
    return json.dumps(parts, separators=(",", ":")).encode("utf-8")


class Dialect:
    """
    The smallest protocol, without delivery guarantees: that of ``benchmarks.raw`` and most of the peers.

    :cvar path: the path of the WebSocket, which may follow from the document, too: :meth:`address`.
    :cvar acknowledges: whether a page acknowledges messages.
    :ivar method: the method by which a page broadcasts.
    :ivar update: bytes that are in each message of an update; for :class:`harness.watching.Watcher`.
    :ivar tls: for servers with TLS, how to connect.
    """

    path = "/transport"
    acknowledges = False
    method = "say"
    update = b""
    tls: ssl.SSLContext | None = None

    def connect(self, port: int, receiveBuffer: int = 0) -> socket.socket:
        """
        Connect to the server.

        :param receiveBuffer: the size of the kernel's receive buffer in bytes; the kernel's choice if 0.
        """
        connection = socket.socket()
        connection.settimeout(_PATIENCE)
        if receiveBuffer:
            # Before connecting: the initial window cannot be changed later.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receiveBuffer)
        connection.connect(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection if self.tls is None else self.tls.wrap_socket(connection)

    def exchange(self, port: int, request: str) -> bytes:
        """
        :return: the whole response to an HTTP request, on a connection of its own.
        """
        with self.connect(port) as connection:
            connection.sendall(request.encode("ascii"))
            parts = []
            while data := connection.recv(65536):
                parts.append(data)
        return b"".join(parts)

    def fetch(self, port: int) -> str:
        """
        Make the HTTP request that precedes the socket.

        :return: what :meth:`open` needs of the response.
        """
        return ""

    def headers(self, page: Page, fetched: str) -> str:
        """
        :return: headers of the handshake of a page's next socket, besides those that every handshake has.
        """
        return ""

    def address(self, fetched: str) -> str:
        """
        :return: the path of the WebSocket, with a query.
        """
        return self.path

    def open(self, page: Page) -> None:
        """Exchange the first messages on a new socket; return when the server is ready."""

    def join(self) -> tuple[bytes, bytes] | None:
        """The message with which the first page joins, and the broadcast that follows; None if it need not join."""
        return None

    def say(self, value: Any) -> bytes:
        """The call that broadcasts this value."""
        return encode("call", 1, self.method, [value])

    def burst(self, count: int, text: str) -> bytes:
        """The call that broadcasts this text ``count`` times, with 0, 1, 2 appended, in one batch."""
        return encode("call", 1, "burst", [count, text])

    def broadcast(self, value: Any, element: int = 1) -> bytes:
        """The message that each page receives for a broadcast."""
        return encode("notify", element, "displayUserMessage", [WHO, value])

    def answerToSay(self, number: int) -> bytes | None:
        """The answer to :meth:`say`, if it is the sender's call ``number``."""
        return None

    def call(self, number: int, value: Any) -> bytes:
        """The call ``number``, which echoes this value."""
        return encode("call", 1, "echo", [value])

    def answer(self, number: int, value: Any) -> bytes:
        """The answer to call ``number``, which echoed this value."""
        return encode("respond", number, True, value)

    def aside(self, payload: bytes) -> bytes | None:
        """
        Handle a message that is not the next expected one.

        :return: the reply, which may be empty; None if the message is not allowed here.
        """
        return None


class Fetching(Dialect):
    """The same, of a server that has a document, which a page requests first."""

    def fetch(self, port: int) -> str:
        self.exchange(port, _GET.format(port=port))
        return ""


class Athena(Dialect):
    """athenalite's protocol, ``docs/protocol.rst``."""

    acknowledges = True

    def fetch(self, port: int) -> str:
        page = self.exchange(port, _GET.format(port=port))
        token, transport = _TOKEN.search(page), _TRANSPORT.search(page)
        if token is None or transport is None:
            raise BrokenPromise(f"a page without a token: {page[:200]!r}")
        return f"{token[1].decode('ascii')} {transport[1].decode('ascii')}"

    def address(self, fetched: str) -> str:
        return fetched.partition(" ")[2]

    def headers(self, page: Page, fetched: str) -> str:
        page.fetched = fetched
        page.sockets += 1
        opening = encode("open", 1, fetched.partition(" ")[0], page.numbered, page.sockets)
        return f"Sec-WebSocket-Protocol: athenalite, {showing(opening)}\r\n"

    def open(self, page: Page) -> None:
        page.await_(encode("opened", page.sent))

    def answerToSay(self, number: int) -> bytes | None:
        return encode("respond", number, True, None)

    def aside(self, payload: bytes) -> bytes | None:
        return b"" if payload == b'["noop"]' or payload.startswith(b'["ack",') else None


class Tutorial(Athena):
    """The tutorial's chat: a user sets a name before sending."""

    def join(self) -> tuple[bytes, bytes] | None:
        said = encode("call", 1, "setUsername", [WHO])
        return said, encode("notify", 1, "displayMessage", [f" * user {WHO} has joined the room"])


class SocketIO(Dialect):
    """Socket.IO 5 packets in Engine.IO 4 packets, over a WebSocket from the first byte."""

    path = "/socket.io/?EIO=4&transport=websocket"

    def open(self, page: Page) -> None:
        page.awaitMatch(rb"0\{.*\}")
        page.send(b"40")
        page.awaitMatch(rb"40\{.*\}")

    def say(self, value: Any) -> bytes:
        return b"42" + encode("say", value)

    def broadcast(self, value: Any, element: int = 1) -> bytes:
        return b"42" + encode("displayUserMessage", WHO, value)

    def call(self, number: int, value: Any) -> bytes:
        return b"42%d" % number + encode("echo", value)

    def answer(self, number: int, value: Any) -> bytes:
        return b"43%d" % number + encode(value)

    def aside(self, payload: bytes) -> bytes | None:
        return b"3" if payload == b"2" else None


class NiceGUI(SocketIO):
    """NiceGUI's page, which is opened as its own client does, and then only reads."""

    path = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket&next_message_id=0&implicit_handshake=true"

    def fetch(self, port: int) -> str:
        page = self.exchange(port, _GET.format(port=port))
        found = _CLIENT.search(page)
        if found is None:
            raise BrokenPromise(f"a page without a client: {page[:200]!r}")
        return found[1].decode("ascii")

    def address(self, fetched: str) -> str:
        return f"{self.path}&client_id={fetched}&tab_id={fetched}&document_id={fetched}"
