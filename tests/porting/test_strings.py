# -*- test-case-name: tests.porting.test_strings -*-
"""Nevow's names in strings."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.strings import inString


class InStringTests(SynchronousTestCase):
    """``inString``"""

    def test_renamed(self):
        """A dotted name that is written in one piece is renamed."""
        found = inString("nevow.athena.LivePage", "'nevow.athena.LivePage'")
        self.assertEqual((found.code, *found[2:]), ("N101", "nevow.athena.LivePage", "athenalite.athena.LivePage"))

    def test_byHand(self):
        """Others are reported: those in pieces, and those that go on."""
        self.assertEqual(inString("nevow.athena", "'nevow' '.athena'")[2:], ("", ""))
        for value in (
            "nevow.athena",
            "nevow.athena:LivePage",
            "nevow.athena.",
            "nevow.",
            "nevow.loaders,x",
            "nevow.x%s",
        ):
            found = inString(value, "")
            self.assertEqual(found and found.code, None if value == "nevow.x%s" else "N105", value)

    def test_gone(self):
        """A name that is gone has its advice."""
        self.assertEqual(inString("nevow.guard", "'nevow.guard'").code, "N102")
        self.assertEqual(inString("formless.webform", "").code, "N102")

    def test_others(self):
        """Other text is none: addresses, sentences, names that are known to be renamed."""
        for value in (
            "nevow.com",
            "nevow",
            "nevow.athena is old",
            "x.nevow.athena",
            "nevow.org/x",
            "nevow/athena.py",
            "",
        ):
            self.assertIsNone(inString(value, repr(value)), value)
        self.assertIsNone(inString("athenalite.athena", "'athenalite.athena'"))
