"""docs/templates.rst: its listings run, and what it states about them holds."""

import re

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from twisted.web.template import Element as TwistedElement
from twisted.web.template import XMLString, flattenString

from athenalite import LiveElement, tags
from athenalite._templates.parser import TemplateError
from athenalite.athena import handler
from athenalite.inevow import IQ
from athenalite.loaders import stan, xmlfile, xmlstr
from athenalite.page import Element, renderer
from athenalite.testing import renderLivePage
from tests.listings import GuideTestCase

PRODUCTS = [(1, "Tea & <cake>"), (2, "Coffee")]
NEVOW = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1"'


class ShopTests(GuideTestCase):
    """The example."""

    guide = "templates"

    def html(self, *arguments):
        """Return the document of a page with the shop."""
        return renderLivePage(self.load("shop").Shop(*arguments)).html

    def test_filled(self):
        """Renderers, slots, attributes and patterns are filled with the element's values, as text."""
        html = self.html("Ann", PRODUCTS)
        self.assertIn("<h1>Welcome, Ann</h1>", html)
        self.assertRegex(html, r"There are 2 products\.")
        self.assertIn("<td>Tea &amp; &lt;cake&gt;</td>", html)
        self.assertEqual(re.findall(r'<a href="([^"]+)">', html), ["/product/1", "/product/2"])
        self.assertNotIn("Everything is sold.", html)

    def test_defaults(self):
        """Without products the slot has its default, and the other pattern is shown."""
        html = self.html("Ann", [])
        self.assertRegex(html, r"There are no products\.")
        self.assertIn('<td colspan="3">Everything is sold.</td>', html)
        self.assertNotIn("Details", html)

    def test_handlers(self):
        """An event handler is an attribute, also in a pattern, and no script."""
        html = self.html("Ann", PRODUCTS)
        self.assertEqual(html.count('data-athena-handlers="onclick=order"'), 2)
        self.assertNotIn('onclick="', html)

    def test_ids(self):
        """An id, and each reference to it, has the number of the element."""
        html = self.html("Ann", PRODUCTS)
        self.assertIn('id="athenaid:1-note"', html)
        self.assertIn('for="athenaid:1-note"', html)


class MarkupTests(GuideTestCase):
    """Characters and markup."""

    guide = "templates"

    def flat(self, name):
        """Return the HTML of one of the guide's elements."""
        return self.successResultOf(flattenString(None, getattr(self.load("markup"), name)())).decode("utf-8")

    def test_characters(self):
        """HTML's named characters need a document type; elements that are not void have an end tag."""
        expected = '<p>Fish &amp; chips,\xa05\xa0&lt; 6 <span class="icon"></span><br /></p>'
        self.assertIn(expected, self.flat("Characters"))
        with self.assertRaisesRegex(TemplateError, "template:1: "):
            xmlstr("<p>&nbsp;</p>").load()

    def test_text(self):
        """A string is text; markup has to be parsed."""
        html = self.flat("Text")
        self.assertIn("&lt;b&gt;shown as it is written&lt;/b&gt;", html)
        self.assertIn("<b>shown in bold</b>", html)

    def test_preprocessor(self):
        """The preprocessor changes the template, after those of LiveElement."""
        html = renderLivePage(self.load("markup").Links()).html
        self.assertRegex(html, '<a [^>]*target="_blank"')


class StatementTests(SynchronousTestCase):
    """Statements without an example."""

    def render(self, template, **renderers):
        """Return the HTML of an element with this template and these renderers."""
        methods = {name: renderer(method) for name, method in renderers.items()}
        element = type("Rendered", (Element,), methods)(xmlstr(f"<div {NEVOW}>{template}</div>"))
        return self.successResultOf(flattenString(None, element)).decode("utf-8")

    def test_results(self):
        """A renderer may return text, numbers, lists, generators, Deferreds and coroutines."""

        async def later(self, request, tag):
            return "later"

        waiting = Deferred()
        waiting.callback(tags.b["fired"])
        html = self.render(
            "".join(f'<p nevow:render="{name}" />' for name in ("a", "b", "c", "d", "e")),
            a=lambda self, request, tag: tag[1, ["two", tags.i[3]]],
            b=lambda self, request, tag: (str(number) for number in range(3)),
            c=lambda self, request, tag: waiting,
            d=later,
            e=lambda self, request, tag: "",
        )
        self.assertEqual(html, "<div><p>1two<i>3</i></p>012<b>fired</b>later</div>")

    def test_twisted(self):
        """The directives work in the namespace of twisted.web.template, too."""
        template = xmlstr(
            '<p xmlns:t="http://twistedmatrix.com/ns/twisted.web.template/0.1"><t:slot name="x" default="y" /></p>'
        )
        self.assertEqual(self.successResultOf(flattenString(None, Element(template))), b"<p>y</p>")

    def test_errors(self):
        """None, an unfilled slot, and an unknown name in the namespace are errors."""
        for template in ('<p nevow:render="a" />', '<nevow:slot name="x" />'):
            element = type("Wrong", (Element,), {"a": renderer(lambda self, request, tag: None)})
            failed = flattenString(None, element(xmlstr(f"<div {NEVOW}>{template}</div>")))
            self.failureResultOf(failed, FlattenerError)
        with self.assertRaisesRegex(TemplateError, r"template:2: the attribute 'data'"):
            xmlstr(f'<div {NEVOW}>\n<p nevow:data="x" /></div>').load()

    def test_patterns(self):
        """IQ finds patterns in a whole template; two of one name alternate; a missing one is a LookupError."""
        template = xmlstr(f'<ul {NEVOW}><li nevow:pattern="a">1</li><li nevow:pattern="a">2</li></ul>')
        row = IQ(template).patternGenerator("a")
        html = self.successResultOf(flattenString(None, [row(), row(), row()]))
        self.assertEqual(html, b"<li>1</li><li>2</li><li>1</li>")
        self.assertEqual(len(IQ(template).allPatterns("a")), 2)
        self.assertRaises(LookupError, IQ(template).onePattern, "a")
        self.assertRaises(LookupError, IQ(template).onePattern, "b")

    def test_onePattern(self):
        """A loader can take one node of a file."""
        text = f'<div {NEVOW}><p nevow:pattern="a">one</p><!-- x --></div>'
        self.assertEqual(self.successResultOf(flattenString(None, Element(xmlstr(text, "a")))), b"<p>one</p>")
        flat = flattenString(None, Element(xmlstr(text, ignoreComment=True)))
        self.assertEqual(self.successResultOf(flat), b"<div></div>")

    def test_documentType(self):
        """A document type and an XML declaration are left out."""
        template = xmlstr('<?xml version="1.0"?><!DOCTYPE html><p />')
        self.assertEqual(self.successResultOf(flattenString(None, Element(template))), b"<p></p>")

    def test_file(self):
        """A file is read again when it has changed."""
        path = self.mktemp()
        for text in ("<p>one</p>", "<p>another</p>"):
            with open(path, "w") as file:
                file.write(text)
            loader = getattr(self, "loader", None) or xmlfile(path)
            self.loader = loader
            self.assertEqual(self.successResultOf(flattenString(None, Element(loader))), text.encode())

    def test_sentLater(self):
        """An element that is sent later gets no request, and cannot wait for a Deferred."""
        seen = []

        class Outer(LiveElement):
            docFactory = stan(tags.div(render="liveElement"))

        class Inner(LiveElement):
            docFactory = stan(tags.div(render="liveElement")[tags.p(render="value")])
            result: object = ""

            @renderer
            def value(self, request, tag):
                seen.append(request)
                return self.result

        outer, inner, waiting = Outer(), Inner(), Inner()
        renderLivePage(outer)
        inner.setFragmentParent(outer)
        waiting.setFragmentParent(outer)
        outer.callRemote("add", inner)
        self.assertEqual(seen, [None])
        waiting.result = Deferred()
        self.assertRaises(TypeError, outer.callRemote, "add", waiting)

    def test_mixed(self):
        """Elements of twisted.web.template can contain ours, and ours theirs."""

        class Theirs(TwistedElement):
            loader = XMLString(
                '<i xmlns:t="http://twistedmatrix.com/ns/twisted.web.template/0.1"><b t:render="ours" /></i>'
            )

            @renderer
            def ours(self, request, tag):
                return Element(stan(tags.b["inner"]))

        html = self.render('<p nevow:render="theirs" />', theirs=lambda self, request, tag: tag[Theirs()])
        self.assertEqual(html, "<div><p><i><b>inner</b></i></p></div>")

    def test_preprocessors(self):
        """Those of base classes run first, and each once per template, not once per page."""
        ran = []

        def noted(name):
            return lambda document: ran.append(name) or document

        class Base(Element):
            docFactory = stan(tags.p)
            preprocessors = [noted("base")]

        class Derived(Base):
            preprocessors = [noted("derived")]

        for _ in range(2):
            self.successResultOf(flattenString(None, Derived()))
        self.assertEqual(ran, ["base", "derived"])

    def test_severalHandlers(self):
        """A node may have handlers for several events."""
        handlers = "".join(f'<athena:handler event="{event}" handler="go" />' for event in ("onclick", "onkeyup"))

        class Both(LiveElement):
            docFactory = xmlstr(
                f'<p {NEVOW} xmlns:athena="http://divmod.org/ns/athena/0.7" nevow:render="liveElement">{handlers}</p>'
            )

        self.assertIn('data-athena-handlers="onclick=go onkeyup=go"', renderLivePage(Both()).html)

    def test_tags(self):
        """Tags take attributes, of which None is left out, and handlers."""

        class Pressed(LiveElement):
            docFactory = stan(
                tags.p(render="liveElement", class_="note", title=None)[
                    handler(event="onclick", handler="order"), "text"
                ]
            )

        html = renderLivePage(Pressed()).html
        self.assertRegex(html, r'<p [^>]*class="note"')
        self.assertIn('data-athena-handlers="onclick=order"', html)
        self.assertNotIn("title=", html)
