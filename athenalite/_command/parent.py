# -*- test-case-name: tests.command.test_parent -*-
"""
The processes of several workers, as their parent has them: :func:`spawnerOf` starts one. It imports no code of the
application.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from twisted.internet.error import ProcessDone
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import ProcessProtocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from .door import CLOSED, DRAINING, READY, VISITOR, Door, sendConnection
from .notify import NAMES
from .workerlog import WorkerLog
from .workeroptions import DOOR
from .workers import Process, Worker

#: When a worker has ended, its log may be held open by processes that it has started; it is read for so long.
_LAST_WORDS: Final = 2.0
_TWISTD: Final = "from twisted.scripts.twistd import run; run()"


class WorkerProcess(ProcessProtocol):
    """The process of a worker. Its log is a part of the parent's."""

    def __init__(
        self,
        reactor: Any,
        worker: Worker,
        log: Logger,
        ready: Callable[[], None],
        ended: Callable[[str], None],
        doormen: Mapping[bytes, Any],
    ) -> None:
        """
        :param doormen: take back the connections that the worker does not read, by what they are for.
        """
        self._reactor = reactor
        self._worker = worker
        self._log = WorkerLog(worker.name, log)
        self._ready = ready
        self._ended = ended
        self._doormen = doormen
        self._reading: IDelayedCall | None = None
        self.pair, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def take(self, descriptor: int, received: bytes, kind: bytes = VISITOR) -> bool:
        """See :class:`Process`."""
        return sendConnection(self.pair, descriptor, received, kind)

    def terminate(self) -> None:
        """See :class:`Process`."""
        self._signal(signal.SIGTERM)

    def abort(self) -> None:
        """See :class:`Process`."""
        self._takeBack()
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

    def _takeBack(self) -> None:
        """Let other workers have the connections that this one has not read: their end of the pair is here, too."""
        self._worker.isReady = False
        Door(self._reactor, os.dup(self.theirs.fileno()), self._doormen, list).close()

    def processExited(self, reason: Failure) -> None:
        """It has ended, but for its log."""
        self._takeBack()
        self._reading = self._reactor.callLater(_LAST_WORDS, self._hangUp)

    def _hangUp(self) -> None:
        assert self.transport is not None
        self.transport.loseConnection()

    def processEnded(self, reason: Failure) -> None:
        """It has ended."""
        if self._reading is not None and self._reading.active():
            self._reading.cancel()
        self._reactor.removeReader(self)
        self.pair.close()
        self.theirs.close()
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

    def doRead(self) -> None:
        """The worker is ready, or lives, or takes no more connections."""
        message = self.pair.recv(100)
        self._worker.silence = 0
        self._worker.isDraining = message == DRAINING
        if message == READY:
            self._ready()
        elif message == CLOSED:
            # Some may have been sent to it meanwhile.
            self._takeBack()


def commandOf(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """
    :param arguments: of twistd.
    :return: the command of a worker, and its environment.
    """
    # systemd is answered by the parent. A worker that hangs writes its stack when it is ended.
    environment = {name: value for name, value in os.environ.items() if name not in NAMES} | {"PYTHONFAULTHANDLER": "1"}
    return [sys.executable, "-c", _TWISTD, *arguments], environment


def spawnerOf(
    reactor: Any, arguments: Callable[[str], list[str]], log: Logger, doormen: Mapping[bytes, Any]
) -> Callable[..., Process]:
    """
    :param arguments: the arguments of twistd for a worker of this name.
    :param doormen: see :class:`WorkerProcess`.
    :return: starts the process of a worker, see :class:`Workers`.
    """
    directory = os.getcwd()

    def spawn(worker: Worker, ready: Callable[[], None], ended: Callable[[str], None]) -> Process:
        process = WorkerProcess(reactor, worker, log, ready, ended, doormen)
        command, environment = commandOf(arguments(worker.name))
        descriptors = {0: "w", 1: "r", 2: "r", DOOR: process.theirs.fileno()}
        reactor.spawnProcess(process, command[0], command, environment, directory, childFDs=descriptors)
        reactor.addReader(process)
        return process

    return spawn
