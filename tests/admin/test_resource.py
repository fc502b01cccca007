# -*- test-case-name: tests.admin.test_resource -*-
"""The operators' site asks for a password, if there is one."""

import base64

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource
from twisted.web.static import Data

from athenalite._admin.resource import AdminResource
from athenalite._server.factory import LivePageFactory
from athenalite._server.site import AthenaSite
from tests.pages import InMemorySite


class AdminResourceTests(SynchronousTestCase):
    """``AdminResource``"""

    def site(self, checker=None):
        """Return a site in memory of the resource."""
        site = InMemorySite(self)
        assets = Resource()
        assets.putChild(b"script", Data(b"code", "text/javascript"))
        root = AdminResource(lambda request, name: Data(f"for {name!r}".encode(), "text/plain"), assets, checker)
        site.site = AthenaSite(root, site.factory.limits, site.clock, refusals=LivePageFactory(site.clock).refusals)
        return site

    def test_open(self):
        """Without a checker there is a page for everybody, and only at the root."""
        site = self.site()
        self.assertEqual(site.request("/").text, "for ''")
        self.assertEqual(site.request("/?worker=w2").text, "for ''")
        self.assertEqual(site.request("/_athena/script").text, "code")
        self.assertEqual([site.request(path).status for path in ("/x", "/x/", "//")], [404, 404, 404])
        refused = site.request("/", "HEAD")
        self.assertEqual((refused.status, refused.header("allow")), (405, "GET"))

    def test_closes(self):
        """A connection is for one request: the next may be for another worker."""
        site = self.site()
        for path in ("/", "/_athena/script", "/x"):
            transport = site.connect()
            transport.protocol.dataReceived(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.assertIn(b"Connection: close\r\n", transport.value())
            self.assertTrue(transport.disconnecting)

    def test_password(self):
        """With one, the page is for those who know a password. The scripts are for all: sockets have secrets."""
        site = self.site(InMemoryUsernamePasswordDatabaseDontUse(bob=b"secret"))
        refused = site.request("/")
        self.assertEqual((refused.status, refused.header("www-authenticate")), (401, 'basic realm="athenalite"'))
        for credentials, status in (("bob:wrong", 401), ("eve:secret", 401), ("bob:secret", 200)):
            header = f"Basic {base64.b64encode(credentials.encode()).decode()}"
            response = site.request("/", Authorization=header)
            self.assertEqual(response.status, status, credentials)
        self.assertEqual(response.text, "for 'bob'")
        self.assertEqual(site.request("/_athena/script").text, "code")
