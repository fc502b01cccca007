# -*- test-case-name: tests.porting.test_declarations -*-
"""Declarations of interfaces, written as decorators."""

import ast

from twisted.trial.unittest import SynchronousTestCase
from zope.interface import Interface, implementedBy, providedBy

from athenalite._porting.declarations import Declarations, messageOf
from athenalite._porting.files import Source

IMPORT = "from zope.interface import implements\n"


def written(text):
    """Return the text as it is written, or None if it stays."""
    source = Source(text.encode())
    found = Declarations(ast.parse(text), source)
    return source.edited(found.edits) if found.nodes else None


class DeclarationsTests(SynchronousTestCase):
    """``Declarations``"""

    def test_call(self):
        """A call in a class becomes a decorator above it, below others; and its import with it."""
        self.assertEqual(
            written(f"{IMPORT}class A:\n    '''é'''\n    implements(B, c.D)  # why\n\n    x = 1\n"),
            "from zope.interface import implementer\n@implementer(B, c.D)  # why\nclass A:\n    '''é'''\n\n    x = 1\n",
        )
        self.assertEqual(
            written(f"{IMPORT}@f\nclass A:\r\n    implements(B)\r\n\r\n    x = 1\r\n"),
            "from zope.interface import implementer\n@f\n@implementer(B)\r\nclass A:\r\n    x = 1\r\n",
        )

    def test_lines(self):
        """Arguments in several lines stay below one another, with comments."""
        self.assertEqual(
            written(f"{IMPORT}if 1:\n    class A:\n        x = 1\n        implements(B,  # why\n                   C)"),
            "from zope.interface import implementer\nif 1:\n    @implementer(B,  # why\n                 C)\n"
            "    class A:\n        x = 1\n",
        )

    def test_alone(self):
        """A class that has nothing else has ``pass``."""
        text = (
            "from zope.interface import implements, classProvides\nclass A:\n    implements(B)\n    classProvides(C)\n"
        )
        new = "from zope.interface import implementer, provider\n@implementer(B)\n@provider(C)\nclass A:\n    pass\n"
        self.assertEqual(written(text), new)

    def test_imports(self):
        """What is not used is not imported, and nothing twice; a statement without names goes."""
        for names, rest, new in (
            ("implements, Interface", "", "Interface"),
            ("Interface, implements, classProvides", "", "Interface"),
            ("(Interface,\n    implements,\n    Attribute)", "", "(Interface,\n    Attribute)"),
            ("implementer, implements", "class A:\n    implements(B)\n    x = 1\n", "implementer"),
            ("implementsOnly as x, y", "", None),
        ):
            text = f"from zope.interface import {names}\n{rest}"
            found = written(text)
            expected = new and f"from zope.interface import {new}\n"
            self.assertEqual(found and found[: len(expected)], expected)
        self.assertEqual(written(f"x = 1\n{IMPORT}y = 2\n"), "x = 1\ny = 2\n")
        new = "from zope.interface import implementer\n@implementer(B)\nclass A:\n    pass\n"
        self.assertEqual(written(f"{IMPORT}{IMPORT}class A:\n    implements(B)\n"), new)

    def test_same(self):
        """Classes declare the same as before."""
        text = (
            "from zope.interface import implements, classProvides, implementsOnly\nclass A:\n    implements(I)\n"
            "    classProvides(J)\nclass B(A):\n    implementsOnly(J)\n"
        )
        names = {name: type(Interface)(name, (Interface,)) for name in ("I", "J")}
        names["__name__"] = "m"
        exec(compile(written(text), "m", "exec"), names)  # noqa: S102
        self.assertEqual([*implementedBy(names["A"])], [names["I"]])
        self.assertEqual([*implementedBy(names["B"])], [names["J"]])
        self.assertTrue(names["J"] in providedBy(names["A"]))

    def test_kept(self):
        """What would mean something else stays, or is done by hand."""
        for text in (
            "class A:\n    implements(B)\n",
            f"{IMPORT}def f():\n    implements(B)\n",
            f"{IMPORT}class A:\n    implements(*b)\n",
            f"{IMPORT}class A:\n    implements(B())\n",
            f"{IMPORT}class A:\n    implements()\n",
            f"{IMPORT}class A:\n    B = 1\n    implements(B)\n",
            f"{IMPORT}class A:\n    from b import B\n    implements(B)\n",
            f"{IMPORT}class A:\n    if 1:\n        B = 1\n    implements(B)\n",
            f"{IMPORT}class A:\n    if 1:\n        from b import B\n    implements(B)\n",
            f"{IMPORT}class B:\n    class B:\n        pass\n    class A:\n        implements(B)\n",
            f"{IMPORT}class A:\n    implements(B)\n    implements(C)\n",
            f"{IMPORT}class A:\n    implements(B); x = 1\n",
            f"{IMPORT}class A: implements(B)\n",
            "import x; from zope.interface import implements\n",
            f"{IMPORT}def implementer(): pass\nclass A:\n    implements(B)\n",
            f"{IMPORT}from x import implementer\nclass A:\n    implements(B)\n",
            f"{IMPORT}def f(implements): pass\nclass A:\n    implements(B)\n",
            "try:\n    from zope.interface import implements\nexcept ImportError: pass\nclass A:\n    implements(B)\n",
            "from zope.interface import implements as i\nclass A:\n    i(B)\n",
        ):
            self.assertIsNone(written(text), text)

    def test_methods(self):
        """What a method binds is not bound in the class."""
        self.assertIn(
            "@implementer(B)", written(f"{IMPORT}class A:\n    implements(B)\n    def f(self):\n        B = 1\n")
        )

    def test_partly(self):
        """What cannot be moved keeps its import, beside that of the decorators."""
        for rest in ("class C:\n    implements(*D)\n", "x = implements\n"):
            new = written(f"{IMPORT}class A:\n    implements(B)\n    x = 1\n{rest}")
            self.assertEqual(
                new, f"from zope.interface import implements, implementer\n@implementer(B)\nclass A:\n    x = 1\n{rest}"
            )
            self.assertIsNone(written(new))

    def test_others(self):
        """The name of another decorator may be anything."""
        self.assertIn("@implementer(B)", written(f"{IMPORT}provider = 1\nclass A:\n    implements(B)\n    x = 1\n"))

    def test_messages(self):
        """What is written instead."""
        text = "from zope.interface import implements, classProvides\nclass A:\n  implements(B)"
        found = Declarations(ast.parse(text), Source(text.encode()))
        self.assertEqual(
            {messageOf(node) for node in found.nodes},
            {
                "implements(B) becomes @implementer above the class",
                "the import of classProvides is left out: nothing uses it",
            },
        )
