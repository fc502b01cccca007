# -*- test-case-name: tests.porting.test_classes -*-
"""Members of an application's pages and elements."""

import ast

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.classes import classesIn, notesOn


def notes(source):
    """Return line, code and first word of each finding."""
    found = list(classesIn(ast.parse(source), lambda node: (node.lineno, node.col_offset + 1)))
    bases = {one.name: frozenset(one.bases) for one in found}
    return [(note.line, note.code, note.message.split()[0]) for one in found for note in notesOn(one, bases)]


class ClassesTests(SynchronousTestCase):
    """``notesOn``"""

    def test_members(self):
        """Methods, attributes of classes and those that methods set."""
        source = (
            "class A(rend.Page):\n"
            "    debug = flattenFactory = 1\n"
            "    def afterRender(self, ctx): self.server, self.isLeaf = 1, 2; self.headers = x = {}\n"
            "    def render_POST(self, ctx, data): self.x.debug = 1\n"
        )
        expected = [(2, "A211", "debug"), (2, "A202", "flattenFactory"), (3, "A201", "afterRender")]
        self.assertEqual(notes(source), [*expected, (3, "A211", "headers"), (4, "A211", "render_POST")])

    def test_meant(self):
        """What has an annotation is meant so; and headers that are a dict or the result of a call."""
        source = (
            "class A(LivePage):\n"
            "    headers = legacyHeaders()\n"
            "    debug: bool = True\n"
            "    async def resumed(self): pass\n"
            "    def disconnected(self) -> None: pass\n"
            "    def authorize(self, handshake: Handshake): pass\n"
            "class B(LivePage):\n"
            "    headers = {'X': 'y'}\n"
            "class C(LivePage):\n"
            "    headers = ['Name']\n"
        )
        self.assertEqual(notes(source), [(10, "A211", "headers")])

    def test_inherited(self):
        """A class inherits from ours also by the application's own, which may have the same name."""
        source = (
            "class C(B):\n    def disconnected(self): pass\n"
            "class B(A, object): pass\n"
            "class A(athena.LiveFragment): pass\n"
            "class Page(object): pass\n"
            "class D(Page):\n    debug = 1\n"
            "class LivePage(athena.LivePage): pass\n"
            "class E(LivePage):\n    def resumed(self): pass\n"
        )
        self.assertEqual(notes(source), [(2, "A211", "disconnected"), (10, "A211", "resumed")])

    def test_alias(self):
        """A base class that was imported by another name."""
        source = "from nevow.athena import LivePage as Base\nclass A(Base):\n    debug = 1\n"
        self.assertEqual(notes(source), [(3, "A211", "debug")])

    def test_loop(self):
        """Classes of two files that inherit from one another by their names."""
        self.assertEqual(notes("class A(B):\n    debug = 1\nclass B(A): pass\n"), [])
