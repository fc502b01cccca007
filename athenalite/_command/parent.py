# -*- test-case-name: tests.command.test_parent -*-
"""
The parent of several workers: :class:`Doorman` reads the first line of each connection and passes it on, and
:func:`spawnerOf` starts processes. It imports no code of the application.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from twisted.internet.error import ProcessDone
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import Factory, ProcessProtocol, Protocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from .._text.throttle import Throttle
from .door import ADMIN, DRAINING, MAX_RECEIVED, READY, VISITOR, mostDescriptors, sendConnection
from .firstline import workerIn
from .notify import NAMES
from .workerlog import WorkerLog
from .workeroptions import DOOR
from .workers import Process, Worker

#: How long a connection may take to send its first line, or wait for a worker, in seconds.
_PATIENCE: Final = 15.0
#: How many connections may do so, if so many descriptors are allowed twice; beyond it, the oldest are closed.
_MAX_WAITING: Final = 1000
_TWISTD: Final = "from twisted.scripts.twistd import run; run()"


class Doormen(Factory):
    """The connections whose worker is not chosen yet."""

    noisy = False

    def __init__(self, choose: Callable[[str], list[Process]], clock: Any, log: Logger, kind: bytes = VISITOR) -> None:
        """
        :param choose: see :meth:`Workers.choose`.
        :param kind: what the connections are for.
        """
        self.choose = choose
        self.kind = kind
        self.clock = clock
        self._log = log
        self._throttle = Throttle()
        self.waiting: deque[Doorman] = deque()

    def buildProtocol(self, addr: Any) -> Doorman:
        """Make the protocol of a connection."""
        # Never so many that there is no descriptor for one that sends its line: the reactor would close that instead.
        most = min(_MAX_WAITING, mostDescriptors() // 2)
        while len(self.waiting) >= most:
            if self._throttle.allows(self.clock.seconds()):
                self._log.warn(
                    "{most} connections wait for a worker, or have not sent a first line; the oldest are closed",
                    most=most,
                )
            self.waiting[0].close()
        return Doorman(self)

    def again(self) -> None:
        """A worker is ready: connections that wait for one are passed on."""
        for doorman in list(self.waiting):
            doorman.pass_()


class Doorman(Protocol):
    """One connection, until it is passed on."""

    def __init__(self, doormen: Doormen) -> None:
        self._doormen = doormen
        self._received = b""
        self._timer: IDelayedCall | None = None

    def connectionMade(self) -> None:
        """Wait for the first line."""
        self._doormen.waiting.append(self)
        self._timer = self._doormen.clock.callLater(_PATIENCE, self.close)

    def dataReceived(self, data: bytes) -> None:
        """Read the first line."""
        self._received += data
        if len(self._received) > MAX_RECEIVED // 2:
            self._transport.pauseProducing()
        self.pass_()

    @property
    def _transport(self) -> Any:
        return self.transport

    def pass_(self) -> None:
        """Pass the connection on, if its worker is known and ready."""
        name = workerIn(self._received, self._doormen.kind == ADMIN)
        if name is None or self not in self._doormen.waiting:
            return
        for process in self._doormen.choose(name):
            if process.take(self._transport.fileno(), self._received, self._doormen.kind):
                self._leave()
                return

    def _leave(self) -> None:
        # The worker has the connection: close this copy of its descriptor, and not the connection itself.
        self._transport._shouldShutdown = False
        self.close()

    def close(self) -> None:
        """Close it."""
        self._forget()
        self._transport.loseConnection()

    def connectionLost(self, reason: Any = None) -> None:
        """It is closed."""
        self._forget()

    def _forget(self) -> None:
        if self in self._doormen.waiting:
            self._doormen.waiting.remove(self)
        if self._timer is not None and self._timer.active():
            self._timer.cancel()


class WorkerProcess(ProcessProtocol):
    """The process of a worker. Its log is a part of the parent's."""

    def __init__(
        self, reactor: Any, worker: Worker, log: Logger, ready: Callable[[], None], ended: Callable[[str], None]
    ) -> None:
        self._reactor = reactor
        self._worker = worker
        self._log = WorkerLog(worker.name, log)
        self._ready = ready
        self._ended = ended
        self.pair, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def take(self, descriptor: int, received: bytes, kind: bytes = VISITOR) -> bool:
        """See :class:`Process`."""
        return sendConnection(self.pair, descriptor, received, kind)

    def terminate(self) -> None:
        """See :class:`Process`."""
        self._signal(signal.SIGTERM)

    def abort(self) -> None:
        """See :class:`Process`."""
        self._signal(signal.SIGABRT)

    def kill(self) -> None:
        """See :class:`Process`."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.transport is not None and self.transport.pid is not None:
            self.transport.signalProcess(number)

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """Log what it has written."""
        self._log.received(childFD, data)

    def processEnded(self, reason: Failure) -> None:
        """It has ended."""
        self._reactor.removeReader(self)
        self.pair.close()
        isDone = reason.check(ProcessDone) is not None
        self._ended("exit status 0" if isDone else reason.getErrorMessage())

    # The reactor reads the pair.

    def fileno(self) -> int:
        """Return the descriptor of the pair."""
        return self.pair.fileno()

    def logPrefix(self) -> str:
        """Return a name for the log."""
        return self._worker.name

    def connectionLost(self, reason: Any) -> None:
        """The reactor stops."""

    def doRead(self) -> Any:
        """The worker is ready, or lives, or has ended."""
        try:
            message = self.pair.recv(100)
        except OSError:
            message = b""
        self._worker.silence = 0
        self._worker.isDraining = message == DRAINING
        if message == READY:
            self._ready()
        if message:
            return None
        # It stops by itself, or has ended.
        self._worker.isReady = False
        return Failure(ConnectionResetError("the worker has ended"))


def spawnerOf(reactor: Any, arguments: Callable[[str], list[str]], log: Logger) -> Callable[..., Process]:
    """
    :param arguments: the arguments of twistd for a worker of this name.
    :return: starts the process of a worker, see :class:`Workers`.
    """
    # systemd is answered by the parent. A worker that hangs writes its stack when it is ended.
    environment = {name: value for name, value in os.environ.items() if name not in NAMES} | {"PYTHONFAULTHANDLER": "1"}
    directory = os.getcwd()

    def spawn(worker: Worker, ready: Callable[[], None], ended: Callable[[str], None]) -> Process:
        process = WorkerProcess(reactor, worker, log, ready, ended)
        command = [sys.executable, "-c", _TWISTD, *arguments(worker.name)]
        descriptors = {0: "w", 1: "r", 2: "r", DOOR: process.theirs.fileno()}
        reactor.spawnProcess(process, command[0], command, environment, directory, childFDs=descriptors)
        process.theirs.close()
        reactor.addReader(process)
        return process

    return spawn
