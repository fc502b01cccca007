# -*- test-case-name: tests.test_athena -*-
"""``athenalite.athena`` has the names that applications import from ``nevow.athena``."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import athena
from athenalite._templates.parser import ATHENA_NAMESPACE


class NamesTests(SynchronousTestCase):
    """An application moves over by renaming its imports."""

    def test_tutorial(self):
        """What the tutorials import is there."""
        for name in ("AutoJSPackage", "LiveElement", "expose"):
            self.assertTrue(callable(getattr(athena, name)))

    def test_all(self):
        """The listed names are there, sorted, and are all that a star import brings."""
        namespace = {}
        exec("from athenalite.athena import *", namespace)  # noqa: S102
        del namespace["__builtins__"]
        self.assertEqual(sorted(namespace), sorted(athena.__all__))
        self.assertEqual(list(athena.__all__), sorted(athena.__all__))

    def test_namespace(self):
        """Athena's XML namespace is what it was."""
        self.assertEqual(athena.ATHENA_XMLNS_URI, "http://divmod.org/ns/athena/0.7")
        self.assertEqual(athena.ATHENA_XMLNS_URI, ATHENA_NAMESPACE)

    def test_packages(self):
        """allJavascriptPackages and allCSSPackages return the modules of plugins."""
        for names in (athena.allJavascriptPackages(), athena.allCSSPackages()):
            self.assertIsInstance(names, dict)
