# -*- test-case-name: tests.project.test_apidocs -*-
"""``tools.apidocs`` shows public names where applications import them from."""

import contextlib
import functools
import io
import re
from importlib import import_module
from pathlib import Path
from unittest import TestCase

from pydoctor.model import PrivacyClass

import athenalite
from tests.project.test_porting import NEVOW, portedModules
from tools import apidocs

ROOT = Path(__file__).parent.parent.parent


@functools.cache
def readSystem():
    """Return athenalite as pydoctor reads it, once in this process. No HTML page is made."""
    from pydoctor.driver import get_system
    from pydoctor.options import Options

    with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO()):
        return get_system(Options.from_args(["--testing", "-q"]))


class SystemTests(TestCase):
    """The place and the privacy of each name. One class, so that one process reads the system, which takes long."""

    def setUp(self):
        self.system = readSystem()

    def isPublic(self, name):
        """Whether pydoctor shows this name by default."""
        shown = self.system.allobjects[name]
        while shown is not None and not shown.isPrivate:
            shown = shown.parent
        return shown is None

    def test_quiet(self):
        """Reading causes no warning."""
        self.assertEqual(self.system.violations, 0)

    def test_package(self):
        """All names that ``import athenalite`` defines are shown there, not in the other modules that export them."""
        for name in athenalite.__all__:
            self.assertTrue(self.isPublic(f"athenalite.{name}"), name)
        for elsewhere in ("athena.LiveElement", "inevow.ICSSPackage", "errors.ConnectionLost"):
            self.assertNotIn(f"athenalite.{elsewhere}", self.system.allobjects)

    def test_public(self):
        """Each public module exists, and shows the names that only it has."""
        for name in apidocs.PUBLIC:
            import_module(name)
            self.assertTrue(self.isPublic(name), name)
        for name in (
            "athena.LiveFragment",
            "athena.ATHENA_XMLNS_URI",
            "stan.Tag",
            "testing.RemoteCall",
            "page.Element",
        ):
            self.assertTrue(self.isPublic(f"athenalite.{name}"), name)

    def test_listing(self):
        """
        The listing (no underscore), the API documents, the table and the package's docstring have the same modules:
        those of Nevow's names are in the table, the others in the docstring.
        """
        own = set(re.findall(r":mod:`athenalite\.([\w.]+)`", athenalite.__doc__)) - NEVOW
        listed = {name.removeprefix("athenalite.") for name in apidocs.PUBLIC} - {"athenalite"}
        self.assertEqual(listed, portedModules() | own)

    def test_private(self):
        """Other modules are private, and so are their top-level names."""
        for name in ("_core.session", "_core.session.Session", "_core.delivery.Delivery", "livetrial._runner"):
            self.assertFalse(self.isPublic(f"athenalite.{name}"), name)

    def test_hidden(self):
        """The private constants of private modules are not shown: pydoctor cannot read all of their values."""
        privacy = [
            self.system.allobjects[f"athenalite._assets.{name}"].privacyClass
            for name in ("jslexer._WORD", "jstokens.Role")
        ]
        self.assertEqual(privacy, [PrivacyClass.HIDDEN, PrivacyClass.PRIVATE])

    def test_interfaces(self):
        """Interfaces are recognized, and so are the classes that provide them."""
        package = self.system.allobjects["athenalite.AutoJSPackage"]
        self.assertIn("athenalite.IJavascriptPackage", package.implements_directly)

    def test_annotations(self):
        """Annotations of a moved name are resolved in the module where they are written."""
        element = self.system.allobjects["athenalite.LiveElement"]
        for name, meant in {
            "Deferred": "twisted.internet.defer.Deferred",
            "CallResult": "athenalite._core.callresult.CallResult",
            "Tag": "twisted.web.template.Tag",
        }.items():
            self.assertEqual(element.expandAnnotationName(name), meant)

    def test_documented(self):
        """Each public class and function has a docstring."""
        kinds = ("CLASS", "EXCEPTION", "INTERFACE", "FUNCTION")
        silent = [
            name
            for name, shown in self.system.allobjects.items()
            if shown.kind.name in kinds
            and not (shown.isPrivate or shown.parent.isPrivate or shown.name.startswith("__"))
            and not any(source.docstring for source in shown.docsources())
        ]
        self.assertEqual(silent, [])


class DocumentationTests(TestCase):
    """Docstrings."""

    def test_references(self):
        """References are written as pydoctor reads them, without Sphinx's tilde."""
        sources = {path.name: path.read_text("utf-8") for path in (ROOT / "athenalite").rglob("*.py")}
        self.assertEqual([name for name, text in sources.items() if "`~" in text], [])
