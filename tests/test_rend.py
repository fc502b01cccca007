# -*- test-case-name: tests.test_rend -*-
"""Pages without widgets, and what is below them."""

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError
from twisted.web.resource import Resource
from twisted.web.server import Site
from twisted.web.template import renderer

from athenalite import tags as T
from athenalite.inevow import IRequest
from athenalite.loaders import stan
from athenalite.rend import Page
from tests.pages import InMemorySite, parseResponse


class Text(Resource):
    """A resource of Twisted's own kind."""

    isLeaf = True

    def __init__(self, text):
        super().__init__()
        self.text = text

    def render_GET(self, request):
        return self.text


class Inner(Page):
    """A page in a page, which tells what of its address is its own."""

    def __init__(self, name):
        super().__init__(original=name, docFactory=stan(T.p(render=T.directive("name"))))

    def render_name(self, ctx, data):
        request = IRequest(ctx)
        return ctx.tag[data, " ", b"/".join(request.prepath), " ", b"/".join(request.postpath)]

    def child_deeper(self, ctx):
        return Inner("deeper")


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
        """What is there, which must be something."""
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

    def test_factory(self):
        """What has no method is asked of childFactory; so is what has one that returns None."""
        self.assertEqual(self.body("/x"), "<p>made x x </p>")
        self.assertEqual(self.body("/none"), "<p>made none none </p>")

    def test_nested(self):
        """Children of children are found, with or without a slash at the end."""
        self.assertEqual(self.body("/page/deeper"), "<p>deeper page/deeper </p>")
        self.assertEqual(self.body("/page/deeper/"), "<p>deeper page/deeper/ </p>")

    def test_putChild(self):
        """Twisted's own way comes first."""
        self.root.putChild(b"page", Text(b"put"))
        self.assertEqual(self.body("/page"), "put")

    def test_notFound(self):
        """What is nowhere is 404, whatever its name."""
        for path in ("/y", "/page/y", "/__init__", "/page//", "/%ff", "/."):
            self.assertEqual(self.site.request(path).status, 404, path)

    def test_locateChild(self):
        """A page may find resources by rules of its own, and take as much of the path as it likes."""
        seen = []

        def locateChild(ctx, segments):
            seen.append(segments)
            return Inner("located"), segments[2:]

        self.root.locateChild = locateChild
        self.assertEqual(self.body("/a/b"), "<p>located a/b </p>")
        self.assertEqual(self.body("/a/b/deeper"), "<p>deeper a/b/deeper </p>")
        self.assertEqual(seen, [("a", "b"), ("a", "b", "deeper")])


class RenderTests(PageTestCase):
    """Answering requests."""

    def test_beforeRender(self):
        """Rendering waits for what beforeRender returns."""
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

    def test_head(self):
        """HEAD gives the headers."""
        response = self.site.request("/", "HEAD")
        self.assertEqual((response.header("content-type"), response.body), ("text/html; charset=utf-8", b""))

    def test_addSlash(self):
        """With addSlash, the address without a slash leads to the one with it."""
        self.patch(Inner, "addSlash", True)
        response = self.site.request("/page?q=1")
        self.assertEqual((response.status, response.header("location")), (302, "./page/?q=1"))
        self.assertEqual(self.body("/page/"), "<p>page page/ </p>")

    def test_isResource(self):
        """A page is one of twisted.web's resources."""
        self.assertIsInstance(self.root, Resource)
