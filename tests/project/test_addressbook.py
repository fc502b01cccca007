# -*- test-case-name: tests.project.test_addressbook -*-
"""
``examples/addressbook`` is ``examples/addressbook-2009`` after ``python -m athenalite.port --write`` and after what its
report left to be done by hand, and nothing else.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from difflib import SequenceMatcher
from pathlib import Path
from unittest import TestCase

ROOT = Path(__file__).parent.parent.parent
OLD, PORTED = ROOT / "examples" / "addressbook-2009", ROOT / "examples" / "addressbook"
#: What replaces JavaScriptTestCase, which is gone.
ADDED = {"addressbook/js/AddressBook/TestUnits.js", "addressbook/test/livetest_names.py"}
#: A mend is at most so many lines from what was reported: a renderer is rewritten as a whole.
NEAR = 6
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), "."))}


def python(*arguments, cwd):
    """Run Python in a directory."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=300
    )


def filesIn(directory):
    """Return the lines of all files, by name."""
    return {
        str(path.relative_to(directory)): path.read_text("utf-8").splitlines()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.suffix not in (".pyc", ".cache") and path.name != "README.rst"
    }


def changesOf(old, new):
    """Return the changed places: the lines, from 1, and the text before and after."""
    for kind, start, end, newStart, newEnd in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield range(start + 1, max(end, start + 1) + 1), "\n".join(old[start:end] + new[newStart:newEnd])


def namesIn(text):
    """Return the identifiers, as far as they are no words, too."""
    return set(re.findall(r"\b[a-z]*[A-Z]\w+|\bimplement\w+", text))


class PortedTests(TestCase):
    """The command on the application of 2009."""

    def setUp(self):
        super().setUp()
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory())) / "addressbook"
        shutil.copytree(OLD, self.directory, ignore=shutil.ignore_patterns("__pycache__"))

    def port(self, *options):
        """Return the exit status and the report."""
        ran = python("athenalite.port", "--format=json", *options, ".", cwd=self.directory)
        self.assertEqual(ran.stderr, "")
        return ran.returncode, json.loads(ran.stdout)

    def test_ported(self):
        """Each difference that is left is near a finding, or has its name; and at each finding there is one."""
        status, report = self.port("--write")
        self.assertEqual((status, report["remaining"]), (1, 18))
        findings = [one for one in report["findings"] if not one["done"]]
        self.assertEqual([one["path"] for one in findings if one["code"] == "A206"], ["nevow/plugins"])
        (self.directory / "nevow").rename(self.directory / "athenalite")
        written, ported = filesIn(self.directory), filesIn(PORTED)
        self.assertEqual(set(ported) ^ set(written), ADDED)
        for name in written:
            there = [one for one in findings if one["path"] == name]
            mended = set()
            for lines, text in changesOf(written[name], ported[name]):
                close = [one for one in there if lines.start - NEAR <= one["line"] < lines.stop + NEAR]
                reported = "\n".join(one["message"] + "\n" + written[name][one["line"] - 1] for one in there)
                named = namesIn(reported) & namesIn(text)
                self.assertTrue(close or named, f"{name}:{lines.start}: nothing was reported for {text}")
                mended |= {id(one) for one in close}
            self.assertEqual([one for one in there if id(one) not in mended], [])

    def test_again(self):
        """The command finds nothing more to rename in what it has written, and nothing at all in what is ported."""
        _, first = self.port("--write")
        before = filesIn(self.directory)
        _, second = self.port("--write")
        self.assertEqual((second["changed"], filesIn(self.directory)), ([], before))
        self.assertEqual(
            [(one["path"], one["line"], one["code"]) for one in first["findings"] if not one["done"]],
            [(one["path"], one["line"], one["code"]) for one in second["findings"]],
        )
        ran = python("athenalite.port", "--format=json", str(PORTED), cwd=self.directory)
        self.assertEqual((ran.returncode, json.loads(ran.stdout)["findings"]), (0, []))

    def test_old(self):
        """The old one is of Python 2."""
        with self.assertRaises(SyntaxError):
            compile((OLD / "addressbook" / "dump.py").read_bytes(), "dump.py", "exec")


class OwnTests(TestCase):
    """The ported application's own tests."""

    def test_trial(self):
        """They pass, the live ones in Chromium."""
        names = ("test_model", "test_pages", "livetest_people", "livetest_names")
        with tempfile.TemporaryDirectory() as temporary:
            directory = shutil.copytree(PORTED, Path(temporary) / "addressbook")
            ran = python("twisted.trial", *(f"addressbook.test.{name}" for name in names), cwd=directory)
        self.assertIn("PASSED (successes=10)", ran.stdout, ran.stdout + ran.stderr)
