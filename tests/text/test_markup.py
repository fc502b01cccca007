# -*- test-case-name: tests.text.test_markup -*-
"""Markup in documents, and boolean attributes."""

import warnings

from twisted.trial.unittest import SynchronousTestCase

from athenalite import tags as T
from athenalite._text.markup import Flat, booleanValue, raw
from athenalite.flat import flatten


class MarkupTests(SynchronousTestCase):
    """Markup that is not escaped again."""

    def test_raw(self):
        """A text that is markup is put into a document as it is; in an attribute it cannot end it."""
        markup = raw('<b title="x">1 &lt; 2 & &#233;</b>')
        self.assertEqual(flatten(T.p[markup, " & ", [markup]]), f"<p>{markup} &amp; {markup}</p>")
        self.assertEqual(
            flatten(T.p(title=markup)), '<p title="&lt;b title=&quot;x&quot;&gt;1 &lt; 2 &amp; &#233;&lt;/b&gt;"></p>'
        )
        self.assertIsInstance(markup, str)

    def test_flat(self):
        """In an attribute, markup of nodes is escaped as a whole."""
        self.assertEqual(Flat(b'<b>&amp;"').replace(b'"', b"&quot;"), b"&lt;b&gt;&amp;amp;&quot;")
        self.assertEqual(Flat(b"<b>").replace(b"<", b"&lt;"), b"<b>")


class BooleanTests(SynchronousTestCase):
    """Attributes that are True or False."""

    def test_absent(self):
        """An attribute of HTML that is false is left out, where Nevow wrote "False", which is true."""
        self.assertEqual(flatten(T.input(checked=False)), "<input />")
        self.assertEqual(flatten(T.input(checked=True)), '<input checked="" />')
        self.assertEqual((booleanValue("aria-busy", False), booleanValue("translate", True)), ("false", "yes"))

    def test_text(self):
        """One whose value is a text differs from what Nevow wrote, which a warning says."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.assertEqual(flatten(T.input(value=False)), "<input />")
        self.assertEqual(
            [str(one.message) for one in caught],
            ['The attribute value=False is left out, where Nevow wrote value="False": give it a text, or None'],
        )
        self.assertEqual(caught[0].filename, __file__)
