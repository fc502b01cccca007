# -*- test-case-name: tests.live.test_nesting -*-
"""Elements and parts in parts are rendered by themselves, and end when they are not rendered any more."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite.testing import renderLivePage
from tests.applications.partthing.partbox import NestElement


class NestingTests(SynchronousTestCase):
    """One page with rows in a part."""

    def setUp(self):
        self.nest = NestElement()
        self.nest.rows = [self.nest.made(name) for name in "ab"]
        self.page = renderLivePage(self.nest)

    def shows(self):
        """What was shown since the last time."""
        calls = [one.args for one in self.page.calls if one.methodName == "athenalite.show"]
        self.page.calls.clear()
        return calls

    def arrange(self, names):
        """Have these rows; return what is shown of the part around them."""
        self.page.call(self.nest, "arrange", list(names))
        [(name, markup, *modules)] = self.shows()
        self.assertEqual((name, modules), ("1.outer", []))
        return markup

    def test_stubs(self):
        """What the page has is a node with its identity; what is new is whole."""
        markup = self.arrange("bac")
        for stub in ('<i data-athena-part="1.inner"></i>', '<li id="athena:3"></li><li id="athena:2"></li>'):
            self.assertIn(stub, markup)
        self.assertIn('<li xmlns:athena="http://divmod.org/ns/athena/0.7"', markup)
        self.assertIn('<b data-athena-part="4.name">c</b>', markup)
        self.assertIn('<li id="athena:4"></li>', self.arrange("abc"))

    def test_alone(self):
        """A part in a part is rendered by itself."""
        self.page.call(self.nest, "count")
        self.assertEqual(self.shows(), [("1.inner", '<i data-athena-part="1.inner">inner 1</i>')])
        self.page.call(self.nest.rows[1], "louder")
        self.assertEqual(self.shows(), [("3.name", '<b data-athena-part="3.name">B</b>')])

    def test_gone(self):
        """An element that is not rendered any more is detached; another one comes."""
        old, kept = self.nest.rows
        self.arrange("bx")
        self.assertEqual((old.ended, old.page, kept.ended), (True, None, False))
        self.page.call(kept, "louder")
        self.assertEqual(len(self.shows()), 1)

    def test_failure(self):
        """What was rendered by a rendering that failed is rendered again by the next one."""
        new = self.nest.made("c")
        self.nest.rows = [*self.nest.rows, new, object()]
        self.nest.rerender("outer")
        self.page.advance()
        self.assertEqual(len(self.flushLoggedErrors()), 1)
        self.assertEqual(self.shows(), [("1.outer", None, "")])
        self.nest.rows.pop()
        self.nest.rerender("outer")
        self.page.advance()
        self.assertIn('data-athena-part="4.name">c</b>', self.shows()[0][1])

    def test_inner(self):
        """A part that the part around it leaves out is shown again when it is back."""
        self.nest.withInner = False
        self.nest.rerender("outer")
        self.page.advance()
        self.assertNotIn("1.inner", self.shows()[0][1])
        self.nest.rerender("inner")
        self.page.advance()
        self.assertEqual(self.shows(), [])
        self.nest.withInner = True
        self.nest.rerender("outer")
        self.page.advance()
        self.assertIn("inner 0", self.shows()[0][1])
