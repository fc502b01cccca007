# -*- test-case-name: tests.porting.test_requirements -*-
"""Requirements of applications."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.requirements import hasRequirements, scan


class RequirementsTests(SynchronousTestCase):
    """``scan`` and ``hasRequirements``"""

    def test_found(self):
        """Each kind of file writes them in its own way."""
        for text, at in (
            ("Twisted\nNevow>=0.9\n", 8),
            ("Nevow", 0),
            ("nevow [x] ; python_version<'3'\r\n", 0),
            ("install_requires =\n    Nevow\n", 23),
            ("requires = nevow >= 1", 11),
            ("setup(install_requires=['Twisted', 'Nevow==0.14'])", 36),
            ('dependencies = ["Nevow"]', 17),
        ):
            self.assertEqual([(note.at, note.code) for note in scan(text)], [(at, "A207")], text)

    def test_packageData(self):
        """Files of the plugins that are installed with the application."""
        found = list(scan("setup(package_data={'app': [], 'nevow': ['plugins/x.py']}, install_requires=['nevow'])"))
        self.assertEqual([(note.at, note.code) for note in found], [(32, "A206"), (78, "A207")])

    def test_others(self):
        """Other words are none."""
        for text in (
            "nevowish",
            "# Nevow",
            "packages = ['nevow.plugins']",
            "an application for nevow and more",
            "x-nevow",
        ):
            self.assertEqual(list(scan(text)), [], text)

    def test_files(self):
        """The names of such files."""
        for name in (
            "setup.py",
            "setup.cfg",
            "pyproject.toml",
            "requirements.txt",
            "dev-requirements.in",
            "requirements_dev.txt",
        ):
            self.assertTrue(hasRequirements(Path("x", name)), name)
        for name in ("readme.txt", "my_setup.py", "requirements.py"):
            self.assertFalse(hasRequirements(Path(name)), name)
