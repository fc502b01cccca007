# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Measure what a chat costs its server, compared with raw Autobahn and other libraries: ``python -m benchmarks.chat``.

Each round starts all servers and gives them the same work, one after the other. Compared is the CPU time of the
server's process, from the kernel's accounts, so that other load on the machine has little influence. Every delivery is
checked for order and duplicates. The output has medians over the rounds, and the spread of athenalite's ratios.
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
from .work import Broadcasts, Cost, ask, call, open_, resident

#: About how many deliveries one measurement of broadcasts has.
DELIVERIES: Final = 40_000
#: How many calls one measurement of calls has.
CALLS: Final = 20_000
#: The fleets grow in steps of so many pages, one after the other.
STEP: Final = 250
IN_FLIGHT: Final = 8
#: The peers are measured up to so many pages: a process has descriptors for a few large fleets only.
COMPANY: Final = 1000
NOTE: Final = (
    "(*) compared with a call from a page to athenalite, and not with raw Autobahn: with the one that comes eight at a "
    "time from few pages; (**) with one that comes alone from each of as many pages"
)
_GOALS: Final = {(100, 1): 0.45, (1000, 1): 0.38, (5000, 1): 0.40, (1000, IN_FLIGHT): 0.35}


class Round:
    """All servers of one round, which do the same work."""

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

    def broadcasts(self, sizes: Sequence[int]) -> None:
        """Measure broadcasts in the tutorial's chat, with more and more pages."""
        with self._servers(CHAT, cwd=TUTORIAL, dialect=Tutorial()):
            senders = {}
            empty = {name: resident(one.pid) for name, one in self._all.items()}
            for name, one in self._all.items():
                open_(one.fleet, one.pid, 1)
                senders[name] = Broadcasts(one.fleet, one.pid)
                senders[name].join()
            for size in sizes:
                if size > COMPANY:
                    self._leave()
                self._grow(size)
                for window in (1, IN_FLIGHT):
                    self._broadcast(senders, size, window)
                if size in (sizes[-1], COMPANY):
                    self._memory(empty, size)

    def _leave(self) -> None:
        for name in self._peers:
            if name in self._all:
                self._all.pop(name).stop()

    def _settle(self) -> None:
        # Pings are answered, or the servers would consider their pages lost.
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

    def _broadcast(self, senders: dict[str, Broadcasts], size: int, window: int) -> None:
        count = max(DELIVERIES * (2 if window > 1 else 1) // size, 2 * window)
        costs: dict[str, Cost] = {}
        for name in self._all:
            senders[name].run(window, window)
            costs[name] = senders[name].run(count, window)
            self._settle()
        title = f"broadcast to {size} pages" + (f", {window} in flight" if window > 1 else "")
        self._table.add(title, _GOALS.get((size, window)), {name: cost.each for name, cost in costs.items()})
        if window == 1:
            for label, of in (("p50", median), ("p99", _p99)):
                found = {name: of(cost.latencies) for name, cost in costs.items()}
                self._table.add(
                    f"latency to the last of {size} pages, {label}", 0.45 if size == 1000 else None, found, "ms"
                )

    def _memory(self, empty: dict[str, int], size: int) -> None:
        found = {name: (resident(one.pid) - empty[name]) / size for name, one in self._all.items()}
        self._table.add(f"memory of a page, of {size}", None, found, "KiB")

    def calls(self, pages: int, asked: int) -> None:
        """Measure calls from pages and to pages."""
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
            # Autobahn has no calls to pages; the base is a call from a page.
            name = f"page called and awaited, of {asked}"
            self._table.add(f"{name} (*)", 1.2, {RAW: costs[OURS].each, OURS: cost.each})
            self._table.add(f"{name} (**)", 1.2, {RAW: alone[OURS], OURS: cost.each})


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


def run(
    rounds: int,
    pages: Sequence[int],
    peers: Sequence[str],
    without: str = "",
    works: Sequence[str] = ("broadcasts", "calls"),
) -> Table:
    """
    :param peers: some of ``THEIRS``, :func:`~benchmarks.servers.present`.
    :param works: the parts to run.
    :return: the results.
    """
    table = Table(RAW, OURS)
    for number in range(rounds):
        one = Round(table, serverCore(), peers, without)
        if "broadcasts" in works:
            one.broadcasts(pages)
        if "calls" in works:
            one.calls(50, 1000)
        print(f"chat: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chat", description=(__doc__ or "").strip())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--only", choices=["broadcasts", "calls"])
    parser.add_argument("--servers", nargs="*", choices=list(THEIRS), default=list(THEIRS), help="beside raw Autobahn")
    parser.add_argument("--without", default="", help="fast paths to leave out, as ENCODE_ONCE,SEND_AT_ONCE")
    options = parser.parse_args(arguments)
    core = serverCore()
    peers = present(options.servers)
    separate()
    works = [options.only] if options.only else ["broadcasts", "calls"]
    table = run(options.rounds, options.pages, peers, options.without, works)
    print(f"{today()}, {machine()}, {versionsOf(peers)}; {options.rounds} rounds, servers on core {core}")
    print("\n".join([*columns(table.cells()), NOTE]))


if __name__ == "__main__":
    main()
