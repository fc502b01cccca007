# -*- test-case-name: tests.project.test_exports -*-
"""``import athenalite`` is enough for an application."""

import ast
import importlib
import re
from importlib.metadata import version
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import athenalite
from athenalite import athena
from athenalite.stan import Proto
from athenalite.tags import CharRef
from harness.server import ROOT


class ExportsTests(SynchronousTestCase):
    """The names of the package itself."""

    def test_all(self):
        """Every listed name exists; the list is sorted, without duplicates."""
        for name in athenalite.__all__:
            self.assertTrue(hasattr(athenalite, name), name)
        self.assertEqual(list(athenalite.__all__), sorted(set(athenalite.__all__)))

    def test_same(self):
        """A name is the same object here and in ``athenalite.athena``."""
        for name in set(athenalite.__all__) & set(athena.__all__):
            self.assertIs(getattr(athenalite, name), getattr(athena, name))

    def test_enough(self):
        """The package has Athena's names, except those that only its applications use, and some of its own."""
        self.assertEqual(
            set(athena.__all__) - set(athenalite.__all__),
            {
                "ATHENA_XMLNS_URI",
                "CSSRegistry",
                "JSDependencies",
                "LiveFragment",
                "MappingResource",
                "allCSSPackages",
                "allJavascriptPackages",
                "handler",
                "legacyHeaders",
                "renderer",
            },
        )
        self.assertEqual(
            set(athenalite.__all__) - set(athena.__all__),
            {"AthenaSite", "ArgumentError", "Limits", "Origin", "parseOrigin"},
        )

    def test_documented(self):
        """Each public name is documented."""
        for name in athenalite.__all__:
            self.assertTrue((getattr(athenalite, name).__doc__ or "").strip(), name)

    def test_findable(self):
        """Each name that a public module lists is in a document, where a reader finds it by a search."""
        root = Path(athenalite.__file__).parent
        documents = [path for pattern in ("*.rst", "docs/*.rst", "examples/**/*.rst") for path in ROOT.glob(pattern)]
        words = set(re.findall(r"\w+", "\n".join(path.read_text("utf-8") for path in documents)))
        for path in sorted(root.glob("*.py")):
            module = importlib.import_module(f"athenalite.{path.stem}" if path.stem != "__init__" else "athenalite")
            # A tag and an entity are found by the names that HTML gives them.
            listed = [
                name
                for name in getattr(module, "__all__", ())
                if not isinstance(getattr(module, name), (Proto, CharRef))
            ]
            self.assertEqual([name for name in listed if name not in words], [], path.stem)

    def test_version(self):
        """The package has the version of the distribution; setup.cfg reads it without importing the package."""
        self.assertEqual(athenalite.__version__, version("athenalite"))
        tree = ast.parse(Path(athenalite.__file__).with_name("_text").joinpath("version.py").read_text("utf-8"))
        [assigned] = [
            node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "VERSION"
        ]
        self.assertIsInstance(assigned, ast.Constant)
