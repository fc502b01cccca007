# -*- test-case-name: tests.porting.test_templates -*-
"""What is found in templates."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._porting.templates import isTemplate, scan, scanString

START = b'<!DOCTYPE html><html xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7">\n'


def marks(body):
    """Return what is found in a page with this body."""
    return list(scan(START + body + b"</html>"))


class ScanTests(SynchronousTestCase):
    """``scan``"""

    def codes(self, body):
        """Return line and code of each mark."""
        return [(mark.line, mark.code) for mark in marks(body)]

    def test_fine(self):
        """A template of today."""
        body = b"""<p nevow:render="x" nevow:pattern="item"><nevow:slot name="data" default="x"/>
        <nevow:attr name="title">y</nevow:attr><athena:handler event="onclick" handler="go" />
        <a href="https://example.com/">&#233;</a><nevow:invisible nevow:render="y" render="z" /></p>"""
        self.assertEqual(self.codes(body), [])

    def test_all(self):
        """All that Nevow had is found at once, and the rest, too."""
        body = b"""<p nevow:data="users 3" nevow:render="sequence"
 />
<b nevow:key="x" onclick="y()" />
<nevow:macro name="z" />
<i nevow:render="mapping" />
<script>x</script><a href="javascript:x" /><script src="//example.com/x.js" />"""
        self.assertEqual(
            self.codes(body),
            [
                *((2, "T402"), (4, "T402"), (4, "T403"), (5, "T402"), (6, "T402")),
                *((7, "T403"), (7, "T403"), (7, "T403")),
            ],
        )

    def test_documentType(self):
        """A live page without one; other pages are shown as they were, and parts of documents have none."""
        head = b"<head xmlns:n='http://nevow.com/ns/nevow/0.1' n:render='liveglue' />"
        for content, codes in (
            (b"\n<html>%s</html>", [(2, "T404")]),
            (b"<x:html xmlns:x='http://www.w3.org/1999/xhtml'>%s</x:html>", [(1, "T404")]),
            (b"<!-- x --><!DOCTYPE html><html>%s</html>", []),
            (b"<div><html>%s</html></div>", []),
        ):
            self.assertEqual([(mark.line, mark.code) for mark in scan(content % head)], codes)
        self.assertEqual(list(scan(b"<html />")), [])

    def test_renderer(self):
        """The renderer to write is named."""
        self.assertIn(
            "def render_users(self, ctx, data)", marks(b'<p nevow:data="users" nevow:render="sequence"/>')[0][3]
        )
        self.assertIn(
            "render 'x'", marks(b'<p nevow:data="users" nevow:render="x"/>')[0][3].replace("renderer", "render")
        )
        self.assertIn("def render_users(", marks(b'<p nevow:data="users"/>')[0][3])

    def test_malformed(self):
        """XML that cannot be parsed has the loader's own message."""
        [mark] = marks(b"<br><p/>")
        self.assertEqual((mark.line, mark.code), (2, "T401"))
        self.assertIn("write <br />", mark.message)

    def test_behind(self):
        """What is behind a mistake is found, too, and each character that XML has no name for."""
        body = b"""&nbsp;<p onclick="x()">&amp;&eacute;</p>
<NEVOW:invisible nevow:data="x" /><nevow:macro /><i nevow:render="y" xmlns:n="http://nevow.com/ns/nevow/0.1" />
<b n:key="x"/><script>if (a < b) { "<a onclick='x'>&nbsp;" }</script>"""
        self.assertEqual(
            self.codes(body),
            [*((2, "T401"), (2, "T403"), (2, "T401"), (3, "T402"), (3, "T402"), (4, "T402"), (4, "T403"))],
        )
        self.assertEqual(self.codes(b"<br></p>&nbsp;<p onclick='x' title=''/>"), [(2, "T401"), (2, "T403")])

    def test_reason(self):
        """The mistake in the XML is explained, though a loader stops before at what templates do not have."""
        [data, mistake] = marks(b'<p><b nevow:data="x"/>\n<nevow:invisible>\n<br/></p>')
        self.assertEqual((data.line, mistake.line), (2, 4))
        self.assertIn("<nevow:invisible> of line 3 is not closed before </p>", mistake.message)

    def test_encoding(self):
        """So have encodings that the parser does not have. The one of a string is known."""
        for encoding in ("gbk", "nothing"):
            start = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
            self.assertEqual([mark.code for mark in scan(start + START + b"</html>")], ["T401"])
            self.assertEqual(list(scan(start + START + b"</html>", "utf-8")), [])

    def test_loader(self):
        """So has what only the loader refuses."""
        [mark] = marks(b"<p><nevow:slot/></p>")
        self.assertEqual((mark.line, mark.code), (2, "T401"))

    def test_hosts(self):
        """Other hosts, where a browser fetches from them."""
        self.assertEqual(
            self.codes(b'<link rel="stylesheet" href="http://x/y"/><img src="http://x/"/>'), [(2, "T403")] * 2
        )
        self.assertEqual(self.codes(b'<link rel="next" href="http://x/y"/><img src="/x"/>'), [])

    def test_early(self):
        """An inline script that uses the client's names when it is run, and not only later."""
        for text in (
            "Divmod.msg(1)",
            "function f() { }\nvar d = Nevow.Athena.page.x('X');",
            "x({});Divmod.y()",
        ):
            content = f"<script>\n// <![CDATA[\n{text}\n// ]]>\n</script><p/>".encode()
            self.assertEqual(self.codes(content), [(2, "T403"), (2, "S505")], text)
            self.assertIn((2, "S505"), self.codes(b"<br>" + content.replace(b"<p/>", b"</p>")), text)
        for text in (
            "function f() { Divmod.msg(1); }",
            "// Divmod.x\n'Divmod.y'",
            "var x = Divmodx.y, z = a.Divmod.y;",
        ):
            self.assertEqual(self.codes(f"<script>{text}</script>".encode()), [(2, "T403")], text)
        self.assertEqual(self.codes(b'<script src="x.js">Divmod.msg(1)</script><p>Divmod.x</p>'), [])

    def test_strings(self):
        """Parts of templates and markup need not be well-formed; in markup only what the policy blocks is found."""
        text = "<br><a href='javascript:x()' nevow:data='y'>&nbsp;\n<b onclick=x>"
        for kind, codes in (("MARKUP", ["T403", "T403"]), ("PART", ["T402", "T403", "T403"])):
            found = list(scanString(text, kind))
            self.assertEqual([mark.code for mark in found], codes)
            self.assertEqual([(mark.line, mark.column) for mark in found[-2:]], [(1, 5), (2, 1)])
        self.assertEqual([mark.code for mark in scanString("<br>", "TEMPLATE")], ["T401"])

    def test_isTemplate(self):
        """A page without the namespaces is none."""
        self.assertTrue(isTemplate(START))
        self.assertTrue(isTemplate(b'<p nevow:render="x">'))
        self.assertFalse(isTemplate(b"<html></html>"))
