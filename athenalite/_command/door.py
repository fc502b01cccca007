# -*- test-case-name: tests.command.test_door -*-
"""
Passes connections from the parent to its workers, with what has been received of them: :func:`sendConnection`, and in
the worker :class:`Door`.
"""

from __future__ import annotations

import array
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from errno import EMFILE
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall, IReadDescriptor
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from .._text.throttle import Throttle
from .firstline import MAX_LENGTH
from .unavailable import unavailable

#: The first byte of a message: what the connection is for, which no browser can choose.
VISITOR: Final = b"v"
METRICS: Final = b"m"
ADMIN: Final = b"a"
#: A worker sends this when it can take connections.
READY: Final = b"ready"
#: And this from time to time, as long as its reactor runs; or this, while it is to get no new visitors.
ALIVE: Final = b"alive"
DRAINING: Final = b"draining"
#: And this when it takes no more.
CLOSED: Final = b"closed"
#: How many times, within the time after which a silent worker counts as hung.
SIGNS: Final = 5
#: Of one message: what was received in one piece may be longer than a line.
MAX_RECEIVED: Final = MAX_LENGTH + 65536
#: How many connections are taken in one iteration of the reactor.
_AT_ONCE: Final = 100


def mostDescriptors() -> int:
    """
    :return: how many descriptors this process may have.
    """
    # Windows has none of this, and no doors.
    from resource import RLIMIT_NOFILE, getrlimit

    soft, _ = getrlimit(RLIMIT_NOFILE)
    return soft if soft >= 0 else sys.maxsize


def sendConnection(pair: socket.socket, descriptor: int, received: bytes, kind: bytes = VISITOR) -> bool:
    """
    :param pair: to a worker.
    :param descriptor: of the connection, which stays open here.
    :param received: what has been received of it; not empty.
    :param kind: :data:`VISITOR`, :data:`METRICS` or :data:`ADMIN`.
    :return: False if the worker does not take it.
    """
    passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))]
    try:
        pair.sendmsg([kind, received], passed, socket.MSG_DONTWAIT)
    except OSError:
        # Its queue is full, or it has ended.
        return False
    return True


@implementer(IReadDescriptor)
class Door:
    """Takes connections from the parent."""

    def __init__(
        self,
        reactor: Any,
        descriptor: int,
        factories: Mapping[bytes, Any],
        closed: Callable[[], object],
        hungAfter: float = 0.0,
    ) -> None:
        """
        :param descriptor: of the socket to the parent.
        :param factories: make the protocols of the connections, by what they are for. Others are closed.
        :param closed: is called when the parent has ended.
        :param hungAfter: after so long without a sign of life, in seconds, the parent ends this worker; 0 for never.
        """
        self._reactor = reactor
        self._pair = socket.socket(fileno=descriptor)
        self._pair.setblocking(False)
        self._factories = factories
        self._closed = closed
        self._hungAfter = hungAfter
        self._living: IDelayedCall | None = None
        self._isDraining = False
        self._log = Logger(namespace="athena-widget")
        self._throttle = Throttle()

    def open(self) -> None:
        """Notify the parent that this worker accepts connections."""
        for factory in self._factories.values():
            factory.doStart()
        self._reactor.addReader(self)
        self._pair.send(READY)
        self._liveLater()

    def _liveLater(self) -> None:
        if self._hungAfter:
            self._living = self._reactor.callLater(self._hungAfter / SIGNS, self._live)

    def _live(self) -> None:
        self._sign()
        self._liveLater()

    def _sign(self) -> None:
        # The parent may stand still, or have ended, which is read.
        with suppress(OSError):
            self._pair.send(DRAINING if self._isDraining else ALIVE, socket.MSG_DONTWAIT)

    def drain(self, draining: bool) -> None:
        """Notify the parent whether new visitors are to go to other workers."""
        self._isDraining = draining
        self._sign()

    def close(self) -> None:
        """Take no more connections, but those that were sent before."""
        while self._pair.fileno() >= 0 and self._receive():
            pass
        self._shut()

    def _shut(self) -> None:
        if self._living is not None and self._living.active():
            self._living.cancel()
        self._reactor.removeReader(self)
        with suppress(OSError):
            self._pair.send(CLOSED, socket.MSG_DONTWAIT)
        self._pair.close()

    def fileno(self) -> int:
        return self._pair.fileno()

    def logPrefix(self) -> str:
        return "door"

    def connectionLost(self, reason: Failure) -> None:
        # The reactor stops.
        self._pair.close()

    def doRead(self) -> None:
        for _ in range(_AT_ONCE):
            received = self._receive()
            if received is None:
                return
            if not received:
                self._shut()
                self._closed()
                return

    def _receive(self) -> bytes | None:
        """:return: a message, whose connection is taken; None if there is none now, and b"" if the parent has ended."""
        try:
            received, passed, flags, _ = self._pair.recvmsg(MAX_RECEIVED + 1, socket.CMSG_SPACE(16))
        except BlockingIOError:
            return None
        except OSError:
            return b""
        if flags & socket.MSG_CTRUNC:
            self._dropped()
        for _, _, data in passed:
            descriptors = array.array("i")
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
            for descriptor in descriptors:
                self._take(descriptor, received[:1], received[1:])
        return received

    def _take(self, descriptor: int, kind: bytes, received: bytes) -> None:
        with socket.socket(fileno=descriptor) as connection:
            factory = self._factories.get(kind)
            if factory is None:
                return
            # The reactor uses a copy.
            try:
                transport = self._reactor.adoptStreamConnection(connection.fileno(), connection.family, factory)
            except OSError as error:
                # Otherwise the browser has gone already.
                if error.errno == EMFILE:
                    self._dropped()
                    with suppress(OSError):
                        connection.send(unavailable(received), socket.MSG_DONTWAIT)
                return
        transport.protocol.dataReceived(received)

    def _dropped(self) -> None:
        if self._throttle.allows(self._reactor.seconds()):
            self._log.warn(
                "this worker has no descriptor for a connection, which is dropped: it may have {most}; raise the limit "
                "(systemd: LimitNOFILE=)",
                most=mostDescriptors(),
            )
