# -*- test-case-name: tests.server.test_prefix -*-
"""A path prefix that a proxy passes on is reported, with the remedy."""

from twisted.logger import eventAsText
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.static import Data

from athenalite._server.refusals import PERIOD
from athenalite._server.site import AthenaSite
from tests.memory import recordingLog
from tests.pages import InMemorySite

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


class Own(Resource):
    """Finds only its children."""

    def getChild(self, path, request):
        """A page for 404, as a site's own."""
        return notFound()


class PrefixTests(SynchronousTestCase):
    """Requests as proxies pass them on."""

    def setUp(self):
        self.logged, log = recordingLog()
        self.site = InMemorySite(self, log=log)

    def texts(self):
        """What the log has."""
        return [eventAsText(event) for event in self.logged if event["log_level"].name == "warn"]

    def useOwn(self):
        """Serve another root than that of athena-widget."""
        root = Own()
        root.putChild(b"page", Data(b"page", "text/plain"))
        factory = self.site.factory
        self.site.site = AthenaSite(root, factory.limits, self.site.clock, refusals=factory.refusals)

    def test_passed(self):
        """The remedy names the prefix, once an hour."""
        for _ in range(3):
            self.assertEqual(self.site.request("/chat/", Accept=HTML).status, 404)
        [text] = self.texts()
        self.assertIn("A request for '/chat/' found nothing", text)
        self.assertIn("location /chat/ { proxy_pass http://127.0.0.1:8080/; }", text)
        self.assertIn("ProxyPass /chat/ http://127.0.0.1:8080/", text)
        self.site.clock.advance(PERIOD)
        self.site.request("/chat/room", Accept=HTML)
        self.assertEqual(len(self.texts()), 2)

    def test_afterPage(self):
        """The one page of athena-widget was found before, by who has tried the server without the proxy."""
        self.site.request("/")
        self.site.request("/chat", X_Forwarded_For="192.0.2.1")
        self.assertIn("location /chat/ {", self.texts()[0])

    def test_slashes(self):
        """A prefix that is removed without its slash leaves two."""
        self.assertEqual(self.site.request("//", Accept=HTML).status, 404)
        [text] = self.texts()
        self.assertIn("begins with two slashes", text)
        self.assertIn("location /chat/ { proxy_pass", text)

    def test_others(self):
        """What is no document is not reported, and neither is a page."""
        self.site.request("/")
        for path, accepted in (("/favicon.ico", "*/*"), ("/wp-login.php", HTML), ("/_athena/x", HTML)):
            self.site.request(path, Accept=accepted)
        self.site.request("/chat/", "POST", Accept=HTML, Content_Length=0)
        self.site.request("/chat/")
        self.site.request("/_athena/nothing", Accept=HTML)
        self.assertEqual(self.texts(), [])

    def test_debug(self):
        """Braces, and what a peer has sent, are no formats."""
        logged, log = recordingLog()
        site = InMemorySite(self, log=log, debug=True)
        site.request("/%7Bx%7D{y}/" + "z" * 1000, Accept=HTML)
        [text] = [eventAsText(event) for event in logged if event["log_level"].name == "warn"]
        self.assertIn("{y}", text)
        self.assertLess(len(text), 700)

    def test_own(self):
        """A site of one's own reports it as long as it has found nothing."""
        self.useOwn()
        self.site.request("/_athena/x", Accept=HTML)
        self.site.request("/chat/", Accept="*/*")
        self.assertEqual(len(self.texts()), 1)
        self.site.clock.advance(PERIOD)
        self.assertEqual(self.site.request("/page").status, 200)
        self.site.request("/chat/", Accept=HTML)
        self.assertEqual(len(self.texts()), 1)
