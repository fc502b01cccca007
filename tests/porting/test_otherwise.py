# -*- test-case-name: tests.porting.test_otherwise -*-
"""What means something else in Python 3."""

import ast
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.otherwise import inputs, otherwise, relative


class OtherwiseTests(SynchronousTestCase):
    """``otherwise``"""

    def test_found(self):
        """Divisions of what may be integers, and texts that become bytes."""
        for text in ("x = a / b", "x /= 2", "x = a.encode('ascii')", "f(x.y / 2)"):
            self.assertEqual([code for _, code, _ in otherwise(ast.parse(text))], ["P303"], text)

    def test_decoded(self):
        """Text that is decoded: it is text already on Python 3, where what 2to3 makes of it fails."""
        for text, start in {
            "x = a.decode('ascii')": "decode() is for bytes alone: leave it out where",
            "x = unicode(a, 'ascii')": "2to3 makes str(..., encoding) of this, and the encoding is for bytes alone",
            "x = unicode(a, errors='replace')": "2to3 makes str(..., encoding) of this",
        }.items():
            [(_, code, message)] = otherwise(ast.parse(text))
            self.assertEqual((code, message[: len(start)]), ("P303", start))
        for text in ("x = unicode(a)", "x = b'a'.decode('ascii')", "decode(x)", "a.unicode(x, 'y')"):
            self.assertEqual(list(otherwise(ast.parse(text))), [], text)

    def test_evaluated(self):
        """Text that is evaluated: a calculator of Nevow's divided integers with it. Not what is known, or a call."""
        [(_, code, message)] = otherwise(ast.parse("x = eval(self.expression)"))
        self.assertEqual((code, message[:33]), ("P303", "what is evaluated is Python 3, too"[:33]))
        for text in ("eval('1')", "x.eval(y)", "eval()", "eval(input('x'))"):
            self.assertEqual(list(otherwise(ast.parse(text))), [], text)

    def test_isinstance(self):
        """A test for ``str``, which was false for the text of a browser."""
        for text in ("isinstance(x, str)", "isinstance(x, (str, int))"):
            self.assertEqual([code for _, code, _ in otherwise(ast.parse(text))], ["P303"], text)
        for text in (
            *("isinstance(x, (str, unicode))", "isinstance(x, (basestring, str))", "isinstance(x, bytes)"),
            *("x.isinstance(y, str)", "isinstance(str)", "issubclass(x, str)"),
        ):
            self.assertEqual(list(otherwise(ast.parse(text))), [], text)

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

    def test_inputs(self):
        """Tags that 2to3 takes for a function, and what it makes of them."""
        for text in ("from nevow.tags import *\ninput(type='x')", "eval(input(type='x'))"):
            self.assertEqual([code for _, code, _ in inputs(ast.parse(text))], ["P303"], text)
        for text in ("input(type='x')", "from nevow import tags\ninput('x')", "eval(input('x'))", "eval('x')"):
            self.assertEqual(list(inputs(ast.parse(text))), [], text)

    def test_relative(self):
        """Imports of what is beside a module of a package, without a dot."""
        package = Path(self.mktemp())
        (package / "sub").mkdir(parents=True)
        for name in ("__init__.py", "store.py", "sub/__init__.py", "other.txt", "json.py"):
            (package / name).touch()
        path = package / "web.py"
        for text in ("import store", "import os, store.x", "from store import x", "import sub"):
            self.assertEqual([code for *_, code, _ in relative(ast.parse(text), path)], ["P302"], text)
        for text in (
            "from . import store",
            "from .store import x",
            "import os, other",
            f"import {package.name}",
            "import json",
            "from __future__ import absolute_import\nimport store",
        ):
            self.assertEqual(list(relative(ast.parse(text), path)), [], text)
        (package / "__init__.py").unlink()
        self.assertEqual(list(relative(ast.parse("import store"), path)), [])
