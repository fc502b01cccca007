# -*- test-case-name: tests.server.test_peer -*-
"""Peers are identified by their network addresses."""

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.test.requesthelper import DummyRequest

from athenalite._server.peer import hostOf, peerOf


class PeerTests(SynchronousTestCase):
    """``peerOf``"""

    def peer(self, address, *forwarded, behindProxy=False, of=peerOf):
        """The peer of a request from an address, with these lines of ``X-Forwarded-For``."""
        request = DummyRequest([b""])
        request.getClientAddress = lambda: address
        request.requestHeaders.setRawHeaders("x-forwarded-for", forwarded)
        return of(request, behindProxy)

    def test_address(self):
        """Without a proxy, a peer is an address and a port, and its X-Forwarded-For is not trusted."""
        self.assertEqual(self.peer(IPv4Address("TCP", "10.0.0.1", 5000), "10.0.0.2"), ("10.0.0.1", "5000"))

    def test_address6(self):
        """One customer has 64 bits of IPv6 addresses; a mapped IPv4 address is one of IPv4."""
        expected = ("2001:db8:0:1::", "2001:db8:0:1::2", "5000")
        self.assertEqual(self.peer(IPv6Address("TCP", "2001:db8:0:1::2", 5000)), expected)
        self.assertEqual(self.peer(IPv6Address("TCP", "::ffff:10.0.0.1", 5000)), ("10.0.0.1", "5000"))

    def test_proxy(self):
        """Behind a proxy it is the last address of X-Forwarded-For, which the proxy has added."""
        proxy = IPv4Address("TCP", "127.0.0.1", 5000)
        for lines in (["10.0.0.1"], ["10.0.0.2, 10.0.0.1"], ["10.0.0.2", "10.0.0.3,10.0.0.1 "]):
            self.assertEqual(self.peer(proxy, *lines, behindProxy=True), ("10.0.0.1",))
        self.assertEqual(self.peer(proxy, "[2001:db8::1]", behindProxy=True), ("2001:db8::", "2001:db8::1"))

    def test_proxyWithout(self):
        """A proxy that adds no address is one peer itself."""
        for lines in ([], [""], ["unknown"], ["10.0.0.1, x"], ["1" * 5000]):
            self.assertEqual(self.peer(IPv4Address("TCP", "10.0.0.9", 5), *lines, behindProxy=True), ("10.0.0.9",))
        self.assertEqual(self.peer(UNIXAddress(b"/run/x"), behindProxy=True), ("",))

    def test_host(self):
        """Logs are bounded by the address without the port, which behind a proxy is the client's."""
        self.assertEqual(self.peer(IPv4Address("TCP", "10.0.0.1", 5000), of=hostOf), "10.0.0.1")
        self.assertEqual(self.peer(IPv6Address("TCP", "2001:db8::2", 5000), of=hostOf), "2001:db8::2")
        self.assertEqual(self.peer(UNIXAddress(b"/run/x"), of=hostOf), "")
        proxy = IPv4Address("TCP", "127.0.0.1", 5000)
        self.assertEqual(self.peer(proxy, "10.0.0.1", behindProxy=True, of=hostOf), "10.0.0.1")
        self.assertEqual(self.peer(proxy, behindProxy=True, of=hostOf), "127.0.0.1")

    def test_unix(self):
        """All clients of a UNIX socket are one peer."""
        self.assertEqual(self.peer(UNIXAddress(b"/run/x")), ("", ""))
