# -*- test-case-name: tests.porting.test_python2 -*-
"""Python 2 is found by tokens."""

import ast

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.python2 import later, leftOvers, namesIn, readable, statementsOf
from athenalite._porting.uses import Note


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
            "0xFFL",
        ):
            self.assertEqual(found(text), [0], text)
        for text in (
            "def __cmp__(self, other): pass",
            "x = 'a'.decode('utf-8')",
            "itertools.izip(a, b)",
            "sys.maxint",
            "string.upper(x)",
            "types.StringTypes",
            "from itertools import izip",
            "x = file(name)",
            "__metaclass__ = type",
        ):
            self.assertEqual(len(found(text)), 1, text)
        for text in ("b'a'.decode('utf-8')", "file = x\nfile(y)", "file.write(x)", "x.file(y)", "def file(x): pass"):
            self.assertEqual(found(text), [], text)
        for text in ("isinstance(x, basestring)", "x.has_key(y)", "d.iteritems()", "f(x).has_key(y)", "a <> b"):
            self.assertEqual(len(found(text)), 1, text)
        self.assertEqual(found("if x: print y; print z"), [6, 15])
        self.assertEqual(found("`x` + `y`"), [0, 6])
        self.assertEqual(found("def f(self, (a, b), c=(1, 2)): pass"), [12])
        self.assertEqual(found("sort(key=lambda (a, b): (b, a))"), [16])

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
            "def f(a, b=(1, 2)): return (a, (b, a))",
            "f(a, (b, c))",
            "lambda a: (a, (a, a))",
            "{f: lambda: (x), g: (y)}",
            "class A((B)): pass",
            "def f(a=(1, (2, 3))): pass",
            "def f(a, b=lambda: (1, (2, 3))): pass",
        ):
            self.assertEqual(found(text), [], text)

    def test_bound(self):
        """Names to which a file gives a meaning of its own."""
        self.assertEqual(found("unicode = str\nunicode(x)\nfrom six.moves import xrange\nxrange(3)\n"), [])

    def test_statements(self):
        """A statement goes on in brackets, and behind a backslash."""
        for text in ("f(a,\n b)", "a + \\\n b", "'''a\nb'''"):
            self.assertEqual(len(list(statementsOf(text + "\nx"))), 2)


class ReadableTests(SynchronousTestCase):
    """``readable``"""

    def test_readable(self):
        """A text of the same length can be parsed, in which names and strings are where they were."""
        for old, new in (
            ("print a.b, 'x',", "prin= a.b, 'x',"),
            ("print", "print"),
            ("print >>a.b, 'x'", "print >>a.b, 'x'"),
            ("if x: print; print'y'", "if x: print; prin='y'"),
            ("exec a in b, c", "exe= a in b, c"),
            ("try: pass\nexcept (A, B), e: pass", "try: pass\nexcept (A, B)| e: pass"),
            ("raise A, 'b', c", "raise A| 'b'| c"),
            ("x = `a, 1`", "x = (a, 1)"),
            ("x = ur'a'", "x =  r'a'"),
            ("f(0777, 0L, 10l, 0xFFL, 0o7)", "f(1777, 0 , 10 , 0xFF , 0o7)"),
            ("a <> b", "a != b"),
            ("def f(a, (b, (c, d))=1, *e): pass", "def f(a,  b,  c, d  =1, *e): pass"),
            ("lambda (a, b), c: (a, b)", "lambda  a, b , c: (a, b)"),
            ("def f((d, e), a=lambda (b, c): b): pass", "def f( d, e , a=lambda  b, c : b): pass"),
        ):
            self.assertEqual(readable(old, leftOvers(old)), new)
            ast.parse(new)

    def test_later(self):
        """Names that are renamed in other files are not yet."""
        self.assertEqual(later(Note(1, "N101", "a becomes b")), (1, "N106", "a becomes b, when the file can be parsed"))
        self.assertEqual(later(Note(1, "N102", "gone")), (1, "N102", "gone"))


class ModulesTests(SynchronousTestCase):
    """Modules and functions with other names."""

    def test_modules(self):
        """Imports of modules that Python 3 does not have; modules of the application are others."""
        self.assertEqual(found("import os, StringIO, urllib2 as u\n"), [11, 21])
        self.assertEqual(found("from ConfigParser import ConfigParser\n"), [5])
        self.assertEqual(found("from app import Queue\nfrom app.Queue import x\nQueue.x\nfrom . import sets\n"), [])

    def test_next(self):
        """The method next of iterators; defined, it is another."""
        self.assertEqual(found("x.next()\n"), [0])
        self.assertEqual(found("next(x)\nx.next\n"), [])

    def test_cmp(self):
        """Functions that are gone, if the file has none of that name."""
        self.assertEqual(found("cmp(a, b)\n"), [0])
        self.assertEqual(found("from functools import reduce\nreduce(f, x)\nsort(cmp=f)\n"), [])


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
