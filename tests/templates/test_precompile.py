# -*- test-case-name: tests.templates.test_precompile -*-
"""What never changes in a template is flattened once; the page is the same."""

import re
from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from twisted.web.template import CDATA, CharRef, Comment, Element, TagLoader, flattenString, renderer, slot, tags
from twisted.web.template import Tag as TwistedTag

from athenalite._templates import precompile as flat
from athenalite._templates.precompile import flattened, flattenStatic, numbered, withFlatTag
from athenalite._templates.rewriting import ID_SLOT, rewriteAthenaIds
from athenalite._text.markup import Flat
from athenalite.athena import LiveElement
from athenalite.loaders import xmlstr
from tests.pages import InMemorySite

NEVOW = "http://nevow.com/ns/nevow/0.1"

TEXTS = st.text(st.sampled_from("ab<>&\"' é]-\u2028"), max_size=6)
NAMES = st.sampled_from(["p", "b", "br", "input", "script", ""])
LEAVES = (
    TEXTS
    | TEXTS.map(CDATA)
    | TEXTS.map(Comment)
    | st.integers(33, 900).map(CharRef)
    | st.sampled_from([slot("known"), slot("unknown", "by <default>"), TwistedTag("i", render="shown")])
)
NODES = st.recursive(
    LEAVES | st.lists(LEAVES, max_size=3),
    lambda inner: st.builds(
        lambda name, attributes, children: TwistedTag(name, attributes=attributes, children=children),
        NAMES,
        st.dictionaries(st.sampled_from(["id", "title"]), TEXTS | st.lists(inner, max_size=2), max_size=2),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


class Shown(Element):
    """An element with a renderer and a slot."""

    def __init__(self, nodes):
        super().__init__(TagLoader(tags.transparent(*nodes).fillSlots(known='<filled> & "said"')))

    @renderer
    def shown(self, request, tag):
        return tag("shown & done")


class FlattenStaticTests(SynchronousTestCase):
    """``flattenStatic``."""

    def html(self, nodes, wrap=lambda element: element):
        """What an element of these nodes is in a page."""
        return self.successResultOf(flattenString(None, wrap(Shown(nodes)))).decode("utf-8")

    @settings(max_examples=500, deadline=None)
    @given(st.lists(NODES, max_size=4))
    @example(["<", CDATA("")])
    def test_same(self, nodes):
        """Whatever is in a document, it is rendered the same, in an attribute too; and nodes are left as they are."""
        before = repr(nodes)
        quick = flattenStatic(nodes)
        self.assertEqual(repr(nodes), before)
        self.assertEqual(self.html(quick), self.html(nodes))
        inside = lambda element: tags.p(title=element)  # noqa: E731
        self.assertEqual(self.html(quick, inside), self.html(nodes, inside))

    def test_works(self):
        """With this Twisted it does something: what is static is one piece, around what is not."""
        self.assertTrue(flat.WORKS)
        nodes = [tags.p("a & b", id="x"), slot("name"), tags.b(tags.i("c")), "d"]
        self.assertEqual(flattenStatic(nodes), [b'<p id="x">a &amp; b</p>', nodes[1], b"<b><i>c</i></b>", "d"])
        self.assertEqual(flattenStatic(nodes, True)[2:], [b"<b><i>c</i></b>d"])

    def test_text(self):
        """Text alone stays what it is, and so does what has a pattern."""
        [tag] = xmlstr('<p xmlns:nevow="http://nevow.com/ns/nevow/0.1">a<b nevow:pattern="b"><i/></b></p>').load()
        [quick] = flattenStatic([tag])
        self.assertEqual(quick.children, tag.children)

    def test_renderers(self):
        """What a renderer gets is the tag as it was written; those of liveElement look at nothing."""
        inner = tags.b("x")
        nodes = [tags.p(inner, render="shown"), tags.p(inner, render="liveElement")]
        first, second = flattenStatic(nodes)
        self.assertEqual((first.children, second.children), ([inner], [b"<b>x</b>"]))

    def test_turnedOff(self):
        """Where Twisted is another, documents stay as they are."""
        self.patch(flat, "WORKS", False)
        nodes = [tags.p("x")]
        self.assertIs(flattenStatic(nodes), nodes)


#: Ids and references to them, as in a template of an element, beside a renderer and a slot.
IDENTIFIED = """
<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement" id="root">
<label for="name"><b>&lt;Name&gt;</b></label><input id="name" list="names first" title="&quot;&amp;"/>%s
<svg xmlns="http://www.w3.org/2000/svg"><g fill="url(#shade) url(#none)"><use href="#shade"/></g><i id="shade"/></svg>
<p id="shown" nevow:render="shown"><b id="inner"/><nevow:slot name="known"/></p></div>
"""


class Identified(LiveElement):
    """An element with ids."""

    @renderer
    def shown(self, request, tag):
        return tag.fillSlots(known="x")("shown & done")


class IDsTests(SynchronousTestCase):
    """Markup with ids of an element's template."""

    def html(self, text, shown=lambda element: element):
        """The document of a page with two elements of this template."""
        site = InMemorySite(self, lambda: self.outer(text, shown))
        return re.sub(r'"token":"[^"]*"', "", site.request().text)

    def outer(self, text, shown):
        """An element that shows two others."""
        outer = LiveElement()
        outer.docFactory = TagLoader(tags.div(*map(self.inner(text, shown, outer), range(2)), render="liveElement"))
        return outer

    def inner(self, text, shown, outer):
        """Make an element in the other one."""

        def make(number):
            element = Identified(xmlstr(text))
            element.setFragmentParent(outer)
            return shown(element)

        return make

    def test_same(self):
        """With and without: alone, in text, and where a text contains what stands for the number."""
        for more in ("", "text", '<i id="x"/>\ufdd1', "<!-- \ufdd1 -->"):
            for shown in (lambda element: element, lambda element: tags.p(element)):
                quick = self.html(IDENTIFIED % more, shown)
                with mock.patch.object(flat, "WORKS", False):
                    self.assertEqual(quick, self.html(IDENTIFIED % more, shown))
        self.assertIn('for="athenaid:3-name"', quick)
        self.assertIn('fill="url(#athenaid:2-shade) url(#none)"', quick)

    def test_pieces(self):
        """The template without renderers is one piece of markup around each number."""
        [root] = xmlstr('<p id="a" title="t"><b id="b"/>c</p>').flat([rewriteAthenaIds])
        self.assertEqual(root.render, ID_SLOT)
        self.assertEqual(root.children, [b'<p id="athenaid:', b'-a" title="t"><b id="athenaid:', b'-b"></b>c</p>'])
        self.assertEqual(numbered(root, 7), b'<p id="athenaid:7-a" title="t"><b id="athenaid:7-b"></b>c</p>')

    def test_otherSlot(self):
        """Other slots are the application's to fill."""
        [root] = xmlstr(f'<p xmlns:n="{NEVOW}" id="a"><n:attr name="title"><n:slot name="x"/></n:attr></p>').flat(
            [rewriteAthenaIds]
        )
        self.assertEqual(root.tagName, "p")


class WithFlatTagTests(SynchronousTestCase):
    """``withFlatTag``."""

    @settings(max_examples=300, deadline=None)
    @given(NODES)
    def test_same(self, node):
        """The markup is the same: in a tag, in an attribute, and in a tag that stands in an attribute."""
        for children in (flattenStatic([node], inTag=True), [node]):
            tag = TwistedTag("div", attributes={"id": "<&>\"'", "class": ""}, children=children)
            for inside in (
                lambda one: tags.div(one),
                lambda one: tags.p(title=[one]),
                lambda one: tags.p(title=[tags.i(one)]),
            ):
                plain, quick = (flattenString(None, inside(Shown([one]))) for one in (tag.clone(), withFlatTag(tag)))
                self.assertEqual(self.successResultOf(quick), self.successResultOf(plain))

    def test_flat(self):
        """A static tag, as the root node of most widgets is, becomes one piece of markup."""
        tag = TwistedTag("div", attributes={"id": "athena:1"}, children=flattenStatic([tags.b("&")], inTag=True))
        self.assertEqual(withFlatTag(tag), b'<div id="athena:1"><b>&amp;</b></div>')
        self.assertIsInstance(withFlatTag(tag), Flat)

    def test_unchanged(self):
        for node in (None, "text", tags.br(), tags.div(), tags.div(slot("known")), tags.div(Comment("c"))):
            self.assertIs(withFlatTag(node), node)


class FlattenedTests(SynchronousTestCase):
    """``flattened``, and what it makes."""

    def test_flattened(self):
        """Markup comes at once; what would have to be waited for is an error, and so is what fails."""
        self.assertEqual(flattened([tags.p("<"), succeed("x")]), b"<p>&lt;</p>x")
        self.assertRaises(ValueError, flattened, Deferred())
        self.assertRaises(FlattenerError, flattened, object())

    def test_quotes(self):
        """In an attribute, markup is text."""
        self.assertEqual(
            flattened(tags.p(title=Flat(b'<b id="&amp;"/>'))), b'<p title="&lt;b id=&quot;&amp;amp;&quot;/&gt;"></p>'
        )
