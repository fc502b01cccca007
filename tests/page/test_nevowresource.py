# -*- test-case-name: tests.page.test_nevowresource -*-
"""Resources in Nevow's style, which need not be pages, on a site of ``twisted.web``."""

from types import SimpleNamespace

from twisted.internet.defer import succeed
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import Site

from athenalite._page.livepage import LivePage
from athenalite._page.nevowresource import NevowResource, NotFound, asResource
from athenalite._page.resource import Page
from athenalite.auth import MemberPage
from tests.pages import InMemorySite


class Echo(NevowResource):
    """Responds with its path, to be found at any depth below ``echo``."""

    headers = {"Content-Type": "text/plain", "X-Echo": "yes"}

    def locateChild(self, ctx, segments):
        """Take all segments, or none."""
        return (succeed(self), ()) if segments[0] == "echo" else NotFound

    def renderHTTP(self, ctx):
        """Respond, or fail for a request that asks for it."""
        if b"fail" in ctx.request.args:
            raise ZeroDivisionError
        return "/".join(segment.decode() for segment in ctx.request.prepath)


class NevowResourceTests(SynchronousTestCase):
    """``NevowResource``"""

    def setUp(self):
        self.site = InMemorySite(self)
        self.site.site = Site(Echo(), reactor=self.site.clock)

    def test_found(self):
        """The child that ``locateChild`` returns responds, with the headers of its class, for all that it took."""
        response = self.site.request("/echo/a/b")
        self.assertEqual((response.status, response.text), (200, "echo/a/b"))
        self.assertEqual([response.header(name) for name in ("content-type", "x-echo")], ["text/plain", "yes"])

    def test_notFound(self):
        """No child is the status 404."""
        self.assertEqual(self.site.request("/other").status, 404)

    def test_failing(self):
        """An error is logged, and the response does not show it."""
        response = self.site.request("/echo?fail=1")
        self.assertEqual((response.status, "ZeroDivision" in response.text), (500, False))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_methods(self):
        """An application's own ``renderHTTP`` responds to all methods, whatever its module's name."""
        self.site.site = Site(type("Other", (Echo,), {"renderHTTP": _method})(), reactor=self.site.clock)
        self.assertEqual(self.site.request("/echo", "PUT").text, "PUT")

    def test_documents(self):
        """Those of this package's own pages show documents, for which PUT is refused."""
        member = MemberPage(SimpleNamespace(factory=None), None)
        for page in (NevowResource(), Page(), LivePage(), member):
            page.isLeaf = True
            self.site.site = Site(page, reactor=self.site.clock)
            self.assertEqual(self.site.request("/", "PUT").status, 501, page)
        # Of Twisted's own page for it.
        self.flushWarnings()


def _method(resource, ctx):
    """Respond with the method."""
    return ctx.request.method.decode()


_method.__module__ = "athenalite.example"


class AsResourceTests(SynchronousTestCase):
    """``asResource``"""

    def test_resource(self):
        """A resource of Twisted's, or one in Nevow's style that is one, is itself."""
        resource = Echo()
        self.assertIs(asResource(resource), resource)
