# -*- test-case-name: tests.server.test_factory -*-
"""State that the pages of one site share, and those of two do not."""

import re

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource

from athenalite._page.elementpage import ElementRenderingLivePage
from athenalite._server.origin import parseOrigin
from athenalite.athena import ConnectionLost, LivePageFactory
from athenalite.limits import Limits
from harness.messages import opening
from tests.pages import InMemorySite, Plain


class LivePageFactoryTests(SynchronousTestCase):
    """State that the pages of a site share."""

    def test_many(self):
        """Sites of one process share nothing: a token of one site is unknown to the other."""
        one, other = InMemorySite(self), InMemorySite(self)
        token = one.request().island["token"]
        socket = other.socket()
        socket.send(*opening(token, 0))
        socket.messages()
        self.assertEqual(socket.closed, (4000, "unknown page"))

    def test_limits(self):
        """Each site has limits of its own, which its pages obey."""
        site = InMemorySite(self, limits=Limits(transportlessTimeout=10))
        element, socket = site.page()
        lost = element.page.notifyOnDisconnect()
        socket.lose()
        site.clock.advance(11)
        self.failureResultOf(lost, ConnectionLost)

    def test_lists(self):
        """Hosts and origins are checked when the factory is made: a text is no list, and no origin."""
        for wrong in ({"hosts": "chat.example"}, {"origins": "https://a.example"}, {"origins": ["https://a.example"]}):
            self.assertRaisesRegex(TypeError, "a list of", LivePageFactory, Clock(), **wrong)
        self.assertRaisesRegex(TypeError, "not None", LivePageFactory, Clock(), origins=[parseOrigin("a.example")])

    def test_pings(self):
        """A site with longer pauses between pings than the browsers' timeout is refused."""
        error = self.assertRaises(ValueError, LivePageFactory, Clock(), Limits(pingInterval=21))
        self.assertIn("pingInterval", str(error))

    def test_close(self):
        """A site in memory closes its pages with a reason, which the browsers receive."""
        site = InMemorySite(self)
        element, socket = site.page()
        lost = element.page.notifyOnDisconnect()
        site.factory.close("going")
        socket.messages()
        self.assertEqual(socket.closed, (4000, "going"))
        self.failureResultOf(lost, ConnectionLost)

    def test_crawler(self):
        """The number of pages that never connect is bounded: the oldest are lost first."""
        site = InMemorySite(self, limits=Limits(maxPagesUnconnected=3))
        tokens = [site.request().island["token"] for _ in range(5)]
        self.assertEqual(len(site.factory.sessions), 3)
        self.assertEqual(
            [site.factory.sessions.get(token) is not None for token in tokens], [False, False, True, True, True]
        )

    def test_anywhere(self):
        """A page may have any address in a site: its files are below that address, which ends in a slash."""
        clock = Clock()
        for path in ("/", "/some/where/"):
            site = InMemorySite(self)
            page = ElementRenderingLivePage(Plain(), LivePageFactory(clock))
            root = page
            for name in reversed(path.strip("/").split("/") if path != "/" else []):
                outer = Resource()
                outer.putChild(name.encode(), root)
                root = outer
            site.site.resource = root
            response = site.request(path)
            self.assertEqual(response.status, 200)
            scripts = re.findall(r'src="\./([^"]+)"', response.text)
            self.assertEqual([site.request(path + script).status for script in scripts], [200, 200])
            self.assertEqual(site.socket(path + response.island["transport"].removeprefix("./")).handshake.status, 101)
            self.assertEqual(site.request(path + "other").status, 404)
