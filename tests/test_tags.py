# -*- test-case-name: tests.test_tags -*-
"""``athenalite.tags`` is ``nevow.tags``."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import tags
from athenalite.template import TemplateError
from tests.test_stan import flat


class TagsTests(SynchronousTestCase):
    """The names of HTML."""

    def test_names(self):
        """Each element of HTML is there, also by import and by star; others are not."""
        from athenalite.tags import div

        namespace = {}
        exec("from athenalite.tags import *", namespace)  # noqa: S102
        self.assertEqual(flat(self, div["a"], namespace["h1"]["b"]), "<div>a</div><h1>b</h1>")
        self.assertEqual(flat(self, tags.del_["x"]), "<del>x</del>")
        self.assertRaises(AttributeError, getattr, tags, "blort")

    def test_invisible(self):
        """invisible leaves its content, and no element; transparent is another word for it."""
        self.assertEqual(flat(self, tags.invisible["a", tags.transparent["b"]]), "ab")

    def test_xml(self):
        """Markup that somebody else wrote goes into the document as it is, with HTML's named characters."""
        self.assertEqual(
            flat(self, tags.p[tags.xml("a<b>c&nbsp;</b>"), tags.raw(b"<i/>")]), "<p>a<b>c\xa0</b><i></i></p>"
        )

    def test_notWellFormed(self):
        """If it is not well-formed, that is an error, and not a broken page."""
        self.assertRaises(TemplateError, tags.xml, "<b>")

    def test_all(self):
        """Every listed name is there."""
        for name in tags.__all__:
            self.assertIsNotNone(getattr(tags, name))
