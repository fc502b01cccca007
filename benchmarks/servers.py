# -*- test-case-name: tests.test_benchmarks -*-
"""
The servers that are measured, each in a process of its own, on a core of its own where the machine has two.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.server import Server

from .load import Fleet

ROOT: Final = Path(__file__).parent.parent
TUTORIAL: Final = ROOT / "examples" / "chattutorial"


class Subject:
    """
    :ivar fleet: its pages.
    :ivar pid: its process.
    """

    def __init__(self, port: int, pid: int, opens: bool) -> None:
        self.pid = pid
        self.fleet = Fleet(port, opens)


def separate() -> bool:
    """
    Keep this process off the core that the servers get.

    :return: whether the machine has another.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, cores[:-1])
    return len(cores) > 1


def _give(pid: int, core: int) -> None:
    os.sched_setaffinity(pid, {core})


@contextmanager
def raw(core: int) -> Iterator[Subject]:
    """Autobahn in ``twisted.web``, with a chat and an echo written by hand."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.raw"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        _give(process.pid, core)
        subject = Subject(port, process.pid, False)
        yield subject
        subject.fleet.close()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def athenalite(core: int, element: str, cwd: Path = ROOT, without: str = "") -> Iterator[Subject]:
    """
    ``twist athena-widget``, as people run it.

    :param without: the names of shortcuts to leave out, with commas between them.
    """
    command = ("-m", "benchmarks.without", without) if without else ("-m", "twisted", "--log-format=text")
    server = Server(element, cwd=cwd, command=(sys.executable, *command))
    server.start()
    try:
        _give(server.process.pid, core)
        subject = Subject(server.port, server.process.pid, True)
        yield subject
        subject.fleet.close()
        server.assertQuiet()
    finally:
        server.kill()
