# -*- test-case-name: tests.integration.test_hostile -*-
"""
HTTP and WebSocket by hand, for misbehaving peers: plain blocking sockets, and frames of any shape.

A WebSocket library would refuse to send most of what is sent here, and would answer pings on its own.
"""

import contextlib
import itertools
import json
import re
import socket
import ssl
import struct
import time

from harness.accounts import cpuSeconds, resident
from harness.messages import opening

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

TIMEOUT = 60.0
"""Timeout in seconds of an operation that is expected to complete. Generous: a busy machine must not fail a test."""

TOKEN = re.compile(rb'"token":\s*"([^"]+)"')


class RawConnection:
    """
    One TCP connection to a port of this machine; a context manager.

    :param receiveBuffer: the size of the kernel's receive buffer in bytes; the kernel's choice unless given. With a
        small one, backpressure begins soon after a reader stops reading.
    :param secure: whether to use TLS; the server's certificate is not checked.
    """

    def __init__(self, port, receiveBuffer=None, secure=False):
        self.socket = socket.socket()
        self.socket.settimeout(TIMEOUT)
        if receiveBuffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receiveBuffer)
        self._received = b""
        try:
            self.socket.connect(("127.0.0.1", port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if secure:
                self._startTLS()
        except BaseException:
            self.close()
            raise

    def _startTLS(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Close without a close frame."""
        self.socket.close()

    def abort(self):
        """Close with RST, as when a process is killed with data unread."""
        if self.socket.fileno() < 0:
            return
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def write(self, data):
        """Send bytes; False if the server has closed the connection or takes no more for a minute."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def readAll(self):
        """
        Return all bytes until the server closes.

        :raises TimeoutError: if nothing arrives for a minute.
        """
        with contextlib.suppress(ConnectionError):
            while chunk := self.socket.recv(65536):
                self._received += chunk
        data, self._received = self._received, b""
        return data

    def readUntil(self, mark):
        """Return the bytes up to and including ``mark``; all bytes if the server closes first."""
        while mark not in self._received:
            chunk = self.socket.recv(65536)
            if not chunk:
                return self.readAll()
            self._received += chunk
        head, _, self._received = self._received.partition(mark)
        return head + mark

    def readExactly(self, count):
        """
        :raises EOFError: if the server closes first.
        """
        while len(self._received) < count:
            chunk = self.socket.recv(65536)
            if not chunk:
                raise EOFError
            self._received += chunk
        data, self._received = self._received[:count], self._received[count:]
        return data


def request(port, method="GET", path="/", headers=(), body=b"", secure=False):
    """
    Return the status and the bytes of the response to one HTTP request; the status is None without a response.

    :param headers: header lines without line ends.
    """
    with RawConnection(port, secure=secure) as connection:
        connection.write(head(port, method, path, ["Connection: close", *headers]) + body)
        answer = connection.readAll()
    return status(answer), answer


def head(port, method, path, headers):
    """Encode the head of an HTTP request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", *headers, "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def status(answer):
    """Return the status code of an HTTP response, or None if it is not one."""
    match = re.match(rb"HTTP/1\.1 ([0-9]{3}) ", answer)
    return None if match is None else int(match[1])


def openPage(port, secure=False):
    """GET the page, as a browser does, and return its token."""
    _, answer = request(port, secure=secure)
    match = TOKEN.search(answer)
    assert match is not None, answer
    return match[1].decode("ascii")


def frame(payload=b"", opcode=TEXT, fin=True, reserved=0, masked=True, length=None, key=bytes(4)):
    """
    Encode one frame (RFC 6455 section 5.2).

    :param reserved: the three reserved bits, as a number from 0 to 7.
    :param length: the declared length, if it is to differ from the payload's.
    :param key: the masking key; zeros leave the payload as it is.
    """
    length = len(payload) if length is None else length
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    mask = 0x80 if masked else 0
    if length < 126:
        size = struct.pack("!BB", first, mask | length)
    elif length < 65536:
        size = struct.pack("!BBH", first, mask | 126, length)
    else:
        size = struct.pack("!BBQ", first, mask | 127, length)
    if masked and any(key):
        return size + key + bytes(byte ^ each for byte, each in zip(payload, itertools.cycle(key), strict=False))
    return size + (key if masked else b"") + payload


def message(*parts):
    """Encode one message of ``docs/protocol.rst`` as a frame."""
    return frame(json.dumps(parts).encode("utf-8"))


class RawSocket(RawConnection):
    """
    A WebSocket after the handshake.

    :ivar handshake: the head of the server's response.
    :ivar status: its status code.
    :param origin: the ``Origin`` header: the site's own unless given; None for no such header.
    :param headers: more header lines.
    :param path: the path of the WebSocket.
    :param before: requests to send before the handshake, in the same write.
    """

    def __init__(
        self, port, origin="", headers=(), receiveBuffer=None, path="/_athena/transport", secure=False, before=b""
    ):
        super().__init__(port, receiveBuffer, secure)
        lines = [
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
        ]
        if origin is not None:
            scheme = "https" if secure else "http"
            lines.append(f"Origin: {origin or f'{scheme}://localhost:{port}'}")
        self._numbered = 0
        self.write(before + head(port, "GET", path, [*lines, *headers]))
        try:
            if before:
                self.readUntil(b"HTTP/1.1 101 ")
                self._received = b"HTTP/1.1 101 " + self._received
            self.handshake = self.readUntil(b"\r\n\r\n")
        except BaseException:
            self.close()
            raise
        self.status = status(self.handshake)

    @classmethod
    def connected(cls, port, token=None, **options):
        """Return a page's socket after ``opened``; without a token, the page is a new one."""
        one = cls(port, **options)
        try:
            one.send(*opening(token or openPage(port, options.get("secure", False)), 0))
            answer = one.receive()
            assert answer[0] == "opened", answer
        except BaseException:
            one.close()
            raise
        return one

    def send(self, *parts):
        """Send one message. False if the server has closed."""
        return self.write(message(*parts))

    def receive(self):
        """
        Return the next message, parsed.

        :raises EOFError: if the server closes instead.
        """
        while True:
            opcode, payload = self.receiveFrame()
            if opcode == TEXT:
                parts = json.loads(payload)
                self._numbered += parts[0] in ("call", "notify", "respond")
                return parts
            if opcode == CLOSE:
                raise EOFError(payload)

    def acknowledge(self):
        """Acknowledge the messages received. Nothing else does, so that a page can be a slow consumer."""
        self.send("ack", self._numbered)

    def receiveFrame(self):
        """Return the next frame that is not a ping, as opcode and payload; pings are answered."""
        first, length = self.readExactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", self.readExactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.readExactly(8))
        payload = self.readExactly(length)
        if first & 15 == PING:
            self.write(frame(payload, PONG))
        return first & 15, payload

    def closed(self):
        """
        Return the code and reason of the server's close frame; (1006, "") if the connection ends without one.
        """
        try:
            while True:
                opcode, payload = self.receiveFrame()
                if opcode == CLOSE:
                    return struct.unpack("!H", payload[:2])[0], payload[2:].decode("utf-8")
        except (EOFError, ConnectionError):
            return 1006, ""

    def call(self, objectID, methodName, *args):
        """Make a call. Return the server's response and the seconds that it took. One call at a time."""
        began = time.monotonic()
        self.send("call", objectID, methodName, list(args))
        while True:
            answer = self.receive()
            if answer[0] == "respond":
                return answer[2:], time.monotonic() - began


def residentMemory(pid):
    """Return a process's resident memory in bytes; None on a system without /proc."""
    with contextlib.suppress(OSError):
        return resident(pid)
    return None


def cpuTime(pid):
    """Return a process's CPU time in seconds; None on a system without /proc."""
    with contextlib.suppress(OSError):
        return cpuSeconds(pid)
    return None
