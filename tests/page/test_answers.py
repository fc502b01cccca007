# -*- test-case-name: tests.page.test_answers -*-
"""Responses of pages, and resources that respond in the place of others."""

from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import NOT_DONE_YET
from twisted.web.test.requesthelper import DummyRequest

from athenalite._page.answers import Answering, Failed, isXHTML, written


class WrittenTests(SynchronousTestCase):
    """Markup by the content type of the response."""

    def request(self, contentType):
        """A request whose response has this content type, if any."""
        request = DummyRequest([b""])
        if contentType is not None:
            request.setHeader(b"content-type", contentType)
        return request

    def test_contentType(self):
        """Only a content type that names XML has the response parsed as XML."""
        for contentType, expected in (
            (None, False),
            (b"text/html; charset=utf-8", False),
            (b"application/xhtml+xml", True),
        ):
            self.assertIs(isXHTML(self.request(contentType)), expected)

    def test_written(self):
        """The parser that reads the response determines how text in a style element is written."""
        markup = b"<style>a &lt; b</style>"
        self.assertEqual(written(self.request(b"text/html"), markup), b"<style>a < b</style>")
        self.assertIn(b"a &lt; b", written(self.request(b"application/xhtml+xml"), markup))


class ResourceTests(SynchronousTestCase):
    """Stand-ins for resources."""

    def test_failed(self):
        """A failed search for a resource is logged, and the page responds with its reference."""
        faults = []

        class Page:
            def _logOf(self, request):
                return Logger("tests")

            def _respondWithFault(self, request, failure, reference):
                faults.append((failure, reference))

        failure = Failure(ValueError("no child"))
        self.assertIs(Failed(failure, Page()).render(DummyRequest([b""])), NOT_DONE_YET)
        [(seen, reference)] = faults
        self.assertIs(seen, failure)
        self.assertTrue(reference)
        self.assertEqual(self.flushLoggedErrors(ValueError), [failure])

    def test_answering(self):
        """A request that another resource responds to stays open."""
        self.assertIs(Answering().render(DummyRequest([b""])), NOT_DONE_YET)
