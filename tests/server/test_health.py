# -*- test-case-name: tests.server.test_health -*-
"""The address that load balancers ask."""

from twisted.trial.unittest import SynchronousTestCase

from tests.pages import InMemorySite


class HealthTests(SynchronousTestCase):
    """``_athena/health``"""

    def setUp(self):
        self.site = InMemorySite(self)

    def ask(self, method="GET", path="/_athena/health", **headers):
        """Return the status and the body of a response."""
        response = self.site.request(path, method, **headers)
        return response.status, response.text

    def test_healthy(self):
        """It answers in plain text, which nothing caches, and makes no element and no session."""
        response = self.site.request("/_athena/health")
        self.assertEqual((response.status, response.text), (200, "ok\n"))
        self.assertEqual(response.header("Cache-Control"), "no-store")
        self.assertEqual(response.header("Content-Type"), "text/plain; charset=utf-8")
        self.assertEqual((self.site.elements, len(self.site.factory.sessions)), ([], 0))

    def test_head(self):
        """HEAD is answered without a body; other methods are refused, and there is nothing below it."""
        self.assertEqual(self.ask("HEAD"), (200, ""))
        response = self.site.request("/_athena/health", "POST", Content_Length="0")
        self.assertEqual((response.status, response.header("Allow")), (405, "GET, HEAD"))
        self.assertEqual(self.ask(path="/_athena/health/more")[0], 404)

    def test_draining(self):
        """While the site drains, the answer is 503; pages are served, and connected ones stay."""
        _, socket = self.site.page()
        self.site.factory.drain()
        self.assertEqual((self.ask(), self.site.factory.isDraining), ((503, "draining\n"), True))
        self.assertEqual(self.ask("HEAD"), (503, ""))
        self.assertEqual(self.site.request().status, 200)
        self.assertEqual((socket.messages(), socket.closed), ([], None))
        self.site.factory.drain(False)
        self.assertEqual((self.ask(), self.site.factory.isDraining), ((200, "ok\n"), False))

    def test_closing(self):
        """A site that is closed drains."""
        self.site.factory.close("bye")
        self.assertEqual(self.ask()[0], 503)
