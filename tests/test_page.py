# -*- test-case-name: tests.test_page -*-
"""``athenalite.page`` is ``nevow.page``."""

from twisted.internet.defer import succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError, MissingTemplateLoader
from twisted.web.template import TagLoader, flattenString

from athenalite._templates.rewriting import HANDLERS_ATTRIBUTE
from athenalite.athena import LiveElement
from athenalite.loaders import stan, xmlstr
from athenalite.page import Element, renderer
from athenalite.tags import b, directive, p
from tests.pages import NAMESPACES, InMemorySite, Plain, template
from tests.test_stan import flat


class Greeting(Element):
    """An element in Nevow's words."""

    docFactory = stan(p(render=directive("name")))

    def name(self, request, tag):
        return tag["Alice"]

    renderer(name)


class ElementTests(SynchronousTestCase):
    """Elements without widgets."""

    def test_render(self):
        """Its docFactory is rendered with its renderers; an instance may have a document of its own."""
        self.assertEqual(flat(self, Greeting()), "<p>Alice</p>")
        self.assertEqual(flat(self, Greeting(docFactory=xmlstr("<b/>"))), "<b></b>")

    def test_loader(self):
        """Twisted's word for the template works too, and Twisted's loaders."""
        self.assertEqual(flat(self, type("Own", (Element,), {"loader": TagLoader(p("x"))})()), "<p>x</p>")

    def test_none(self):
        """Without a template, the error names the class."""
        self.assertIn("Element", str(self.assertRaises(MissingTemplateLoader, Element().render, None)))
        for wrong, shown in (("<p/>", "a str"), (p("x"), "a Tag"), (xmlstr, "xmlstr")):
            error = self.assertRaises(MissingTemplateLoader, Element(docFactory=wrong).render, None)
            self.assertIn(f"the docFactory of Element is {shown}: set it to a loader", str(error))

    def test_preprocessors(self):
        """With the preprocessors of a LiveElement, its handlers are those of the widget around it."""

        class Handling(Element):
            docFactory = xmlstr(f'<b {NAMESPACES}><athena:handler event="onclick" handler="f"/></b>')
            preprocessors = LiveElement.preprocessors

        self.assertIn(f'{HANDLERS_ATTRIBUTE}="onclick=f"', flat(self, Handling()))

    def test_ids(self):
        """And its ids are of that widget, however deep a renderer has put it; in none it can have none."""

        class Field(Element):
            docFactory = xmlstr('<i id="x"/>')
            preprocessors = LiveElement.preprocessors

        class Around(Element):
            docFactory = stan(p(render=directive("field")))

            @renderer
            def field(self, request, tag):
                return Field()

        class Outer(Plain):
            docFactory = template('<p nevow:render="fields"/><p nevow:render="late"/>')
            kept = Field()

            @renderer
            def fields(self, request, tag):
                inner = Plain()
                inner.setFragmentParent(self)
                return [inner, tag[self.kept, (Around(),)]]

            @renderer
            def late(self, request, tag):
                return succeed(Field())

        for _ in range(2):
            self.assertEqual(InMemorySite(self, Outer).request().text.count('<i id="athenaid:1-x">'), 3)
        error = self.failureResultOf(flattenString(None, Field()), FlattenerError)
        self.assertIn("no renderer of a LiveElement", error.getErrorMessage())

    def test_twistedRenderers(self):
        """A renderer may return what Nevow's flattener knew, or a Deferred of it."""

        class Counting(Greeting):
            def name(self, request, tag):
                return succeed(tag[5])

            renderer(name)

        self.assertEqual(flat(self, Counting()), "<p>5</p>")


class OverrideTests(SynchronousTestCase):
    """Nevow's hooks of elements that a subclass overrides."""

    def test_renderer(self):
        """An element's ``renderer`` finds renderers; the inherited one has the exposed methods."""

        class Finding(Greeting):
            docFactory = stan(p[p(render=directive("name")), p(render=directive("other")), p(render=directive("none"))])

            def renderer(self, name):
                if name == "other":
                    return lambda request, tag: tag[name, 1]
                return super().renderer(name)

        error = self.failureResultOf(flattenString(None, Finding()), FlattenerError)
        self.assertIn("'none'", error.getErrorMessage())
        document = stan(p[p(render=directive("name")), p(render=directive("other"))])
        self.assertEqual(flat(self, Finding(docFactory=document)), "<p><p>Alice</p><p>other1</p></p>")

    def test_asyncRenderer(self):
        """``renderer(name)`` may be a coroutine, and so may the renderer that it returns."""

        class Finding(Greeting):
            docFactory = stan(p[p(render=directive("a")), p(render=directive("b"))])

            async def renderer(self, name):
                async def show(request, tag):
                    return tag[name]

                return show

        self.assertEqual(flat(self, Finding()), "<p><p>a</p><p>b</p></p>")

    def test_rend(self):
        """An element's ``rend`` is called, and its result shown; it may be a coroutine."""
        seen = []

        class Rending(Plain):
            docFactory = template('<i id="i"/>')

            async def rend(self, ctx, data):
                seen.append((ctx.arg("a"), data))
                return [super().rend(ctx, data), Element(stan(b["and"]))]

        text = InMemorySite(self, Rending).request("/?a=x").text
        self.assertIn('<i id="athenaid:1-i"></i></div><b>and</b>', text)
        self.assertEqual(seen, [("x", None)])
