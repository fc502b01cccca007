# -*- test-case-name: tests.project.test_portforwarder -*-
"""
A TCP forwarder with faults on command, and a reverse proxy that mounts a site under a prefix.

Plain threads and sockets: the tests that use it are synchronous, and the simulated network should share no code with
what it carries.
"""

import contextlib
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

CHUNK = 64 * 1024
"""The chunk size of a loopback device, so that ``delay`` adds latency and does not limit bandwidth too."""
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for a close that sends RST, as when a connection is cut."""

RewriteHead = Callable[[bytes], bytes | None]
"""Rewrites the head of an HTTP request before it is forwarded; returns None for "not found"."""


class PortForwarder:
    """
    Listens on a free port of localhost and forwards each connection to another port; a context manager.

    Tests cause faults while it runs: ``cut``, ``cutAfter``, ``pause`` and ``resume``, ``down`` and ``up``,
    ``delay``. All of them affect every connection.

    :param targetPort: the port on localhost to forward to.
    :param rewriteHead: if given, connections are HTTP, and this is called with the head of each request.
    """

    delay: float = 0.0
    """Seconds that each chunk of up to 64 KiB is held, in both directions."""

    def __init__(self, targetPort: int, rewriteHead: RewriteHead | None = None) -> None:
        self.targetPort = targetPort
        self._rewriteHead = rewriteHead
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._down = False
        self._cuts = 0
        self._remaining: int | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        """How many connections were accepted so far."""
        self.carried = 0
        """How many bytes have come from the other port so far."""
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The address to open instead of the server's."""
        return f"http://localhost:{self.port}/"

    def close(self) -> None:
        """Stop listening and cut everything."""
        # Closing alone does not wake the thread that waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.resume()
        self.cut()

    def cut(self) -> None:
        """Reset every connection and discard its bytes; new connections are accepted at once."""
        with self._lock:
            self._cuts += 1
            sockets, self._sockets = self._sockets, set()
        for each in sockets:
            self._reset(each)

    def cutAfter(self, count: int) -> None:
        """Forward ``count`` more bytes, over all connections and both directions together, then ``cut()`` once."""
        with self._lock:
            self._remaining = count

    def pause(self) -> None:
        """Stop forwarding without closing: a half-open connection that neither side can detect."""
        self._flowing.clear()

    def resume(self) -> None:
        """Forward the bytes held since ``pause()``, and go on."""
        self._flowing.set()

    def down(self) -> None:
        """Reset every connection, and every new one until ``up()``."""
        self._down = True
        self.cut()

    def up(self) -> None:
        """Accept and forward new connections again."""
        self._down = False

    @staticmethod
    def _reset(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            # Wakes the thread that reads it, which close() alone does not; SHUT_WR would send FIN before the RST.
            connection.shutdown(socket.SHUT_RD)
        connection.close()

    def _accept(self) -> None:
        while True:
            try:
                incoming, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            cuts = self._cuts
            if self._down:
                self._reset(incoming)
            else:
                threading.Thread(target=self._serve, args=(incoming, cuts), daemon=True).start()

    def _serve(self, incoming: socket.socket, cuts: int) -> None:
        try:
            outgoing = socket.create_connection(("127.0.0.1", self.targetPort))
        except OSError:
            self._reset(incoming)
            return
        with self._lock:
            # Otherwise a connection that was accepted just before a cut would survive it.
            isCut = cuts != self._cuts
            if not isCut:
                self._sockets |= {incoming, outgoing}
        if isCut:
            self._reset(incoming)
            self._reset(outgoing)
            return
        back = threading.Thread(target=self._pump, args=(self._counted(outgoing), incoming), daemon=True)
        back.start()
        self._pump(self._requests(incoming), outgoing)
        back.join()
        with self._lock:
            self._sockets -= {incoming, outgoing}
        incoming.close()
        outgoing.close()

    def _chunks(self, source: socket.socket) -> Iterator[bytes]:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                yield chunk

    def _counted(self, source: socket.socket) -> Iterator[bytes]:
        for chunk in self._chunks(source):
            with self._lock:
                self.carried += len(chunk)
            yield chunk

    def _requests(self, source: socket.socket) -> Iterator[bytes]:
        chunks = self._chunks(source)
        if self._rewriteHead is not None:
            received = b""
            while b"\r\n\r\n" not in received:
                chunk = next(chunks, b"")
                if not chunk:
                    return
                received += chunk
            head, body = received.split(b"\r\n\r\n", 1)
            rewritten = self._rewriteHead(head)
            if rewritten is None:
                source.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            yield rewritten + b"\r\n\r\n" + body
        yield from chunks

    def _pump(self, chunks: Iterator[bytes], target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for chunk in chunks:
                if self.delay:
                    time.sleep(self.delay)
                self._flowing.wait()
                allowed, last = self._spend(len(chunk))
                target.sendall(chunk[:allowed])
                if last:
                    self.cut()
            with self._lock:
                # Not during a cut: that is a reset, not an orderly close.
                if target in self._sockets:
                    target.shutdown(socket.SHUT_WR)

    def _spend(self, count: int) -> tuple[int, bool]:
        with self._lock:
            if self._remaining is None:
                return count, False
            allowed = min(count, self._remaining)
            self._remaining -= allowed
            if self._remaining:
                return allowed, False
            self._remaining = None
            return allowed, True


def mountUnder(prefix: str) -> RewriteHead:
    """
    Return a rewriter that makes a ``PortForwarder`` a reverse proxy: ``/prefix/x`` is forwarded as ``/x``, other paths
    are not found.

    Other headers, Host among them, pass unchanged, as in a careful proxy's configuration. A connection carries one
    request, so that no second head need be found in the stream.

    :param prefix: such as ``/apps/chat``, without a slash at its end.
    """
    line = re.compile(rb"([A-Z]+) " + re.escape(prefix.encode()) + rb"(/\S*) HTTP/1\.1")

    def rewriteHead(head: bytes) -> bytes | None:
        first, *headers = head.split(b"\r\n")
        request = line.fullmatch(first)
        if request is None:
            return None
        names = [header.split(b":")[0].lower() for header in headers]
        if b"upgrade" not in names:
            kept = [header for header, name in zip(headers, names, strict=True) if name != b"connection"]
            headers = [*kept, b"Connection: close"]
        return b"\r\n".join([b"%s %s HTTP/1.1" % (request[1], request[2]), *headers])

    return rewriteHead
