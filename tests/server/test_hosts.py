# -*- test-case-name: tests.server.test_hosts -*-
"""A site serves the hosts that are its own."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.hosts import Hosts, firstForwarded
from athenalite._server.site import AthenaSite
from tests.memory import recordingLog
from tests.pages import InMemorySite


class HostsTests(SynchronousTestCase):
    """Which names are served."""

    def test_all(self):
        """Without names, all are."""
        self.assertTrue(Hosts().serves("evil.example"))

    def test_names(self):
        """A name counts without case, port and final dot, and only as a whole."""
        hosts = Hosts(["chat.example.org"])
        for host in ("chat.example.org", "CHAT.example.org:8080", "chat.example.org.:80"):
            self.assertTrue(hosts.serves(host), host)
        for host in ("example.org", "x.chat.example.org", "chat.example.org.evil.example", "", "a b", "127.0.0.1"):
            self.assertFalse(hosts.serves(host), host)

    def test_domain(self):
        """A dot stands for all names below a domain, and not for itself."""
        hosts = Hosts([".example.org"])
        self.assertEqual(
            list(map(hosts.serves, ("a.example.org", "example.org", "badexample.org"))), [True, False, False]
        )

    def test_addresses(self):
        """Addresses, of both kinds, may be served besides."""
        hosts = Hosts(["localhost"], addresses=True)
        for host in ("127.0.0.1:8080", "[::1]:8080", "10.0.0.1", "localhost:1"):
            self.assertTrue(hosts.serves(host), host)
        self.assertFalse(hosts.serves("evil.example:8080"))

    def test_forwarded(self):
        """The first entry is of the proxy nearest to the browser."""
        self.assertEqual(firstForwarded(["a.example, b.example", "c.example"]), "a.example")
        self.assertEqual((firstForwarded(None), firstForwarded([""])), ("", ""))


class SiteTests(SynchronousTestCase):
    """Requests of a site."""

    def site(self, *hosts, behindProxy=False):
        """A site that serves these hosts."""
        self.logged, log = recordingLog()
        site = InMemorySite(self, log=log, behindProxy=behindProxy)
        factory = site.factory
        site.site = AthenaSite(
            site.site.resource, factory.limits, site.clock, factory.log, hosts or None, behindProxy, factory.refusals
        )
        return site

    def test_other(self):
        """Another host is refused with 421, and the log has it once, with what to do."""
        site = self.site("chat.example.org")
        self.assertEqual(site.request(Host="chat.example.org:8080").status, 200)
        for _ in range(3):
            self.assertEqual(site.request(Host="evil.example").status, 421)
        [event] = [event for event in self.logged if "not served" in event["log_format"]]
        self.assertIn("evil.example", event["remedy"])

    def test_proxy(self):
        """Behind a proxy the host is the one that the browser has asked for."""
        site = self.site("chat.example.org", behindProxy=True)
        self.assertEqual(site.request(Host="127.0.0.1:8080", X_Forwarded_Host="chat.example.org, inner").status, 200)
        self.assertEqual(site.request(Host="chat.example.org", X_Forwarded_Host="evil.example").status, 421)

    def test_ambiguous(self):
        """HTTP/1.1 has one Host, whatever is served; HTTP/1.0 may have none."""
        site = self.site()
        for lines, status in ((b"", b"400"), (b"Host: a\r\nHost: b\r\n", b"400"), (b"Host: a\r\n", b"200")):
            transport = site.connect()
            transport.protocol.dataReceived(b"GET / HTTP/1.1\r\n" + lines + b"\r\n")
            self.assertIn(b" " + status + b" ", transport.value()[:20], lines)
        transport = site.connect()
        transport.protocol.dataReceived(b"GET / HTTP/1.0\r\n\r\n")
        self.assertIn(b" 200 ", transport.value()[:20])
