# -*- test-case-name: tests.page.test_resource -*-
"""Pages without widgets, and their children."""

import asyncio
import gc

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.components import registerAdapter
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from twisted.web.resource import IResource, Resource
from twisted.web.server import Site
from twisted.web.template import renderer
from twisted.web.template import renderer as expose
from zope.interface import implementer

from athenalite import tags as T
from athenalite import url
from athenalite._page import fragment
from athenalite._page.livepage import LivePage
from athenalite.context import RequestContext
from athenalite.flat import flatten
from athenalite.inevow import IRequest
from athenalite.loaders import stan, xmlfile, xmlstr
from athenalite.rend import FourOhFour, Fragment, NotFound, Page, asResource
from athenalite.testutil import FakeRequest
from tests.memory import withoutLoop
from tests.pages import NAMESPACES, InMemorySite, parseResponse


class Text(Resource):
    """A resource of Twisted's."""

    isLeaf = True

    def __init__(self, text):
        super().__init__()
        self.text = text

    def render_GET(self, request):
        return self.text


class Inner(Page):
    """A page in a page, which shows the part of the address that is its own."""

    def __init__(self, name):
        super().__init__(original=name, docFactory=stan(T.p(render=T.directive("name"))))

    def render_name(self, ctx, data):
        request = IRequest(ctx)
        return ctx.tag[data, " ", b"/".join(request.prepath), " ", b"/".join(request.postpath)]

    def child_deeper(self, ctx):
        return Inner("deeper")


class Undeclared:
    """A resource of Nevow's kind that does not say so."""

    def locateChild(self, ctx, segments):
        return "inner", segments[1:]

    def renderHTTP(self, ctx):
        return "outer"


class Outer(Page):
    """A page with children of every kind."""

    docFactory = stan(T.html[T.h1(render=T.directive("title"))])
    child_data = Text(b"data")
    before = None

    @renderer
    def title(self, request, tag):
        return tag["<Outer>"]

    def child_page(self, ctx):
        return Inner("page")

    def child_later(self, ctx):
        return succeed(Inner("later"))

    def child_none(self, ctx):
        return None

    def childFactory(self, ctx, name):
        return Inner(f"made {name}") if name in ("x", "none") else None

    def beforeRender(self, ctx):
        return self.before


class PageTestCase(SynchronousTestCase):
    """A site with such a page as its root."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.root = Outer()
        self.site.site = Site(self.root, reactor=self.site.clock)

    def body(self, path):
        """Return the body of the response, which must not be empty."""
        response = self.site.request(path)
        self.assertEqual(response.status, 200)
        return response.text


class ChildTests(PageTestCase):
    """Finding children."""

    def test_itself(self):
        """The page is at its own address."""
        self.assertEqual(self.body("/"), "<html><h1>&lt;Outer&gt;</h1></html>")

    def test_attribute(self):
        """A child may be a resource, a method that makes one, and a Deferred of one."""
        self.assertEqual(self.body("/data"), "data")
        self.assertEqual(self.body("/page"), "<p>page page </p>")
        self.assertEqual(self.body("/later"), "<p>later later </p>")

    def test_coroutines(self):
        """A child may be the result of a coroutine: in its method, childFactory, locateChild, or a Deferred there."""
        waiting = Deferred()

        async def child(ctx):
            await waiting
            return Inner("slow")

        async def made(ctx, name):
            return Inner(f"made {name}") if name == "known" else None

        self.root.child_slow = child
        transport = self.site.connect()
        transport.protocol.dataReceived(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(transport.value(), b"")
        waiting.callback(None)
        self.assertEqual(parseResponse(transport.value()).text, "<p>slow slow </p>")
        self.root.childFactory = made
        self.assertEqual(self.body("/known"), "<p>made known known </p>")
        self.assertEqual(self.site.request("/unknown").status, 404)

        async def located(ctx, segments):
            return Inner("located"), segments[1:]

        for locateChild in (located, lambda ctx, segments: succeed((Inner("located"), segments[1:]))):
            self.root.locateChild = locateChild
            self.assertEqual(self.body("/a"), "<p>located a </p>")
            self.assertEqual(self.body("/a/deeper"), "<p>deeper a/deeper </p>")
        self.root.locateChild = lambda ctx, segments: succeed(NotFound)
        self.assertEqual(self.site.request("/a").status, 404)

    def test_coroutineFails(self):
        """One that fails is an error of the request, which is answered."""

        async def child(ctx):
            raise ZeroDivisionError

        self.root.child_slow = child
        self.assertEqual(self.site.request("/slow").status, 500)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_factory(self):
        """Names without a method are passed to childFactory, and so are those whose method returns None."""
        self.assertEqual(self.body("/x"), "<p>made x x </p>")
        self.assertEqual(self.body("/none"), "<p>made none none </p>")

    def test_nested(self):
        """Children of children are found, with or without a slash at the end."""
        self.assertEqual(self.body("/page/deeper"), "<p>deeper page/deeper </p>")
        self.assertEqual(self.body("/page/deeper/"), "<p>deeper page/deeper/ </p>")

    def test_putChild(self):
        """Twisted's own children come first."""
        self.root.putChild(b"page", Text(b"put"))
        self.root.putChild("text", Text(b"put too"))
        self.assertEqual((self.body("/page"), self.body("/text")), ("put", "put too"))

    def test_children(self):
        """A page may have its children in a dict, as Nevow's had."""
        self.root.children = {"page": Text(b"mine")}
        self.assertEqual((self.body("/page"), self.body("/data")), ("mine", "data"))

    def test_childrenOfClass(self):
        """Its class may have the dict. What the page itself has comes first."""
        kinds = type("Kinds", (type(self.root),), {"children": {"page": Text(b"of all"), "other": Text(b"other")}})
        self.root.__class__ = kinds
        self.assertEqual((self.body("/page"), self.body("/other"), self.body("/data")), ("of all", "other", "data"))
        self.root.children = {"page": Text(b"mine")}
        self.assertEqual((self.body("/page"), self.body("/other")), ("mine", "other"))
        kinds.children = None
        self.assertEqual(self.site.request("/other").status, 404)

    def test_notFound(self):
        """An unknown name is 404, whatever it is."""
        for path in ("/y", "/page/y", "/__init__", "/page//", "/%ff", "/."):
            self.assertEqual(self.site.request(path).status, 404, path)

    def test_locateChild(self):
        """A page may locate resources itself, and consume any part of the path."""
        seen = []

        def locateChild(ctx, segments):
            seen.append(segments)
            return Inner("located"), segments[2:]

        self.root.locateChild = locateChild
        self.assertEqual(self.body("/a/b"), "<p>located a/b </p>")
        self.assertEqual(self.body("/a/b/deeper"), "<p>deeper a/b/deeper </p>")
        self.assertEqual(seen, [("a", "b"), ("a", "b", "deeper")])


class NevowTests(PageTestCase):
    """Objects with only Nevow's methods of a resource."""

    class Resource:
        """Responds with the path of the request."""

        def locateChild(self, ctx, segments):
            return (self, ()) if segments[0] == "own" else NotFound

        def renderHTTP(self, ctx):
            return f"at {IRequest(ctx).path.decode()}"

    def test_resource(self):
        """It is found and rendered by its own methods, if it provides IResource."""
        self.root.child_old = implementer(IResource)(self.Resource)()
        self.assertEqual(self.body("/old"), "at /old")
        self.assertEqual(self.body("/old/own"), "at /old/own")
        self.assertEqual(self.site.request("/old/other").status, 404)

    def test_undeclared(self):
        """An object that has Nevow's methods of a resource need not declare it; another is an error that says so."""
        self.root.child_lookup = lambda ctx: Undeclared()
        self.assertEqual((self.body("/lookup"), self.body("/lookup/inner")), ("outer", "inner"))
        error = self.assertRaises(TypeError, asResource, 3)
        self.assertIn("3 is not a resource: return one, text, a URL, or what is adapted to", str(error))

    def test_typeOfText(self):
        """A method that returns text may have set the type of its content, as in Nevow."""

        def feed(ctx):
            ctx.request.setHeader("content-type", "text/xml")
            return "<rss/>"

        self.root.child_feed, self.root.child_text = feed, "text"
        for path, kind in (("/feed", "text/xml"), ("/text", "text/html; charset=utf-8")):
            self.assertEqual(self.site.request(path).header("content-type"), kind)

    def test_text(self):
        """A child may be text, and has no children."""
        self.root.child_text = "text"
        self.assertEqual(self.body("/text"), "text")
        self.assertEqual(self.site.request("/text/x").status, 404)

    def test_adapted(self):
        """A child may be any object with an adapter; others are an error of the application."""

        class Model:
            """A part of an application that is not a resource."""

        registerAdapter(lambda model: Text(b"adapted"), Model, IResource)
        self.root.child_model = lambda ctx: Model()
        self.assertEqual(self.body("/model"), "adapted")
        self.assertRaises(TypeError, asResource, object())

    def test_names(self):
        """Further names that applications import."""
        self.assertEqual(NotFound, (None, ()))
        self.root.child_gone = FourOhFour()
        self.assertEqual(self.site.request("/gone").status, 404)
        self.assertIs(Fragment, fragment.Fragment)


class LivePagesTests(PageTestCase):
    """Live pages that another page contains."""

    class Live(LivePage):
        """The smallest page."""

        docFactory = stan(T.html[T.head(render=T.directive("liveglue"))])

    def transport(self, path):
        """Return the status of the transport of the page at this address."""
        page = self.site.request(path)
        address = page.island["transport"].removeprefix("./")
        return self.site.request(path.rpartition("/")[0] + "/" + address).status

    def test_child(self):
        """The files of a page that has the address of the page around it are found there."""
        self.root.child_ = lambda ctx: self.Live()
        self.assertEqual(self.transport("/"), 426)

    def test_rendered(self):
        """So they are if the outer page renders it, at its own address and below."""
        self.root.child_inner = shown = Page()
        shown.renderHTTP = lambda ctx: self.Live()
        self.assertEqual(self.transport("/inner"), 426)
        self.assertEqual(self.transport("/inner/"), 426)

    def test_noLivePage(self):
        """If the site has no live page, these addresses are not found, and nothing is created for them."""
        self.assertEqual(self.site.request("/_athena/transport").status, 404)
        self.assertFalse(hasattr(self.site.site, "livePageFactory"))

    def test_located(self):
        """A page that delegates locateChild to a live page finds that page's children."""
        live = self.Live()
        self.root.locateChild = lambda ctx, segments: (
            (self.Live(), ()) if segments == ("",) else live.locateChild(ctx, segments)
        )
        self.assertEqual(self.transport("/"), 426)


class RenderTests(PageTestCase):
    """Answering requests."""

    def test_beforeRender(self):
        """Rendering waits for the result of beforeRender."""
        self.root.before = waiting = Deferred()
        transport = self.site.connect()
        transport.protocol.dataReceived(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(transport.value(), b"")
        waiting.callback(None)
        self.assertIn("Outer", parseResponse(transport.value()).text)

    def test_failing(self):
        """A page that cannot be rendered is 500, without the reason, which is logged; in debug mode, with it."""
        for debug in (False, True):
            self.root.debug = debug
            self.root.docFactory = stan(object())
            response = self.site.request("/")
            self.assertEqual((response.status, "Traceback" in response.text), (500, debug))
            self.assertEqual(len(self.flushLoggedErrors(FlattenerError)), 1)

    def test_failingElsewhere(self):
        """So is one whose child, address or renderHTTP fails, at once or later; the response has a reference."""

        class Failing(Page):
            docFactory = stan(T.p["x"])

            def child_now(self, ctx):
                raise ZeroDivisionError("private")

            async def child_later(self, ctx):
                raise ZeroDivisionError("private")

        class Lost(Failing):
            async def locateChild(self, ctx, segments):
                raise ZeroDivisionError("private")

        class Rendering(Failing):
            def renderHTTP(self, ctx):
                raise ZeroDivisionError("private")

        class RenderingLater(Failing):
            async def renderHTTP(self, ctx):
                raise ZeroDivisionError("private")

        places = (Failing, "/now"), (Failing, "/later"), (Lost, "/x"), (Rendering, "/"), (RenderingLater, "/")
        for kind, path in places:
            for debug in (False, True):
                page = kind()
                page.debug = debug
                self.site.site.resource = page
                response = self.site.request(path)
                self.assertEqual((response.status, "private" in response.text), (500, debug), path)
                self.assertRegex(response.text, "[Rr]eference [0-9a-f]{8}")
                self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_methods(self):
        """An application's renderHTTP is for all methods, those of HTTP's extensions, too; a document is not."""

        class Store(Page):
            def renderHTTP(self, ctx):
                return "stored by " + IRequest(ctx).method.decode()

            def render_DELETE(self, request):
                return b"Twisted's own"

        self.site.site.resource.putChild("store", Store())
        for method in ("PUT", "PROPFIND", "POST", "GET"):
            self.assertEqual(self.site.request("/store", method).text, "stored by " + method)
        self.assertEqual(self.site.request("/store", "DELETE").text, "Twisted's own")
        self.site.site.resource.child_undeclared = lambda ctx: Undeclared()
        self.assertEqual(self.site.request("/undeclared", "PUT").text, "outer")
        self.assertEqual(self.site.request("/", "PUT").status, 501)
        # Of Twisted's own page for it.
        self.flushWarnings()

    def test_head(self):
        """HEAD returns the headers."""
        response = self.site.request("/", "HEAD")
        self.assertEqual((response.header("content-type"), response.body), ("text/html; charset=utf-8", b""))

    def test_addSlash(self):
        """With addSlash, the address without a slash redirects to the one with it."""
        self.patch(Inner, "addSlash", True)
        response = self.site.request("/page?q=1")
        self.assertEqual((response.status, response.header("location")), (302, "./page/?q=1"))
        self.assertEqual(self.body("/page/"), "<p>page page/ </p>")

    def test_ownAddress(self):
        """The address with the slash is then the page's own, and no child's."""
        self.patch(Outer, "addSlash", True)
        self.root.childFactory = lambda ctx, name: Inner(f"made {name}")
        self.assertIn("Outer", self.body("/"))
        self.assertEqual(self.body("/x"), "<p>made x x </p>")

    def test_slots(self):
        """Slots that beforeRender fills are filled in the whole document."""
        self.root.docFactory = stan(T.html[T.slot("a"), T.b[T.slot("b")]])
        self.root.beforeRender = lambda ctx: ctx.fillSlots("a", "x").fillSlots("b", 2) and None
        for _ in range(2):
            self.assertEqual(self.body("/"), "<html>x<b>2</b></html>")

    def test_renderers(self):
        """A renderer of either kind may return numbers, and a function may be one."""
        self.root.render_one = lambda ctx, data: 1
        self.root.docFactory = stan(
            T.html[T.b(render=T.directive("one")), T.i(render=lambda ctx, data: [ctx.tag.tagName, IRequest(ctx).path])]
        )
        self.assertEqual(self.body("/"), "<html>1i/</html>")

    def test_rendererOverridden(self):
        """A page's ``renderer`` finds the renderers of its document; the inherited one has those of all kinds."""

        class Finding(Page):
            docFactory = stan(T.p[[T.i(render=T.directive(name)) for name in ("own", "twisteds", "text", "other")]])

            def renderer(self, ctx, name):
                if name == "text":
                    return "text"
                return super().renderer(ctx, name) if name != "other" else lambda ctx, data: ctx.tag[data]

            def render_own(self, ctx, data):
                return ctx.tag["own"]

            def twisteds(self, request, tag):
                return tag[request.path.decode()]

            expose(twisteds)

        self.site.site = Site(Finding("data"), reactor=self.site.clock)
        self.assertEqual(self.body("/"), "<p><i>own</i><i>/</i>text<i>data</i></p>")

    def test_withoutRequest(self):
        """A unit test gets the document without a request, or that of a context, at once or later."""
        late = Deferred()

        class Shown(Page):
            docFactory = stan(T.p[T.directive("asked"), T.directive("late")])

            def render_asked(self, ctx, data):
                return [data, " ", "none" if ctx.request is None else ctx.request.uri.decode()]

            def render_late(self, ctx, data):
                return late

        page, ctx = Shown("é"), RequestContext(tag=FakeRequest(uri="/x"))
        html = page.renderString()
        self.assertRaises(ValueError, page.renderSynchronously)
        late.callback("!")
        self.assertEqual(self.successResultOf(html), "<p>é none!</p>")
        self.assertEqual(page.renderSynchronously(ctx), "<p>é /x!</p>")
        self.assertEqual(self.successResultOf(page.renderString(ctx)), "<p>é /x!</p>")

    def test_inDocument(self):
        """A page may stand in another document, with its own renderers."""

        class Shown(Page):
            docFactory = stan(T.i(render=T.directive("text")))

            def render_text(self, ctx, data):
                return ctx.tag[data]

        self.assertEqual(Page(docFactory=stan(T.p[Shown("inner")])).renderSynchronously(), "<p><i>inner</i></p>")

    def test_post(self):
        """A form posted to a page is answered with the page, as in Nevow."""
        self.assertIn("Outer", self.site.request("/", "POST", Content_Length="0").text)

    def test_asynchronousRenderers(self):
        """A renderer may be a coroutine of anything that a renderer returns; so may its children, and be Deferreds."""
        shared = succeed(5)

        async def one(ctx, data):
            return await succeed(1)

        async def nested(ctx, data):
            return ctx.tag[T.b[one(ctx, data)], [one(ctx, data)], shared]

        self.root.render_one = one
        self.root.render_nested = nested
        self.root.render_shared = lambda ctx, data: shared
        self.root.docFactory = stan(
            T.html[T.b(render=T.directive("one")), T.i(render=T.directive("nested")), T.directive("shared")]
        )
        for _ in range(2):
            self.assertEqual(self.body("/"), "<html>1<i><b>1</b>15</i>5</html>")

    def test_asyncioRenderer(self):
        """The log says which reactor a renderer, or beforeRender, needs that awaits asyncio."""

        async def sleeping(*args):
            await asyncio.sleep(1)

        self.root.docFactory = stan(T.html[T.directive("one")])
        withoutLoop(self)
        for name in ("render_one", "beforeRender"):
            setattr(self.root, name, sleeping)
            self.assertEqual(self.site.request("/").status, 500)
            (error,) = self.flushLoggedErrors()
            self.assertIn("twistd --reactor=asyncio", str(error))

    def test_failsOnce(self):
        """A renderer that fails later is reported once."""
        self.root.render_one = lambda ctx, data: fail(ZeroDivisionError())
        self.root.docFactory = stan(T.html[T.directive("one")])
        self.assertEqual(self.site.request("/").status, 500)
        gc.collect()
        self.assertEqual([failure.type for failure in self.flushLoggedErrors()], [FlattenerError])

    def test_sharedDeferreds(self):
        """A Deferred that the application keeps, and returns for each request, serves them all and is not changed."""
        child, pair, answer, ready = (
            succeed(one) for one in (Text(b"child"), (Text(b"located"), ()), "answer", "ready")
        )
        self.root.child_cached = lambda ctx: child
        self.root.before = ready
        for _ in range(2):
            self.assertEqual(self.body("/cached"), "child")
            self.assertIn("Outer", self.body("/"))
        self.root.renderHTTP = lambda ctx: answer
        for _ in range(2):
            self.assertEqual(self.body("/"), "answer")
        self.root.locateChild = lambda ctx, segments: pair
        for _ in range(2):
            self.assertEqual(self.body("/x"), "located")
        self.assertEqual((self.successResultOf(answer), self.successResultOf(ready)), ("answer", "ready"))

    def test_othersWait(self):
        """Pages that wait for the same Deferred in beforeRender do not wait for each other."""
        self.root.before = Deferred()
        self.root.render_one = lambda ctx, data: slow.pop() if slow else "quick"
        self.root.docFactory = stan(T.html[T.directive("one")])
        slow = [Deferred()]
        transports = [self.site.connect() for _ in range(2)]
        for transport in transports:
            transport.protocol.dataReceived(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.root.before.callback(None)
        self.assertEqual(transports[0].value(), b"")
        self.assertEqual(parseResponse(transports[1].value()).text, "<html>quick</html>")

    def test_factoryAtOwnAddress(self):
        """A coroutine of childFactory that finds nothing leaves a page its own address, as a method does."""

        async def none(*args):
            return None

        self.root.childFactory = none
        self.assertIn("Outer", self.body("/"))
        self.assertEqual(self.site.request("/missing").status, 404)
        self.root.child_given = none
        self.root.childFactory = lambda ctx, name: Inner(f"made {name}")
        self.assertEqual(self.body("/given"), "<p>made given given </p>")

    def test_otherMethods(self):
        """A method for one request method, as Twisted's resources have, may be a coroutine."""

        async def post(request):
            return "stored"

        self.root.render_POST = post
        self.assertEqual(self.site.request("/", "POST", Content_Length="0").text, "stored")

    def test_otherAnswers(self):
        """renderHTTP may return text, a resource, an address, a Deferred or a coroutine of one of them, or nothing."""
        for answer, body in (
            ("text", "text"),
            (b"bytes", "bytes"),
            (Inner("other"), "<p>other  </p>"),
            (succeed(Text(b"later")), "later"),
            (succeed("later"), "later"),
            (Text(b"data"), "data"),
        ):
            self.root.renderHTTP = lambda ctx, answer=answer: answer
            self.assertEqual(self.body("/"), body)

        async def coroutine(ctx):
            return Inner("other")

        async def after(ctx):
            return type(self.root).renderHTTP(self.root, ctx)

        self.root.renderHTTP = coroutine
        self.assertEqual(self.body("/"), "<p>other  </p>")
        self.root.renderHTTP = after
        self.assertIn("Outer", self.body("/"))
        self.root.renderHTTP = lambda ctx: url.here.child("x")
        self.assertEqual(self.site.request("/").header("location"), "http://localhost:8080/x")
        self.root.renderHTTP = lambda ctx: None
        self.assertEqual(self.site.request("/").status, 404)

    def test_isResource(self):
        """A page is one of twisted.web's resources."""
        self.assertIsInstance(self.root, Resource)


class DocumentTypeTests(SynchronousTestCase):
    """A page has the document type of its template, as in Nevow."""

    STRICT = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
    )
    HTML = '<html><head nevow:render="liveglue" xmlns:nevow="http://nevow.com/ns/nevow/0.1"/><body>x</body></html>'
    LINES = STRICT.replace(" ", "\n", 3)

    def shown(self, loader, kind=Page):
        """Return what a page with this document renders."""

        class Shown(kind):
            docFactory = loader

        site = InMemorySite(self)
        site.site = Site(Shown(), reactor=site.clock)
        return site.request("/").text

    def test_template(self):
        """That of a file, a text or markup in tags, without what is declared in it."""
        path = self.mktemp()
        plain = "<html><body>x</body></html>"
        with open(path, "w") as file:
            file.write(f"<?xml version='1.0'?>\n{self.LINES}\n{plain}")
        for loader in (
            xmlfile(path),
            xmlstr(self.STRICT + plain),
            stan([T.xml(self.STRICT), T.html[T.body["x"]]]),
            stan(T.xml(xmlfile(path))),
        ):
            self.assertEqual(self.shown(loader), f"{self.STRICT}\n{plain}")
            self.assertEqual(Page(docFactory=loader).renderSynchronously(), f"{self.STRICT}\n{plain}")
        declared = xmlstr(f"<!DOCTYPE html SYSTEM 'a\"b' [<!ENTITY x 'y'>]>{plain}")
        self.assertEqual(self.shown(declared), f"<!DOCTYPE html SYSTEM 'a\"b'>\n{plain}")

    def test_declaration(self):
        """An XML declaration that tags begin with is written, without the encoding of the past."""
        declared = T.xml("<?xml version='1.0' encoding='latin-1'?>"), T.Tag("rss")["x"]
        expected = '<?xml version="1.0"?>%s<rss>x</rss>'
        self.assertEqual(self.shown(stan(list(declared))), expected % "\n")
        self.assertEqual(flatten(list(declared)), expected % "")
        self.assertEqual(flatten([T.p["x"], declared[0]]), "<p>x</p>")
        self.assertEqual(
            flatten([T.xml(f"<?xml version='1.0'?>{self.STRICT}<p />")]), f'<?xml version="1.0"?>{self.STRICT}<p></p>'
        )

    def test_live(self):
        """A live page without one is in the mode of the standards."""
        for before, kind in (("", "<!DOCTYPE html>"), (self.STRICT, self.STRICT)):
            self.assertEqual(self.shown(xmlstr(before + self.HTML), LivePage).partition("\n")[0], kind)

    def test_none(self):
        """A page without one, one that is to be left out, and parts of a template that has one."""
        for loader in (
            xmlstr("<p>x</p>"),
            xmlstr("<!DOCTYPE p><p>x</p>", ignoreDocType=True),
            xmlstr(f'<!DOCTYPE p><p {NAMESPACES}><p nevow:pattern="x">x</p></p>', "x"),
            stan(T.p[T.xml("<!DOCTYPE x>x")]),
            stan(T.invisible[Fragment(docFactory=xmlstr("<!DOCTYPE p><p>x</p>"))]),
        ):
            self.assertEqual(self.shown(loader), "<p>x</p>")
