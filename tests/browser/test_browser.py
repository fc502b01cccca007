# -*- test-case-name: tests.browser.test_browser -*-
"""A ``BrowserTestCase`` fails if its page misbehaves."""

import contextlib
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness.browser import BrowserTestCase

PAGES = {
    "/": "<!doctype html><title>Quiet</title><p>quiet</p>",
    "/throws": "<!doctype html><title>Throws</title><script src=/throws.js></script>",
    "/inline": "<!doctype html><title>Inline</title><script>document.title = 'ran'</script>",
    "/closed": "<!doctype html><title>Closed</title><script src=/closed.js></script>",
    "/closed.js": "addEventListener('pagehide', () => console.error('closed too early'));",
    "/throws.js": "throw new Error('thrown by a page');",
    "/favicon.ico": "",
}


class Site(BaseHTTPRequestHandler):
    """Serves ``PAGES``, under a policy that allows scripts of this site only."""

    def do_GET(self):
        body = PAGES[self.path].encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "script-src 'self'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # A test may end, and its page be closed, before everything was sent.
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *_):
        """Log nothing."""


class BrowserTestCaseTests(BrowserTestCase):
    """Each test runs a test of its own, against a small site."""

    def setUp(self):
        super().setUp()
        site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        thread = threading.Thread(target=site.serve_forever, args=(0.05,))
        thread.start()
        self.url = f"http://localhost:{site.server_port}"
        for cleanup in (site.server_close, thread.join, site.shutdown):
            self.addCleanup(cleanup)

    def visit(self, path, expected=None):
        """Return the result of a test that opens a page and does nothing more."""
        url = self.url + path

        class Visit(BrowserTestCase):
            def runTest(self):
                if expected is not None:
                    self.expectComplaint(expected)
                self.openPage(url).wait_for_load_state()

        return Visit().run(unittest.TestResult())

    def assertFailure(self, result, text):
        """Assert that the test failed for this reason."""
        [(_, why)] = result.failures
        self.assertIn(text, why)

    def test_quiet(self):
        """A test of a page that has no complaint passes."""
        self.assertTrue(self.visit("/").wasSuccessful())

    def test_uncaught(self):
        """A test fails when a script of its page throws."""
        self.assertFailure(self.visit("/throws"), "thrown by a page")

    def test_expected(self):
        """It passes when it expects the complaint."""
        self.assertTrue(self.visit("/throws", "thrown by a page").wasSuccessful())

    def test_closed(self):
        """Complaints of a page that is closed at the end of its test are no failure."""
        self.assertTrue(self.visit("/closed").wasSuccessful())

    def test_policy(self):
        """A test fails when its page breaks the Content-Security-Policy."""
        self.assertFailure(self.visit("/inline"), "Content Security Policy")

    def test_people(self):
        """Pages share no cookies."""
        first, second = self.openPage(self.url), self.openPage(self.url)
        first.evaluate("document.cookie = 'name=first'")
        self.assertEqual(second.evaluate("document.cookie"), "")
