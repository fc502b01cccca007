# -*- test-case-name: tests.test_testutil -*-
"""``athenalite.testutil`` is ``nevow.testutil``, as far as tests look at HTML."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.error import FlattenerError

from athenalite import tags as T
from athenalite import url
from athenalite.errors import ConnectionLost
from athenalite.inevow import IRequest
from athenalite.loaders import stan
from athenalite.rend import Fragment, Page
from athenalite.testutil import FakeRequest, FragmentWrapper, renderLivePage, renderPage
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
        self.assertEqual((seen, request.redirected_to), (["b", "y", b"/p/q"], "/p/q/c"))
        self.assertEqual(request.v, html)

    def test_plainFragment(self):
        """What is rendered is the document of tests, too."""
        page = Page(docFactory=stan(T.div[Fragment("x", stan(T.b["y"]))]))
        self.assertEqual(self.successResultOf(renderPage(page)), "<div><b>y</b></div>")
