# -*- test-case-name: tests.project.test_benchmarks -*-
"""
``twist``, with an account of its memory: at SIGUSR1 it writes how many bytes Python has in use to the file that
``TRACED`` names. What a process occupies does not tell, for it keeps what it has freed, and takes that first.
"""

from __future__ import annotations

import os
import signal
import sys
import tracemalloc
from pathlib import Path
from runpy import run_module
from typing import Any


def _tell(*_: Any) -> None:
    path = Path(os.environ["TRACED"])
    unfinished = path.with_suffix(".part")
    unfinished.write_text(str(tracemalloc.get_traced_memory()[0]))
    # So that whoever waits for it reads all of it.
    unfinished.rename(path)


def main() -> None:
    """Run twist, with the rest of the command line."""
    tracemalloc.start()
    signal.signal(signal.SIGUSR1, _tell)
    sys.argv[1:1] = ["--log-format=text"]
    run_module("twisted", run_name="__main__")


if __name__ == "__main__":
    main()
