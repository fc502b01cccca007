# -*- test-case-name: tests.porting.test_otherwise -*-
"""What means something else in Python 3."""

import ast

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.otherwise import otherwise


class OtherwiseTests(SynchronousTestCase):
    """``otherwise``"""

    def test_found(self):
        """Divisions of what may be integers, and texts that become bytes."""
        for text in ("x = a / b", "x /= 2", "x = a.encode('ascii')", "f(x.y / 2)"):
            self.assertEqual([code for _, code, _ in otherwise(ast.parse(text))], ["P303"], text)

    def test_notFound(self):
        """Divisions that are the same, and what is none."""
        for text in (
            "x = a / 2.0",
            "x /= 1.5",
            "x = a // b",
            "from __future__ import division\nx = a / b",
            "x = 'a/b'",
            "encode(x)",
        ):
            self.assertEqual(list(otherwise(ast.parse(text))), [], text)
