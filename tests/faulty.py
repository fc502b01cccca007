"""
Runs tests of a copy of the tree, which has a fault: ``python -m tests.faulty`` in that copy.

Each line of standard input names tests; after each it prints whether they pass. A process of its own runs them, which
has imported no module of the copy before.
"""

import os
import sys
import unittest
from importlib import import_module

#: What most tests import, and takes longest.
IMPORTED = (
    "autobahn.twisted.websocket",
    "hypothesis.stateful",
    "msgspec",
    "twisted.trial.unittest",
    "twisted.web.server",
)


def run(test: str) -> bool:
    """Run these tests as far as the first that fails, and return whether all pass."""
    from hypothesis import Phase, settings

    # To find the smallest example takes longest.
    settings.register_profile("faulty", phases=(Phase.generate,), database=None, deadline=None)
    settings.load_profile("faulty")
    suite = unittest.defaultTestLoader.loadTestsFromName(test)
    result = unittest.TextTestRunner(sys.stderr, failfast=True).run(suite)
    return result.wasSuccessful() and result.testsRun > 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    for module in IMPORTED:
        import_module(module)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            # Browsers and servers end at exit.
            sys.exit(not run(line.strip()))
        print("passed" if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 else "failed", flush=True)
