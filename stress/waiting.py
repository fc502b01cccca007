# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Measure what is kept for disconnected pages: ``python -m stress.waiting``.

Messages that are broadcast to disconnected pages should be in memory once. All pages receive them when they resume.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from harness.dialects import Tutorial
from harness.documents import prose, show
from harness.subjects import CHAT, TUTORIAL, Subject, athenalite, separate, serverCore
from harness.traced import inUse
from harness.work import TEXT, Broadcasts

KIB: Final = 1024


@dataclass(frozen=True)
class Kept:
    """The memory of the messages that were kept for each of so many disconnected pages."""

    pages: int
    messages: int
    #: The bytes of all messages together, and of the memory that the server used more.
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


def run(pages: int, messages: int, length: int, core: int) -> Kept:
    """
    :param length: of each text.
    :raise BrokenPromise: if a message is not delivered to all pages, once and in order, after they have resumed.
    """
    with TemporaryDirectory() as directory:
        traced = Path(directory) / "memory"
        environment = {"TRACED": str(traced)}
        served = athenalite(
            core, CHAT, cwd=TUTORIAL, dialect=Tutorial(), module="harness.traced", environment=environment
        )
        with served as room:
            room.open(pages + 1)
            Broadcasts(room).join()
            _broadcast(room, 2, length)
            _lose(room)
            before = inUse(room.pid, traced)
            size = _broadcast(room, messages, length)
            grown = inUse(room.pid, traced) - before
            for page in room.fleet.pages[1:]:
                room.fleet.resume(page)
            room.fleet.catchUp()
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m stress.waiting", description=(__doc__ or "").strip())
    for name, default in (("pages", 1000), ("messages", 100), ("length", 4000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--publish", action="store_true", help="put the figures into docs/performance.rst")
    options = parser.parse_args(arguments)
    core = serverCore()
    separate()
    kept = run(options.pages, options.messages, options.length, core)
    show("waiting", "python -m stress.waiting", prose(f"{kept}."), options.publish)


if __name__ == "__main__":
    main()
