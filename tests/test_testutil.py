# -*- test-case-name: tests.test_testutil -*-
"""``athenalite.testutil`` is ``nevow.testutil``, as far as tests look at HTML."""

import warnings

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError

from athenalite import tags as T
from athenalite import url
from athenalite.context import PageContext, RequestContext, WebContext
from athenalite.errors import ConnectionLost
from athenalite.inevow import IRequest
from athenalite.loaders import stan
from athenalite.rend import Fragment, Page
from athenalite.testutil import AccumulatingFakeRequest, FakeRequest, FragmentWrapper, renderLivePage, renderPage
from tests.pages import Plain


class RenderTests(SynchronousTestCase):
    """The HTML of pages."""

    def test_fragment(self):
        """A fragment on a page of its own is rendered, and the page ends."""
        page = FragmentWrapper(element := Plain())
        notified = page.notifyOnDisconnect()
        html = self.successResultOf(renderLivePage(page))
        self.assertIn('id="athena:1"', html)
        self.failureResultOf(notified, ConnectionLost)
        self.assertIsNone(element.page)

    def test_waiting(self):
        """A page may wait for a Deferred, and any resource may be requested."""
        waiting = Deferred()
        html = renderPage(Page(docFactory=stan(T.p[waiting])))
        self.assertNoResult(html)
        waiting.callback("x")
        self.assertEqual(self.successResultOf(html), "<p>x</p>")
        self.assertEqual(self.successResultOf(renderPage("text")), "text")

    def test_failing(self):
        """The error of a page that cannot be rendered is logged, as it would be."""
        self.assertIn("log", self.successResultOf(renderPage(Page(docFactory=stan(object())))))
        self.assertEqual(len(self.flushLoggedErrors(FlattenerError)), 1)

    def test_request(self):
        """A request has the given headers and arguments, and the response."""
        seen = []

        class Asking(Page):
            def renderHTTP(self, ctx):
                request = IRequest(ctx)
                seen.extend([ctx.arg("a"), request.getHeader("x"), request.path])
                return url.here.child("c")

        request = FakeRequest({"X": "y"}, {"a": ["b"]}, "/p/q?r=1")
        self.assertIsNone(request.redirected_to)
        html = self.successResultOf(renderPage(Asking(), lambda: request))
        self.assertEqual((seen, request.redirected_to), (["b", "y", b"/p/q"], "http://localhost/c"))
        self.assertEqual(request.v, html)

    def test_plainFragment(self):
        """What is rendered is the document of tests, too."""
        page = Page(docFactory=stan(T.div[Fragment("x", stan(T.b["y"]))]))
        self.assertEqual(self.successResultOf(renderPage(page)), "<div><b>y</b></div>")

    def test_positions(self):
        """The arguments have the order of Nevow's, too."""
        page = Page(docFactory=stan(T.p["x"]))
        for arguments in ((WebContext, FakeRequest), (WebContext,), (FakeRequest,), ()):
            self.assertEqual(self.successResultOf(renderPage(page, *arguments)), "<p>x</p>")
        html = renderLivePage(FragmentWrapper(Plain()), reqFactory=lambda: FakeRequest(uri="/x"))
        self.assertIn('"./x/_athena/transport"', self.successResultOf(html))


class FakeRequestTests(SynchronousTestCase):
    """What tests ask a request."""

    def test_parts(self):
        """It has what it was made of."""
        avatar = object()
        request = FakeRequest({"X": "y"}, {"a": ["b"]}, avatar, "/p/q", ["p"], {"c": "d"}, "someone", "secret", True)
        self.assertIs(request.getSession().getLoggedInRoot(), avatar)
        self.assertIsNone(request.getSession(IRequest))
        request.getSession().touch()
        self.assertEqual((request.prepath, request.postpath, request.args), ([b"p"], [b"q"], {b"a": [b"b"]}))
        self.assertEqual((request.getUser(), request.getPassword(), request.isSecure()), ("someone", "secret", True))
        self.assertEqual(
            (request.getCookie("c"), request.getCookie("e"), request.getClientIP()), ("d", None, "127.0.0.1")
        )
        self.assertEqual(
            (request.prePathURL(), str(request.URLPath())), (b"https://localhost/p", "https://localhost/p")
        )
        self.assertIsNone(request.getRootURL())
        request.rememberRootURL()
        self.assertEqual(request.getRootURL(), b"https://localhost/p")

    def test_response(self):
        """It has the response: its body, its headers and its status."""
        request = AccumulatingFakeRequest({"Accept": "x"})
        self.assertEqual((request.code, request.getDefault("a", None)), (200, ""))
        request.remember(None, None)
        request.setResponseCode(404)
        request.setHeader("content-type", "text/plain")
        request.setLastModified(7)
        request.addCookie("a", "b", path="/")
        request.processingFailed("failure")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            request.write("a")
            request.write(b"b")
            request.finishRequest(True)
        self.assertEqual([one.filename for one in caught], [__file__] * 2)
        self.assertEqual((request.accumulator, request.v, request.code, request.lastModified), ("ab", "ab", 404, 7))
        self.assertEqual(request.headers, {"accept": "x", "content-type": "text/plain"})
        self.assertEqual((request.cookies, request.failure), ({"a": "b"}, "failure"))
        self.assertEqual((self.successResultOf(request.d), self.successResultOf(request.deferred)), (None, ""))


class ContextTests(SynchronousTestCase):
    """Pages that are rendered with a context of the test's own."""

    def test_renderHTTP(self):
        """The result is a Deferred, as in Nevow, that fires when the page is rendered."""

        class Slow(Page):
            docFactory = stan(T.p(render="later"))

            def render_later(self, ctx, data):
                self.waiting = Deferred()
                return self.waiting

        page, request = Slow(), AccumulatingFakeRequest()
        done = page.renderHTTP(PageContext(tag=page, parent=RequestContext(tag=request)))
        self.assertNoResult(done)
        page.waiting.callback("x")
        self.successResultOf(done)
        self.assertEqual(request.v, "x")
