# -*- test-case-name: tests.project.test_soak -*-
"""
An hour of a room's life, in which nothing may grow or slow down: ``python -m stress.soak --minutes 60``.

Something is said twenty times a second, of any length up to a few KiB. Meanwhile pages come, leave, or vanish without
a word; some stop reading for seconds; lines drop, and come back. Every page is told everything that is said while it
is there, once and in order: each byte is compared. Printed for each part of the time: the server's memory, its CPU
time per delivery, and how long it took from what was said to the last page that was listening. The exit status is 1
if a promise was broken, or if the last part has more memory or longer waits than the first one after the warm-up,
beyond a tolerance.
"""

from __future__ import annotations

import argparse
import heapq
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from statistics import median, quantiles
from typing import Final

from benchmarks.figures import columns, machine, publish, today
from benchmarks.servers import Subject, athenalite, separate, serverCore
from benchmarks.work import cpuSeconds, resident
from harness.dialects import Athena
from harness.fleet import Fleet, Page

ELEMENT: Final = "benchmarks.broadcasting.broadcaster"
#: Seconds from one thing that is said to the next.
TICK: Final = 0.05
#: Seconds after which a page that is gone is lost: short, for many are to be lost while this lasts.
TIMEOUT: Final = 20
#: For so many seconds at most a page does not read: less than what the server gives it to answer a ping.
DAWDLE: Final = 10.0
LONGEST: Final = 4000
#: The bytes that the kernel keeps for a page that does not read, so that the server feels it.
BUFFER: Final = 16 * 1024
MEBIBYTE: Final = 1024 * 1024
PARTS: Final = 12
#: What happens at a tick, and how likely it is.
HAPPENINGS: Final = {"come": 0.10, "leave": 0.05, "vanish": 0.05, "dawdle": 0.10, "drop": 0.20, "echo": 0.50}


@dataclass
class Part:
    """
    A part of the time.

    :ivar waits: seconds from each thing that was said to the last page that was listening.
    :ivar memory: the server's, at its end, in bytes.
    :ivar each: the server's CPU seconds for each delivery, with all else that happened.
    """

    waits: list[float] = field(default_factory=list)
    deliveries: int = 0
    memory: int = 0
    each: float = 0.0
    pages: int = 0

    def cells(self) -> list[str]:
        """What the table shows."""
        p99 = quantiles(self.waits, n=100, method="inclusive")[98]
        return [
            f"{self.memory / MEBIBYTE:.1f}",
            f"{1e6 * self.each:.1f}",
            f"{1e3 * median(self.waits):.2f}",
            f"{1e3 * p99:.1f}",
            f"{self.pages}",
            f"{self.deliveries:,}",
        ]


class Room:
    """
    Pages that come and go.

    :ivar happened: how often each thing has.
    """

    def __init__(self, fleet: Fleet, size: int, random: Random) -> None:
        """
        :param size: about how many pages there are to be.
        :param random: decides everything.
        """
        self._fleet = fleet
        self._size = size
        self._random = random
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._listening: dict[Page, None] = {}
        #: Back, and with much to read.
        self._returning: list[Page] = []
        self.happened = dict.fromkeys(HAPPENINGS, 0)
        for _ in range(size):
            self._come()

    def say(self) -> tuple[float, int]:
        """
        Have something said.

        :return: how many seconds it took to the last that was listening, and how many were.
        """
        self._listening |= {page: None for page in self._returning if page.isCurrent}
        self._returning = [page for page in self._returning if not page.isCurrent]
        waiting = dict(self._listening)
        began = time.perf_counter()
        self._fleet.say("x" * self._random.randint(1, LONGEST))

        def came(page: Page, delivered: int) -> None:
            if page.isCurrent:
                waiting.pop(page, None)

        self._fleet.until(lambda: not waiting, came)
        return time.perf_counter() - began, len(self._listening)

    def happen(self) -> None:
        """Let something happen, and what is due by now."""
        names = list(HAPPENINGS)
        name = self._random.choices(names, list(HAPPENINGS.values()))[0]
        if self._may(name):
            self.happened[name] += 1
            getattr(self, f"_{name}")()
        self._resume(time.monotonic())

    def _may(self, name: str) -> bool:
        """Whether there are as many pages as there should be for that, at all and listening."""
        if name == "come":
            return len(self._fleet) < self._size * 5 // 4
        if name in ("leave", "vanish") and len(self._fleet) <= self._size * 3 // 4:
            return False
        # The first page does the talking, and stays.
        return len(self._listening) > max(2, self._size // 3)

    def _resume(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            heapq.heappop(self._later)[2]()

    def _after(self, longest: float, act: Callable[[], None]) -> None:
        due = time.monotonic() + self._random.uniform(0, longest)
        heapq.heappush(self._later, (due, next(self._numbers), act))

    def _anyone(self) -> Page:
        return self._random.choice(list(self._listening)[1:])

    def _come(self) -> None:
        self._fleet.grow(1)
        self._listening[self._fleet.pages[-1]] = None

    def _go(self) -> Page:
        page = self._anyone()
        del self._listening[page]
        return page

    def _leave(self) -> None:
        self._fleet.leave(self._go())

    def _vanish(self) -> None:
        self._fleet.drop(self._go())

    def _dawdle(self) -> None:
        page = self._go()
        self._fleet.ignore(page)

        def listen() -> None:
            self._fleet.listen(page)
            self._returning.append(page)

        self._after(DAWDLE, listen)

    def _drop(self) -> None:
        page = self._go()
        self._fleet.lose(page)

        def resume() -> None:
            self._fleet.resume(page)
            self._returning.append(page)

        self._after(TIMEOUT / 2, resume)

    def _echo(self) -> None:
        self._fleet.call(self._anyone(), "y" * self._random.randint(1, LONGEST))

    def close(self) -> None:
        """Have all come back, and hear the rest."""
        self._resume(float("inf"))
        self._fleet.until(lambda: all(page.isCurrent for page in self._fleet.pages), lambda page, delivered: None)


def run(seconds: float, pages: int, random: Random, core: int) -> tuple[list[Part], dict[str, int]]:
    """
    :return: the parts of the time, and what happened in it.
    :raise BrokenPromise: if something was lost, doubled or out of order.
    """
    timeouts = (f"--connect-timeout={TIMEOUT}", f"--transportless-timeout={TIMEOUT}")
    with athenalite(core, ELEMENT, *timeouts, dialect=Athena()) as one:
        one.fleet.receiveBuffer = BUFFER
        room = Room(one.fleet, pages, random)
        parts = [_live(one, room, seconds / PARTS) for _ in range(PARTS)]
        room.close()
    return parts, room.happened


def _live(one: Subject, room: Room, seconds: float) -> Part:
    part, before, until = Part(), cpuSeconds(one.pid), time.monotonic() + seconds
    while (began := time.monotonic()) < until:
        wait, deliveries = room.say()
        part.waits.append(wait)
        part.deliveries += deliveries
        room.happen()
        while (left := began + TICK - time.monotonic()) > 0:
            one.fleet.attend(left, lambda page, delivered: None)
    part.each = (cpuSeconds(one.pid) - before) / part.deliveries
    part.memory, part.pages = resident(one.pid), len(one.fleet)
    return part


def verdict(parts: Sequence[Part], memory: float, waits: float) -> list[str]:
    """
    :param memory: how many MiB more there may be at the end.
    :param waits: how many times as long the median wait may be.
    :return: what is wrong, if anything is.
    """
    # The first part is the warm-up.
    first, last = parts[1], parts[-1]
    grown, slower = (last.memory - first.memory) / MEBIBYTE, median(last.waits) / median(first.waits)
    wrong = []
    if grown > memory:
        wrong.append(f"{grown:.1f} MiB more at the end")
    if slower > waits:
        wrong.append(f"{slower:.1f} times as slow at the end")
    return wrong


def report(parts: Sequence[Part], seconds: float) -> list[str]:
    """As a table."""
    head = ["until minute", "MiB", "us per delivery", "p50 ms", "p99 ms", "pages", "deliveries"]
    ends = (seconds / 60 * (number + 1) / len(parts) for number in range(len(parts)))
    return columns([head, *([f"{end:.1f}", *part.cells()] for end, part in zip(ends, parts, strict=True))])


def main(arguments: Sequence[str] | None = None) -> int:
    """
    The command.

    :return: the exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m stress.soak", description=(__doc__ or "").strip())
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--pages", type=int, default=200, help="about how many there are at a time")
    parser.add_argument("--seed", type=int, default=5, help="of what happens")
    parser.add_argument("--tolerance", type=float, default=5.0, help="how many MiB more may be occupied at the end")
    parser.add_argument("--slower", type=float, default=2.0, help="how many times as long the median wait may be then")
    parser.add_argument("--publish", action="store_true", help="put the table into docs/performance.rst")
    options = parser.parse_args(arguments)
    core = serverCore()
    separate()
    parts, happened = run(60 * options.minutes, options.pages, Random(options.seed), core)
    lines = [f"{today()}, ``python -m stress.soak --minutes {options.minutes:g}``; {machine()}.", ""]
    lines += [*report(parts, 60 * options.minutes), ""]
    lines += [f"What happened, and how often: {', '.join(f'{name} {times:,}' for name, times in happened.items())}."]
    print("\n".join(lines))
    if options.publish:
        publish("docs/performance.rst", {"soak": lines})
    wrong = verdict(parts, options.tolerance, options.slower)
    for one in wrong:
        print(one, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
