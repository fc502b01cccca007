# -*- test-case-name: tests.test_context -*-
"""What Nevow's applications ask of a context."""

from twisted.internet.defer import succeed
from twisted.python.components import registerAdapter
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.iweb import IRequest
from twisted.web.template import flattenString, slot
from twisted.web.template import tags as twistedTags
from twisted.web.test.requesthelper import DummyRequest
from zope.interface import Interface, alsoProvides

from athenalite.context import (
    Context,
    PageContext,
    RendererFactory,
    RequestContext,
    WebContext,
    WovenContext,
    contextRenderer,
)
from athenalite.rend import Page
from athenalite.tags import p
from tests.test_stan import flat


class ContextTests(SynchronousTestCase):
    """The context itself."""

    def test_request(self):
        """It is adapted to the interfaces of its request, and to no others."""
        request = DummyRequest([b""])
        self.assertIsNone(IRequest(Context(request), None))
        alsoProvides(request, IRequest)
        self.assertIs(IRequest(Context(request)), request)
        self.assertIsNone(IRequest(Context(None), None))

    def test_fillSlots(self):
        """It fills slots of its tag, if it has one."""
        self.assertEqual(flat(self, Context(None, p[slot("s")]).fillSlots("s", "x")), "<p>x</p>")
        self.assertRaises(LookupError, Context(None).fillSlots, "s", "x")

    def test_arg(self):
        """It gives the first value of an argument, as text or as bytes, or what stands for it."""
        request = DummyRequest([b""])
        request.args = {b"a": ["é".encode(), b"y"], b"b": []}
        ctx = Context(request)
        self.assertEqual((ctx.arg("a"), ctx.arg(b"a"), ctx.arg("b"), ctx.arg("c", 1)), ("é", "é".encode(), None, 1))
        self.assertIsNone(Context(None).arg("a"))
        self.assertIsInstance(ctx, WovenContext)


class IColour(Interface):
    """What contexts are asked for."""


class IShape(Interface):
    """What requests are adapted to."""


class PartsTests(SynchronousTestCase):
    """Contexts that tests make of parts, as Nevow's."""

    def test_parts(self):
        """A context is adapted to what it, or one around it, remembers; the request is that of the outermost."""
        request = DummyRequest([b""])
        request.args = {b"a": [b"x"]}
        alsoProvides(request, IRequest)
        outer = RequestContext(tag=request)
        page = PageContext(outer, "page")
        ctx = WovenContext(page, p[slot("s")])
        self.assertIs(ctx.request, request)
        self.assertEqual((ctx.arg("a"), page.tag, ctx.parent), ("x", "page", page))
        self.assertIs(ctx.locate(IRequest), request)
        self.assertRaises(KeyError, ctx.locate, IColour)
        self.assertIs(page.remember("red", IColour), page)
        self.assertEqual((IColour(ctx), IColour(outer, None)), ("red", None))
        self.assertEqual(flat(self, ctx.fillSlots("s", 1)), "<p>1</p>")
        other = WebContext().remember(request)
        self.assertIs(other.request, request)
        self.assertEqual(IColour(WovenContext(remembrances={IColour: "blue"})), "blue")

    def test_patterns(self):
        """A context has the patterns of its tag."""
        ctx = Context(None, p[p(pattern="x")["y"]])
        self.assertEqual(
            flat(
                self,
                ctx.onePattern("x"),
                ctx.allPatterns("x"),
                ctx.patternGenerator("x")(),
                ctx.patternGenerator("z", p)(),
            ),
            "<p>y</p><p>y</p><p>y</p><p></p>",
        )
        self.assertRaises(LookupError, Context(None).onePattern, "x")

    def test_noChain(self):
        """What a renderer would remember could not be found later: the error says so."""
        error = self.assertRaises(NotImplementedError, Context(None).remember, "red", IColour)
        self.assertIn("no chain of contexts", str(error))

        error = self.assertRaises(NotImplementedError, Page().remember, "red", IColour)
        self.assertIn("keep it on the page or the element", str(error))

    def test_adapters(self):
        """An adapter that is registered for contexts of requests is found from those of renderers."""
        registerAdapter(lambda ctx: ("adapted", ctx.tag), RequestContext, IShape)
        request = DummyRequest([b""])
        self.assertEqual(IShape(Context(request)), ("adapted", request))
        self.assertEqual(Context(request).locate(IShape), ("adapted", request))


class Owner:
    """Something with renderers."""

    def render_plain(self, ctx, data):
        return ctx.tag[data]

    def render_shown(self, data):
        return data.upper()

    def render_three(self, ctx, data, end="."):
        return data + end

    def render_row(self, *names):
        return lambda ctx, data: ctx.tag[",".join(names)]

    async def render_later(self, *names):
        async def show(ctx, data):
            return ctx.tag[f"{data}: {','.join(names)}"]

        return show

    def render_deferred(self, *names):
        return succeed(lambda ctx, data: succeed(ctx.tag[f"{data}: {','.join(names)}"]))

    def render_plainly(self, name):
        return "text"

    async def render_tagged(self, name):
        return p[name]

    async def render_nothing(self, name):
        pass


class AsyncFactory(RendererFactory):
    """Finds renderers asynchronously."""

    async def renderer(self, ctx, name):
        """A renderer, or markup."""
        return "some markup" if name == "markup" else lambda ctx, data: ctx.tag[f"{name} {data}"]


class RendererTests(SynchronousTestCase):
    """Renderers in the style of Nevow's pages and fragments."""

    def render(self, name, owner=None):
        """What the renderer of this name makes of one of Twisted's tags."""
        return flat(self, contextRenderer(owner or Owner(), name, "data")("request", twistedTags.p()))

    def fault(self, name):
        """The text of the error of this renderer."""
        try:
            result = contextRenderer(Owner(), name, "data")("request", twistedTags.p())
        except TypeError as error:
            return str(error)
        return str(self.failureResultOf(flattenString(None, result)).value.args[0])

    def test_called(self):
        """They are called with a context and the data; the context has a tag of Nevow's kind."""
        self.assertEqual(self.render("plain"), "<p>data</p>")

    def test_arguments(self):
        """A directive with arguments calls the method for a renderer."""
        self.assertEqual(self.render("row a, b"), "<p>a,b</p>")

    def test_asyncArguments(self):
        """The method for a directive with arguments, and the renderer that it returns, may be coroutines."""
        for directive in ("later a, b", "deferred a, b"):
            self.assertEqual(self.render(directive), "<p>data: a,b</p>")

    def test_argumentsWithoutRenderer(self):
        """A method that returns no renderer for its arguments is an error that names it and says what to return."""
        for directive, found in (("plainly a", "str"), ("tagged a", "Tag"), ("nothing a", "NoneType")):
            failure = self.fault(directive)
            self.assertIn(f"render_{directive.split()[0]} of Owner has returned a value of type {found}", failure)
            self.assertIn(f"for the directive '{directive}': a renderer with arguments returns a function", failure)

    def test_asyncFactory(self):
        """``renderer(ctx, name)`` may be a coroutine of a renderer or of markup."""
        for name, markup in (("a", "<p>a data</p>"), ("markup", "some markup")):
            self.assertEqual(self.render(name, AsyncFactory()), markup)

    def test_function(self):
        """A function is the renderer itself; its result may be what Nevow's flattener knew."""
        self.assertEqual(self.render(lambda ctx, data: [ctx.tag[data], 1]), "<p>data</p>1")

    def test_data(self):
        """As in Nevow, one that takes one argument gets the data alone, and a function of three the owner, too."""
        owner = Owner()
        for name, shown in (
            ("shown", "DATA"),
            (lambda data: data + "!", "data!"),
            (lambda own, ctx, data: [str(own is owner), ctx.tag[data]], "True<p>data</p>"),
            (lambda ctx, data, end="?": data + end, "data?"),
            (lambda *both: both[1], "data"),
            (lambda self, *rest: rest[0], "data"),
            (owner.render_three, "data."),
        ):
            rendered = contextRenderer(owner, name, "data")("request", twistedTags.p())
            self.assertEqual(flat(self, rendered), shown)

    def test_none(self):
        """There is none of another name."""
        self.assertIsNone(contextRenderer(Owner(), "other"))
