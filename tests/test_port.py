# -*- test-case-name: tests.test_port -*-
"""``python -m athenalite.port``"""

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite.port import main


class MainTests(SynchronousTestCase):
    """``main``"""

    def setUp(self):
        self.directory = Path(self.mktemp())
        self.directory.mkdir()
        self.file = self.directory / "a.py"
        self.file.write_bytes(b"import nevow.rend\n")

    def run_(self, *arguments):
        """Return the exit status, the output and the error."""
        output, error = StringIO(), StringIO()
        with redirect_stdout(output), redirect_stderr(error):
            status = main(arguments)
        return status, output.getvalue(), error.getvalue()

    def test_dry(self):
        """By default nothing is written, and there is something left to do."""
        status, output, _ = self.run_(str(self.directory))
        self.assertEqual(status, 1)
        self.assertTrue(output.startswith(f"{self.file}:1:8: N101 nevow.rend becomes athenalite.rend\n"))
        self.assertEqual(self.file.read_bytes(), b"import nevow.rend\n")

    def test_write(self):
        """Written, nothing is left to do; and the second time there was nothing to do."""
        self.assertEqual(self.run_("--write", str(self.directory))[0], 0)
        self.assertEqual(self.file.read_bytes(), b"import athenalite.rend\n")
        self.assertEqual(self.run_(str(self.file))[0], 0)

    def test_diff(self):
        """A diff before the findings."""
        self.assertIn("\n+import athenalite.rend\n", self.run_("--diff", str(self.directory))[1])

    def test_json(self):
        """JSON, and nothing else."""
        status, output, _ = self.run_("--format=json", str(self.directory))
        self.assertEqual((status, json.loads(output)["remaining"]), (1, 1))

    def test_order(self):
        """Options may follow the directories, in all their forms; what is behind two dashes is none."""
        for options in (["--format=json"], ["--format", "json"], ["-f", "json"], ["-fjson"]):
            status, output, error = self.run_(str(self.directory), *options)
            self.assertEqual((status, json.loads(output)["remaining"], error), (1, 1, ""), options)
        self.assertIn("+import athenalite", self.run_(str(self.directory), "-d", str(self.file))[1])
        self.assertEqual(self.run_("--", "--write")[0], 2)
        self.assertEqual(self.run_(str(self.directory), "--write")[0], 0)

    def test_usage(self):
        """Wrong usage is one line and the status 2."""
        for arguments in (
            (),
            ("--format=xml", "."),
            ("nowhere",),
            ("--nothing", "."),
            ("--diff", "--format=json", "."),
        ):
            status, output, error = self.run_(*arguments)
            self.assertEqual((status, output, error.count("\n")), (2, "", 1), arguments)

    def test_withoutLibCST(self):
        """Without LibCST, one line says what to install."""
        code = (
            "import sys; sys.modules['libcst'] = None; from athenalite.port import main; sys.exit(main(sys.argv[1:]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(self.directory)], capture_output=True, text=True, check=False
        )
        self.assertEqual(
            (done.returncode, done.stdout, done.stderr),
            (2, "", 'athenalite.port: this command needs LibCST: pip install "athenalite[port]"\n'),
        )

    def test_process(self):
        """As a command; --help ends well."""
        for arguments, status in (([str(self.directory)], 1), ([], 2), (["--help"], 0)):
            command = [sys.executable, "-m", "athenalite.port", *arguments]
            self.assertEqual(subprocess.run(command, capture_output=True, check=False).returncode, status)
