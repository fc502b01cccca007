# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Many pages in one process, cheap enough to keep a server's core busy: sockets under one epoll.

A page has the bytes that must come next, so it compares instead of parsing. Only bytes that differ are parsed: they
are a frame that may come at any time, or a broken promise. So every delivery is verified to have arrived once
and in order before it is counted.
"""

from __future__ import annotations

import random
import re
import select
import ssl
import struct
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from .dialects import BrokenPromise, Dialect

#: athenalite's client's limit: it acknowledges after so many messages, or with the second noop after one.
ACK_EVERY: Final = 64
#: The interval between two checks for missing messages, in seconds.
_LOOK: Final = 0.25
#: The timeout of the run, in seconds.
PATIENCE: Final = 60.0
#: How long one wait may take, in seconds.
_LONGEST: Final = 5 * PATIENCE
_COMPANY_EVERY: Final = 2.0
#: How many pages are opened at a time: a listening socket of Twisted lets fifty wait.
_AT_A_TIME: Final = 40
_TEXT: Final = 0x81
_CLOSE: Final = 0x88
_PING: Final = 0x89
_PONG: Final = 0x8A
_NOOP: Final = b'["noop"]'
_LEFT: Final = struct.pack("!H", 4000) + b"the page was closed"
# Any mask costs the server the same, but a mask of zeros could be recognized.
_MASK: Final = b"\x5a\xc3\x0f\x96"
_UPGRADE: Final = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {scheme}://127.0.0.1:{port}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
)


def _header(first: int, length: int, mask: int) -> bytes:
    if length < 126:
        return struct.pack("!BB", first, mask | length)
    if length < 65536:
        return struct.pack("!BBH", first, mask | 126, length)
    return struct.pack("!BBQ", first, mask | 127, length)


def fromServer(payload: bytes) -> bytes:
    """Encode a frame as a server sends it."""
    return _header(_TEXT, len(payload), 0) + payload


def fromBrowser(payload: bytes, first: int = _TEXT) -> bytes:
    """Encode a frame as a browser sends it: masked."""
    length = len(payload)
    mask = int.from_bytes((_MASK * (length // 4 + 1))[:length])
    return _header(first, length, 0x80) + _MASK + (int.from_bytes(payload) ^ mask).to_bytes(length)


class Page:
    """
    One page and its socket.

    :ivar expected: the frames that must come, in order; shared by all pages that receive the same broadcasts.
    :ivar delivered: how many of them have arrived.
    :ivar answered: the frames that must come besides, to this page only.
    :ivar numbered: how many numbered messages have arrived, of both sorts.
    :ivar sent: how many numbered messages it has sent.
    :ivar fetched: what the dialect has fetched for its first socket, and its next ones need.
    :ivar sockets: how many sockets it has opened.
    """

    __slots__ = (
        "ackAfter",
        "answered",
        "buffer",
        "dialect",
        "expected",
        "delivered",
        "numbered",
        "sent",
        "socket",
        "sockets",
        "fetched",
        "unacknowledged",
        "wasPending",
    )

    def __init__(self, port: int, dialect: Dialect, expected: list[bytes], receiveBuffer: int = 0) -> None:
        self.dialect = dialect
        self.expected = expected
        self.delivered = len(expected)
        self.answered: deque[bytes] = deque()
        self.numbered = 0
        self.sent = 0
        self.unacknowledged = 0
        # Random, as in the client, so that not all pages acknowledge at once.
        self.ackAfter = random.randint(1, ACK_EVERY)
        self.wasPending = False
        self.fetched = ""
        self.sockets = 0
        self.open(port, dialect.fetch(port), receiveBuffer)

    def open(self, port: int, fetched: str, receiveBuffer: int = 0) -> None:
        """
        Open a socket, and return when the server is ready.

        :param receiveBuffer: see :meth:`Dialect.connect`.
        """
        self.begin(port, fetched, receiveBuffer)
        self.finish()

    def begin(self, port: int, fetched: str, receiveBuffer: int = 0) -> None:
        """Connect, and send the handshake; call :meth:`finish` then."""
        self.buffer = b""
        self.socket = self.dialect.connect(port, receiveBuffer)
        headers = self.dialect.headers(self, fetched)
        scheme = "http" if self.dialect.tls is None else "https"
        upgrade = _UPGRADE.format(path=self.dialect.address(fetched), port=port, headers=headers, scheme=scheme)
        self.socket.sendall(upgrade.encode("ascii"))

    def finish(self) -> None:
        """Return when the server is ready. The socket is non-blocking from then on."""
        head = self._readUntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101 "):
            raise BrokenPromise(f"no WebSocket: {head!r}")
        self.dialect.open(self)
        self.socket.setblocking(False)

    @property
    def isCurrent(self) -> bool:
        """Whether all expected messages have arrived."""
        return self.delivered == len(self.expected) and not self.answered

    def send(self, payload: bytes) -> None:
        """Send one message."""
        self.socket.sendall(fromBrowser(payload))

    def _readUntil(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            self._read()
        head, _, self.buffer = self.buffer.partition(mark)
        return head + mark

    def read(self) -> bytes:
        """Read what has arrived: nothing, if TLS has only exchanged messages of its own."""
        data = b""
        with suppress(ssl.SSLWantReadError):
            data = self._receive()
            while self.dialect.tls is not None:
                data += self._receive()
        return data

    def _receive(self) -> bytes:
        data = self.socket.recv(262144)
        if not data:
            raise BrokenPromise("the server has closed a socket")
        return data

    def _read(self) -> None:
        self.buffer += self._receive()

    def await_(self, payload: bytes) -> None:
        """
        Wait for this message.

        :raise BrokenPromise: if another one comes first.
        """
        self.awaitMatch(re.escape(payload))

    def awaitMatch(self, pattern: bytes) -> None:
        """Wait for a message that this regular expression matches as a whole."""
        payload = self.nextMessage()
        if not re.fullmatch(pattern, payload):
            raise BrokenPromise(f"unexpected: {payload!r}; {pattern!r} was due")

    def nextMessage(self) -> bytes:
        """Wait for a message, while the page opens its socket."""
        while (frame := wholeFrame(self.buffer)) is None:
            self._read()
        first, payload, size = frame
        self.buffer = self.buffer[size:]
        if first != _TEXT:
            raise BrokenPromise(f"a frame that should not come: {first:x} {payload!r}")
        return payload

    def received(self, data: bytes) -> None:
        """
        :raise BrokenPromise: if these bytes are not the expected ones.
        """
        if not self.buffer and self.delivered < len(self.expected) and data == self.expected[self.delivered]:
            self.delivered += 1
            self.numbered += 1
            return
        self.buffer += data
        position = 0
        while position < len(self.buffer):
            size = self._takeDue(position) or self._takeOther(position)
            if not size:
                break
            position += size
        self.buffer = self.buffer[position:]

    def _takeDue(self, position: int) -> int:
        """
        :return: the size of the expected frame if it is at this position; else 0.
        """
        if self.delivered < len(self.expected) and self.buffer.startswith(self.expected[self.delivered], position):
            size = len(self.expected[self.delivered])
            self.delivered += 1
        elif self.answered and self.buffer.startswith(self.answered[0], position):
            size = len(self.answered.popleft())
        else:
            return 0
        self.numbered += 1
        return size

    def _takeOther(self, position: int) -> int:
        frame = wholeFrame(self.buffer, position)
        if frame is None:
            return 0
        first, payload, size = frame
        if first == _PING:
            self.socket.sendall(fromBrowser(payload, _PONG))
        elif first == _TEXT:
            self._asideCame(payload)
        elif first != _PONG:
            raise BrokenPromise(f"a frame that should not come: {first:x} {payload!r}")
        return size

    def _asideCame(self, payload: bytes) -> None:
        if payload == _NOOP and self.dialect.acknowledges:
            self.keptAlive()
            return
        answer = self.dialect.aside(payload)
        if answer is None:
            raise BrokenPromise(f"unexpected: {payload!r}; number {self.delivered} of {len(self.expected)} was due")
        if answer:
            self.send(answer)

    def owe(self, count: int) -> None:
        """Note ``count`` more received messages, and acknowledge as the client does."""
        self.unacknowledged += count
        if self.unacknowledged >= self.ackAfter:
            self.acknowledge()

    def keptAlive(self) -> None:
        """Handle a noop, as the client does."""
        pending = self.unacknowledged > 0
        if pending and self.wasPending:
            self.acknowledge()
        else:
            self.wasPending = pending

    def acknowledge(self) -> None:
        """Acknowledge all messages."""
        self.unacknowledged = 0
        self.wasPending = False
        self.ackAfter = ACK_EVERY
        self.socket.sendall(fromBrowser(b'["ack",%d]' % self.numbered))


def ignored(page: Page, delivered: int) -> None:
    """Called for each page that received something, where nothing follows from that."""


def _unexpected(page: Page, delivered: int) -> None:
    raise BrokenPromise("a message too many")


def wholeFrame(data: bytes, position: int = 0) -> tuple[int, bytes, int] | None:
    """
    :return: first byte, payload and size of the server's frame at this position, or None if it is incomplete.
    """
    if len(data) < position + 2:
        return None
    length, start = data[position + 1], position + 2
    if length == 126:
        length, start = int.from_bytes(data[start : start + 2]), start + 2
    elif length == 127:
        length, start = int.from_bytes(data[start : start + 8]), start + 8
    if len(data) < start + length:
        return None
    return data[position], data[start : start + length], start + length - position


def attendUntil(done: Callable[[], bool], attend: Callable[[float], bool]) -> None:
    """
    Attend until ``done()``.

    :param attend: reads what arrives within this time, and returns whether anything did.
    :raise BrokenPromise: if nothing arrives for too long, or not what is expected: keep-alives come without an end.
    """
    silence, until = 0, time.monotonic() + _LONGEST
    while not done():
        silence = 0 if attend(_LOOK) else silence + 1
        if silence * _LOOK > PATIENCE or time.monotonic() > until:
            raise BrokenPromise("what was expected does not come")


class Fleet:
    """
    All pages of one server.

    :ivar expected: the frames that every page must receive, in order.
    :ivar receiveBuffer: the size of the kernel's receive buffer for each page opened from now on; its own choice if 0.
    :ivar company: other fleets; their pings are answered while this one works, as their servers would drop the pages
        otherwise.
    """

    def __init__(self, port: int, dialect: Dialect, pageFactory: type[Page] = Page) -> None:
        """
        :param dialect: the protocol of the server and its pages.
        :param pageFactory: makes a page.
        """
        self.port = port
        self.pageFactory = pageFactory
        self.pages: list[Page] = []
        self.expected: list[bytes] = []
        self.dialect = dialect
        self.receiveBuffer = 0
        self.company: list[Fleet] = []
        self._keptCompany = 0.0
        self._epoll = select.epoll()
        self._byNumber: dict[int, Page] = {}

    def __len__(self) -> int:
        return len(self.pages)

    @property
    def isClosed(self) -> bool:
        return self._epoll.closed

    def fileno(self) -> int:
        """Return a descriptor that is readable while the socket of a page is."""
        return self._epoll.fileno()

    def grow(self, count: int) -> None:
        """Open this many more pages, one after the other."""
        for _ in range(count):
            self._keepCompany(withSelf=True)
            page = self.pageFactory(self.port, self.dialect, self.expected, self.receiveBuffer)
            self.pages.append(page)
            self.listen(page)

    def growBusily(self, count: int, patience: float = 2 * PATIENCE) -> None:
        """
        Open this many more pages, some at a time, and read from all that are open meanwhile.

        :param patience: seconds after which a server is too busy for them.
        :raise BrokenPromise: if it is, or a page is lost.
        """
        opener, until = ThreadPoolExecutor(_AT_A_TIME), time.monotonic() + patience
        try:
            opening = [opener.submit(self.grow, 1) for _ in range(count)]
            while not all(one.done() for one in opening):
                self.attend(0.01)
                if time.monotonic() > until:
                    raise BrokenPromise(f"only {len(self)} of {count} pages could be opened")
            for one in opening:
                one.result()
        finally:
            opener.shutdown(cancel_futures=True)

    def listen(self, page: Page) -> None:
        """Read from a page from now on."""
        self._byNumber[page.socket.fileno()] = page
        self._epoll.register(page.socket.fileno(), select.EPOLLIN)

    def ignore(self, page: Page) -> None:
        """Do not read from a page until :meth:`listen`."""
        del self._byNumber[page.socket.fileno()]
        self._epoll.unregister(page.socket.fileno())

    def lose(self, page: Page) -> None:
        """Cut a page's connection, without a close frame."""
        if page.socket.fileno() in self._byNumber:
            self.ignore(page)
        page.socket.close()
        # A message that was cut is sent again in full; the page reports how many it received when it resumes.
        page.buffer = b""
        page.unacknowledged = 0
        page.wasPending = False

    def resume(self, page: Page) -> None:
        """Connect a page again. The server sends what it missed."""
        page.begin(self.port, page.fetched, self.receiveBuffer)
        self.resumed(page)

    def resumed(self, page: Page) -> None:
        """Finish the opening of a page's socket, and read what the page missed."""
        page.finish()
        self.listen(page)
        # Some of that may have arrived together with the answer.
        numbered = page.numbered
        page.received(b"")
        if page.numbered > numbered:
            page.owe(page.numbered - numbered)

    def say(self, text: str) -> None:
        """Send a broadcast from the first page; all pages expect it."""
        sender = self.pages[0]
        sender.sent += 1
        answer = self.dialect.answerToSay(sender.sent)
        if answer is not None:
            sender.answered.append(fromServer(answer))
        self.expected.append(fromServer(self.dialect.broadcast(text)))
        sender.send(self.dialect.say(text))

    def call(self, page: Page, text: str) -> None:
        """Have a text echoed to a page, which expects it."""
        page.sent += 1
        page.answered.append(fromServer(self.dialect.answer(page.sent, text)))
        page.send(self.dialect.call(page.sent, text))

    def catchUp(self) -> None:
        """Await all deliveries to all pages."""
        self.until(lambda: all(page.isCurrent for page in self.pages))

    def leave(self, page: Page) -> None:
        """Close a page, as a browser does when its user leaves it."""
        page.socket.sendall(fromBrowser(_LEFT, _CLOSE))
        self.drop(page)

    def drop(self, page: Page) -> None:
        """Remove a page without a close frame; it does not come back."""
        self.lose(page)
        self.pages.remove(page)

    def close(self) -> None:
        """Close all sockets without a close frame."""
        for page in self.pages:
            page.socket.close()
        self._epoll.close()

    def attend(self, timeout: float, came: Callable[[Page, int], None] = ignored) -> bool:
        """
        Read what has arrived, and acknowledge what is due.

        :param came: called with a page that received something, and the previous value of its ``delivered``.
        :return: whether anything arrived within ``timeout`` seconds.
        """
        events = self._epoll.poll(timeout, 4096)
        for number, _ in events:
            page = self._byNumber[number]
            delivered, numbered = page.delivered, page.numbered
            page.received(page.read())
            if page.numbered > numbered:
                if self.dialect.acknowledges:
                    page.owe(page.numbered - numbered)
                came(page, delivered)
        return bool(events)

    def until(self, done: Callable[[], bool], came: Callable[[Page, int], None] = ignored) -> None:
        """
        Attend until ``done()``.

        :raise BrokenPromise: if nothing arrives for too long.
        """

        def attend(timeout: float) -> bool:
            self._keepCompany()
            return self.attend(timeout, came)

        attendUntil(done, attend)

    def _keepCompany(self, withSelf: bool = False) -> None:
        if self.company and self._keptCompany + _COMPANY_EVERY < time.monotonic():
            self._keptCompany = time.monotonic()
            for other in self.company:
                if (withSelf or other is not self) and not other.isClosed:
                    other.settle(0)

    def settle(self, seconds: float, came: Callable[[Page, int], None] = _unexpected) -> None:
        """Read for this long: pings and noops, because nothing else may come unless ``came`` takes it."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.attend(left, came)
        self.attend(0, came)
