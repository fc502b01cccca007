# -*- test-case-name: tests.project.test_benchmarks -*-
"""
What a room costs: the tutorial's chat with a list, a room, and a room on an engine, with one worker and with four.

``python -m benchmarks.rooms`` prints the CPU time of a delivery in all processes but the engine, that of the engine for
a line, and how long it takes until all pages have received a line, while the core is half busy. The kinds take turns. A
delivery costs more if there are more pages, perhaps because of the processor's caches. So there is one worker with as
many pages as the four have together, too, and four lists in separate processes.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack

from harness.roomwork import KINDS, LIST, Rooms
from harness.subjects import separate


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rooms", description=__doc__)
    for name, default in (("pages", 1000), ("lines", 100), ("rounds", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args(arguments)
    separate()
    with ExitStack() as stack:
        rooms = Rooms(stack, chosen.pages)
        found = rooms.deliveries(chosen.lines, chosen.rounds)
        for name in KINDS:
            print(f"{name}: {found[name] * 1e6:.2f} us for each delivery, {found[name] / found[LIST]:.2f} times a list")
        for window, seconds in rooms.engine(chosen.lines):
            print(f"the engine, {window} in flight: {seconds * 1e6:.0f} us for each line")
        for name, middle, late in rooms.latencies(chosen.lines):
            print(f"{name}, at half load: a line is everywhere after {middle * 1e3:.1f} ms, p99 {late * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
