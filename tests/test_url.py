# -*- test-case-name: tests.test_url -*-
"""``athenalite.url`` is ``nevow.url``: URLs of requests, and those that depend on one."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import IResource
from twisted.web.template import flattenString
from twisted.web.test.requesthelper import DummyRequest

from athenalite import LivePageFactory, rend
from athenalite import tags as T
from athenalite.appserver import NevowSite
from athenalite.context import Context, RequestContext
from athenalite.testutil import FakeRequest
from athenalite.url import URL, URLOverlay, gethere, here, root, viewhere
from tests.pages import InMemorySite


def request(uri="/a/b?x=1", **options):
    """A request for this, at whose resource it has arrived."""
    return FakeRequest(uri=uri, currentSegments=uri.partition("?")[0].split("/")[1:], **options)


class URLTests(SynchronousTestCase):
    """Addresses of requests."""

    def test_fromContext(self):
        """It is absolute, has the path up to the resource that was found, and the query."""
        for uri, segments, expected in (
            ("/a/b/c", None, "http://localhost/"),
            ("/a/b/c", ["a"], "http://localhost/a"),
            ("/a/b/c?foo=bar", ["a", "b"], "http://localhost/a/b?foo=bar"),
            ("/a%2Fb/", ["a%2Fb", ""], "http://localhost/a%252Fb/"),
        ):
            asked = FakeRequest(uri=uri, currentSegments=segments)
            for ctx in (Context(asked), RequestContext(tag=asked)):
                self.assertEqual(str(URL.fromContext(ctx)), expected)
            self.assertEqual(str(URL.fromRequest(asked)), expected)
            self.assertEqual(str(URL.fromRequestAbsolute(asked)), f"http://localhost{uri}")

    def test_origin(self):
        """Scheme and host are the browser's: those that proxies say, if the site has some."""
        asked = request("/", headers={"Host": "example.org:8080"}, isSecure=True)
        self.assertEqual(str(URL.fromRequest(asked)), "https://example.org:8080/")
        forwarded = {"Host": "inner:1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "example.org"}
        asked = request("/", headers=forwarded)
        self.assertEqual(str(URL.fromRequest(asked)), "http://inner:1/")
        asked.site.livePageFactory = LivePageFactory(Clock(), behindProxy=True)
        self.assertEqual(str(URL.fromRequest(asked)), "https://example.org/")
        # A client may send anything.
        self.assertEqual(str(URL.fromRequest(request("/", headers={"Host": "a b/c"}))), "http://localhost/")

    def test_child(self):
        """In a method that finds a child, it is the address of the resource itself, as in Nevow."""
        seen = []

        class Root(rend.Page):
            def locateChild(self, ctx, segments):
                seen.append(str(URL.fromContext(ctx)))
                return super().locateChild(ctx, segments)

            def child_a(self, ctx):
                seen.append(str(URL.fromContext(ctx)))
                return Root() if len(seen) < 4 else None

        site = InMemorySite(self)
        site.site = NevowSite(Root(), reactor=Clock())
        site.request("/a/a/b?x")
        self.assertEqual(seen[:4], [f"http://localhost:8080{path}?x" for path in ("/", "/", "/a", "/a")])

    def test_noRequest(self):
        """An element that is sent has no request, and the error says so."""
        self.assertIn("without a request", str(self.assertRaises(LookupError, here.addressFor, None)))


class OverlayTests(SynchronousTestCase):
    """URLs that depend on the request."""

    def render(self, document):
        """The HTML of a document, as it is at ``/a/b?x=1``."""
        return self.successResultOf(flattenString(request(), document)).decode("ascii")

    def test_document(self):
        """They may be attributes and text of documents."""
        self.assertEqual(
            self.render(T.a(href=here.child("c").add("y", "2"))[here]),
            '<a href="http://localhost/a/b/c?y=2">http://localhost/a/b</a>',
        )
        self.assertEqual(self.render([root.child("c"), " ", URL.fromString("/d")]), "http://localhost/c /d")
        self.assertEqual(self.render([gethere, " ", viewhere]), "http://localhost/a/b?x=1 http://localhost/a/b")

    def test_root(self):
        """The root may have been remembered."""
        asked = request()
        asked.rememberRootURL("http://example.org/app/")
        self.assertEqual(str(root.child("c").addressFor(asked)), "http://example.org/app/c")

    def test_keep(self):
        """Parameters of the request are kept."""
        asked = request(args={"x": ["1", "é"], "y": ["2"]})
        self.assertEqual(str(here.keep("x", "z").addressFor(asked)), "http://localhost/a/b?x=1&x=%C3%A9")
        self.assertEqual(str(here.keep("x").child("c").keep("y").addressFor(asked)).count("&"), 2)

    def test_steps(self):
        """They have an address' methods, and nothing else."""
        self.assertEqual(
            self.render(gethere.clear().sibling("c").anchor("f").up().secure(port=1)), "https://localhost:1/a#f"
        )
        self.assertRaises(AttributeError, getattr, here, "port")
        overlay = URLOverlay(URL.fromContext, "documented", [("add", ("y",), {"value": "2"})], ["x"])
        self.assertEqual(overlay.__doc__, "documented")
        self.assertEqual(str(overlay.addressFor(request())), "http://localhost/a/b?x=1&y=2")

    def test_redirection(self):
        """As a resource, one redirects the browser to its absolute address."""
        for address, location in (
            (here.child("c"), "a/b/c"),
            (URL.fromString("/d"), "d"),
            (URL.fromString("e"), "a/e"),
        ):
            asked = request()
            IResource(address).render(asked)
            self.assertEqual((asked.code, asked.redirected_to), (302, f"http://localhost/{location}"))
        self.assertIsNone(IResource(Context(None), None))

    def test_path(self):
        """Below the origin of the request, an address can be one without that."""
        asked = request()
        self.assertEqual(here.child("c").pathFor(asked), "/a/b/c")
        self.assertEqual(URL.fromString("http://other/x").pathFor(asked), "http://other/x")
        self.assertEqual(URL.fromString("/x").pathFor(asked), "/x")

    def test_others(self):
        """A request of another kind has an address, too."""
        asked = DummyRequest([b""])
        asked.uri, asked.prepath = b"/a", [b"a"]
        self.assertEqual(str(here.addressFor(asked)), "http://dummy/a")
