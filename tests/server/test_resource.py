# -*- test-case-name: tests.server.test_resource -*-
"""Resources beside the pages."""

import gzip
import re

from twisted.logger import formatEvent, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from tests.pages import InMemorySite

FOREVER = "public, max-age=31536000, immutable"


class AthenaResourceTests(SynchronousTestCase):
    """Scripts and style sheets, as browsers request them."""

    def setUp(self):
        self.site = InMemorySite(self)
        [self.client] = re.findall(r'src="\.(/_athena/[^"]*/athenalite\.js)"', self.site.request().text)

    def test_immutable(self):
        """An asset with its digest is cached as immutable, and its type is not guessed."""
        response = self.site.request(self.client)
        self.assertEqual(response.status, 200)
        self.assertEqual(response.header("Cache-Control"), FOREVER)
        self.assertEqual(response.header("Content-Type"), "text/javascript; charset=utf-8")
        self.assertEqual(response.header("X-Content-Type-Options"), "nosniff")
        self.assertEqual(response.header("Vary"), "Accept-Encoding")

    def test_sameAddress(self):
        """The next page has the same address, so that browsers use their caches."""
        self.assertIn(f'src=".{self.client}"', self.site.request().text)

    def test_otherVersion(self):
        """A page of an earlier version gets the current script, but may not cache it under that address."""
        response = self.site.request("/_athena/0123456789/athenalite.js")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.header("Cache-Control"), "no-store")

    def test_gzip(self):
        """A browser that accepts gzip gets it, and others the plain script."""
        plain = self.site.request(self.client)
        self.assertIsNone(plain.header("Content-Encoding"))
        for accepted in ("gzip", "deflate, gzip;q=1.0", "br, GZIP ; q=0.5"):
            packed = self.site.request(self.client, Accept_Encoding=accepted)
            self.assertEqual(packed.header("Content-Encoding"), "gzip", accepted)
            self.assertEqual(gzip.decompress(packed.body), plain.body)
        for refused in ("gzip;q=0", "gzip; q=0.000", "br", "identity", "", "xgzip"):
            self.assertIsNone(self.site.request(self.client, Accept_Encoding=refused).header("Content-Encoding"))

    def test_head(self):
        """HEAD is answered with the headers of GET and no content, and nothing is logged."""
        logged = []
        globalLogPublisher.addObserver(logged.append)
        self.addCleanup(globalLogPublisher.removeObserver, logged.append)
        for accepted in ("gzip", "identity"):
            response = self.site.request(self.client, "HEAD", Accept_Encoding=accepted)
            self.assertEqual((response.status, response.body), (200, b""))
            for name in ("Cache-Control", "Content-Length", "Content-Encoding"):
                got = self.site.request(self.client, Accept_Encoding=accepted)
                self.assertEqual(response.header(name), got.header(name))
        self.assertEqual([formatEvent(event) for event in logged if "HEAD request" in formatEvent(event)], [])

    def test_nothing(self):
        """Every other path is not found."""
        for path in (
            "/_athena",
            "/_athena/",
            "/_athena/x",
            "/_athena/x/",
            "/_athena/x/Other.js",
            "/_athena/x/..%2f..%2fsetup.cfg",
            "/_athena/x/athenalite.js/more",
            "/_athena/x/athenalite.py",
            "/_athena/%ff/%ff.js",
        ):
            self.assertEqual(self.site.request(path).status, 404, path)
