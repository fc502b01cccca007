# -*- test-case-name: tests.porting.test_parsed -*-
"""A Python file that was parsed: the places of its names, and how they are replaced."""

import libcst as cst
from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.files import Source
from athenalite._porting.lookup import lookUp
from athenalite._porting.parsed import Parsed


class ParsedTests(SynchronousTestCase):
    """``Parsed``"""

    def expression(self, text):
        """Parse a file that is one expression, perhaps behind a form feed. :return: it, and its node."""
        parsed = Parsed(Source(text.encode()))
        return parsed, cst.ensure_type(parsed.module.body[-1].body[0], cst.Expr).value

    def test_offset(self):
        """Where a node begins, also behind a form feed, which LibCST leaves out of the column."""
        for before in ("", "é = 1; ", "\x0c", "1\n\x0c"):
            parsed = Parsed(Source(f"{before}nevow".encode()))
            name = cst.ensure_type(parsed.module.body[-1].body[-1], cst.Expr).value
            self.assertEqual(parsed.offset(name), len(before), before)

    def test_rename(self):
        """A name of as many parts is replaced part by part, so that what is between them stays; another as a whole."""
        for text, new, edits in (
            ("nevow . rend", "athenalite.rend", [(0, "nevow", "athenalite")]),
            ("nevow.flat.ten", "athenalite.flat", [(0, "nevow.flat.ten", "athenalite.flat")]),
        ):
            parsed, node = self.expression(text)
            self.assertTrue(parsed.rename(node, new, "name", lookUp("nevow.rend")))
            self.assertEqual([tuple(edit) for edit in parsed.edits], edits)
            self.assertEqual([note.code for note in parsed.notes], ["N101"])

    def test_notInOneLine(self):
        """A name of several lines that gets another number of parts is reported, and stays."""
        parsed, node = self.expression("(nevow.flat\n.ten)")
        self.assertFalse(parsed.rename(node, "athenalite.flat", "name", lookUp("nevow.flat.ten")))
        self.assertEqual((parsed.edits, [note.code for note in parsed.notes]), ([], ["N105"]))
