"""
Attacks of one hostile peer on a server's memory or time: each is a function that runs until its time is over or the
server has closed the connection, and is repeated until its time is over.
"""

import contextlib
import json
import re
import ssl
import time
import zlib

from harness.messages import opening, showing
from harness.rawsocket import CONTINUATION, PING, RawConnection, RawSocket, frame, head, message, openPage, request

KEPT = 37
"""How many unacknowledged messages of 100 kB a page may have: nearly all of ``maxBytesKept``."""

SEGMENT = 60_000
"""The number of requests pipelined at once."""

MANY = 200
"""The number of connections of one attacker."""

AGAIN = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""The exceptions of a non-blocking socket that would block."""

DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate"


class Attacker:
    """
    A peer that attacks a server.

    :param port: the server's port.
    :param secure: whether it uses TLS.
    :param compress: whether its sockets offer compression.
    :param seconds: the duration of the attack.
    """

    def __init__(self, port, secure=False, compress=False, seconds=10.0):
        self.port = port
        self.secure = secure
        self.compress = compress
        self.end = time.monotonic() + seconds
        self._headers = [DEFLATE] if compress else []
        self._connections = []

    def run(self, attack):
        """Repeat an attack until the time is over."""
        while self.running:
            # The server may end any connection at any time.
            with contextlib.suppress(OSError, EOFError, AssertionError):
                attack(self)
            self.sleep(0.01)

    def leave(self):
        """Close everything, as when a process is killed."""
        for one in self._connections:
            one.abort()
        self._connections.clear()

    @property
    def running(self):
        """Whether there is time left."""
        return time.monotonic() < self.end

    def sleep(self, seconds):
        """Wait, but not beyond the end of the attack."""
        time.sleep(max(0, min(seconds, self.end - time.monotonic())))

    def page(self):
        """Return the token of a new page."""
        return openPage(self.port, self.secure)

    def connection(self):
        """Return a new connection that will not be read from."""
        return self._kept(RawConnection(self.port, 4096, self.secure))

    def socket(self, token=None, shown=False):
        """
        Return a new WebSocket that will not be read from; a page's, if its token is given.

        :param shown: whether the token is sent in the handshake, or in the first message.
        """
        headers = list(self._headers)
        if shown:
            headers.append(f"Sec-WebSocket-Protocol: athenalite, {showing(json.dumps(opening(token, 0)).encode())}")
        socket = self._kept(RawSocket(self.port, headers=headers, receiveBuffer=4096, secure=self.secure))
        if token is not None and not shown:
            self.push(socket, message(*opening(token, 0)))
        return socket

    def _kept(self, connection):
        connection.socket.settimeout(0.2)
        self._connections.append(connection)
        if len(self._connections) > MANY:
            self._connections.pop(0).abort()
        return connection

    def push(self, connection, data):
        """
        Send bytes as fast as the server takes them.

        :return: whether all were sent before the time was over or the server closed.
        """
        left = memoryview(data)
        while left and self.running:
            try:
                left = left[connection.socket.send(left[:65536]) :]
            except TimeoutError:
                continue
            except OSError:
                return False
        return not left

    def flood(self, connections, data, read=False):
        """
        Send the same bytes on each connection until the time is over.

        :param read: whether to read the responses.
        :raises OSError: if the server closes a connection.
        """
        left = {one: memoryview(data) for one in connections}
        for one in connections:
            one.socket.settimeout(0)
        while self.running:
            for one in connections:
                with contextlib.suppress(*AGAIN):
                    left[one] = left[one][one.socket.send(left[one][:65536]) :] or memoryview(data)
                with contextlib.suppress(*AGAIN):
                    while read:
                        if not one.socket.recv(65536):
                            raise EOFError
            time.sleep(0.001)

    def get(self, path="/", *headers):
        """Return the head of a request."""
        return head(self.port, "GET", path, headers)

    def script(self):
        """Return the path of the largest script of a page."""
        _, answer = request(self.port, secure=self.secure)
        paths = {b"/" + path.removeprefix(b"./") for path in re.findall(rb'src="([^"]+)"', answer)}
        sizes = {path: len(request(self.port, path=path.decode(), secure=self.secure)[1]) for path in paths}
        return max(sizes, key=sizes.__getitem__).decode()


def _keeping(attacker):
    """Return the token of a page that has lost its socket with many messages unacknowledged."""
    token = attacker.page()
    socket = attacker.socket(token)
    attacker.push(socket, message("notify", 1, "fill", [KEPT, 100_000]))
    attacker.sleep(0.3)
    socket.abort()
    return token


def _acknowledgingUnread(attacker, shown):
    socket, sent = attacker.socket(_keeping(attacker), shown), KEPT
    while attacker.push(socket, message("ack", sent) + message("notify", 1, "fill", [30, 100_000])):
        attacker.sleep(0.03)
        sent += 30


def shownUnread(attacker):
    """Resume with ``open`` in the handshake, make calls and acknowledge their results, and read nothing."""
    _acknowledgingUnread(attacker, True)


def openedUnread(attacker):
    """The same with ``open`` as first message."""
    _acknowledgingUnread(attacker, False)


def resendUnread(attacker):
    """Resume, do not read what is resent, and send messages that keep the connection alive."""
    socket = attacker.socket(_keeping(attacker), True)
    while attacker.push(socket, message("noop")):
        attacker.sleep(0.2)


def reconnectStorm(attacker):
    """Resume again and again, and never read what is resent."""
    token = _keeping(attacker)
    for number in range(100_000):
        if attacker.running:
            attacker.socket(token, number % 2 == 0)
            attacker.sleep(0.01)


def pendingCalls(attacker):
    """Call a method that never returns, from three pages, with arguments of the largest size."""
    sockets = [attacker.socket(attacker.page()) for _ in range(3)]
    attacker.flood(sockets, message("call", 1, "hold", ["x" * 60_000]))


def answersUnread(attacker):
    """Make calls with large results, and read none."""
    attacker.flood([attacker.socket(attacker.page())], message("call", 1, "echo", ["x" * 60_000]))


def pings(attacker):
    """Send pings without end, and read no pong."""
    attacker.flood([attacker.socket(attacker.page())], frame(b"x" * 125, PING) * 500)


def fragments(attacker):
    """
    Begin messages of nearly the full size on many sockets, and add nothing to the last for as long as may be. The
    sockets stay as many: each has a page, and the pages of one address are not bounded. With TLS or compression the
    sockets themselves have up to 260 KiB each, so these are fewer than may have incomplete messages.
    """
    data = frame(b"x" * 1000, fin=False) + frame(b"x" * 1000, CONTINUATION, fin=False) * 63
    for _ in range(50 if attacker.secure or attacker.compress else 200):
        # On a busy machine one may fail; all of them anew would be more pages than one address is to have here.
        with contextlib.suppress(OSError, EOFError, AssertionError):
            socket = attacker.socket(attacker.page())
            attacker.push(socket, data)
    with contextlib.suppress(OSError):
        attacker.flood([socket], frame(b"", CONTINUATION, fin=False) * 1000)
    attacker.sleep(60)


def inflating(attacker):
    """
    Send messages that inflate to the allowed size, and to a thousand times as much. The sockets are few, since each
    needs some 260 KiB for compression (``docs/security.rst``).
    """
    for length in [60_000] * 10 + [50_000_000]:
        text = json.dumps(["notify", 1, "echo", [" " * length]]).encode()
        deflate = zlib.compressobj(wbits=-15)
        data = deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)
        socket = attacker.socket(attacker.page())
        attacker.push(socket, frame(data[:-4], reserved=4))
    attacker.sleep(0.1)
    attacker.leave()


def unopened(attacker):
    """Open sockets without end, each with most of a first message that does not identify its page."""
    socket = attacker.socket()
    attacker.push(socket, frame(b"x" * 60_000, length=65_000))


def scriptsUnread(attacker):
    """Pipeline requests for a script on some connections, and read nothing."""
    requests = attacker.get(attacker.script()) * 1000
    for connection in [attacker.connection() for _ in range(20)]:
        attacker.push(connection, requests[:SEGMENT])
    attacker.push(connection, requests * 100)


def scriptsThenClose(attacker):
    """The same, with ``Connection: close`` in the last request."""
    one, last = attacker.get(attacker.script()), attacker.get("/", "Connection: close")
    for connection in [attacker.connection() for _ in range(20)]:
        attacker.push(connection, one * (SEGMENT // len(one)) + last)
    attacker.sleep(60)


def scriptThenClose(attacker):
    """Request one script with ``Connection: close``, on many connections, and read nothing."""
    one = attacker.get(attacker.script(), "Connection: close")
    for _ in range(100):
        attacker.push(attacker.connection(), one)
    attacker.sleep(60)


def pagesUnread(attacker):
    """Pipeline thousands of requests for pages, and read nothing."""
    for connection in [attacker.connection() for _ in range(5)]:
        attacker.push(connection, b"GET / HTTP/1.1\r\n\r\n" * 3333)
    attacker.sleep(60)


def pagesRead(attacker):
    """Pipeline requests for pages, and read the pages, but connect none."""
    connection = attacker.connection()
    connection.socket.settimeout(5)
    while attacker.push(connection, attacker.get() * 100):
        for _ in range(100):
            if attacker.running:
                connection.readUntil(b"</html>")


def halfRequests(attacker):
    """Send most of a head on many connections, and most of a body on many more."""
    headers = b"".join(b"Header-%d: %s\r\n" % (number, b"x" * 200) for number in range(70))
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    chunked = head(attacker.port, "POST", "/", ["Transfer-Encoding: chunked"])
    for _ in range(MANY // 2):
        attacker.push(attacker.connection(), b"GET / HTTP/1.1\r\n" + headers)
        attacker.push(attacker.connection(), chunked + chunk * 15)
    attacker.sleep(60)


def bodies(attacker):
    """Pipeline requests with bodies of the largest size, and read nothing."""
    one = head(attacker.port, "POST", "/", ["Content-Length: 65536"]) + bytes(65536)
    attacker.flood([attacker.connection()], one)


def pipelinedPages(attacker):
    """Pipeline thousands of requests for pages, read the responses, and repeat."""
    attacker.flood([attacker.connection()], b"GET / HTTP/1.1\r\n\r\n" * 3333, read=True)


def _calling(attacker, data):
    attacker.flood([attacker.socket(attacker.page())], data, read=True)


def wrongArity(attacker):
    """Make at least 10,000 calls with wrong arity."""
    _calling(attacker, message("call", 1, "echo", [1, 2, 3]) * 1000)


def failures(attacker):
    """Send failures for a message that was never sent, and for calls that were."""
    error = {"type": "Error", "message": "x" * 2000, "stack": "x" * 2000}
    _calling(attacker, message("notify", 1, "ask", [100]) + message("respond", 0, False, error) * 100)


def failedNotify(attacker):
    """Send a failure for one ``notify`` again and again."""
    error = {"type": "Error", "message": "x" * 2000}
    socket = attacker.socket(attacker.page())
    attacker.push(socket, message("notify", 1, "fill", [1, 1]))
    attacker.sleep(0.1)
    attacker.flood([socket], message("respond", 1, False, error) * 10, read=True)


def calls(attacker):
    """Make calls as fast as possible."""
    _calling(attacker, message("call", 1, "echo", [1]) * 1000)


HTTP = (
    scriptsUnread,
    scriptsThenClose,
    scriptThenClose,
    pagesUnread,
    pagesRead,
    halfRequests,
    bodies,
)
"""Attacks by HTTP requests."""

SOCKETS = (
    shownUnread,
    openedUnread,
    resendUnread,
    reconnectStorm,
    pendingCalls,
    answersUnread,
    pings,
    fragments,
    unopened,
)
"""Attacks by WebSockets."""

LATENCY = (
    pipelinedPages,
    pagesUnread,
    wrongArity,
    failures,
    failedNotify,
    calls,
)
"""Attacks on the server's time."""

ALL = tuple(dict.fromkeys((*HTTP, *SOCKETS, inflating, *LATENCY)))
