# -*- test-case-name: tests.project.test_forking -*-
"""
Servers that are forked from a process which has imported Twisted and athenalite already.

A test run starts hundreds of servers, and to import what they consist of takes each as much CPU time as most of them
need afterwards. :class:`Forker` is the parent of that process, and of one for each run of tests; what it starts
is as a server that was started by itself, except that nothing is imported again.

The process is single-threaded and has no reactor. For each server it forks a waiter, which forks the server, and
writes to a pipe when it has ended.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import IO

_READ = 1024 * 1024


class ForkedProcess:
    """A server, as far as ``subprocess.Popen`` describes one."""

    def __init__(self, arguments: Sequence[str], output: IO[str], status: int) -> None:
        self.args = list(arguments)
        self.stdout: IO[str] | None = output
        self.returncode: int | None = None
        self._status: int | None = status
        self._report = b""
        while b"\n" not in self._report:
            self._readReport()
        self.pid = int(self._report.partition(b"\n")[0])

    def _readReport(self) -> None:
        assert self._status is not None
        data = os.read(self._status, 100)
        self._report += data
        if not data:
            os.close(self._status)
            self._status = None
            # A waiter that was killed has written no status.
            parts = self._report.split(b"\n")
            self.returncode = int(parts[1]) if len(parts) > 2 else -signal.SIGKILL

    def poll(self) -> int | None:
        """Return the status of the process if it has ended, else None."""
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int:
        """
        :raises subprocess.TimeoutExpired: if it has not ended after ``timeout`` seconds.
        """
        status = self._wait(timeout)
        if status is None:
            assert timeout is not None
            raise subprocess.TimeoutExpired(self.args, timeout)
        return status

    def _wait(self, timeout: float | None) -> int | None:
        end = None if timeout is None else time.monotonic() + timeout
        while self._status is not None:
            left = None if end is None else max(0, end - time.monotonic())
            if not select.select([self._status], [], [], left)[0]:
                return None
            self._readReport()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            # It may end just now.
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __del__(self) -> None:
        if self._status is not None:
            os.close(self._status)


class Forker:
    """Starts servers. The process that they are forked from is started with the first, and ends with this one."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def start(self, arguments: Sequence[str], cwd: str, environment: Mapping[str, str]) -> ForkedProcess:
        """
        Run ``twist`` with these arguments.

        :param environment: all of it.
        """
        if self._socket is None:
            self._socket = self._connected()
        output, outputEnd = os.pipe()
        status, statusEnd = os.pipe()
        request = json.dumps({"arguments": list(arguments), "cwd": cwd, "environment": dict(environment)}).encode()
        try:
            socket.send_fds(self._socket, [len(request).to_bytes(4, "big") + request], [outputEnd, statusEnd])
        finally:
            os.close(outputEnd)
            os.close(statusEnd)
        return ForkedProcess(arguments, os.fdopen(output, "r", encoding="utf-8", errors="replace"), status)

    def _connected(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "harness.forking", str(theirs.fileno())],
                cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

        def end() -> None:
            ours.close()
            process.wait()

        atexit.register(end)
        return ours


def serve(connection: socket.socket) -> None:
    """Fork servers until the other end of the connection is closed."""
    # The waiters are reaped by the kernel.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        head, descriptors, _, _ = socket.recv_fds(connection, _READ, 2)
        if not head:
            return
        size = int.from_bytes(head[:4], "big")
        data = head[4:]
        while len(data) < size:
            data += connection.recv(_READ)
        output, status = descriptors
        if os.fork() == 0:
            connection.close()
            _wait(json.loads(data), output, status)
        os.close(output)
        os.close(status)


def _wait(request: dict[str, object], output: int, status: int) -> None:
    """Fork the server, and report its number and its status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        os.close(status)
        _run(request, output)
    # Only the server has its output open, so that the reader sees its end.
    os.close(output)
    os.write(status, b"%d\n" % child)
    _, code = os.waitpid(child, 0)
    os.write(status, b"%d\n" % os.waitstatus_to_exitcode(code))
    os._exit(0)


def _run(request: dict[str, object], output: int) -> None:
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.close(output)
    os.chdir(str(request["cwd"]))
    environment = request["environment"]
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    arguments = request["arguments"]
    assert isinstance(arguments, list)
    before = environment.get("PYTHONPATH", "").split(os.pathsep)
    # As Python itself does it.
    sys.path[:] = dict.fromkeys([os.getcwd(), *before, *sys.path[1:]])
    sys.argv[:] = ["twist", *arguments]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr]  # they are text
    code = 1
    try:
        from twisted.application.twist._twist import Twist

        Twist.main(sys.argv)
        code = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    # Handlers that others have registered for the end of a process belong to the one before.
    os._exit(code)


def _main() -> None:
    for module in ("twisted.application.twist._twist", "athenalite.tap", "chatthing.chatterbox"):
        import_module(module)
    # Makes the client's scripts, which takes as long as all the rest until a server listens.
    import_module("athenalite").LivePageFactory(import_module("twisted.internet.task").Clock())
    assert "twisted.internet.reactor" not in sys.modules
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    _main()
