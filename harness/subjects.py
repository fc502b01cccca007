# -*- test-case-name: tests.project.test_benchmarks -*-
"""Servers that are measured, each in its own process, on a core of its own where the machine has two."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .accounts import cpuSeconds, family, isListening, resident
from .dialects import Athena, Dialect
from .fleet import Fleet
from .ports import freePorts
from .server import ROOT, Server
from .waiting import waitUntil

TUTORIAL: Final = ROOT / "examples" / "chattutorial"
CHAT: Final = "chatthing.chatterbox.chat"
ELEMENT: Final = "harness.broadcasting.broadcaster"

# If click is installed, as developers' tools require, Autobahn colours debug text that is never logged, and sending
# costs a sixth more. A production environment does not have it.
_RUN: Final = "import runpy, sys; sys.modules['click'] = None; runpy.run_module({!r}, run_name='__main__')"


def running(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module as in production."""
    return [sys.executable, "-c", _RUN.format(module), *arguments]


#: How twist is run with another event loop than Twisted's default.
REACTORS: Final = {"": ("twisted",), "asyncio": ("twisted", "--reactor=asyncio"), "uvloop": ("harness.uvlooping",)}


class Subject:
    """
    A server that is measured.

    :ivar fleet: its pages.
    :ivar pid: its process.
    """

    def __init__(self, port: int, pid: int, dialect: Dialect, kill: Callable[[], None] = lambda: None) -> None:
        self.pid = pid
        self.fleet = Fleet(port, dialect)
        self._kill = kill

    @property
    def spent(self) -> float:
        """The CPU seconds of the server so far, those of its workers included."""
        return sum(cpuSeconds(pid) for pid in family(self.pid))

    @property
    def memory(self) -> int:
        """The resident memory of the server, in bytes."""
        return resident(self.pid)

    def open(self, count: int) -> float:
        """Open ``count`` pages; return the CPU seconds of each."""
        before = self.spent
        self.fleet.grow(count)
        return (self.spent - before) / count

    def stop(self) -> None:
        """End the server and its pages; a second call does nothing."""
        # The server first, so that it has no work with a thousand pages that leave at once.
        self._kill()
        self.fleet.close()


#: What this process may use before :func:`separate`.
_CORES: Final = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else [0]


def serverCore() -> int:
    """Return the core for the servers, the last one."""
    return _CORES[-1]


def separate() -> None:
    """Keep this process off the core of the servers, if the machine has another one."""
    os.sched_setaffinity(0, _CORES[:-1] or _CORES)


def _give(pid: int, core: int) -> None:
    """Let a process and its workers use this core only."""
    # node has several threads, each with an affinity of its own.
    for one in family(pid):
        for task in os.listdir(f"/proc/{one}/task"):
            os.sched_setaffinity(int(task), {core})


@contextmanager
def athenalite(
    core: int,
    element: str,
    *options: str,
    cwd: Path = ROOT,
    without: str = "",
    dialect: Dialect | None = None,
    environment: Mapping[str, str] | None = None,
    module: str = "",
    reactor: str = "",
) -> Iterator[Subject]:
    """
    Run ``twist athena-widget``, as in production.

    :param options: more options of the command.
    :param without: names of fast paths to leave out, separated by commas.
    :param module: a module that runs twist, instead of Twisted itself.
    :param reactor: one of :data:`REACTORS`.
    """
    command = running("harness.without", without) if without else running(*REACTORS[reactor], "--log-format=text")
    if module:
        command = running(module)
    server = Server(element, *options, cwd=cwd, command=command, environment=environment)
    server.start()
    try:
        _give(server.process.pid, core)
        subject = Subject(server.port, server.process.pid, dialect or Athena())
        try:
            yield subject
        finally:
            subject.stop()
        server.assertQuiet()
    finally:
        server.kill()


@contextmanager
def application(
    core: int,
    command: Sequence[str],
    dialect: Dialect,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Subject]:
    """
    Run a command that serves at the port that is its last argument, which is added here.

    :raise ChildProcessError: if it ends before it listens.
    """
    [port] = freePorts(1)
    command = [*command, str(port)]
    given = {**os.environ, **(environment or {})}
    with subprocess.Popen(command, cwd=cwd, env=given, stdout=subprocess.DEVNULL) as process:
        try:
            waitUntil(lambda: isListening(port) or process.poll() is not None, f"{command} does not listen")
            if process.poll() is not None:
                raise ChildProcessError(f"this did not start: {' '.join(command)}")
            _give(process.pid, core)
            subject = Subject(port, process.pid, dialect, process.kill)
            try:
                yield subject
            finally:
                subject.stop()
        finally:
            process.kill()
