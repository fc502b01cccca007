# -*- test-case-name: tests.command.test_doormen -*-
"""
The connections of a parent, until each is passed to a worker: :class:`Doormen`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import Factory, Protocol
from twisted.logger import Logger

from .._text.throttle import Throttle
from .door import ADMIN, MAX_RECEIVED, VISITOR, mostDescriptors
from .firstline import workerIn
from .unavailable import unavailable
from .workers import Process

#: How long a connection may take to send its first line, in seconds.
_FIRST_LINE: Final = 15.0
#: How long it waits for a worker after that.
_PATIENCE: Final = 30.0
#: How many connections may do so, if so many descriptors are allowed twice, and with how many bytes received; beyond
#: it, the oldest are closed.
_MAX_WAITING: Final = 1000
_MAX_HELD: Final = 4 * 1024 * 1024
#: Whether a worker takes those that wait is tried again after so many seconds: its queue may have been full.
_AGAIN: Final = 0.1


class _Round:
    """
    One attempt to pass on all connections that wait. A worker whose queue is full refuses each, so it is asked once.

    :ivar processes: the workers that have refused a connection.
    :ivar names: the names for which all workers have refused.
    """

    def __init__(self) -> None:
        self.processes: set[Process] = set()
        self.names: set[str] = set()


class Doormen(Factory):
    """
    The connections whose worker is not chosen yet.

    :ivar held: how many bytes have been received of them.
    """

    noisy = False

    def __init__(
        self,
        choose: Callable[[str], list[Process]],
        isExpected: Callable[[], bool],
        clock: Any,
        log: Logger,
        kind: bytes = VISITOR,
    ) -> None:
        """
        :param choose: see :meth:`Workers.choose`.
        :param isExpected: see :meth:`Workers.isExpected`.
        :param kind: what the connections are for.
        """
        self.choose = choose
        self.isExpected = isExpected
        self.kind = kind
        self.clock = clock
        self.waiting: deque[Doorman] = deque()
        self.held = 0
        self._log = log
        self._throttle = Throttle()
        self._trying: IDelayedCall | None = None

    def buildProtocol(self, addr: Any) -> Doorman:
        """Make the protocol of a connection."""
        self.makeRoom(1)
        return Doorman(self)

    def makeRoom(self, connections: int = 0) -> None:
        """End the oldest, if there are too many with so many more, or too much was received."""
        # Never so many that there is no descriptor for one that sends its line: the reactor would close that instead.
        most = min(_MAX_WAITING, mostDescriptors() // 2)
        while self.waiting and (len(self.waiting) + connections > most or self.held > _MAX_HELD):
            if self._throttle.allows(self.clock.seconds()):
                self._log.warn(
                    "{most} connections wait for a worker, or have not sent a first line; the oldest are closed",
                    most=len(self.waiting),
                )
            self.waiting[0].end()

    def again(self) -> None:
        """A worker is ready, or none will be: connections that wait for one are passed on, or refused."""
        tried = _Round()
        for doorman in list(self.waiting):
            if doorman.name is not None and doorman.name not in tried.names:
                doorman.pass_(tried)

    def tryLater(self) -> None:
        """Try again soon."""
        if self._trying is None:
            self._trying = self.clock.callLater(_AGAIN, self._try)

    def _try(self) -> None:
        self._trying = None
        self.again()

    def refused(self, why: str) -> None:
        """A visitor gets 503: log it once a minute."""
        if self._throttle.allows(self.clock.seconds(), why):
            self._log.error("visitors get the answer 503 (Service Unavailable): {why}", why=why)


class Doorman(Protocol):
    """
    One connection, until it is passed on.

    :ivar name: of its worker, see :func:`workerIn`.
    """

    def __init__(self, doormen: Doormen) -> None:
        self.name: str | None = None
        self._doormen = doormen
        self._received = b""
        self._isWaiting = False
        self._timer: IDelayedCall | None = None

    def connectionMade(self) -> None:
        """Wait for the first line."""
        self._isWaiting = True
        self._doormen.waiting.append(self)
        self._timer = self._doormen.clock.callLater(_FIRST_LINE, self.end)

    def dataReceived(self, data: bytes) -> None:
        """Read the first line."""
        if not self._isWaiting:
            return
        self._received += data
        self._doormen.held += len(data)
        if len(self._received) > MAX_RECEIVED // 2:
            self._transport.pauseProducing()
        self.pass_(_Round())
        if self._doormen.held > _MAX_HELD:
            self._doormen.makeRoom()

    @property
    def _transport(self) -> Any:
        return self.transport

    def pass_(self, tried: _Round) -> None:
        """Pass the connection on, if its worker is known and ready; if none is expected, refuse it."""
        if not self._isWaiting:
            return
        isNew = self.name is None
        if isNew:
            self.name = workerIn(self._received, self._doormen.kind == ADMIN)
        if self.name is None:
            return
        for process in self._doormen.choose(self.name):
            if process in tried.processes:
                continue
            if process.take(self._transport.fileno(), self._received, self._doormen.kind):
                self._leave()
                return
            tried.processes.add(process)
        if not self._doormen.isExpected():
            self._refuse("no worker runs or starts; the log has why they have ended")
            return
        tried.names.add(self.name)
        if isNew and self._timer is not None:
            self._timer.reset(_PATIENCE)
        self._doormen.tryLater()

    def _leave(self) -> None:
        # The worker has the connection: close this copy of its descriptor, and not the connection itself.
        self._transport._shouldShutdown = False
        self._close()

    def end(self) -> None:
        """It has waited for too long, or others need its place."""
        if self.name is None:
            self._close()
        else:
            self._refuse("no worker has taken a connection in time; they are starting, or have too much to do")

    def _refuse(self, why: str) -> None:
        answer = unavailable(self._received)
        if answer:
            self._doormen.refused(why)
            self._transport.write(answer)
        self._close()

    def _close(self) -> None:
        self._forget()
        self._transport.loseConnection()

    def connectionLost(self, reason: Any = None) -> None:
        """It is closed."""
        self._forget()

    def _forget(self) -> None:
        if self._isWaiting:
            self._isWaiting = False
            self._doormen.waiting.remove(self)
            self._doormen.held -= len(self._received)
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
