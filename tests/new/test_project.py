# -*- test-case-name: tests.new.test_project -*-
"""The files of new projects."""

import ast
import os
import tomllib
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._new.names import Name
from athenalite._new.project import filesOf, make
from athenalite._text.version import VERSION

NAME = Name.of("tea_party")
MINIMAL = {
    ".gitignore",
    "README.md",
    "pyproject.toml",
    "tea_party/__init__.py",
    "tea_party/board.html",
    "tea_party/board.py",
    "tea_party/css/TeaParty.css",
    "tea_party/js/TeaParty.mjs",
    "tea_party/py.typed",
    "tests/__init__.py",
    "tests/test_board.py",
}
FULL = {
    ".dockerignore",
    "Containerfile",
    "deploy/tea_party.service",
    "tests/js/TeaPartyTests.js",
    "tests/test_browser.py",
}


class FilesTests(SynchronousTestCase):
    """``filesOf``"""

    def test_paths(self):
        """A whole project has more files than a minimal one."""
        self.assertEqual(set(filesOf(NAME, minimal=True)), MINIMAL)
        self.assertEqual(set(filesOf(NAME)), MINIMAL | FULL)

    def test_filledIn(self):
        """No file has a name that is not filled in, or a mark; each ends with one line feed, and is ASCII."""
        for minimal in (False, True):
            for path, text in filesOf(NAME, minimal).items():
                self.assertNotRegex(text, "@(name|Name|Title|version)@|<!--|\n\n\\Z| \n", path)
                self.assertTrue(text.endswith("\n") or not text, path)
                self.assertTrue(text.isascii(), path)

    def test_python(self):
        """All that is Python can be parsed, and the settings be read; the project needs this version at least."""
        files = filesOf(NAME)
        for path, text in files.items():
            if path.endswith(".py"):
                ast.parse(text)
        project = tomllib.loads(files["pyproject.toml"])["project"]
        self.assertEqual((project["name"], project["dependencies"]), ("tea_party", [f"athenalite>={VERSION}"]))

    def test_readme(self):
        """The README has two commands to begin with; a minimal one does not mention what is missing."""
        full, minimal = filesOf(NAME)["README.md"], filesOf(NAME, minimal=True)["README.md"]
        for text in (full, minimal):
            first = [line for line in text.partition("Then open")[0].splitlines() if line.startswith("    ")]
            self.assertEqual(len(first), 2)
        for word in ("Containerfile", "systemd", "Chromium"):
            self.assertIn(word, full)
            self.assertNotIn(word, minimal)


class MakeTests(SynchronousTestCase):
    """``make``"""

    def setUp(self):
        self.directory = Path(self.mktemp())
        self.directory.mkdir()

    def test_written(self):
        """The files are written, also below directories that do not exist, with the usual permissions."""
        make(self.directory / "a" / "tea_party", NAME)
        made = self.directory / "a" / "tea_party"
        for path, text in filesOf(NAME).items():
            self.assertEqual((made / path).read_text("utf-8"), text)
        (self.directory / "usual").mkdir()
        self.assertEqual(made.stat().st_mode, (self.directory / "usual").stat().st_mode)
        self.assertEqual(os.listdir(self.directory / "a"), ["tea_party"])

    def test_exists(self):
        """Nothing that exists is replaced: no directory, be it empty, no file, no dangling link."""
        (self.directory / "one").mkdir()
        (self.directory / "two").write_text("mine")
        (self.directory / "three").symlink_to("nowhere")
        for name in ("one", "two", "three"):
            self.assertRaises(FileExistsError, make, self.directory / name, NAME)
        self.assertEqual(sorted(os.listdir(self.directory)), ["one", "three", "two"])
        self.assertEqual((self.directory / "two").read_text(), "mine")

    def test_interrupted(self):
        """Nothing is left of a project that could not be written."""

        def fail(*_):
            raise OSError(28, "No space left on device")

        self.patch(Path, "write_text", fail)
        self.assertRaises(OSError, make, self.directory / "tea_party", NAME)
        self.assertEqual(os.listdir(self.directory), [])
