# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What is kept for pages that are gone: ``python -m stress.waiting``.

A room of pages loses all its lines but the sender's; then a hundred things are messages. Each of them waits for each
page, and should be there once, however many wait for it. Then all lines come back, and every page hears all of it,
once and in order.
"""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figures import machine, publish, today
from benchmarks.servers import CHAT, TUTORIAL, Subject, athenalite, separate, serverCore
from benchmarks.work import TEXT, Broadcasts, open_
from harness.dialects import Tutorial
from harness.fleet import ACK_DELAY
from harness.waiting import waitUntil

KIB: Final = 1024


@dataclass(frozen=True)
class Kept:
    """
    What was found, in bytes.

    :ivar pages: how many were gone.
    :ivar messages: how many messages waited for each, and
    :ivar size: how long they were together.
    :ivar grown: how much more memory the server used.
    """

    pages: int
    messages: int
    size: int
    grown: int

    def __str__(self) -> str:
        each = (self.grown - self.size) / (self.pages * self.messages)
        length, one, many = (size / KIB for size in (self.size / self.messages, self.size, self.size * self.pages))
        return (
            f"{self.messages} broadcasts of {length:.1f} KiB waiting for {self.pages} pages that are gone: "
            f"{self.grown / KIB:,.0f} KiB, where one copy of the bytes is {one:,.0f} KiB and {self.pages} copies are "
            f"{many:,.0f} KiB: one copy and {each:.0f} bytes for each message that waits for a page"
        )


def inUse(pid: int, traced: Path) -> int:
    """Return how many bytes Python has in use there; memory that is free again but not given back does not count."""
    os.kill(pid, signal.SIGUSR1)
    waitUntil(traced.exists, "the server does not tell how much memory it uses", interval=0.01)
    used = int(traced.read_text())
    traced.unlink()
    return used


def run(pages: int, messages: int, length: int, core: int) -> Kept:
    """
    :param length: of each text.
    :raise BrokenPromise: if anything is not delivered by all, once and in order, after the lines are back.
    """
    with TemporaryDirectory() as directory:
        traced = Path(directory) / "memory"
        environment = {"TRACED": str(traced)}
        with athenalite(
            core, CHAT, cwd=TUTORIAL, dialect=Tutorial(), module="stress.traced", environment=environment
        ) as room:
            open_(room.fleet, room.pid, pages + 1)
            Broadcasts(room.fleet, room.pid).join()
            _say(room, 2, length)
            _lose(room)
            before = inUse(room.pid, traced)
            size = _say(room, messages, length)
            grown = inUse(room.pid, traced) - before
            _return(room)
    return Kept(pages, messages, size, grown)


def _say(room: Subject, count: int, length: int) -> int:
    """Have them delivered by whoever is there."""
    fleet, size = room.fleet, 0
    present = [page for page in fleet.pages if page.socket.fileno() >= 0]
    for number in range(count):
        text = TEXT.format(number=number).ljust(length, ".")
        fleet.say(text)
        size += len(fleet.expected[-1])
        fleet.until(lambda: all(page.isCurrent for page in present), lambda page, delivered: None)
    return size


def _lose(room: Subject) -> None:
    """Cut all lines but the sender's, when all that was delivered has been acknowledged."""
    room.fleet.settle(ACK_DELAY + 0.5)
    for page in room.fleet.pages[1:]:
        room.fleet.lose(page)
    # Until the server has noticed.
    room.fleet.settle(1.0)


def _return(room: Subject) -> None:
    for page in room.fleet.pages[1:]:
        room.fleet.resume(page)
    room.fleet.until(lambda: all(page.isCurrent for page in room.fleet.pages), lambda page, delivered: None)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m stress.waiting", description=(__doc__ or "").strip())
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--length", type=int, default=4000)
    parser.add_argument("--publish", action="store_true", help="put the figures into docs/performance.rst")
    options = parser.parse_args(arguments)
    core = serverCore()
    separate()
    lines = [f"{today()}, ``python -m stress.waiting``; {machine()}.", ""]
    lines += [f"{run(options.pages, options.messages, options.length, core)}."]
    print("\n".join(lines))
    if options.publish:
        publish("docs/performance.rst", {"waiting": lines})


if __name__ == "__main__":
    main()
