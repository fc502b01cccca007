"""Responses to requests that have failed."""

import re

from twisted.logger import Logger, eventAsText
from twisted.trial.unittest import SynchronousTestCase

from tests.pages import InMemorySite


class FaultTests(SynchronousTestCase):
    """A factory of elements that fails: there is no page yet that could answer."""

    def request(self, debug, method="GET", refreshes=False):
        """The response, and the log."""
        logged = []

        def makeElement():
            raise ZeroDivisionError("private")

        site = InMemorySite(self, makeElement, log=Logger("tests", observer=logged.append), debug=debug)
        site.site.displayTracebacks = debug
        site.site.siteLog = site.factory.log
        site.site.refreshesFaults = refreshes
        response = site.request(method=method)
        [event] = logged
        return response, eventAsText(event)

    def test_reference(self):
        """The visitor gets a reference, and the log has it, with the cause."""
        response, text = self.request(False)
        reference = re.fullmatch(
            r"This page could not be made. Reference ([0-9a-f]{8}): the server's log says why.\n", response.text
        )[1]
        self.assertEqual((response.status, response.header("content-type")), (500, "text/plain; charset=utf-8"))
        self.assertIn("A request could not be answered: ZeroDivisionError: private, raised at", text)
        self.assertIn(f"Reference {reference}", text)

    def test_debug(self):
        """In debug mode the response is the page about the error."""
        response, text = self.request(True)
        self.assertIn("<h1>ZeroDivisionError</h1>", response.text)
        self.assertIn("makeElement", response.text)
        self.assertIn(re.search("reference ([0-9a-f]{8})", response.text)[1], text)
        self.assertIn("default-src 'none'", response.header("Content-Security-Policy"))

    def test_refreshed(self):
        """While the application is developed, the page loads itself again until it can be made; only then."""
        self.assertEqual(self.request(True, refreshes=True)[0].header("Refresh"), "1")
        self.assertIsNone(self.request(True)[0].header("Refresh"))
