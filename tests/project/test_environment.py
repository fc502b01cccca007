# -*- test-case-name: tests.project.test_environment -*-
"""``tools.environment`` makes the environment, or reports in one line why it cannot."""

import contextlib
import io
import os
import subprocess
import sys
from unittest import TestCase, mock

from harness.ports import freePorts
from tools import environment
from tools.unittests import ROOT


class InstallTests(TestCase):
    """Installing with pip."""

    def pip(self, returncode, output):
        """Return the output and the status if pip ends like this."""
        ran = subprocess.CompletedProcess([], returncode, output)
        printed = io.StringIO()
        with mock.patch("subprocess.run", return_value=ran), contextlib.redirect_stderr(printed):
            return environment.main("install", "-e", ".[dev]"), printed.getvalue()

    def test_installed(self):
        """Nothing is printed if pip succeeds."""
        self.assertEqual(self.pip(0, "WARNING: a newer pip\n"), (0, ""))

    def test_otherFailure(self):
        """pip's output is printed if the network is not the reason."""
        said = "ERROR: No matching distribution found for setuptools>=6400\n"
        self.assertEqual(self.pip(1, said), (1, said))

    def test_noNetworkForTheTree(self):
        """Without a network, make's own commands name what they install."""
        status, said = self.pip(1, "Failed to establish a new connection")
        self.assertEqual((status, said.count("\n")), (1, 1))
        self.assertIn("cannot reach the package index to install what athenalite[dev] needs. Connect,", said)

    def test_noNetwork(self):
        """An index that cannot be reached is reported in one line."""
        [port] = freePorts(1)
        index = {"PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple", "PIP_CONFIG_FILE": os.devnull}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        ran = subprocess.run(
            [sys.executable, ROOT / "tools" / "environment.py", "install", "there-is-no-such-package-of-athenalite"],
            env={**kept, **index},
            capture_output=True,
            text=True,
            timeout=300,
        )
        self.assertEqual(ran.returncode, 1)
        self.assertRegex(ran.stderr, r"^There is no network: pip cannot reach .* there-is-no-such.*\n$")


class MakeTests(TestCase):
    """Making the environment."""

    def test_oldPython(self):
        """A Python that is too old is reported in one line, with the version that is needed."""
        with mock.patch.object(sys, "version_info", (3, 9, 1)):
            self.assertRegex(environment.missing(), r"^athenalite needs Python 3\.11, and .* is older")

    def test_noVenv(self):
        """So is one that cannot make environments."""
        with mock.patch.dict(sys.modules, {"ensurepip": None}):
            self.assertRegex(environment.missing(), "has no venv module")
