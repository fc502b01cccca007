# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Run ``twist`` with tracemalloc.

At SIGUSR1, the number of bytes that Python has in use is written to the file that the environment variable ``TRACED``
names. Resident memory would not show it, because a process keeps and reuses what it has freed.
"""

from __future__ import annotations

import os
import signal
import sys
import tracemalloc
from pathlib import Path
from runpy import run_module
from typing import Any

from .waiting import waitUntil


def inUse(pid: int, traced: Path) -> int:
    """
    Return how many bytes Python has in use in that process, without memory that was freed and not given back.

    :param traced: the file that its environment names.
    """
    os.kill(pid, signal.SIGUSR1)
    waitUntil(traced.exists, "the server has not written how much memory it uses", interval=0.01)
    used = int(traced.read_text())
    traced.unlink()
    return used


def _write(*_: Any) -> None:
    path = Path(os.environ["TRACED"])
    unfinished = path.with_suffix(".part")
    unfinished.write_text(str(tracemalloc.get_traced_memory()[0]))
    # So that the file is complete when it appears.
    unfinished.rename(path)


def main() -> None:
    """Run twist, with the rest of the command line."""
    tracemalloc.start()
    signal.signal(signal.SIGUSR1, _write)
    sys.argv[1:1] = ["--log-format=text"]
    run_module("twisted", run_name="__main__")


if __name__ == "__main__":
    main()
