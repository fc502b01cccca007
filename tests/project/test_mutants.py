# -*- test-case-name: tests.project.test_mutants -*-
"""
The tests of live templates find faults: each of ``tests/mutants.toml`` makes one fail.

Each is introduced in a copy of the tree, and the tests that it names are run there. Those of scripts that a browser
runs are introduced in a page, by ``tests.browser.test_live_morphing``.
"""

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import TestCase

from tests.mutants import MUTANTS, ROOT
from tools.programs import findNode

#: What is copied.
PARTS = ("athenalite", "chatthing", "harness", "tests", "tools", "twisted")


def fileOf(test: str) -> Path:
    """Return the file of a script, or of a module or class of tests."""
    names = [name for name in test.split(".") if not name[0].isupper()]
    return ROOT / (test if test.endswith(".js") else f"{'/'.join(names)}.py")


class ListTests(TestCase):
    """The list."""

    def test_texts(self) -> None:
        """Each changes one place of a file, and those that are not for a page name tests."""
        self.assertGreater(len(MUTANTS), 100)
        for mutant in MUTANTS:
            with self.subTest(mutant.fault):
                self.assertNotEqual(mutant.changed(mutant.text()), mutant.text())
                if mutant.test:
                    self.assertTrue(fileOf(mutant.test).exists(), mutant.test)
                else:
                    self.assertTrue(mutant.file.startswith(("athenalite/js/live/", "athenalite/js/remote/")))
        self.assertEqual(len({mutant.fault for mutant in MUTANTS}), len(MUTANTS))


class MutantTests(TestCase):
    """The faults outside of pages."""

    underLoad = True

    def setUp(self) -> None:
        super().setUp()
        self.tree = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in PARTS:
            shutil.copytree(ROOT / name, self.tree / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        compileall.compile_dir(self.tree, quiet=2)
        self.runner = subprocess.Popen(
            [sys.executable, "-m", "tests.faulty"],
            cwd=self.tree,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.addCleanup(self.runner.communicate)

    def result(self, test: str) -> str:
        """Run these tests in the copy, and return whether they pass."""
        if test.endswith(".js"):
            ran = subprocess.run([str(findNode()), "--test", test], cwd=self.tree, capture_output=True, timeout=300)
            return "failed" if ran.returncode else "passed"
        assert self.runner.stdin is not None and self.runner.stdout is not None
        print(test, file=self.runner.stdin, flush=True)
        return self.runner.stdout.readline().strip()

    def test_found(self) -> None:
        """Each test passes without the fault, and fails with it."""
        mutants = [mutant for mutant in MUTANTS if mutant.test]
        for test in sorted({mutant.test for mutant in mutants}):
            with self.subTest(test):
                self.assertEqual(self.result(test), "passed")
        for mutant in mutants:
            with self.subTest(mutant.fault):
                path = self.tree / mutant.file
                before = path.stat()
                path.write_text(mutant.changed(mutant.text()), "utf-8")
                self.assertEqual(self.result(mutant.test), "failed")
                path.write_text(mutant.text(), "utf-8")
                # The compiled module is valid again.
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
