# -*- test-case-name: tests.project.test_stages -*-
"""``tools.stages`` runs targets beside one another, and keeps their output apart."""

import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import TestCase

from tools import stages

PROGRAM = """
import sys
print("output of", sys.argv[1], flush=True)
sys.exit("wrong" in sys.argv[1])
"""

MAIN = """
import sys
from pathlib import Path
from tools import stages
stages.ROOT = Path(sys.argv[1])
sys.exit(stages.main(sys.argv[3:], [sys.executable, "-c", sys.argv[2]]))
"""


class MainTests(TestCase):
    """The command, with a script in place of make."""

    def run_(self, *names):
        """Return how the command ended, and its outputs."""
        directory = self.enterContext(tempfile.TemporaryDirectory())
        command = [sys.executable, "-c", MAIN, directory, PROGRAM, *names]
        self.kept = Path(directory) / "build" / "stages"
        return subprocess.run(command, cwd=stages.ROOT, capture_output=True, text=True, timeout=300)

    def test_passed(self):
        """The last one's output is the command's, those of the others are kept, and the times are printed."""
        ran = self.run_("lint", "types", "tests")
        self.assertEqual((ran.returncode, ran.stdout), (0, "output of tests\n"))
        self.assertRegex(ran.stderr, r"^stages: lint \d+ s, types \d+ s, tests \d+ s\n$")
        self.assertEqual((self.kept / "types.txt").read_text(), "output of types\n")

    def test_besideFailed(self):
        """A failure beside the last one does not keep the others from running; its output and its name are printed."""
        ran = self.run_("wrong-lint", "types", "tests")
        self.assertEqual((ran.returncode, ran.stdout), (1, "output of tests\n"))
        self.assertIn("--- wrong-lint\noutput of wrong-lint\n", ran.stderr)
        self.assertTrue(ran.stderr.endswith("failed: wrong-lint\n"), ran.stderr)
        self.assertTrue((self.kept / "types.txt").exists())

    def test_lastFailed(self):
        """If the last one fails, its output is not printed again."""
        ran = self.run_("lint", "wrong-tests")
        self.assertEqual((ran.returncode, ran.stdout), (1, "output of wrong-tests\n"))
        self.assertTrue(ran.stderr.endswith("failed: wrong-tests\n"), ran.stderr)
