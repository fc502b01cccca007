# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What a chat costs its server, next to raw Autobahn and to its peers: ``python -m benchmarks.chat``.

Each round starts all servers afresh and gives them the same work by turns; what is compared is the CPU time that the
server's process used for it, as the kernel accounts for it, so that other load on the machine disturbs little. Every
delivery is checked to have come once and in order. Printed are medians over the rounds, and of our ratios the spread.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median, quantiles
from typing import Final

from harness.dialects import Tutorial

from .figures import Table, columns, machine, today
from .servers import CHAT, OURS, RAW, THEIRS, TUTORIAL, Subject, athenalite, peer, present, separate, serverCore
from .servers import versions as versionsOf
from .work import Cost, Talk, ask, call, open_, resident

#: How many deliveries one measurement of talk has, about.
DELIVERIES: Final = 40_000
#: How many calls one measurement of calls has.
CALLS: Final = 20_000
#: All fleets grow by turns, in such steps.
STEP: Final = 250
IN_FLIGHT: Final = 8
#: Peers come along up to so many pages: a process has no more descriptors than for a few large fleets.
COMPANY: Final = 1000
NOTE: Final = (
    "(*) compared with a call from a page to athenalite, and not with raw Autobahn: with the one that comes eight at a "
    "time from few pages; (**) with one that comes alone from each of as many pages"
)
_GOALS: Final = {(100, 1): 0.45, (1000, 1): 0.38, (5000, 1): 0.40, (1000, IN_FLIGHT): 0.35}


class Round:
    """All servers, and the same work for all."""

    def __init__(self, table: Table, core: int, peers: Sequence[str] = (), without: str = "") -> None:
        self._table = table
        self._core = core
        self._peers = peers
        self._without = without
        self._all: dict[str, Subject] = {}

    @contextmanager
    def _servers(self, element: str, **options: object) -> Iterator[None]:
        with ExitStack() as stack:
            self._all = {name: stack.enter_context(peer(name, self._core)) for name in (RAW, *self._peers)}
            ours = athenalite(self._core, element, without=self._without, **options)  # type: ignore[arg-type]
            self._all[OURS] = stack.enter_context(ours)
            fleets = [one.fleet for one in self._all.values()]
            for fleet in fleets:
                fleet.company = fleets
            yield

    def talk(self, sizes: Sequence[int]) -> None:
        """The tutorial's chat, with more and more pages."""
        with self._servers(CHAT, cwd=TUTORIAL, dialect=Tutorial()):
            talks = {}
            empty = {name: resident(one.pid) for name, one in self._all.items()}
            for name, one in self._all.items():
                open_(one.fleet, one.pid, 1)
                talks[name] = Talk(one.fleet, one.pid)
                talks[name].join()
            for size in sizes:
                if size > COMPANY:
                    self._leave()
                self._grow(size)
                for window in (1, IN_FLIGHT):
                    self._say(talks, size, window)
                if size in (sizes[-1], COMPANY):
                    self._memory(empty, size)

    def _leave(self) -> None:
        for name in self._peers:
            if name in self._all:
                self._all.pop(name).stop()

    def _settle(self) -> None:
        # What comes by itself is answered, or servers would think that their pages are gone.
        for one in self._all.values():
            one.fleet.settle(0)

    def _grow(self, size: int) -> None:
        count = size - len(self._all[RAW].fleet)
        spent = dict.fromkeys(self._all, 0.0)
        while left := size - len(self._all[RAW].fleet):
            step = min(left, STEP)
            for name, one in self._all.items():
                spent[name] += open_(one.fleet, one.pid, step).each * step
            self._settle()
        found = {name: seconds / count for name, seconds in spent.items()}
        self._table.add(f"opening a page, up to {size}", 2.0, found)

    def _say(self, talks: dict[str, Talk], size: int, window: int) -> None:
        count = max(DELIVERIES * (2 if window > 1 else 1) // size, 2 * window)
        costs: dict[str, Cost] = {}
        for name in self._all:
            talks[name].run(window, window)
            costs[name] = talks[name].run(count, window)
            self._settle()
        title = f"say heard by {size} pages" + (f", {window} in flight" if window > 1 else "")
        self._table.add(title, _GOALS.get((size, window)), {name: cost.each for name, cost in costs.items()})
        if window == 1:
            for label, of in (("p50", median), ("p99", _p99)):
                found = {name: of(cost.latencies) for name, cost in costs.items()}
                self._table.add(f"latency to the last of {size}, {label}", 0.45 if size == 1000 else None, found, "ms")

    def _memory(self, empty: dict[str, int], size: int) -> None:
        found = {name: (resident(one.pid) - empty[name]) / size for name, one in self._all.items()}
        self._table.add(f"memory of a page, of {size}", None, found, "KiB")

    def calls(self, pages: int, asked: int) -> None:
        """Calls from pages and to pages."""
        with self._servers("benchmarks.answering.answering"):
            costs: dict[str, Cost] = {}
            for name, one in self._all.items():
                open_(one.fleet, one.pid, pages)
                call(one.fleet, one.pid, 20, IN_FLIGHT)
                costs[name] = call(one.fleet, one.pid, CALLS // pages, IN_FLIGHT)
                self._settle()
            found = {name: cost.each for name, cost in costs.items()}
            self._table.add(f"call answered, {pages} pages x 8", 0.45, found)
            alone: dict[str, float] = {}
            for name in (RAW, OURS):
                one = self._all[name]
                open_(one.fleet, one.pid, asked - pages)
                call(one.fleet, one.pid, 2, 1)
                alone[name] = call(one.fleet, one.pid, CALLS // asked, 1).each
                self._settle()
            self._table.add(f"call answered, {asked} pages x 1", None, alone)
            ours = self._all[OURS]
            ask(ours.fleet, ours.pid, 2)
            cost = ask(ours.fleet, ours.pid, CALLS // asked)
            # A call to a page is to be measured by a call from one, and not by Autobahn.
            name = f"page called and awaited, of {asked}"
            self._table.add(f"{name} (*)", 1.2, {RAW: costs[OURS].each, OURS: cost.each})
            self._table.add(f"{name} (**)", 1.2, {RAW: alone[OURS], OURS: cost.each})


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


def run(
    rounds: int, pages: Sequence[int], peers: Sequence[str], without: str = "", works: Sequence[str] = ("talk", "calls")
) -> Table:
    """
    :param peers: some of ``THEIRS``, :func:`~benchmarks.servers.present`.
    :param works: which parts to do.
    :return: what was found.
    """
    table = Table(RAW, OURS)
    for number in range(rounds):
        one = Round(table, serverCore(), peers, without)
        if "talk" in works:
            one.talk(pages)
        if "calls" in works:
            one.calls(50, 1000)
        print(f"chat: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chat", description=(__doc__ or "").strip())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--only", choices=["talk", "calls"])
    parser.add_argument("--servers", nargs="*", choices=list(THEIRS), default=list(THEIRS), help="beside raw Autobahn")
    parser.add_argument("--without", default="", help="fast paths to leave out, as ENCODE_ONCE,SEND_AT_ONCE")
    options = parser.parse_args(arguments)
    core = serverCore()
    peers = present(options.servers)
    separate()
    works = [options.only] if options.only else ["talk", "calls"]
    table = run(options.rounds, options.pages, peers, options.without, works)
    print(f"{today()}, {machine()}, {versionsOf(peers)}; {options.rounds} rounds, servers on core {core}")
    print("\n".join([*columns(table.cells()), NOTE]))


if __name__ == "__main__":
    main()
