# -*- test-case-name: tests.new.test_names -*-
"""Names of new projects."""

import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._new.names import BadName, Name


class NameTests(SynchronousTestCase):
    """``Name``"""

    def refused(self, text):
        """Return the one line that refuses a name."""
        line = str(self.assertRaises(BadName, Name.of, text))
        self.assertNotIn("\n", line)
        return line

    def test_forms(self):
        """A name has three forms."""
        self.assertEqual(Name.of("tea_party2"), Name("tea_party2", "TeaParty2", "Tea party2"))
        self.assertEqual(Name.of("guestbook"), Name("guestbook", "Guestbook", "Guestbook"))

    def test_suggested(self):
        """What is no name of a package in lower case is refused, with one that is."""
        for text, suggested in (
            ("tea-party", "tea_party"),
            ("TeaParty", "tea_party"),
            ("Tea party.", "tea_party"),
            ("2tea", "tea"),
            ("_tea", "tea"),
            ("tea__party_", "tea_party"),
            ("", "tea_party"),
            ("\n", "tea_party"),
            ("\u0442\u0447\u0430\u0439", "tea_party"),
            ("caf\u00e9", "caf"),
            ("tea\n", "tea"),
            ("x" * 60 + "-", "x" * 50),
        ):
            self.assertTrue(self.refused(text).endswith(f"write it as {suggested}"), text)
            Name.of(suggested)

    def test_long(self):
        """A name has a length that people can read."""
        Name.of("x" * 50)
        self.assertIn("at most 50", self.refused("x" * 51))

    def test_used(self):
        """Words of Python, modules of Python, and installed packages are refused."""
        for text in ("class", "match", "json", "this", "tests", "js", "twisted", "athenalite", "msgspec"):
            self.assertIn("choose another", self.refused(text), text)

    def test_here(self):
        """What is in the current directory, which Python's path begins with, is no installed package."""
        directory = Path(self.mktemp())
        (directory / "hourly").mkdir(parents=True)
        (directory / "hourly" / "__init__.py").touch()
        self.patch(sys, "path", [str(directory), *sys.path])
        Name.of("hourly")
