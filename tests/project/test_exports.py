# -*- test-case-name: tests.project.test_exports -*-
"""``import athenalite`` is enough for an application."""

import ast
from importlib.metadata import version
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import athenalite
from athenalite import athena


class ExportsTests(SynchronousTestCase):
    """What the package itself has."""

    def test_all(self):
        """Every listed name is there, sorted, once."""
        for name in athenalite.__all__:
            self.assertTrue(hasattr(athenalite, name), name)
        self.assertEqual(list(athenalite.__all__), sorted(set(athenalite.__all__)))

    def test_same(self):
        """A name means the same here and in ``athenalite.athena``."""
        for name in set(athenalite.__all__) & set(athena.__all__):
            self.assertIs(getattr(athenalite, name), getattr(athena, name))

    def test_enough(self):
        """All of Athena's names are here, but for those that only its applications use; and what Athena had not."""
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
            },
        )
        self.assertEqual(
            set(athenalite.__all__) - set(athena.__all__),
            {"AthenaSite", "ArgumentError", "Limits", "Origin", "parseOrigin"},
        )

    def test_documented(self):
        """Everything an application may use says what it is for."""
        for name in athenalite.__all__:
            self.assertTrue((getattr(athenalite, name).__doc__ or "").strip(), name)

    def test_version(self):
        """The package has the version of the distribution; setup.cfg reads it without importing the package."""
        self.assertEqual(athenalite.__version__, version("athenalite"))
        tree = ast.parse(Path(athenalite.__file__).read_text("utf-8"))
        [assigned] = [
            node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "__version__"
        ]
        self.assertIsInstance(assigned, ast.Constant)
