# -*- test-case-name: tests.test_loaders -*-
"""Loading documents: from files, strings and tags."""

import os
from pathlib import Path

from twisted.python.filepath import FilePath
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.iweb import ITemplateLoader
from twisted.web.template import flattenString, tags
from zope.interface.verify import verifyObject

from athenalite._templates.parser import TemplateError
from athenalite._templates.rewriting import rewriteAthenaIds, rewriteEventHandlerNodes
from athenalite.inevow import IQ
from athenalite.loaders import stan, xmlfile, xmlstr
from athenalite.tags import p, slot

NEVOW = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1"'


class XmlFileTests(SynchronousTestCase):
    """Templates in files."""

    def setUp(self):
        self.path = Path(self.mktemp())
        self.path.write_text("<p>first</p>")

    def texts(self, loader):
        """The text of the loaded document's root."""
        [tag] = loader.load()
        return tag.children

    def test_load(self):
        """The document is the file's; a second load reads nothing."""
        loader = xmlfile(str(self.path))
        self.assertEqual(self.texts(loader), ["first"])
        self.assertIs(loader.load(), loader.load())
        verifyObject(ITemplateLoader, loader)

    def test_directory(self):
        """templateDir is the directory of the file; paths may be Path objects."""
        loader = xmlfile(self.path.name, templateDir=self.path.parent)
        self.assertEqual(self.texts(loader), ["first"])

    def test_arguments(self):
        """The pattern is the second argument, as in Nevow; a FilePath is a path."""
        self.path.write_text(f'<!DOCTYPE p><p {NEVOW}><!-- c --><b nevow:pattern="x">y<!-- d --></b></p>')
        directory = FilePath(str(self.path.parent))
        for loader in (
            xmlfile(FilePath(str(self.path)), "x", ignoreDocType=True),
            xmlfile(self.path.name, "x", directory),
        ):
            self.assertEqual(self.texts(loader)[0], "y")
        self.assertEqual(self.texts(xmlfile(self.path, "x", ignoreComment=True)), ["y"])

    def test_changed(self):
        """An edited file is read again: reload the page, see the change."""
        loader = xmlfile(self.path)
        loader.load()
        self.path.write_text("<p>edited</p>")
        self.assertEqual(self.texts(loader), ["edited"])

    def test_changedSameSize(self):
        """So is one whose size is what it was."""
        loader = xmlfile(self.path)
        loader.load()
        self.path.write_text("<p>again</p>")
        os.utime(self.path, ns=(0, 0))
        self.assertEqual(self.texts(loader), ["again"])

    def test_missing(self):
        """A file that is not there is named by the error, when it is loaded."""
        loader = xmlfile("no-such-file.html")
        self.assertIn("no-such-file.html", str(self.assertRaises(FileNotFoundError, loader.load)))

    def test_wrong(self):
        """A file that is no XML is named with the line."""
        self.path.write_text("<p>\n</b>")
        self.assertIn(f"{self.path}:2:", str(self.assertRaises(TemplateError, xmlfile(self.path).load)))


class PatternTests(SynchronousTestCase):
    """Loading one node of a template."""

    source = (
        f'<div {NEVOW}><ul nevow:pattern="list"><li nevow:pattern="row" id="a"/></ul><b nevow:pattern="twice"/>%s</div>'
    )

    def test_pattern(self):
        """Only the node with the pattern is loaded."""
        [tag] = xmlstr(self.source % "", pattern="list").load()
        self.assertEqual(tag.tagName, "ul")

    def test_preprocessed(self):
        """Preprocessors have run on what is in a pattern."""
        [tag] = xmlstr(f'<div {NEVOW}><p nevow:pattern="p" id="a"/></div>', pattern="p").load(
            preprocessors=[rewriteAthenaIds]
        )
        self.assertEqual(tag.attributes["id"][0], "athenaid:")

    def test_notOne(self):
        """None, or more than one of that name, is an error with the number."""
        error = self.assertRaises(TemplateError, xmlstr(self.source % "", pattern="none").load)
        self.assertIn("no nodes with the pattern 'none'", str(error))
        more = self.source % '<b nevow:pattern="twice"/>'
        error = self.assertRaises(TemplateError, xmlstr(more, pattern="twice").load)
        self.assertIn("2 nodes with the pattern 'twice'", str(error))


def flat(testCase, *nodes):
    """The HTML of these nodes."""
    return testCase.successResultOf(flattenString(None, nodes)).decode("utf-8")


class SlotTests(SynchronousTestCase):
    """Patterns in the slots of templates."""

    def test_patterns(self):
        """They are found in those of a pattern's copy, and have the handlers and ids of the element."""
        loader = xmlstr(
            f'<div {NEVOW} xmlns:athena="http://divmod.org/ns/athena/0.7"><p nevow:pattern="item">'
            '<nevow:slot name="note"><b nevow:pattern="warning"><athena:handler event="onclick" handler="f"/>!</b>'
            "</nevow:slot></p></div>"
        )
        loader.load(preprocessors=[rewriteEventHandlerNodes])
        item = IQ(loader).onePattern("item")
        item.fillSlots("note", item.onePattern("warning"))
        self.assertEqual(flat(self, item), '<p><b data-athena-handlers="onclick=f">!</b></p>')

    def test_stan(self):
        """A document of tags is not changed by the preprocessors of one element."""
        document = p[slot("s")[p(id="a", pattern="x")]]
        stan(document).load(preprocessors=[rewriteAthenaIds])
        self.assertEqual(flat(self, document.onePattern("x")), '<p id="a"></p>')


class StringTests(SynchronousTestCase):
    """Templates in Python."""

    def test_xmlstr(self):
        """A template may be text or UTF-8."""
        for source in ("<p>é</p>", "<p>é</p>".encode()):
            [tag] = xmlstr(source).load()
            self.assertEqual(tag.children, ["é"])

    def test_stan(self):
        """A document may be made of Twisted's tags."""
        [tag] = stan(tags.p("x")).load()
        self.assertEqual(tag.children, ["x"])

    def test_stanIsNotChanged(self):
        """Preprocessors leave the application's own tags as they are."""
        original = tags.p(id="a")
        [tag] = stan(original).load(preprocessors=[rewriteAthenaIds])
        self.assertNotEqual(tag.attributes["id"], "a")
        self.assertEqual(original.attributes, {"id": "a"})


class FlatTests(SynchronousTestCase):
    """What elements and pages render."""

    def test_flat(self):
        """It is the loaded document, of which much is flat already; made once, and anew when the file has changed."""
        path = Path(self.mktemp())
        path.write_text("<p><b>first</b></p>")
        loader = xmlfile(path)
        self.assertEqual(loader.flat(), [b"<p><b>first</b></p>"])
        self.assertIs(loader.flat(), loader.flat())
        [tag] = loader.load()
        self.assertEqual(tag.tagName, "p")
        path.write_text("<p>edited</p>")
        self.assertEqual(loader.flat(), [b"<p>edited</p>"])

    def test_preprocessed(self):
        """Preprocessors have run on it."""
        [tag] = xmlstr('<p id="a"><b>x</b></p>').flat([rewriteAthenaIds])
        self.assertEqual(tag.children, [b'<p id="athenaid:', b'-a"><b>x</b></p>'])


class PreprocessorTests(SynchronousTestCase):
    """What is done to a template once."""

    def test_once(self):
        """A preprocessor runs once per template, not once per load, and each list of them has its own document."""
        calls = []

        def first(document):
            calls.append("first")
            return document

        def second(document):
            calls.append("second")
            return [*document, "more"]

        loader = xmlstr("<p/>")
        for _ in range(2):
            self.assertEqual(len(loader.load()), 1)
            self.assertEqual(len(loader.load(preprocessors=[first, second])), 2)
        self.assertEqual(calls, ["first", "second"])

    def test_query(self):
        """Patterns are found in the document as it was loaded last for an element."""

        def mark(document):
            return [tags.p(*document)]

        loader = xmlstr("<b/>")
        self.assertEqual(loader.query()[0].tagName, "b")
        loader.load(None, [mark])
        loader.load()
        self.assertEqual(loader.query()[0].tagName, "p")

    def test_declaredEncoding(self):
        """A template of type str ignores the encoding that it declares; one of bytes does not."""
        for encoding in ("iso-8859-1", "utf-16", "utf-8"):
            text = f'<?xml version="1.0" encoding="{encoding}"?><p>Käse</p>'
            for template in (text, f"\ufeff{text}", text.encode(encoding)):
                [tag] = xmlstr(template).load()
                self.assertEqual("".join(tag.children), "Käse", (encoding, template))
