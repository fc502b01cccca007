# -*- test-case-name: tests.server.test_hosts -*-
"""A site serves the hosts that are its own."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._server.hosts import Hosts, hostsNamed
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

    def test_named(self):
        """What an author gives is checked at once: a name that can equal no host would refuse every request."""
        for names in (None, ["chat.example.org", ".example.org", "localhost", "127.0.0.1", "::1", "[::1]"]):
            self.assertTrue(hostsNamed(names).serves("localhost:8080"))
        self.assertTrue(hostsNamed(["::1"]).serves("[::1]:8080"))
        for name in ("chat.example:8080", "https://chat.example", "*.example", "", "a b", "chat.example/"):
            self.assertRaisesRegex(ValueError, "write it as chat.example.org", hostsNamed, [name])
        self.assertRaisesRegex(TypeError, "a list of names, not the text 'chat.example'", hostsNamed, "chat.example")

    def test_cached(self):
        """Only names that were served are known, at most a hundred of them, and none that is longer than a name is."""
        hosts = Hosts(addresses=True, names=["localhost"])
        for host in ("evil.example", "a b", "localhost:1", f"{'1' * 300}.0.0.1"):
            hosts.serves(host)
        self.assertEqual([hosts.hasServed(one) for one in (b"evil.example", b"a b", b"localhost:1")], [0, 0, 1])
        every = Hosts()
        for number in range(350):
            every.serves(f"host{number}.example")
            every.serves("a" * (number + 200))
        known = [name for number in range(350) if every.hasServed(name := f"host{number}.example".encode())]
        self.assertTrue(known)
        self.assertLessEqual(len(known), 100)
        self.assertFalse(any(every.hasServed(b"a" * length) for length in range(261, 550)))


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
        """Behind proxies each host of a request must be served: a page's script may have sent all but ``Host``."""
        site = self.site("chat.example.org", "inner", behindProxy=True)
        for host, forwarded, status in (
            ("inner:8080", "chat.example.org, inner", 200),
            ("chat.example.org", None, 200),
            ("chat.example.org", "evil.example", 421),
            ("evil.example", "chat.example.org", 421),
            ("inner", "chat.example.org, evil.example", 421),
        ):
            headers = {} if forwarded is None else {"X_Forwarded_Host": forwarded}
            self.assertEqual(site.request(Host=host, **headers).status, status, (host, forwarded))

    def test_untrusted(self):
        """Without a proxy, what claims to be one's is ignored."""
        site = self.site("chat.example.org")
        self.assertEqual(site.request(Host="chat.example.org", X_Forwarded_Host="evil.example").status, 200)

    def test_ambiguous(self):
        """HTTP/1.1 has one Host, whatever is served; HTTP/1.0 may have none."""
        site = self.site()
        for lines, status in (
            (b"", b"400"),
            (b"Host: a\r\nHost: b\r\n", b"400"),
            *((b"Host: a/b\r\n", b"400"), (b"Host: a, b\r\n", b"400"), (b"Host: a:99999\r\n", b"400")),
            *((b"Host: a\r\n", b"200"), (b"Host: a:\r\n", b"200"), (b"Host:\r\n", b"200")),
        ):
            transport = site.connect()
            transport.protocol.dataReceived(b"GET / HTTP/1.1\r\n" + lines + b"\r\n")
            self.assertIn(b" " + status + b" ", transport.value()[:20], lines)
        transport = site.connect()
        transport.protocol.dataReceived(b"GET / HTTP/1.0\r\n\r\n")
        self.assertIn(b" 200 ", transport.value()[:20])


class PlainSiteTests(SynchronousTestCase):
    """A ``Site`` of Twisted, whose pages and sockets have a factory with hosts."""

    def test_pagesAndSockets(self):
        """They are served for these hosts only; the application's other resources are its own affair."""
        site = InMemorySite(self, hosts=["localhost"])
        self.assertEqual([site.request(Host=host).status for host in ("localhost", "evil.example")], [200, 421])
        self.assertEqual(site.socket().handshake.status, 101)
        refused = site.socket(Host="evil.example", Origin="http://evil.example")
        self.assertEqual(refused.handshake.status, 421)
        self.assertEqual(len(site.factory.sessions), 1)
