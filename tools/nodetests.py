# -*- test-case-name: tests.test_javascript -*-
"""Run the JavaScript tests under node: ``python -m tools.nodetests``."""

import subprocess
import sys
from pathlib import Path

from tools.programs import ADVICE, findNode

ROOT = Path(__file__).parent.parent


def testCommand() -> list[str]:
    """
    Return the command that runs every ``tests/js/*.test.js``, to be started in the root of the tree.

    :raises FileNotFoundError: if there is no node.
    """
    node = findNode()
    if node is None:
        raise FileNotFoundError(ADVICE["node"])
    # One by one: the meaning of a directory to `node --test` has changed from version to version.
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/*.test.js"))
    return [node, "--test", *files]


if __name__ == "__main__":
    sys.exit(subprocess.run(testCommand(), cwd=ROOT).returncode)
