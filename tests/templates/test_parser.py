# -*- test-case-name: tests.templates.test_parser -*-
"""Templates: three namespaces in, HTML out."""

from io import BytesIO

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import XMLString, flattenString, tags

from athenalite._templates.parser import TemplateError, parse
from athenalite.loaders import xmlstr
from athenalite.page import Element, renderer

NEVOW = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1"'
TWISTED = 'xmlns:t="http://twistedmatrix.com/ns/twisted.web.template/0.1"'
ATHENA = 'xmlns:athena="http://divmod.org/ns/athena/0.7"'


def flat(case, document, **slots):
    """The HTML of a document whose slots are filled."""
    return case.successResultOf(flattenString(None, tags.transparent(document).fillSlots(**slots))).decode("utf-8")


class ParseTests(SynchronousTestCase):
    """What is read."""

    def assertParsed(self, source, expected, **slots):
        self.assertEqual(flat(self, parse(source.encode("utf-8"), "t.xml"), **slots), expected)

    def test_plain(self):
        """Elements, attributes, text in any script, and comments arrive as they were written."""
        source = '<p class="a" lang="el">καλημέρα &lt;b&gt; <em>\N{SNOWMAN}</em><!-- note --></p>'
        self.assertParsed(source, source)

    def test_file(self):
        """A template is read from an open file too, in the encoding that it declares."""
        source = '<?xml version="1.0" encoding="iso-8859-1"?><p>é</p>'.encode("latin-1")
        self.assertEqual(flat(self, parse(BytesIO(source))), "<p>é</p>")

    def test_emptyElements(self):
        """Elements that HTML closes by a tag of their own get one even when XML did not write it."""
        self.assertParsed("<div><div/><br/><textarea/></div>", "<div><div></div><br /><textarea></textarea></div>")

    def test_namespacesMeanTheSame(self):
        """render and slot mean the same in Nevow's namespace and in Twisted's, under any prefix."""
        for declared in (NEVOW, TWISTED, 'xmlns:x="http://nevow.com/ns/nevow/0.1"'):
            prefix = declared.split(":")[1].split("=")[0]
            [tag] = parse(f'<p {declared} {prefix}:render="r"><{prefix}:slot name="s"/></p>'.encode())
            self.assertEqual(tag.render, "r")
            self.assertEqual(tag.children[0].name, "s")
            self.assertEqual(tag.attributes, {})

    def test_asTwistedReadsIt(self):
        """A template of twisted.web.template gives what Twisted's own loader gives."""
        source = (
            f'<div {TWISTED}><t:transparent>a</t:transparent><t:attr name="title">b<t:slot name="s"/></t:attr>'
            '<p class="x"><t:slot name="s" default="d"/></p></div>'
        )
        self.assertEqual(flat(self, parse(source.encode()), s="<s>"), flat(self, XMLString(source).load(), s="<s>"))

    def test_ownNamespacesVanish(self):
        """No declaration of Nevow's or Twisted's namespace gets into the HTML; those of others do."""
        self.assertParsed(
            f'<div xmlns="http://www.w3.org/1999/xhtml" {NEVOW} {ATHENA}><svg xmlns="http://www.w3.org/2000/svg"/></div>',
            '<div xmlns="http://www.w3.org/1999/xhtml" xmlns:athena="http://divmod.org/ns/athena/0.7">'
            '<svg xmlns="http://www.w3.org/2000/svg"></svg></div>',
        )

    def test_prefixes(self):
        """Attributes and elements of other namespaces keep their prefixes."""
        self.assertParsed(
            '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><a xlink:href="#x" xml:lang="en"/></svg>',
            '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><a xlink:href="#x" xml:lang="en"></a></svg>',
        )

    def test_slots(self):
        """A slot is filled as text, in content and in attributes; one that is not filled shows its default."""
        source = f'<p {NEVOW}><nevow:attr name="title"><nevow:slot name="a"/></nevow:attr><nevow:slot name="a"/> %s</p>'
        self.assertParsed(
            source % '<nevow:slot name="b" default="none"/>',
            '<p title="&lt;&quot;&gt;">&lt;"&gt; none</p>',
            a='<">',
        )

    def test_renderedAttribute(self):
        """The value of an attribute may have a renderer, which gets it as a tag, in each copy of a pattern, too."""

        class Field(Element):
            @renderer
            def value(self, request, tag):
                return tag["<b>"]

            @renderer
            def copies(self, request, tag):
                return [tag.patternGenerator("copy")(), tag.patternGenerator("copy")()]

        for declared in (NEVOW, TWISTED):
            prefix = declared[6:].partition("=")[0]
            source = f'<p {declared}><{prefix}:attr name="title" {prefix}:render="value">a </{prefix}:attr></p>'
            field = Field(docFactory=xmlstr(source))
            self.assertEqual(flat(self, field), '<p title="a &lt;b&gt;"></p>')
        source = f'<p {NEVOW} nevow:render="copies"><i nevow:pattern="copy">%s</i></p>'
        field = Field(docFactory=xmlstr(source % '<nevow:attr name="class" nevow:render="value" />'))
        self.assertEqual(flat(self, field), '<i class="&lt;b&gt;"></i>' * 2)

    def test_athenasPrefix(self):
        """The prefix "athena" is Athena's with whatever namespace, as Nevow looked at the prefix alone."""
        source = '<p xmlns:athena="http://divmod.org/ns/nevow/0.7"><athena:handler event="onclick" handler="f"/></p>'
        [tag] = parse(source.encode())
        self.assertEqual(tag.attributes, {"xmlns:athena": "http://divmod.org/ns/athena/0.7"})
        self.assertEqual(tag.children[0].tagName, "athena:handler")
        error = self.assertRaises(TemplateError, parse, source.replace("handler ", "handlr ").encode())
        self.assertIn("the element 'handlr' is not supported", str(error))
        [tag] = parse(b'<p xmlns:athena="http://nevow.com/ns/nevow/0.1" athena:render="r"/>')
        self.assertEqual(tag.render, "r")

    def test_invisible(self):
        """invisible and transparent leave their content, and no element."""
        for name in ("invisible", "transparent"):
            self.assertParsed(f"<p {NEVOW}><nevow:{name}>a<b>c</b></nevow:{name}></p>", "<p>a<b>c</b></p>")

    def test_pattern(self):
        """A pattern's name is noted, and not written."""
        [tag] = parse(f'<p {NEVOW} nevow:pattern="row"/>'.encode())
        self.assertEqual(tag.pattern, "row")
        self.assertEqual(tag.attributes, {})

    def test_doctype(self):
        """A document type is left to the page."""
        self.assertParsed("<!DOCTYPE html><p>a</p>", "<p>a</p>")

    def test_entities(self):
        """HTML's named characters are known where the document type lets XML accept them, as in Nevow's templates."""
        doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/xhtml1-strict.dtd">'
        self.assertParsed(doctype + "<p>a&nbsp;b&eacute;</p>", "<p>a\N{NO-BREAK SPACE}bé</p>")

    def test_cdata(self):
        """A CDATA section stays one."""
        self.assertParsed("<p><![CDATA[a<b]]></p>", "<p><![CDATA[a<b]]></p>")

    def test_errors(self):
        """What cannot be read is refused with the file, the line, and what is wrong."""
        for source, text in (
            ("<p>\n<b></p>", "t.xml:2: mismatched tag"),
            ("<p x:y='z'/>", "t.xml:1: unbound prefix"),
            ("", "t.xml:1: no element found"),
            (f"<p {NEVOW}>\n<nevow:slot/></p>", "t.xml:2: slot needs the attribute 'name'"),
            (f"<p {NEVOW}><nevow:attr/></p>", "t.xml:1: attr needs the attribute 'name'"),
            (f'<p {NEVOW} nevow:macro="m"/>', "t.xml:1: the attribute 'macro' is not supported"),
            (f"<p {NEVOW}><nevow:what/></p>", "t.xml:1: the element 'what' is not supported"),
            (f'<nevow:attr {NEVOW} name="a"/>', "t.xml:1: attr must be inside"),
        ):
            error = self.assertRaises(TemplateError, parse, source.encode(), "t.xml")
            self.assertIn(text, str(error))

    def test_errorWithoutFile(self):
        """A template from a string is called "template" in errors."""
        self.assertIn("template:1:", str(self.assertRaises(TemplateError, parse, b"<p>")))
