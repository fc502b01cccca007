# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Measure what a chat costs its server, compared with raw Autobahn and other libraries.

``python -m benchmarks.all --only chat``: ``README.rst`` has what is done. Compared is the CPU time of the server's
process, from the kernel's accounts, so that other load on the machine has little influence.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from harness.dialects import Fetching, Tutorial
from harness.subjects import CHAT, ELEMENT, TUTORIAL
from harness.work import Broadcasts, ask, call, p99

from .figures import Table
from .servers import OURS, RAW, together

#: About how many deliveries one measurement of broadcasts has.
DELIVERIES: Final = 40_000
#: How many calls one measurement of calls has.
CALLS: Final = 20_000
#: The fleets grow in steps of so many pages, one after the other.
STEP: Final = 250
IN_FLIGHT: Final = 8
#: The peers are measured up to so many pages: a process has descriptors for a few large fleets only.
COMPANY: Final = 1000
WORKS: Final = ("broadcasts", "calls")
NOTE: Final = (
    "(*) compared with a call from each of as many pages to athenalite, and not with raw Autobahn. (+) raw Autobahn in "
    "the place of athenalite: its socket, and a static document of twisted.web, without an access log"
)
_STATIC: Final = Fetching()
_GOALS: Final = {100: 0.36, 1000: 0.35, 5000: 0.36}


@dataclass
class Round:
    """
    All servers of one round, which do the same work.

    :ivar peers: servers beside raw Autobahn.
    :ivar given: see :func:`harness.subjects.athenalite`.
    """

    table: Table
    peers: Sequence[str] = ()
    given: Mapping[str, Any] = field(default_factory=dict)

    @contextmanager
    def _servers(self, element: str, **given: Any) -> Iterator[None]:
        with together(element, peers=(RAW, *self.peers), **given, **self.given) as self._all:
            yield

    def broadcasts(self, sizes: Sequence[int]) -> None:
        """Measure broadcasts in the tutorial's chat, with more and more pages."""
        with self._servers(CHAT, cwd=TUTORIAL, dialect=Tutorial()):
            empty = {name: one.memory for name, one in self._all.items()}
            senders = {name: Broadcasts(one) for name, one in self._all.items()}
            for sender in senders.values():
                sender.server.open(1)
                sender.join()
            for size in sizes:
                for name in self.peers if size > COMPANY else ():
                    if name in self._all:
                        self._all.pop(name).stop()
                self._grow(size)
                for window in (1, IN_FLIGHT):
                    self._broadcast(senders, size, window)
                if size in (sizes[-1], COMPANY):
                    found = {name: (one.memory - empty[name]) / size for name, one in self._all.items()}
                    self.table.add(f"memory of a page, of {size}", None, found, "KiB")

    def _grow(self, size: int) -> None:
        raw, documents = self._all[RAW], 0.0
        count = size - len(raw.fleet)
        spent = dict.fromkeys(self._all, 0.0)
        while left := size - len(raw.fleet):
            step = min(left, STEP)
            for name, one in self._all.items():
                spent[name] += one.open(step) * step
            before = raw.spent
            for _ in range(step):
                _STATIC.fetch(raw.fleet.port)
            documents += raw.spent - before
        found = {name: seconds / count for name, seconds in spent.items()}
        self.table.add(f"opening a page, up to {size}", 1.4, found)
        least = {RAW: found[RAW], OURS: (spent[RAW] + documents) / count}
        self.table.add(f"the same of twisted.web, up to {size} (+)", None, least)

    def _broadcast(self, senders: dict[str, Broadcasts], size: int, window: int) -> None:
        deliveries = DELIVERIES * (2 if window > 1 else 1)
        costs = {name: senders[name].measure(deliveries, window) for name in self._all}
        if window > 1:
            self.table.add(f"broadcast to {size} pages, {window} in flight", 0.22, costs)
        else:
            self.table.add(f"broadcast to {size} pages", _GOALS.get(size), costs)
            for label, of in (("p50", median), ("p99", p99)):
                found = {name: of(senders[name].latencies) for name in costs}
                goal = 0.45 if size == 1000 else None
                self.table.add(f"latency to the last of {size} pages, {label}", goal, found, "ms")

    def calls(self, pages: int, asked: int) -> None:
        """Measure calls from pages and to pages."""
        with self._servers(ELEMENT):
            costs: dict[str, float] = {}
            for name, one in self._all.items():
                one.open(pages)
                call(one, 20, IN_FLIGHT)
                costs[name] = call(one, CALLS // pages, IN_FLIGHT)
            self.table.add(f"call answered, {pages} pages x 8", 0.35, costs)
            alone: dict[str, float] = {}
            for name in (RAW, OURS):
                one = self._all[name]
                one.open(asked - pages)
                call(one, 2, 1)
                alone[name] = call(one, CALLS // asked, 1)
            self.table.add(f"call answered, {asked} pages x 1", None, alone)
            ask(self._all[OURS], 2)
            cost = ask(self._all[OURS], CALLS // asked)
            # Autobahn has no calls to pages.
            self.table.add(f"page called and awaited, of {asked} (*)", 1.0, {RAW: alone[OURS], OURS: cost})


def run(rounds: int, pages: Sequence[int], peers: Sequence[str], rows: Sequence[str] = WORKS, **given: Any) -> Table:
    """
    :param peers: some of ``THEIRS``, :func:`~benchmarks.servers.present`.
    :param rows: of :data:`WORKS`, those to run.
    :param given: see :func:`harness.subjects.athenalite`.
    :return: the results.
    """
    table = Table(RAW, OURS)
    for number in range(rounds):
        one = Round(table, peers, given)
        if "broadcasts" in rows:
            one.broadcasts(pages)
        if "calls" in rows:
            one.calls(50, 1000)
        print(f"chat: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return table
