# -*- test-case-name: tests.test_new -*-
"""``python -m athenalite.new``"""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite.new import main


class MainTests(SynchronousTestCase):
    """``main``"""

    def setUp(self):
        self.directory = Path(self.mktemp())
        self.directory.mkdir()

    def run_(self, *arguments):
        """Return the exit status, the output and the error."""
        output, error = StringIO(), StringIO()
        with redirect_stdout(output), redirect_stderr(error):
            status = main(arguments)
        return status, output.getvalue(), error.getvalue()

    def test_made(self):
        """The project is made, and the next commands are printed."""
        path = self.directory / "tea_party"
        status, output, error = self.run_(str(path))
        self.assertEqual((status, error), (0, ""))
        self.assertIn(f"    cd {path}\n", output)
        self.assertIn("--element=tea_party.board.makeElement", output)
        self.assertTrue((path / "deploy").is_dir())

    def test_minimal(self):
        """A minimal one has fewer files. A slash at the end of its name does not matter."""
        for option in ("--minimal", "-m"):
            path = self.directory / f"tea{len(option)}"
            self.assertEqual(self.run_(option, f"{path}/")[0], 0)
            self.assertTrue((path / "README.md").exists())
            self.assertFalse((path / "deploy").exists())

    def test_optionLast(self):
        """An option may follow the name."""
        path = self.directory / "tea_party"
        self.assertEqual(self.run_(str(path), "--minimal")[0], 0)
        self.assertFalse((path / "deploy").exists())

    def test_usage(self):
        """Wrong usage is one line and the status 2, and nothing is written."""
        (self.directory / "there").mkdir()
        for arguments, text in (
            ((), "name one project"),
            (("one", "two"), "name one project"),
            (("--nothing", "tea"), "nothing"),
            ((str(self.directory / "Tea-Party"),), "write it as tea_party"),
            ((str(self.directory / "json"),), "choose another, such as my_json"),
            ((str(self.directory / "there"),), "exists already"),
            ((".",), "is not a name"),
            (("",), "is not a name"),
            (("/",), "is not a name"),
        ):
            status, output, error = self.run_(*arguments)
            self.assertEqual((status, output, error.count("\n")), (2, "", 1), arguments)
            self.assertTrue(error.startswith("athenalite.new: "))
            self.assertIn(text, error)
        self.assertEqual(os.listdir(self.directory), ["there"])

    def test_cannotWrite(self):
        """What cannot be written is one line and the status 1."""
        (self.directory / "file").touch()
        status, output, error = self.run_(str(self.directory / "file" / "tea_party"))
        self.assertEqual((status, output, error.count("\n")), (1, "", 1))
        self.assertRegex(error, "^athenalite.new: cannot write .*file: (Not a directory|File exists)\n$")

    def test_process(self):
        """As a command; --help ends well, and a second project of the same name is refused."""
        for arguments, status in ((["--help"], 0), (["tea_party"], 0), (["tea_party"], 2)):
            command = [sys.executable, "-m", "athenalite.new", *arguments]
            done = subprocess.run(command, cwd=self.directory, capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stderr.count(b"\n")), (status, status // 2), done.stderr)
