# -*- test-case-name: tests.project.test_availability -*-
"""
Measure twenty honest pages beside each attack of one peer: ``python -m stress.availability`` (``stress/README.rst``).
"""

import argparse
import sys
from typing import Final

from harness import attacks
from harness.honest import ELEMENT, HonestPages, Latency
from harness.server import Server

QUIET: Final = "(no attack)"
#: Attacks by name. For the one on compression the server would have to compress.
ATTACKS: Final = {QUIET: None, **{one.__name__: one for one in attacks.ALL if one is not attacks.inflating}}


def measure(name: str, seconds: float) -> Latency:
    """Run one attack on a server of its own."""
    with Server(ELEMENT) as server, HonestPages(server.port) as pages:
        try:
            return pages.measure(ATTACKS[name], seconds)
        finally:
            # It may be too busy to stop.
            server.kill()


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return the exit status."""
    parser = argparse.ArgumentParser(description="Measure honest pages beside each attack of one peer.")
    parser.add_argument("--only", choices=list(ATTACKS), nargs="+", default=list(ATTACKS), help="some of the attacks")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each attack lasts (10)")
    parser.add_argument("--bound", type=float, default=100.0, help="milliseconds for 99 of 100 calls (100)")
    options = parser.parse_args(arguments)
    print(f"{'attack':20s} {'p50':>10s} {'p99':>10s} {'lost':>5s}")
    bad = []
    for name in options.only:
        found = measure(name, options.seconds)
        print(f"{name:20s} {1000 * found.p50:7.1f} ms {1000 * found.p99:7.1f} ms {found.lost:5d}", flush=True)
        if found.lost or 1000 * found.p99 > options.bound:
            bad.append(name)
    if bad:
        print(f"beyond the bounds: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
