# -*- test-case-name: tests.server.test_directwrite -*-
"""
Writes to the kernel past Twisted's transport: :class:`DirectWriter`, and :func:`sendToAll` for a broadcast.

:mod:`athenalite._server.fastpath` decides when it is used. It depends on a few names of Autobahn only.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from operator import attrgetter, call, length_hint
from typing import TYPE_CHECKING, Any, Final

from twisted.internet.interfaces import IPullProducer
from twisted.internet.tcp import Connection
from zope.interface import implementer

from .._core.batch import sendToEach
from ..interfaces import ITransport
from .frames import KEEP_ALIVE, Frames

if TYPE_CHECKING:
    # OpenSSL is optional.
    from .directtls import DirectTLS

#: The session is paused when more than this is queued, in bytes, as Twisted's transports pause their producers.
_FULL: Final = 64 * 1024
_take: Final = attrgetter("take")


def flush(transport: Any) -> None:
    """
    Write what a TCP transport has, if it is one. Otherwise the reactor would wait until the socket is writable, which
    it usually is.
    """
    if isinstance(transport, Connection) and not transport.disconnecting:
        # If that fails, the reactor tries again, and handles the failure.
        transport.doWrite()


@implementer(IPullProducer)
class _Drain:
    """Calls back when a transport has written its buffer; Twisted has no other signal for it."""

    def __init__(self, transport: Any, drained: Callable[[], None], stopped: Callable[[], None]) -> None:
        self._transport = transport
        self._stopped = stopped
        # registerProducer calls resumeProducing at once, which does not mean that the buffer is empty.
        self._drained: Callable[[], None] | None = None
        transport.registerProducer(self, False)
        self._drained = drained

    def resumeProducing(self) -> None:
        drained, self._drained = self._drained, None
        if drained is not None:
            self._transport.unregisterProducer()
            drained()

    def stopProducing(self) -> None:
        self._drained = None
        self._stopped()


@implementer(ITransport)
class DirectWriter:
    """
    Writes frames to the kernel while the transport's buffer is empty, and to the transport otherwise.

    It is an object of its own because a broadcast touches a thousand of them, none of which is in the CPU's cache: it
    has seven attributes where Autobahn's protocol has a hundred.

    :ivar frames: the site's.
    :ivar take: the kernel socket's ``send`` while the transport's buffer is empty; otherwise a function that appends to
        that buffer. While the WebSocket is closing, a function that discards its argument.
    """

    __slots__ = ("_closed", "_paused", "_protocol", "_queued", "_send", "_tls", "frames", "take")
    take: Callable[[bytes], int]

    def __init__(self, protocol: Any, frames: Frames, tls: DirectTLS | None = None) -> None:
        """
        :param protocol: an open WebSocket, whose transport has yet to write the handshake's response.
        :param tls: encrypts and sends; None for plain TCP.
        """
        self._protocol = protocol
        self._tls = tls
        self._send: Callable[[bytes], int] = protocol.transport.getHandle().send if tls is None else tls.send
        self._closed = False
        # Bytes behind the handshake's response, or behind what the kernel has refused.
        self._queued = 0
        self._paused = False
        self.frames = frames
        self.take = self._queue
        # It replaces the protocol as producer, which would be notified of full buffers only.
        protocol.transport.unregisterProducer()
        self._awaitDrain()

    def flush(self) -> None:
        """Write what the transport has: the handshake's response, and what the page is sent at once."""
        if self._tls is None and not self._closed:
            flush(self._protocol.transport)

    def _awaitDrain(self) -> None:
        protocol = self._protocol
        _Drain(protocol.transport if self._tls is None else self._tls.connection, self._drained, protocol.stopProducing)

    def sendFrames(self, messages: list[bytes]) -> None:
        self._write(self.frames.of(messages))

    def sendKeepAlive(self) -> None:
        self._write(KEEP_ALIVE)

    def write(self, data: bytes) -> bool:
        """
        :return: whether ``data`` was sent; if not, the caller has to write it to the transport.
        """
        if self.take is not self._send:
            self._count(data)
            return False
        self._write(data)
        return True

    def _write(self, data: bytes) -> None:
        try:
            sent = self.take(data)
        except OSError:
            sent = 0
        if sent != len(data):
            self.refused(data[sent:])

    def refused(self, rest: bytes) -> None:
        """
        Hand the transport what the kernel has refused: it would block, or the connection is lost, which the transport
        finds out and reports.

        :param rest: empty, if TLS has encrypted all of it.
        """
        self.take = self._queue
        transport = self._protocol.transport
        try:
            transport.unregisterProducer()
            if self._tls is not None:
                self._tls.writeRest()
            if rest:
                transport.write(rest)
            self._awaitDrain()
        except Exception:
            # The event loop has found out already that the connection is lost, and does not watch it any more: uvloop
            # closes its handle then, and refuses another.
            self.take = len
            self._protocol.abortSocket()
            return
        self._pause()

    def _queue(self, data: bytes) -> int:
        if self._protocol.state == self._protocol.STATE_OPEN:
            # It calls write().
            self._protocol.sendData(data)
        return len(data)

    def _count(self, data: bytes) -> None:
        self._queued += len(data)
        if self._queued > _FULL:
            self._pause()

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self._protocol.pauseProducing()

    def _drained(self) -> None:
        self._queued = 0
        if not self._closed:
            self.take = self._send
        if self._tls is not None:
            # TLS must be notified when the connection ends: see athenalite._server.tls.
            self._protocol.transport.registerProducer(self._protocol, True)
        if self._paused:
            self._paused = False
            self._protocol.resumeProducing()

    def close(self) -> None:
        """Send nothing more: the WebSocket is closing."""
        self._closed = True
        self.take = len

    def pauseReading(self) -> None:
        self._protocol.pauseReading()

    def resumeReading(self) -> None:
        self._protocol.resumeReading()

    def closeSocket(self, code: int, reason: str) -> None:
        self._protocol.closeSocket(code, reason)

    def abortSocket(self) -> None:
        self._protocol.abortSocket()


class DeflatingWriter(DirectWriter):
    """The same for sockets with permessage-deflate: a class of its own, as all of one class have the same frames."""

    __slots__ = ()


_DIRECT_WRITERS: Final = frozenset((frozenset((DirectWriter,)), frozenset((DeflatingWriter,))))


def sendToAll(transports: list[ITransport], messages: list[bytes]) -> None:
    """
    Send the same messages to many sockets; if each is a :class:`DirectWriter`, in one loop that runs in C.
    """
    if len(transports) < 2 or set(map(type, transports)) not in _DIRECT_WRITERS:
        sendToEach(transports, messages)
        return
    writers: list[Any] = transports
    data = writers[0].frames.of(messages)
    left = iter(writers)
    taken = map(call, map(_take, left), repeat(data))
    short = filter(len(data).__ne__, taken)
    while True:
        try:
            sent = next(short, None)
        except OSError:
            sent = 0
        if sent is None:
            return
        writers[~length_hint(left)].refused(data[sent:])
