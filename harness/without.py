# -*- test-case-name: tests.project.test_benchmarks -*-
"""
Run ``twist`` without some fast paths: ``python -m harness.without ENCODE_ONCE,SEND_AT_ONCE athena-widget``.
"""

from __future__ import annotations

import sys
from functools import reduce
from operator import or_
from runpy import run_module

from athenalite._core.fastpaths import EVERY_FAST_PATH, NO_FAST_PATH, FastPath
from athenalite._server.factory import LivePageFactory


def main() -> None:
    """Run twist, with the rest of the command line."""
    names = sys.argv.pop(1)
    left = reduce(or_, (FastPath[name] for name in names.split(",") if name), NO_FAST_PATH)
    # athena-widget has no option for this, because only measurements need it.
    defaults = LivePageFactory.__init__.__kwdefaults__
    assert defaults is not None
    defaults["_fastPaths"] = EVERY_FAST_PATH & ~left
    sys.argv[1:1] = ["--log-format=text"]
    run_module("twisted", run_name="__main__")


if __name__ == "__main__":
    main()
