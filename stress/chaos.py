"""
Rooms and their members while their engine is harmed, and pages that move: their tests, for as long as it is wished.
"""

import argparse
import os
import sys
import unittest

_TESTS = ("tests.integration.test_chaos", "tests.rooms.test_simulation.SimulationTests")


def main(arguments: list[str] | None = None) -> int:
    """Run them, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stress.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="for each of the three; 600 by default")
    seconds = parser.parse_args(arguments).seconds
    # The tests read these when they are imported.
    os.environ |= {"CHAOS": str(seconds), "SIMULATE": f"{seconds}s"}
    tests = unittest.defaultTestLoader.loadTestsFromNames(_TESTS)
    return 0 if unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
