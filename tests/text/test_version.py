# -*- test-case-name: tests.text.test_version -*-
"""The version of athenalite."""

from importlib import metadata
from unittest import mock

from twisted.trial.unittest import SynchronousTestCase

import athenalite
from athenalite._text.version import VERSION, versions


class VersionTests(SynchronousTestCase):
    """``VERSION`` and ``versions``."""

    def test_package(self):
        """It is the version of the package, and of the distribution."""
        self.assertEqual((VERSION, VERSION), (athenalite.__version__, metadata.version("athenalite")))

    def test_line(self):
        """One line has all versions that a report of a fault needs."""
        self.assertRegex(versions(), r"^athenalite \d\S+ \(Twisted \d\S+, Autobahn \d\S+, \w+ \d\S+\)$")
        self.assertIn(f"Twisted {metadata.version('twisted')}", versions())

    def test_noMetadata(self):
        """Where the files of a package are without its metadata, as in frozen applications, it is unknown."""
        with mock.patch.object(metadata, "version", side_effect=metadata.PackageNotFoundError("twisted")):
            self.assertIn(f"athenalite {VERSION} (Twisted of an unknown version, ", versions())
