# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What a room costs: the tutorial's chat with a list, a room, and a room on an engine, with one worker and with four.

``python -m benchmarks.rooms`` prints the CPU time for each delivery, of all processes but the engine, and that of the
engine for each line. They take turns. A delivery costs more if there are more pages, because a processor's caches are
limited: so there is one worker with all pages that the four have together, too, and four lists of separate processes.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from harness.accounts import cpuSeconds
from harness.dialects import Tutorial
from harness.redis import RedisServer
from harness.server import ROOT
from harness.subjects import CHAT, TUTORIAL, athenalite, separate, serverCore
from harness.work import Broadcasts, together

LIST, ROOM, ENGINE = "a list", "a room", "a room on an engine"
LISTS, WORKERS = "four lists, in four processes", "a room on an engine, four workers"
ALL = "a room, with as many pages as all four workers"


def run(pages: int, lines: int, rounds: int) -> dict[str, float]:
    """
    :return: the CPU seconds of each delivery, by kind, and under ``engine`` those of the engine for a line.
    """
    found: dict[str, list[float]] = {one: [] for one in (LIST, ROOM, ENGINE, LISTS, ALL, WORKERS, "engine")}
    with ExitStack() as stack:
        server = stack.enter_context(RedisServer("--appendfsync", "everysec"))
        rooms = ROOT / "examples" / "chat-rooms"
        engine = f"--engine={server.address}"
        workers = (f"{engine}?db=1", "--workers=4")
        kinds = [(LIST, TUTORIAL, ()), (ROOM, rooms, ()), (ENGINE, rooms, (engine,))]
        kinds += [(ALL, rooms, ()), (WORKERS, rooms, workers), *[(LISTS, TUTORIAL, ())] * 4]
        senders: dict[str, list[Broadcasts]] = {name: [] for name in found}
        for name, directory, options in kinds:
            served = athenalite(serverCore(), CHAT, *options, cwd=directory, dialect=Tutorial())
            one = stack.enter_context(served)
            one.open(pages * (4 if name in (ALL, WORKERS) else 1))
            senders[name].append(Broadcasts(one))
            senders[name][-1].join()
            # Pages that are silent for too long, while others are opened, would be lost.
            together([sender for several in senders.values() for sender in several], 1)
        del senders["engine"]
        for _ in range(rounds):
            for name, several in senders.items():
                before = cpuSeconds(server.pid)
                found[name].append(together(several, lines))
                if name == ENGINE:
                    found["engine"].append((cpuSeconds(server.pid) - before) / lines)
    return {name: median(values) for name, values in found.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a line for each kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rooms", description=__doc__)
    for name, default in (("pages", 1000), ("lines", 100), ("rounds", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args(arguments)
    separate()
    found = run(chosen.pages, chosen.lines, chosen.rounds)
    for name in (LIST, ROOM, ENGINE, LISTS, ALL, WORKERS):
        print(f"{name}: {found[name] * 1e6:.2f} us for each delivery, {found[name] / found[LIST]:.2f} times a list")
    print(f"the engine: {found['engine'] * 1e6:.0f} us for each line")


if __name__ == "__main__":
    main()
