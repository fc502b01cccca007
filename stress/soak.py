# -*- test-case-name: tests.project.test_soak -*-
"""
Run a room for an hour, in which neither memory nor latency may grow: ``python -m stress.soak --minutes 60``.

Every page receives all broadcasts while it exists, once and in order: each byte is compared. ``README.rst`` has what
happens meanwhile, what is printed, and what fails.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from sched import scheduler
from statistics import median
from typing import Final

from harness.dialects import Athena
from harness.documents import columns, prose, show
from harness.fleet import Fleet, Page
from harness.subjects import ELEMENT, Subject, athenalite, separate, serverCore
from harness.work import p99

#: Seconds from one broadcast to the next.
TICK: Final = 0.05
#: Seconds after which a disconnected page is lost: short, so that many are lost during the run.
TIMEOUT: Final = 20
#: The most seconds for which a page does not read: less than the server's ping timeout.
DAWDLE: Final = 10.0
LONGEST: Final = 4000
#: The kernel's receive buffer of a page in bytes: small, so that the server notices a page that does not read.
BUFFER: Final = 16 * 1024
MEBIBYTE: Final = 1024 * 1024
PARTS: Final = 12
#: What may happen at a tick, and its probability.
HAPPENINGS: Final = {"come": 0.10, "leave": 0.05, "vanish": 0.05, "dawdle": 0.10, "drop": 0.20, "echo": 0.50}


@dataclass
class Part:
    """
    The figures of a part of the time.

    :ivar waits: seconds from each broadcast to its last delivery to a page that reads.
    :ivar memory: the server's memory at its end, in bytes.
    :ivar each: the server's CPU seconds per delivery, all other work included.
    """

    waits: list[float] = field(default_factory=list)
    deliveries: int = 0
    memory: int = 0
    each: float = 0.0
    pages: int = 0

    def cells(self) -> list[str]:
        """Return the cells of the table's row."""
        used = [f"{self.memory / MEBIBYTE:.1f}", f"{1e6 * self.each:.1f}"]
        waits = [f"{1e3 * median(self.waits):.2f}", f"{1e3 * p99(self.waits):.1f}"]
        return [*used, *waits, f"{self.pages}", f"{self.deliveries:,}"]


class Room:
    """
    Pages that come and go, about ``size`` at a time; ``random`` decides what happens.

    :ivar happened: how often each event has happened.
    """

    def __init__(self, fleet: Fleet, size: int, random: Random) -> None:
        self._fleet = fleet
        self._size = size
        self._random = random
        self._later = scheduler(time.monotonic)
        self._reading: dict[Page, None] = {}
        #: Pages that read again, and have not caught up yet.
        self._returning: list[Page] = []
        self.happened = dict.fromkeys(HAPPENINGS, 0)
        for _ in range(size):
            self._come()

    def say(self) -> tuple[float, int]:
        """
        Broadcast a message.

        :return: the seconds until the last page that reads had it, and the number of such pages.
        """
        self._reading |= {page: None for page in self._returning if page.isCurrent}
        self._returning = [page for page in self._returning if not page.isCurrent]
        waiting = dict(self._reading)
        began = time.perf_counter()
        self._fleet.say("x" * self._random.randint(1, LONGEST))

        def came(page: Page, delivered: int) -> None:
            if page.isCurrent:
                waiting.pop(page, None)

        self._fleet.until(lambda: not waiting, came)
        return time.perf_counter() - began, len(self._reading)

    def happen(self) -> None:
        """Let an event happen, and those that are due."""
        names = list(HAPPENINGS)
        name = self._random.choices(names, list(HAPPENINGS.values()))[0]
        if self._may(name):
            self.happened[name] += 1
            getattr(self, f"_{name}")()
        self._later.run(blocking=False)

    def _may(self, name: str) -> bool:
        """Whether the number of pages, and of those that read, allows the event."""
        if name == "come":
            return len(self._fleet) < self._size * 5 // 4
        if name in ("leave", "vanish") and len(self._fleet) <= self._size * 3 // 4:
            return False
        # The first page is the sender, and stays.
        return len(self._reading) > max(2, self._size // 3)

    def _return(self, page: Page, act: Callable[[Page], None]) -> None:
        act(page)
        self._returning.append(page)

    def _anyone(self) -> Page:
        return self._random.choice(list(self._reading)[1:])

    def _come(self) -> None:
        self._fleet.grow(1)
        self._reading[self._fleet.pages[-1]] = None

    def _go(self) -> Page:
        page = self._anyone()
        del self._reading[page]
        return page

    def _leave(self) -> None:
        self._fleet.leave(self._go())

    def _vanish(self) -> None:
        self._fleet.drop(self._go())

    def _dawdle(self) -> None:
        page = self._go()
        self._fleet.ignore(page)
        self._later.enter(self._random.uniform(0, DAWDLE), 0, self._return, (page, self._fleet.listen))

    def _drop(self) -> None:
        page = self._go()
        self._fleet.lose(page)
        self._later.enter(self._random.uniform(0, TIMEOUT / 2), 0, self._return, (page, self._fleet.resume))

    def _echo(self) -> None:
        self._fleet.call(self._anyone(), "y" * self._random.randint(1, LONGEST))

    def close(self) -> None:
        """Let all pages read and resume, and await all deliveries."""
        for event in self._later.queue:
            event.action(*event.argument)
        self._fleet.catchUp()


def run(seconds: float, pages: int, random: Random, core: int) -> tuple[list[Part], dict[str, int]]:
    """
    :return: the parts of the time, and how often each event happened.
    :raise BrokenPromise: if a message was lost, duplicated or out of order.
    """
    timeouts = (f"--connect-timeout={TIMEOUT}", f"--transportless-timeout={TIMEOUT}")
    with athenalite(core, ELEMENT, *timeouts, dialect=Athena()) as one:
        one.fleet.receiveBuffer = BUFFER
        room = Room(one.fleet, pages, random)
        parts = [_live(one, room, seconds / PARTS) for _ in range(PARTS)]
        room.close()
    return parts, room.happened


def _live(one: Subject, room: Room, seconds: float) -> Part:
    part, before, until = Part(), one.spent, time.monotonic() + seconds
    # Two waits at least, for the quantiles of a part in which the machine was busy otherwise.
    while (began := time.monotonic()) < until or len(part.waits) < 2:
        wait, deliveries = room.say()
        part.waits.append(wait)
        part.deliveries += deliveries
        room.happen()
        while (left := began + TICK - time.monotonic()) > 0:
            one.fleet.attend(left)
    part.each = (one.spent - before) / part.deliveries
    part.memory, part.pages = one.memory, len(one.fleet)
    return part


def verdict(parts: Sequence[Part], memory: float, waits: float) -> list[str]:
    """
    :param memory: the tolerance of memory, in MiB.
    :param waits: the tolerance of the median wait, as a factor.
    :return: what exceeds its tolerance, as text.
    """
    # The first part is the warm-up.
    first, last = parts[1], parts[-1]
    grown, slower = (last.memory - first.memory) / MEBIBYTE, median(last.waits) / median(first.waits)
    found = {f"{grown:.1f} MiB more": grown > memory, f"{slower:.1f} times as slow": slower > waits}
    return [f"{what} at the end" for what, isWrong in found.items() if isWrong]


def report(parts: Sequence[Part], seconds: float) -> list[str]:
    """Return the parts as a table."""
    head = ["until minute", "MiB", "us per delivery", "p50 ms", "p99 ms", "pages", "deliveries"]
    ends = (seconds / 60 * (number + 1) / len(parts) for number in range(len(parts)))
    return columns([head, *([f"{end:.1f}", *part.cells()] for end, part in zip(ends, parts, strict=True))])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stress.soak", description=(__doc__ or "").strip())
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--pages", type=int, default=200, help="about how many pages there are at a time")
    parser.add_argument("--seed", type=int, default=5, help="of what happens")
    parser.add_argument("--tolerance", type=float, default=5.0, help="MiB by which memory may grow")
    parser.add_argument("--slower", type=float, default=2.0, help="factor by which the median wait may grow")
    parser.add_argument("--publish", action="store_true", help="put the table into docs/performance.rst")
    options = parser.parse_args(arguments)
    core = serverCore()
    separate()
    parts, happened = run(60 * options.minutes, options.pages, Random(options.seed), core)
    often = ", ".join(f"{name} {times:,}" for name, times in happened.items())
    lines = [*report(parts, 60 * options.minutes), "", *prose(f"What happened, and how often: {often}.")]
    show("soak", f"python -m stress.soak --minutes {options.minutes:g}", lines, options.publish)
    wrong = verdict(parts, options.tolerance, options.slower)
    for one in wrong:
        print(one, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
