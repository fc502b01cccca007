# -*- test-case-name: tests.server.test_directwrite -*-
"""
The short way of bytes to the kernel, past Twisted's transport: :class:`Line`, and :func:`sendToAll` for many of them.

It belongs to :mod:`athenalite._server.fastpath`, which decides when it is used; it uses only a few names of Autobahn.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from operator import attrgetter, call, length_hint
from typing import Any, Final

from twisted.internet.interfaces import IPullProducer
from zope.interface import implementer

from .._core.batch import sendToEach
from ..interfaces import ITransport
from .frames import Frames

#: Who sends is asked to wait when more than this is queued, in bytes, as Twisted's transports ask their producers.
_FULL: Final = 64 * 1024
_take: Final = attrgetter("take")


@implementer(IPullProducer)
class _Drain:
    """Learns when a transport has written what it was given; nothing else in Twisted tells."""

    def __init__(self, transport: Any, drained: Callable[[], None]) -> None:
        self._transport = transport
        # A producer is asked to produce when it is registered; that is no answer.
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


@implementer(ITransport)
class Line:
    """
    The short way to the kernel, past the transport, as long as that holds no bytes that come first.

    It is an object of its own because a broadcast touches a thousand of them, and none is in the processor's cache:
    what it needs are these few words, where Autobahn's socket has a hundred.

    :ivar frames: the site's.
    :ivar take: the socket's own ``send``, as long as nothing has to go before it; otherwise what puts it behind that.
        Once the socket is closing, what takes everything and sends nothing.
    """

    __slots__ = ("_closed", "_paused", "_protocol", "_queued", "_send", "frames", "take")
    take: Callable[[bytes], int]

    def __init__(self, protocol: Any, frames: Frames) -> None:
        """
        :param protocol: an open socket over plain TCP, whose transport still has to write the answer to the handshake.
        """
        self._protocol = protocol
        self._send = protocol.transport.getHandle().send
        self._closed = False
        # What waits behind the answer to the handshake, or behind what the kernel has refused.
        self._queued = 0
        self._paused = False
        self.frames = frames
        self.take = self._queue
        # Instead of the socket itself, which would hear only of full buffers.
        protocol.transport.unregisterProducer()
        _Drain(protocol.transport, self._drained)

    def sendFrames(self, messages: list[bytes]) -> None:
        self._write(self.frames.of(messages))

    def write(self, data: bytes) -> bool:
        """
        :return: whether ``data`` is on its way; if not, the transport has to take it.
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
        if sent < len(data):
            self.refused(data[sent:])

    def refused(self, rest: bytes) -> None:
        """
        The kernel has not taken these bytes: it would block; or the line is dead, which the transport will find, and
        tell.
        """
        self.take = self._queue
        transport = self._protocol.transport
        transport.write(rest)
        transport.unregisterProducer()
        _Drain(transport, self._drained)
        self._pause()

    def _queue(self, data: bytes) -> int:
        if self._protocol.state == self._protocol.STATE_OPEN:
            # Which comes back to write.
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
        if self._paused:
            self._paused = False
            self._protocol.resumeProducing()

    def close(self) -> None:
        """The socket is closing: it decides from now on what may still be sent."""
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


_LINES: Final = frozenset((Line,))


def sendToAll(transports: list[ITransport], messages: list[bytes]) -> None:
    """
    Send the same to many sockets; if each is a :class:`Line`, in one loop in which the interpreter has no part.
    """
    if len(transports) < 2 or set(map(type, transports)) != _LINES:
        sendToEach(transports, messages)
        return
    lines: list[Any] = transports
    data = lines[0].frames.of(messages)
    left = iter(lines)
    taken = map(call, map(_take, left), repeat(data))
    short = filter(len(data).__ne__, taken)
    while True:
        try:
            sent = next(short, None)
        except OSError:
            sent = 0
        if sent is None:
            return
        lines[~length_hint(left)].refused(data[sent:])
