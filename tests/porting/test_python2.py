# -*- test-case-name: tests.porting.test_python2 -*-
"""Python 2 is found by tokens."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.python2 import leftOvers, namesIn, statementsOf


def found(text):
    """Return the offsets of what is found."""
    return [note.at for note in leftOvers(text)]


class LeftOversTests(SynchronousTestCase):
    """``leftOvers``"""

    def test_found(self):
        """Each is found at its place."""
        for text in (
            "print x",
            "print",
            "print >>out, x",
            "print 'x'",
            "exec code",
            "except X, e: pass",
            "except (X, Y), e: pass",
            "raise X, 'y'",
            "`x`",
            "unicode(x)",
            "xrange(3)",
            "unichr(3)",
            "ur'x'",
            "0777",
            "10L",
        ):
            self.assertEqual(found(text), [0], text)
        for text in ("isinstance(x, basestring)", "x.has_key(y)", "d.iteritems()", "f(x).has_key(y)", "a <> b"):
            self.assertEqual(len(found(text)), 1, text)
        self.assertEqual(found("if x: print y; print z"), [6, 15])

    def test_notFound(self):
        """Python 3 has none of them, nor do strings and comments."""
        for text in (
            "print(x)",
            "print = f",
            "exec(code)",
            "except X as e: pass",
            "except (X, Y): pass",
            "except X: f(a, b)",
            "raise X(a, b)",
            "raise X(1) from e",
            "'print x `y` 0777'",
            '"""\nprint x\n"""',
            "# print x `y`",
            "x.unicode(y)",
            "f(unicode=1)",
            "0o777",
            "0",
            "00",
            "0.07",
            "f(.07)",
            "1e-05",
            "0x0777",
            "def has_key(self): pass",
            "a < b > c",
            "has_key(x)",
            "u'x'",
            "f(print, x)",
        ):
            self.assertEqual(found(text), [], text)

    def test_bound(self):
        """Names to which a file gives a meaning of its own."""
        self.assertEqual(found("unicode = str\nunicode(x)\nfrom six.moves import xrange\nxrange(3)\n"), [])

    def test_statements(self):
        """A statement goes on in brackets, and behind a backslash."""
        for text in ("f(a,\n b)", "a + \\\n b", "'''a\nb'''"):
            self.assertEqual(len(list(statementsOf(text + "\nx"))), 2)


class NamesTests(SynchronousTestCase):
    """``namesIn``"""

    def test_names(self):
        """Imports over several lines, and dotted names."""
        text = (
            "print x\n"
            "from nevow import athena, guard as g\n"
            "if x:\n    from nevow.athena import (LivePage, # LiveElement,\n        JSModule)\n"
            "import nevow.rend\n"
            "p = nevow.rend.Page, 'nevow.rend', nevow.nothing.x\n"
        )
        names = [(note.code, note.message.partition(" ")[0]) for note in namesIn(text)]
        self.assertEqual(
            names,
            [
                ("N106", "nevow.athena"),
                ("N102", "nevow.guard"),
                ("N106", "nevow.athena.LivePage"),
                ("N102", "nevow.athena.JSModule"),
                ("N106", "nevow.rend"),
                ("N106", "nevow.rend.Page"),
                ("N104", "nevow.nothing.x"),
            ],
        )
