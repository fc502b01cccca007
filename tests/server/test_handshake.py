# -*- test-case-name: tests.server.test_handshake -*-
"""Handshakes that are refused are ordinary responses, with a reason."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.responses import ERROR_HEADERS
from athenalite.limits import Limits
from tests.pages import InMemorySite


class GateTests(SynchronousTestCase):
    """Responses to handshakes."""

    def assertRefused(self, response, status, reason, *quoted):
        """The response has the headers of errors, this reason, and nothing that the peer has sent."""
        self.assertEqual(response.status, status)
        self.assertEqual(response.header("content-type"), "text/plain; charset=utf-8")
        for name, value in ERROR_HEADERS.items():
            self.assertEqual(response.header(name), value)
        self.assertIn(reason, response.text)
        self.assertEqual(response.header("content-length"), str(len(response.body)))
        for text in quoted:
            self.assertNotIn(text, response.text)

    def socket(self, site=None, **headers):
        """The response to a handshake."""
        socket = (site or InMemorySite(self)).socket(**headers)
        return socket.handshake._replace(body=socket._received)

    def test_origin(self):
        """403, with what differs."""
        for headers, reason in (
            ({"Origin": None}, "no Origin"),
            ({"Origin": "http://evil.example"}, "another host"),
            ({"Origin": "https://localhost:8080"}, "another scheme"),
            ({"Origin": "http://localhost"}, "another port"),
        ):
            self.assertRefused(self.socket(**headers), 403, reason, "evil", "8080")

    def test_notUpgraded(self):
        """426, and which header is missing, to a handshake without it; anything else gets what the address is for."""
        response = self.socket(Upgrade=None)
        self.assertRefused(response, 426, "removed the header Upgrade")
        self.assertEqual(response.header("upgrade"), "websocket")
        site = InMemorySite(self)
        self.assertRefused(site.request("/_athena/transport"), 426, "for WebSockets")
        head = site.request("/_athena/transport", "HEAD")
        self.assertEqual((head.status, head.body), (426, b""))

    def test_autobahn(self):
        """What Autobahn refuses has a reason and the headers, too, and quotes nothing."""
        self.assertRefused(self.socket(Sec_WebSocket_Key="evil"), 400, "Bad Request", "evil")
        site = InMemorySite(self, limits=Limits(maxConnections=1))
        site.socket()
        self.assertRefused(self.socket(site), 503, "Service Unavailable")

    def test_version(self):
        """Another version of the protocol gets the one that is spoken (RFC 6455 section 4.4)."""
        response = self.socket(Sec_WebSocket_Version="7")
        self.assertRefused(response, 400, "Bad Request")
        self.assertEqual(response.header("sec-websocket-version"), "13")
