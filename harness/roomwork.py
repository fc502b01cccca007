# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What ``benchmarks.rooms`` measures: the tutorial's chat with a list, a room, and a room on an engine, with one worker
and with four.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from typing import Final

from .accounts import cpuSeconds
from .dialects import Tutorial
from .redis import RedisServer
from .server import ROOT
from .subjects import CHAT, TUTORIAL, athenalite, serverCore
from .work import Broadcasts, p99, together

WORKERS: Final = 4
LIST, ROOM, ENGINE = "a list", "a room", "a room on an engine"
LISTS, SCALED = "four lists, in four processes", "a room on an engine, four workers"
ALL: Final = "a room, with as many pages as all four workers"
KINDS: Final = (LIST, ROOM, ENGINE, LISTS, ALL, SCALED)

#: How many lines are in flight if an engine is to be busy.
_MANY: Final = 50


class Rooms:
    """All kinds of rooms, each with its pages, which take turns."""

    def __init__(self, stack: ExitStack, pages: int) -> None:
        """
        :param stack: stops the servers when it is closed.
        :param pages: of each worker.
        """
        self._engine = stack.enter_context(RedisServer("--appendfsync", "everysec"))
        self._senders: dict[str, list[Broadcasts]] = {name: [] for name in KINDS}
        rooms = ROOT / "examples" / "chat-rooms"
        engine = f"--engine={self._engine.address}"
        workers = (f"{engine}?db=1", f"--workers={WORKERS}")
        kinds = [(LIST, TUTORIAL, ()), (ROOM, rooms, ()), (ENGINE, rooms, (engine,))]
        kinds += [(ALL, rooms, ()), (SCALED, rooms, workers), *[(LISTS, TUTORIAL, ())] * WORKERS]
        for name, directory, options in kinds:
            served = athenalite(serverCore(), CHAT, *options, cwd=directory, dialect=Tutorial())
            one = stack.enter_context(served)
            one.open(pages * (WORKERS if name in (ALL, SCALED) else 1))
            self._senders[name].append(Broadcasts(one))
            self._senders[name][-1].join()
            self._keepAlive()

    def _keepAlive(self) -> None:
        """Broadcast once in all servers. They would close pages that send nothing while another server is measured."""
        together([sender for several in self._senders.values() for sender in several], 1)

    def deliveries(self, lines: int, rounds: int) -> dict[str, float]:
        """
        :return: by kind, the CPU seconds of a delivery in all processes but the engine, the median of the rounds.
        """
        found: dict[str, list[float]] = {name: [] for name in KINDS}
        for _ in range(rounds):
            for name, several in self._senders.items():
                self._keepAlive()
                found[name].append(together(several, lines))
        return {name: median(values) for name, values in found.items()}

    def engine(self, lines: int) -> Iterator[tuple[int, float]]:
        """
        :return: how many lines are in flight, and the engine's CPU seconds for each.
        """
        (sender,) = self._senders[ENGINE]
        for window in (1, _MANY):
            count = max(lines, 2 * window)
            before = cpuSeconds(self._engine.pid)
            sender.run(count, window)
            yield window, (cpuSeconds(self._engine.pid) - before) / count

    def latencies(self, lines: int) -> Iterator[tuple[str, float, float]]:
        """
        :return: for one worker, and for four with as many pages, at half load: the kind, and the median and the 99th
            percentile of the seconds until all pages have received a line.
        """
        scaled = self._senders[SCALED]
        pace = 2 * together(scaled, lines) * sum(len(sender.server.fleet) for sender in scaled)
        for name in (ALL, SCALED):
            self._keepAlive()
            (sender,) = self._senders[name]
            sender.pace(lines, pace)
            yield name, median(sender.latencies), p99(sender.latencies)
