# -*- test-case-name: tests.test_benchmarks -*-
"""
What a chat costs its server, next to raw Autobahn: ``python -m benchmarks.chat``.

Each round starts both servers afresh and gives them the same work by turns; what is compared is the CPU time that the
server's process used for it, as the kernel accounts for it, so that other load on the machine disturbs little. Every
delivery is checked to have come once and in order. Printed are medians over the rounds, and of the ratios the spread.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Final

from .servers import TUTORIAL, Subject, athenalite, raw, separate
from .work import Cost, Talk, ask, call, open_, resident

#: How many deliveries one measurement of talk has, about.
DELIVERIES: Final = 40_000
#: Both fleets grow by turns, in such steps.
STEP: Final = 250
IN_FLIGHT: Final = 8


@dataclass
class Row:
    """
    :ivar name: what was done.
    :ivar target: the ratio to reach, if there is one.
    :ivar raw: what it cost with Autobahn alone in each round: seconds, or bytes.
    :ivar ours: and with athenalite.
    """

    name: str
    target: float | None = None
    unit: str = "us"
    raw: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """Ours to raw, round by round."""
        return [ours / raw for ours, raw in zip(self.ours, self.raw, strict=True)]

    def cells(self) -> list[str]:
        """What the table shows."""
        scale = {"us": 1e6, "ms": 1e3, "KiB": 1 / 1024}[self.unit]
        ratios = self.ratios()
        reached = "" if self.target is None else f"{self.target:.2f}"
        return [
            self.name,
            f"{median(self.raw) * scale:.1f} {self.unit}",
            f"{median(self.ours) * scale:.1f} {self.unit}",
            f"{median(ratios):.2f}",
            f"{min(ratios):.2f} to {max(ratios):.2f}",
            reached,
        ]


class Table:
    """Rows by their names, in the order in which they came up."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def add(self, name: str, target: float | None, raw: float, ours: float, unit: str = "us") -> None:
        """What one round has found."""
        row = self.rows.setdefault(name, Row(name, target, unit))
        row.raw.append(raw)
        row.ours.append(ours)

    def lines(self) -> list[str]:
        """As text, in columns."""
        head = ["", "raw Autobahn", "athenalite", "ratio", "spread", "to reach"]
        cells = [head, *(row.cells() for row in self.rows.values())]
        widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


class Round:
    """Both servers, and the same work for both."""

    def __init__(self, table: Table, core: int, without: str = "") -> None:
        self._table = table
        self._core = core
        self._without = without

    def talk(self, sizes: list[int]) -> None:
        """The tutorial's chat, with more and more pages."""
        room = athenalite(self._core, "chatthing.chatterbox.chat", TUTORIAL, self._without)
        with raw(self._core) as theirs, room as ours:
            both = (theirs, ours)
            talks = []
            empty = [resident(one.pid) for one in both]
            for one in both:
                open_(one.fleet, one.pid, 1)
                talks.append(Talk(one.fleet, one.pid))
                if one.fleet.opens:
                    talks[-1].join()
            for size in sizes:
                self._grow(both, size)
                for window, target in ((1, {100: 0.45, 1000: 0.38, 5000: 0.40}), (IN_FLIGHT, {1000: 0.35})):
                    name = f"say heard by {size} pages, {window} at a time"
                    self._say(name, both, talks, size, window, target.get(size))
            self._memory(both, empty, sizes[-1])

    def _grow(self, both: tuple[Subject, Subject], size: int) -> None:
        spent = [0.0, 0.0]
        count = size - len(both[0].fleet)
        while left := size - len(both[0].fleet):
            for which, one in enumerate(both):
                step = min(left, STEP)
                spent[which] += open_(one.fleet, one.pid, step).each * step
                both[1 - which].fleet.settle(0)
        self._table.add(f"opening a page, up to {size}", 2.0, spent[0] / count, spent[1] / count)

    def _say(
        self, name: str, both: tuple[Subject, Subject], talks: list[Talk], size: int, window: int, target: float | None
    ) -> None:
        count = max(DELIVERIES * (2 if window > 1 else 1) // size, 2 * window)
        costs = []
        for which, talk in enumerate(talks):
            talk.run(window, window)
            costs.append(talk.run(count, window))
            both[1 - which].fleet.settle(0)
        self._table.add(name, target, costs[0].each, costs[1].each)
        if window == 1:
            for label, of in (("p50", median), ("p99", _p99)):
                wanted = 0.45 if size == 1000 else None
                theirs, ours = (of(cost.latencies) for cost in costs)
                self._table.add(f"  latency to the last of {size}, {label}", wanted, theirs, ours, "ms")

    def _memory(self, both: tuple[Subject, Subject], empty: list[int], size: int) -> None:
        theirs, ours = ((resident(one.pid) - before) / size for one, before in zip(both, empty, strict=True))
        self._table.add(f"resident memory of a page, of {size}", None, theirs, ours, "KiB")

    def calls(self, pages: int, asked: int) -> None:
        """Calls from pages and to pages."""
        answering = athenalite(self._core, "benchmarks.answering.answering", without=self._without)
        with raw(self._core) as theirs, answering as ours:
            costs: list[Cost] = []
            for one in (theirs, ours):
                open_(one.fleet, one.pid, pages)
                call(one.fleet, one.pid, 20, 8)
                costs.append(call(one.fleet, one.pid, 400, 8))
            self._table.add(f"call answered, {pages} pages x 8", 0.45, costs[0].each, costs[1].each)
            open_(ours.fleet, ours.pid, asked - pages)
            ask(ours.fleet, ours.pid, 2)
            cost = ask(ours.fleet, ours.pid, 20_000 // asked)
            # The row before is what this one is to be measured by.
            self._table.add(f"page called, {asked} pages (to a call answered)", 1.2, costs[1].each, cost.each)


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


def machine() -> str:
    """Where and when."""
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{when}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chat", description=(__doc__ or "").strip())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--only", choices=["talk", "calls"])
    parser.add_argument("--without", default="", help="shortcuts to leave out, as FRAME_ONCE,SEND_AT_ONCE")
    options = parser.parse_args()
    core = max(os.sched_getaffinity(0))
    separate()
    table = Table()
    for number in range(options.rounds):
        works: list[Callable[[Round], None]] = []
        if options.only != "calls":
            works.append(lambda one: one.talk(options.pages))
        if options.only != "talk":
            works.append(lambda one: one.calls(50, 1000))
        for work in works:
            work(Round(table, core, options.without))
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
    print(f"{machine()}; {options.rounds} rounds: python -m benchmarks.chat {' '.join(sys.argv[1:])}".rstrip())
    print("\n".join(table.lines()))


if __name__ == "__main__":
    main()
