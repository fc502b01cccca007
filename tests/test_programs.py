# -*- test-case-name: tests.test_programs -*-
"""``tools.programs`` finds what the tests need, and says what to do where it cannot."""

import contextlib
import io
import tempfile
from pathlib import Path
from unittest import TestCase, mock

from tools import programs


class FindTests(TestCase):
    """Which program is taken."""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def program(self, name, version):
        """Return the path of a new program that prints a version."""
        path = self.directory / name
        path.write_text(f"#!/bin/sh\necho '{version}'\n")
        path.chmod(0o755)
        return str(path)

    def environment(self, **variables):
        """Look for programs with these variables only."""
        self.enterContext(mock.patch.dict("os.environ", variables, clear=True))

    def test_environmentDecides(self):
        """NODE names the node that is used, whatever is on PATH."""
        node = self.program("my-node", "v99.0.0")
        self.program("node", "v98.0.0")
        self.environment(NODE=node, PATH=str(self.directory))
        self.assertEqual(programs.findNode(), node)

    def test_environmentDecidesAlone(self):
        """A CHROMIUM that does not run is not made up for by another that does."""
        self.program("chromium", "Chromium 1")
        self.environment(CHROMIUM=str(self.directory / "none"), PATH=str(self.directory))
        self.assertIsNone(programs.findChromium())

    def test_oldNode(self):
        """A node too old to run tests is passed over for a newer one."""
        self.program("node", "v18.20.0")
        newer = self.program("nodejs", "v20.0.0")
        self.environment(PATH=str(self.directory))
        self.assertEqual(programs.findNode(), newer)

    def test_brokenChromium(self):
        """A program that is called chromium and does not run is passed over."""
        (self.directory / "chromium").write_text("#!/bin/sh\nexit 1\n")
        (self.directory / "chromium").chmod(0o755)
        chrome = self.program("google-chrome", "Google Chrome 150")
        self.environment(PATH=str(self.directory))
        self.assertEqual(programs.findChromium(), chrome)


class EnsureTests(TestCase):
    """What the command says."""

    def ensure(self, found):
        """Return the answer and the output of ``ensure("node")`` when looking gives these, one after the other."""
        out = io.StringIO()
        with (
            mock.patch.dict(programs.FIND, node=mock.Mock(side_effect=found)),
            mock.patch.object(programs, "install") as self.install,
            mock.patch.object(programs, "versionOf", return_value="v20.0.0"),
            contextlib.redirect_stdout(out),
        ):
            return programs.ensure("node"), out.getvalue()

    def test_there(self):
        """What is there is not installed again."""
        self.assertEqual(self.ensure(["/bin/node"]), (True, "node: /bin/node (v20.0.0)\n"))
        self.install.assert_not_called()

    def test_installed(self):
        """What is missing is installed, and found then."""
        self.assertEqual(self.ensure([None, "/bin/node"]), (True, "node: /bin/node (v20.0.0)\n"))
        self.install.assert_called_once_with("node")

    def test_missing(self):
        """What cannot be installed is asked for in one line."""
        there, said = self.ensure([None, None])
        self.assertFalse(there)
        self.assertEqual(said, programs.ADVICE["node"] + "\n")
