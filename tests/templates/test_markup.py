# -*- test-case-name: tests.templates.test_markup -*-
"""Flattened documents as HTML and as XHTML; see also tests/browser/test_markup.py."""

from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.template import CDATA, CharRef, Comment, Tag

from athenalite._templates.markup import asHTML, asXHTML
from athenalite._templates.precompile import flattened

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("<>&\"'-![]/ "), max_size=20)
NODES = st.recursive(
    TEXT | st.builds(CDATA, TEXT) | st.builds(Comment, TEXT),
    lambda children: st.builds(
        lambda name, title, inner: Tag(name, {"title": title}, inner),
        st.sampled_from(["p", "b", "div"]),
        TEXT,
        st.lists(children, max_size=3),
    ),
    max_leaves=8,
)


class _Text(HTMLParser):
    """The text of an HTML document, and its elements and comments."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text, self.found = "", []  # type: ignore[var-annotated]
        self.feed(markup)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs).get("title")))

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a CDATA section in HTML: {data!r}")


def textOf(node: Any) -> str:
    """The text of a document."""
    if isinstance(node, Tag):
        return "".join(map(textOf, node.children))
    return "" if isinstance(node, Comment) else node.data if isinstance(node, CDATA) else node


def tagsOf(node: Any) -> list[tuple[str, str]]:
    """The names of a document's tags, in order, and their titles."""
    if not isinstance(node, Tag):
        return []
    return [
        (str(node.tagName), str(node.attributes["title"])),
        *(one for child in node.children for one in tagsOf(child)),
    ]


class HTMLTests(SynchronousTestCase):
    """asHTML"""

    def assertHTML(self, markup: str, expected: str) -> None:
        self.assertEqual(asHTML(markup.encode()).decode(), expected)

    @given(st.lists(NODES, max_size=4))
    def test_sameDocument(self, nodes: list[Any]) -> None:
        """Text, elements and attributes are those of the document; no text becomes markup."""
        document = Tag("div", {"title": ""}, nodes)
        parsed = _Text(asHTML(flattened(document)).decode())
        self.assertEqual((parsed.text, parsed.found), (textOf(document), tagsOf(document)))

    @given(st.sampled_from(["style", "script"]), st.lists(TEXT | st.builds(CDATA, TEXT), max_size=4))
    def test_rawText(self, name: str, nodes: list[Any]) -> None:
        """The text of a raw element is as in the template, but for what would end it; it never ends early."""
        document = Tag("div", {}, [Tag(name, {}, nodes), Tag("b", {"title": "x"})])
        parsed = _Text(asHTML(flattened(document)).decode())
        self.assertEqual(parsed.found, [("div", None), (name, None), ("b", "x")])
        text = textOf(document)
        if "</" not in text and "<!" not in text and "<s" not in text.lower():
            self.assertEqual(parsed.text, text)

    def test_endsOfRawElements(self) -> None:
        """A string that would end a script or a style sheet is escaped in its language; elsewhere in HTML's way."""
        self.assertHTML("<script>'&lt;/Script>'</script>", "<script>'\\u003c/Script>'</script>")
        self.assertHTML("<script>'&lt;!--&lt;script'</script>", "<script>'\\u003c!--\\u003cscript'</script>")
        self.assertHTML("<script><!--\nf(1 < 2)\n//--></script>", "<script><!--\nf(1 < 2)\n//--></script>")
        self.assertHTML("<style>'&lt;/style>&lt;b'</style>", "<style>'\\3c /style><b'</style>")
        self.assertHTML("<xmp>&lt;b></xmp>", "<xmp><b></xmp>")
        self.assertHTML("<xmp>&lt;/xmp>&lt;b></xmp>", "<xmp>&lt;/xmp>&lt;b></xmp>")
        self.assertHTML("<style>&#169;<b></b><!-- > --></style>", "<style>©<b></b><!-- > --></style>")
        self.assertHTML("<style><![CDATA[<]]><!--a--&gt;b--></style>", "<style><<!--a-->b--></style>")

    def test_foreign(self) -> None:
        """In drawings and formulas there are no raw elements, except in those that contain HTML."""
        same = "<svg><style>a &gt; b</style><title>x<!-- y --></title></svg>"
        self.assertHTML(same, same)
        for before, after in [
            ("<svg><foreignObject>", "</foreignObject></svg>"),
            ("<svg><svg></svg></svg>", ""),
            ('<math><annotation-xml encoding="text/html">', "</annotation-xml></math>"),
            ("<math><mi>x</mi></math>", ""),
        ]:
            self.assertHTML(f"{before}<style>a &gt; b</style>{after}", f"{before}<style>a > b</style>{after}")
        same = '<math><annotation-xml encoding="x"><style>a &gt; b</style></annotation-xml></math>'
        self.assertHTML(same, same)

    def test_lineFeeds(self) -> None:
        """The first line feed, which an HTML parser leaves out, is doubled."""
        for name in ("textarea", "pre", "listing"):
            self.assertHTML(f'<{name} title="">\nx</{name}>', f'<{name} title="">\n\nx</{name}>')
            self.assertHTML(f"<{name}>x\n</{name}>", f"<{name}>x\n</{name}>")
        for first in (CDATA("\nx"), CharRef(10)):
            markup = asHTML(flattened(Tag("pre", {}, [first])))
            self.assertTrue(markup.startswith(b"<pre>\n"), markup)

    def test_voidElements(self) -> None:
        """An HTML parser makes a second element of </br>, and takes <command /> for a start tag."""
        self.assertHTML("<br>x</br><BR></BR>", "<br>x<BR>")
        self.assertHTML('<command id="a" /><isindex />', '<command id="a"></command><isindex></isindex>')

    def test_comments(self) -> None:
        """A comment ends where the template ends it."""
        self.assertHTML("<!-->x--><!--->y--><!-- --!> -->", "<!-- >x--><!-- ->y--><!-- --!&gt; -->")
        self.assertHTML("<textarea>a<!-- b -->c</textarea>", "<textarea>ac</textarea>")
        self.assertHTML("<title>a<!-- b -->c</title>", "<title>ac</title>")

    def test_null(self) -> None:
        """U+0000, which HTML does not have, is replaced."""
        self.assertHTML("<p>\0</p>", "<p>\ufffd</p>")

    def test_unchanged(self) -> None:
        """Markup that both parsers read alike is not copied."""
        for markup in (b"<p>x</p><!-- c --><input />", b"<svg><path></path></svg>", b"<title>x</title><table></table>"):
            self.assertIs(asHTML(markup), markup)


class XHTMLTests(SynchronousTestCase):
    """asXHTML"""

    def assertXHTML(self, markup: str, expected: str) -> None:
        self.assertEqual(asXHTML(markup.encode()).decode(), expected)

    @given(st.lists(NODES | st.builds(lambda nodes: Tag("style", {"title": ""}, nodes), st.lists(TEXT)), max_size=4))
    def test_sameDocument(self, nodes: list[Any]) -> None:
        """It is well-formed, and text, elements and attributes are those of the document."""
        document = Tag("div", {"title": ""}, nodes)
        markup = asXHTML(flattened(document)).decode()
        for character in ("\ufffe", "\uffff"):
            markup = markup.replace(character, "")
        parsed = ElementTree.fromstring(markup)
        clean = str.maketrans({"\ufffe": None, "\uffff": None})
        self.assertEqual("".join(parsed.itertext()), textOf(document).translate(clean))
        self.assertEqual(
            [(one.tag, one.get("title")) for one in parsed.iter()],
            [(name, title.translate(clean)) for name, title in tagsOf(document)],
        )

    def test_namespaces(self) -> None:
        """Drawings, formulas, and HTML in them get the namespaces that an HTML parser gives them."""
        svg, html = 'xmlns="http://www.w3.org/2000/svg"', 'xmlns="http://www.w3.org/1999/xhtml"'
        self.assertXHTML('<svg id="a"><g></g></svg>', f'<svg {svg} id="a"><g></g></svg>')
        self.assertXHTML(f"<svg {svg}></svg>", f"<svg {svg}></svg>")
        self.assertXHTML("<math></math><p></p>", '<math xmlns="http://www.w3.org/1998/Math/MathML"></math><p></p>')
        self.assertXHTML(
            "<svg><foreignObject><p></p></foreignObject></svg>",
            f"<svg {svg}><foreignObject><p {html}></p></foreignObject></svg>",
        )

    def test_attributes(self) -> None:
        """Line feeds and tabs in attributes are kept."""
        self.assertEqual(ElementTree.fromstring(asXHTML(b'<p title="a\nb\tc"></p>')).get("title"), "a\nb\tc")

    def test_rawText(self) -> None:
        """A style sheet has no needless escapes, because a script may put the text into an HTML document."""
        self.assertXHTML("<style>a &gt; b &lt; c ]]&gt;</style>", "<style>a > b &lt; c ]]&gt;</style>")
