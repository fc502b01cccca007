# -*- test-case-name: tests.porting.test_missing -*-
"""Imports of what is missing say what to use instead."""

import sys
from importlib import import_module
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.missing import Missing, install
from athenalite._porting.names import MODULES, NAMES


class ModulesTests(SynchronousTestCase):
    """Modules of Nevow's that are missing."""

    def message(self, statement):
        """Return the message of the ImportError that a statement raises."""
        return str(self.assertRaises(ImportError, exec, statement, {}))

    def test_kind(self):
        """That a module is missing is a ModuleNotFoundError, with Nevow's name, however it is imported."""
        for statement in ("import athenalite.guard", "from athenalite import athena, guard"):
            error = self.assertRaises(ModuleNotFoundError, exec, statement, {})
            self.assertEqual(error.name, "nevow.guard")

    def test_message(self):
        """However it is written, the import of a missing module raises an error with its advice."""
        for statement in (
            "import athenalite.guard",
            "from athenalite import guard",
            "from athenalite.guard import SessionWrapper",
            "from athenalite import athena, guard",
        ):
            message = self.message(statement)
            self.assertIn("athenalite has no guard, which Nevow had: use twisted.web.guard", message)
            self.assertIn("docs/porting.rst", message)

    def test_inner(self):
        """A module in a package that is there has advice, too."""
        self.assertIn("use athenalite.livetrial", self.message("import athenalite.livetest"))
        self.assertIn("python -m athenalite.livetrial", self.message("from athenalite.livetrial.runner import x"))

    def test_formless(self):
        """formless has advice under its own name; one that is installed is imported."""
        for statement in (
            "import formless",
            "import formless.annotate",
            "from formless import webform, annotate",
            "from formless.annotate import TypedInterface",
            "from athenalite.formless import webform",
        ):
            message = self.message(statement)
            self.assertIn("athenalite has no formless, which Nevow had: write the form in the template", message)
        directory = Path(self.mktemp())
        directory.mkdir()
        (directory / "formless.py").write_text("installed = True")
        self.patch(sys, "path", [str(directory), *sys.path])
        self.addCleanup(sys.modules.pop, "formless", None)
        self.assertTrue(import_module("formless").installed)

    def test_every(self):
        """Each module of Nevow's can be imported under its new name, or its import raises an error with its advice."""
        for row in MODULES:
            if row.new is not None:
                import_module(row.new)
                continue
            error = self.assertRaises(ModuleNotFoundError, import_module, row.old.replace("nevow", "athenalite", 1))
            parent = row.old.rpartition(".")[0]
            if row.old.startswith("nevow") and not any(one.old == parent and one.new is None for one in MODULES):
                self.assertIn(row.advice, str(error), row.old)

    def test_others(self):
        """A module that Nevow did not have is not found, as before."""
        error = self.assertRaises(ModuleNotFoundError, import_module, "athenalite.nothing")
        self.assertEqual(error.name, "athenalite.nothing")
        self.assertIn("cannot import name 'nothing'", self.message("from athenalite import nothing"))

    def test_installedOnce(self):
        """The finder is there once, after the others."""
        install()
        self.assertEqual([type(finder) for finder in sys.meta_path].count(Missing), 1)


class NamesTests(SynchronousTestCase):
    """Names in modules that are here."""

    def test_names(self):
        """Each name is where its row says, or importing it raises an error with its advice."""
        for row in NAMES[len(MODULES) :]:
            module, _, name = row.old.rpartition(".")
            here = module.replace("nevow", "athenalite", 1)
            error = self.assertRaises(ImportError, exec, f"from {here} import {name}", {})
            self.assertIn(row.new or row.advice, str(error), row.old)
            if row.new is not None:
                place, _, newName = row.new.rpartition(".")
                self.assertTrue(hasattr(import_module(place), newName), row.new)

    def test_others(self):
        """A name that Nevow did not have is missing as in any module."""
        module = import_module("athenalite.rend")
        self.assertFalse(hasattr(module, "nothing"))
        error = self.assertRaises(AttributeError, getattr, module, "nothing")
        self.assertEqual(str(error), "module 'athenalite.rend' has no attribute 'nothing'")
