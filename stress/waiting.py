# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Measure what is kept for disconnected pages: ``python -m stress.waiting``.

All pages of a room lose their connections, except the sender's; then a hundred messages are broadcast. Each is kept for
every page, and should be in memory once. Then all connections resume, and every page receives all messages, once and in
order.
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

from harness.dialects import Tutorial
from harness.documents import machine, publish, today
from harness.subjects import CHAT, TUTORIAL, Subject, athenalite, separate, serverCore
from harness.waiting import waitUntil
from harness.work import TEXT, Broadcasts

KIB: Final = 1024


@dataclass(frozen=True)
class Kept:
    """
    The memory of the messages kept, in bytes.

    :ivar pages: how many pages were disconnected.
    :ivar messages: how many messages were kept for each.
    :ivar size: the length of all messages together.
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
            f"{self.messages} broadcasts of {length:.1f} KiB waiting for {self.pages} disconnected pages: "
            f"{self.grown / KIB:,.0f} KiB, where one copy of the bytes is {one:,.0f} KiB and {self.pages} copies are "
            f"{many:,.0f} KiB: one copy and {each:.0f} bytes for each message that waits for a page"
        )


def inUse(pid: int, traced: Path) -> int:
    """Return how many bytes Python has in use there, without memory that was freed and not given back."""
    os.kill(pid, signal.SIGUSR1)
    waitUntil(traced.exists, "the server has not written how much memory it uses", interval=0.01)
    used = int(traced.read_text())
    traced.unlink()
    return used


def run(pages: int, messages: int, length: int, core: int) -> Kept:
    """
    :param length: of each text.
    :raise BrokenPromise: if a message is not delivered to all pages, once and in order, after they have resumed.
    """
    with TemporaryDirectory() as directory:
        traced = Path(directory) / "memory"
        environment = {"TRACED": str(traced)}
        with athenalite(
            core, CHAT, cwd=TUTORIAL, dialect=Tutorial(), module="harness.traced", environment=environment
        ) as room:
            room.open(pages + 1)
            Broadcasts(room).join()
            _broadcast(room, 2, length)
            _lose(room)
            before = inUse(room.pid, traced)
            size = _broadcast(room, messages, length)
            grown = inUse(room.pid, traced) - before
            _return(room)
    return Kept(pages, messages, size, grown)


def _broadcast(room: Subject, count: int, length: int) -> int:
    """Broadcast, and await the deliveries to all connected pages. Return the length of the messages."""
    fleet, size = room.fleet, 0
    present = [page for page in fleet.pages if page.socket.fileno() >= 0]
    for number in range(count):
        text = TEXT.format(number=number).ljust(length, ".")
        fleet.say(text)
        size += len(fleet.expected[-1])
        fleet.until(lambda: all(page.isCurrent for page in present))
    return size


def _lose(room: Subject) -> None:
    """Cut all connections except the sender's, when all deliveries have been acknowledged."""
    for page in room.fleet.pages:
        page.acknowledge()
    room.fleet.settle(0.5)
    for page in room.fleet.pages[1:]:
        room.fleet.lose(page)
    # Until the server has noticed.
    room.fleet.settle(1.0)


def _return(room: Subject) -> None:
    for page in room.fleet.pages[1:]:
        room.fleet.resume(page)
    room.fleet.until(lambda: all(page.isCurrent for page in room.fleet.pages))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
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
