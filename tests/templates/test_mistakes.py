"""Mistakes in a template's XML: the message says what to write instead."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._templates.mistakes import Opened
from athenalite._templates.parser import TemplateError, parse
from athenalite.loaders import xmlstr

NEVOW = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1"'
ATHENA = 'xmlns:athena="http://divmod.org/ns/athena/0.7"'
#: A template, the line of the mistake, and parts of the message.
MISTAKES = (
    ('<p nevow:render="x"/>', 1, "unbound prefix", 'add xmlns:nevow="http://nevow.com/ns/nevow/0.1" to the root'),
    ("<p>\n<athena:handler/></p>", 2, "unbound prefix", 'add xmlns:athena="http://divmod.org/ns/athena/0.7" to'),
    ("<t:slot name='a'/>", 1, 'add xmlns:t="http://twistedmatrix.com/ns/twisted.web.template/0.1" to'),
    ('<svg xlink:href="#a"/>', 1, 'add xmlns:xlink="http://www.w3.org/1999/xlink" to the root element'),
    ('<p x:y="1"/>', 1, "the prefix 'x' is not declared"),
    ("<p>\n<input disabled/></p>", 2, "not well-formed", "'disabled' has no value; write disabled=\"disabled\""),
    ('<input type="checkbox" checked>', 1, 'write checked="checked"'),
    ("<p class=big>x</p>", 1, 'needs quotes; write class="big"'),
    ("<p>\n\n&nbsp;</p>", 3, "undefined entity", "write &#160; for &nbsp;"),
    ("<p>&foo;</p>", 1, "HTML has no character &foo;"),
    ("<p>é <b>é</b> &nbsp;</p>", 1, "write &#160; for &nbsp;"),
    ("<p>\n<br>\n</p>", 3, "mismatched tag", "<br> of line 2 is not closed; write <br />"),
    ("<p><b></p>", 1, "<b> of line 1 is not closed before </p>; write </b> there"),
    ("<P></p>", 1, "XML distinguishes capitals; <P> of line 1 must be closed by </P>"),
    ("", 1, "no element found: the template is empty"),
    ("<p>\n", 2, "no element found: <p> of line 1 is not closed"),
    ("<p/><p/>", 1, "a template has one root element"),
    ("<p>a & b</p>", 1, "& is written &amp;"),
    ('<a href="?a=1&b=2"/>', 1, "& is written &amp;"),
    ("<p>&nbsp</p>", 1, "& is written &amp;"),
    ("<p>1 < 2</p>", 1, "< is written &lt;"),
    ('<p a="<"/>', 1, "< is written &lt;"),
    ('\n<?xml version="1.0"?><p/>', 2, "remove the blanks and line ends in front of <?xml"),
    ('<p a="1" a="2"/>', 1, "duplicate attribute: write the attribute once"),
    ("<p><!-- a -- b --></p>", 1, "a comment must not contain --"),
    ('<p xmlns:xml="urn:x"/>', 1, 'the prefixes "xml" and "xmlns" cannot be declared'),
    ('<p a="1', 1, "unclosed token: the tag, comment or text in quotes"),
    (b"<p>\xe9</p>", 1, "the byte 0xe9 is not UTF-8"),
    ("<p>\x01</p>", 1, "XML cannot have the character U+0001"),
    ("<p>]]></p>", 1, "not well-formed"),
    ("<!doctype html>\n<html/>", 1, "write <!DOCTYPE in capitals, not <!doctype"),
    ("hello", 1, "put the text into an element, such as <nevow:invisible>"),
    ('<p>\n<a title="&amp; &nbsp;"/></p>', 2, "undefined entity", "write &#160; for &nbsp;"),
    ('<a title="&foo;"/>', 1, "HTML has no character &foo;"),
    ("<p>a</b></p>", 1, "</b> closes nothing that is open; remove it, or close <p> of line 1 before it"),
    ('<p title="a "b"">x</p>', 1, "write a blank between attributes, and &quot; for a quote in a value"),
    ('<a href="x"class="y">z</a>', 1, "write a blank between attributes"),
    ("<p><![if !IE]>a<![endif]></p>", 1, "only comments are conditional"),
    ("<p><? echo ?></p>", 1, "a processing instruction has a name"),
    (f'<p {NEVOW}\nnevow:data="x"/>', 1, 'see "Missing names" in docs/porting.rst'),
    (f'<p {NEVOW} nevow:macro="x"/>', 1, "'macro' is not supported: write a renderer"),
    (f'<p {NEVOW}><nevow:invisible nevow:data="x"/></p>', 1, 'see "Missing names" in docs/porting.rst'),
    (f'<p {NEVOW}>\n<nevow:slot name="a" nevow:render="x"/></p>', 2, "slot has no render: put it at an element"),
    (f'<p {NEVOW}><nevow:attr name="a" nevow:pattern="x"/></p>', 1, "attr has no pattern"),
    (f'<p {NEVOW}><nevow:invisible><nevow:attr name="a"/></nevow:invisible></p>', 1, "attr must be inside of the elem"),
    (f"<p {ATHENA}>\n<athena:handlr/></p>", 2, "the element 'handlr' is not supported: the namespace athena has ha"),
    (f'<p {NEVOW[:-2]}2"/>', 1, 'nevow/0.2\' means nothing here; write xmlns:nevow="http://nevow.com/ns/nevow/0.1"'),
    (f'<p {ATHENA[:-1]}/"/>', 1, 'write xmlns:athena="http://divmod.org/ns/athena/0.7"'),
    ('<p xmlns:nevow="urn:x"/>', 1, "the namespace 'urn:x' means nothing here; write xmlns:nevow="),
    ("<p>\n<!DOCTYPE html></p>", 2, "a document type stands before the root element"),
    (f"<p {NEVOW}><nevow:what/></p>", 1, "this namespace has slot, attr, invisible, transparent"),
    (f'<p {NEVOW} nevow:what="x"/>', 1, "this namespace has render, pattern"),
)


class MistakeTests(SynchronousTestCase):
    """What a TemplateError says."""

    def test_messages(self):
        """Each mistake has a message with the file, the line, and the remedy."""
        for source, line, *texts in MISTAKES:
            data = source if isinstance(source, bytes) else source.encode("utf-8")
            message = str(self.assertRaises(TemplateError, parse, data, "t.xml"))
            self.assertTrue(message.startswith(f"t.xml:{line}: "), message)
            for text in texts:
                self.assertIn(text, message, source)

    def test_string(self):
        """For a template in a string, the error names the Python file and the line of the loader."""
        loader = xmlstr("<p>")
        message = str(self.assertRaises(TemplateError, loader.load))
        self.assertRegex(message, r"^template:1: .* \(xmlstr in .*test_mistakes\.py:\d+\)$")

    def test_columns(self):
        """Tags and slots have all three parts of their place, which Twisted formats together."""
        [tag] = parse(f'<p {NEVOW}>\n  <nevow:slot name="a"/><b/></p>'.encode(), "t.xml")
        _, _, slot, bold = tag.children
        for node, line, column in ((tag, 1, 0), (slot, 2, 2), (bold, 2, 24)):
            self.assertEqual((node.filename, node.lineNumber, node.columnNumber), ("t.xml", line, column))

    def test_opened(self):
        """An open element is its name and line."""
        self.assertEqual(Opened("p", 1), ("p", 1))
