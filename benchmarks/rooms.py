# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What a room costs: the tutorial's chat with a list, a room, and a room on an engine, with one worker and with four.

``python -m benchmarks.rooms`` prints the CPU time for each delivery, of all processes but the engine, and that of the
engine for each line. They take turns; each worker has a thousand pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from harness.accounts import cpuSeconds
from harness.dialects import Tutorial
from harness.redis import RedisServer
from harness.server import ROOT
from harness.subjects import TUTORIAL, athenalite, separate, serverCore
from harness.work import Broadcasts

LIST, ROOM, ENGINE, WORKERS = "a list", "a room", "a room on an engine", "a room on an engine, four workers"


def run(pages: int, lines: int, rounds: int) -> dict[str, float]:
    """
    :return: the CPU seconds of each delivery, by kind, and under ``engine`` those of the engine for a line.
    """
    found: dict[str, list[float]] = {LIST: [], ROOM: [], ENGINE: [], WORKERS: [], "engine": []}
    with ExitStack() as stack:
        server = stack.enter_context(RedisServer("--appendfsync", "everysec"))
        rooms = ROOT / "examples" / "chat-rooms"
        engine = f"--engine={server.address}"
        workers = (f"{engine}?db=1", "--workers=4")
        kinds = ((LIST, TUTORIAL, ()), (ROOM, rooms, ()), (ENGINE, rooms, (engine,)), (WORKERS, rooms, workers))
        senders = {}
        for name, directory, options in kinds:
            served = athenalite(serverCore(), "chatthing.chatterbox.chat", *options, cwd=directory, dialect=Tutorial())
            one = stack.enter_context(served)
            one.open(pages * (4 if name == WORKERS else 1))
            senders[name] = Broadcasts(one)
            senders[name].join()
        for _ in range(rounds):
            for name, sender in senders.items():
                before = cpuSeconds(server.pid)
                found[name].append(sender.run(lines, 1))
                if name == ENGINE:
                    found["engine"].append((cpuSeconds(server.pid) - before) / lines)
    return {name: median(values) for name, values in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a line for each kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rooms", description=__doc__)
    for name, default in (("pages", 1000), ("lines", 100), ("rounds", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args(arguments)
    separate()
    found = run(chosen.pages, chosen.lines, chosen.rounds)
    for name in (LIST, ROOM, ENGINE, WORKERS):
        print(f"{name}: {found[name] * 1e6:.2f} us for each delivery, {found[name] / found[LIST]:.2f} times a list")
    print(f"the engine: {found['engine'] * 1e6:.0f} us for each line")
    return 0


if __name__ == "__main__":
    sys.exit(main())
