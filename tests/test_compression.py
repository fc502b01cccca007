# -*- test-case-name: tests.test_compression -*-
"""``athenalite.compression`` is ``nevow.compression``."""

import gzip

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite import ElementRenderingLivePage
from athenalite import tags as T
from athenalite.appserver import NevowSite
from athenalite.compression import CompressingResourceWrapper
from athenalite.loaders import stan
from athenalite.rend import Page
from tests.pages import InMemorySite, Plain


class Root(Page):
    """A page with children."""

    docFactory = stan(T.p["root " * 20])

    def child_inner(self, ctx):
        return Page(docFactory=stan(T.p["inner"]))

    def child_live(self, ctx):
        return ElementRenderingLivePage(Plain())


class CompressionTests(SynchronousTestCase):
    """Pages that are sent compressed."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.site.site = NevowSite(CompressingResourceWrapper(Root()), reactor=Clock())

    def get(self, path, **headers):
        """Return the response to a request of a browser that accepts gzip."""
        return self.site.request(path, Accept_Encoding="deflate, gzip", Connection="close", **headers)

    def test_pages(self):
        """A page and those below it are compressed, for browsers that accept it."""
        for path, text in (("/", b"root"), ("/inner", b"inner"), ("/live/", b"athena:1")):
            response = self.get(path)
            self.assertEqual(response.header("content-encoding"), "gzip")
            self.assertIsNone(response.header("content-length"))
            body = response.body if response.header("transfer-encoding") is None else unchunked(response.body)
            self.assertIn(text, gzip.decompress(body))
        self.assertIsNone(self.site.request("/").header("content-encoding"))

    def test_assets(self):
        """What live pages load is compressed once, by them."""
        page = gzip.decompress(unchunked(self.get("/live/").body)).decode()
        script = page.partition('src="./')[2].partition('"')[0]
        response = self.get(f"/live/{script}")
        self.assertEqual(response.header("content-encoding"), "gzip")
        self.assertIn(b"athena", gzip.decompress(response.body))


def unchunked(body):
    """Return the content of chunks."""
    content = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        content, body = content + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return content
