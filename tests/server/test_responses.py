# -*- test-case-name: tests.server.test_responses -*-
"""Errors have the headers that pages have, and no response has the version of the server."""

from http import HTTPStatus

from twisted.trial.unittest import SynchronousTestCase
from twisted.web.server import Site

from athenalite import tags
from athenalite._server.responses import ERROR_HEADERS, refusal
from athenalite.loaders import stan
from athenalite.rend import Page
from tests.pages import InMemorySite


class ErrorTests(SynchronousTestCase):
    """Responses of a site."""

    def raw(self, data):
        """What a site responds to these bytes."""
        transport = InMemorySite(self).connect()
        transport.protocol.dataReceived(data)
        return transport.value()

    def test_errors(self):
        """Each has all headers: Twisted's own pages, and what is refused before there is a resource."""
        host = b" HTTP/1.1\r\nHost: localhost\r\n"
        for data, status in (
            (b"GET /none" + host, 404),
            (b"POST /" + host, 405),
            (b"BREW /_athena/x/y" + host, 404),
            (b"GET /_athena/transport" + host, 426),
            (b"nonsense", 400),
            (b"POST /" + host + b"Content-Length: 100000000\r\n", 413),
        ):
            response = self.raw(data + b"\r\n\r\n")
            self.assertIn(f" {status} ".encode(), response[:20], data)
            self.assertNotIn(b"Unknown", response.split(b"\r\n")[0])
            for name, value in ERROR_HEADERS.items():
                self.assertIn(f"{name}: ".lower().encode(), response.lower(), (data, name))
                # That of the page itself has the headers of pages.
                if name != "Cache-Control" and status != 405:
                    self.assertIn(value.encode(), response, (data, name))

    def test_server(self):
        """No response has Twisted's version."""
        for path in (b"/", b"/none"):
            response = self.raw(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertNotIn(b"Twisted", response)

    def test_refusal(self):
        """A refusal is complete, and the last response of its connection."""
        response = refusal(HTTPStatus.BAD_REQUEST)
        self.assertTrue(response.startswith(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n"))
        self.assertTrue(response.endswith(b"\r\n\r\n"))


class PlainSiteTests(SynchronousTestCase):
    """Errors of athenalite's resources in a ``Site`` of Twisted."""

    def test_headers(self):
        """What is not found, and what failed, have the headers of errors there, too."""
        site = InMemorySite(self)
        page = Page(docFactory=stan(tags.html(tags.p(render="missing"))))
        site.site = Site(page, reactor=site.clock)
        page.putChild("_athena", site.factory.resource)
        site.site.livePageFactory = site.factory
        for path, status in (("/", 500), ("/x", 404), ("/_athena/", 404), ("/_athena/x/y", 404)):
            response = site.request(path)
            self.assertEqual(response.status, status, path)
            for name, value in ERROR_HEADERS.items():
                self.assertEqual(response.header(name), value, path)
        self.flushLoggedErrors()
