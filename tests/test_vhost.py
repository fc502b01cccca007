# -*- test-case-name: tests.test_vhost -*-
"""``athenalite.vhost`` is ``nevow.vhost``."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource

from athenalite import tags as T
from athenalite.appserver import NevowSite
from athenalite.loaders import stan
from athenalite.rend import Page
from athenalite.url import URL
from athenalite.vhost import NameVirtualHost, VHostMonsterResource
from tests.pages import InMemorySite


class Named(Page):
    """A page that shows its name, and the address of the request."""

    docFactory = stan(T.p[T.directive("name")])

    def render_name(self, ctx, data):
        return [data, " ", URL.fromContext(ctx)]

    def child_inner(self, ctx):
        return Named("inner")


class HostsTests(SynchronousTestCase):
    """Sites by the name of the host."""

    def get(self, root, path="/", host="one.example:8080"):
        """Return the response to a request."""
        site = InMemorySite(self)
        site.site = NevowSite(root, reactor=Clock())
        return site.request(path, Host=host)

    def test_hosts(self):
        """Each host has a resource, for the names below it, too."""
        hosts = NameVirtualHost(Named("default"))
        hosts.addHost("one.example", Named("one"))
        hosts.addHost(b"two.example", Named("two"))
        for host, name in (
            ("one.example", "one"),
            ("ONE.example", "one"),
            ("www.two.example", "two"),
            ("x", "default"),
        ):
            self.assertEqual(self.get(hosts, host=host).text.split()[0], f"<p>{name}")
        self.assertEqual(self.get(hosts, "/inner").text, "<p>inner http://one.example:8080/inner</p>")
        hosts.supportNested = False
        self.assertIn("default", self.get(hosts, host="www.two.example").text)
        hosts.removeHost("one.example")
        self.assertIn("default", self.get(hosts).text)
        self.assertRaises(KeyError, hosts.removeHost, "one.example")

    def test_list(self):
        """Without a default, other hosts get a list of these, or an error."""
        hosts = NameVirtualHost()
        hosts.addHost("one.example", Named("one"))
        text = self.get(hosts, host="x:81").text
        self.assertIn('<li><a href="http://one.example:81/">one.example</a></li>', text)
        self.assertIn("<h1>Virtual Host Listing for http://x:81</h1>", text)
        self.assertEqual(self.get(NameVirtualHost(listHosts=False), host="x").status, 404)

    def test_monster(self):
        """Behind a proxy, an address can name the scheme and the host that the browser has used."""
        root = Named("root")
        root.putChild("vhost", VHostMonsterResource())
        text = self.get(root, "/vhost/https/example.org/inner").text
        self.assertEqual(text, "<p>inner https://example.org:80/inner</p>")
        self.assertIsInstance(VHostMonsterResource(), Resource)
