# -*- test-case-name: tests.test_tags -*-
"""``athenalite.tags`` is ``nevow.tags``."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite import tags
from athenalite._templates.parser import TemplateError
from athenalite.loaders import xmlstr
from tests.test_stan import flat


class TagsTests(SynchronousTestCase):
    """The names of HTML."""

    def test_names(self):
        """Each element of HTML is there, also by import and by star; others are not."""
        from athenalite.tags import div

        namespace = {}
        exec("from athenalite.tags import *", namespace)  # noqa: S102
        self.assertEqual(flat(self, div["a"], namespace["h1"]["b"]), "<div>a</div><h1>b</h1>")
        self.assertEqual(flat(self, tags.del_["x"], tags._map), "<del>x</del><map></map>")
        self.assertEqual(
            flat(self, namespace["_object"], tags.object, tags.time), "<object></object>" * 2 + "<time></time>"
        )
        self.assertEqual({"object", "map", "dir", "time", "del"} & set(namespace), set())
        self.assertRaises(AttributeError, getattr, tags, "blort")

    def test_invisible(self):
        """invisible leaves its content, and no element; transparent is another word for it."""
        self.assertEqual(flat(self, tags.invisible["a", tags.transparent["b"]]), "ab")

    def test_xml(self):
        """Markup is put into the document unchanged, with HTML's named characters."""
        self.assertEqual(
            flat(self, tags.p[tags.xml("a<b>c&nbsp;</b>"), tags.raw(b"<i/>")]), "<p>a<b>c\xa0</b><i></i></p>"
        )

    def test_prolog(self):
        """An XML declaration and a document type are left out, because the page has its own."""
        declaration, doctype = '<?xml version="1.0"?>', '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN"\n "x.dtd">'
        for prolog in (declaration, doctype, f"\n{declaration}\n{doctype}\n"):
            self.assertEqual(flat(self, tags.raw(prolog), tags.raw(f"{prolog}<b/>")), "<b></b>")

    def test_loader(self):
        """A loader is taken for its document."""
        self.assertEqual(flat(self, tags.xml(xmlstr("<b>x</b>"))), "<b>x</b>")

    def test_comments(self):
        """Comments are made with brackets, and CDATA sections as they were."""
        self.assertEqual(
            flat(self, tags.comment["a"], tags.comment["b", "c"], tags.cdata("d")), "<!--a--><!--bc--><![CDATA[d]]>"
        )

    def test_notWellFormed(self):
        """If it is not well-formed, that is an error, and not a broken page."""
        self.assertRaises(TemplateError, tags.xml, "<b>")

    def test_all(self):
        """Every listed name is there."""
        for name in tags.__all__:
            self.assertIsNotNone(getattr(tags, name))

    def test_declaredEncoding(self):
        """Of bytes, xml believes the encoding that they declare, or their byte order mark; of a text, nothing."""
        for encoding in ("iso-8859-1", "utf-16", "utf-8", "utf-8-sig"):
            text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><b>Käse</b>'
            for markup in (text, f"\ufeff{text}", text.encode(encoding)):
                self.assertEqual(flat(self, tags.xml(markup)), "<b>Käse</b>", (encoding, markup))
