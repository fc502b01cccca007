"""docs/pages.rst: its listings run, and what it states about them holds."""

from twisted.application.service import IService
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.internet import reactor
from twisted.internet.task import Clock
from twisted.web.server import Site

from athenalite import LivePage, LivePageFactory
from athenalite.auth import Logins
from athenalite.testing import StubBrowser
from harness.messages import opening
from tests.listings import GuideTestCase
from tests.pages import InMemorySite, parseResponse


class FakeReactor(Clock):
    """A clock that records functions to call at shutdown."""

    def __init__(self):
        super().__init__()
        self.triggers = []

    def addSystemEventTrigger(self, phase, event, function, *args):
        """Record it."""
        self.triggers.append((phase, event, function, args))


class Newsroom(InMemorySite):
    """The guide's site, in memory."""

    def __init__(self, testCase, site):
        self.clock = site.resource.factory.sessions.clock
        self.factory = site.resource.factory
        self.site = site


class PageTests(GuideTestCase):
    """The page."""

    guide = "pages"

    def setUp(self):
        super().setUp()
        self.browser = StubBrowser(headers={"cookie": "news-login=secret"})
        self.module = self.load("newsroom")
        self.logins = {"secret": "Ann <3"}

    def open(self, token="secret"):
        """Open a page of the user with this token."""
        return self.browser.open(self.module.MembersPage(self.browser.factory, self.logins, token))

    def test_document(self):
        """The document has a title, both elements, and in its head the template's own lines before the scripts."""
        html = self.open().html
        self.assertIn("<title>News for Ann &lt;3</title>", html)
        self.assertIn("Nothing new", html)
        self.assertIn("You are not alone.", html)
        head = html.partition("</head>")[0]
        self.assertLess(head.index("/static/news.css"), head.index('id="athena-page"'))

    def test_roots(self):
        """The three roots are the beginnings of a page's addresses."""
        page = LivePage(
            factory=self.browser.factory,
            jsModuleRoot="/s",
            cssModuleRoot="/s",
            transportRoot="/s",
            docFactory=self.module.FrontPage.docFactory,
        )
        page.render_title = page.render_headline = page.render_visitors = lambda ctx, data: "x"
        self.assertIn('"/s/transport"', self.browser.open(page).html)

    def test_authorized(self):
        """The browser that the page was rendered for is authorized; another is not."""
        self.assertTrue(self.open().connected)
        self.logins["other"] = "Bob"
        self.assertIsNotNone(self.open("other").lost)

    def test_loggedOut(self):
        """At logout the page is closed, with the reason."""
        page = self.open()
        page.call(page.page, "logout")
        self.assertEqual(page.lost, "you have logged out")

    def test_loggedOutElsewhere(self):
        """After the logout, the page does not get another socket."""
        page = self.open()
        page.cut()
        self.logins.clear()
        page.reconnect()
        self.assertIsNotNone(page.lost)


class SiteTests(GuideTestCase):
    """The site."""

    guide = "pages"

    def setUp(self):
        super().setUp()
        self.reactor = FakeReactor()
        self.site = self.load("newsroom").makeSite(self.reactor, {})
        self.newsroom = Newsroom(self, self.site)

    def test_page(self):
        """The page is at /news, with or without a slash; other addresses are 404."""
        for path in ("/news", "/news/"):
            self.assertIn("<title>News for guests</title>", self.newsroom.request(path).text)
        for path in ("/", "/other", "/news/other"):
            self.assertEqual(self.newsroom.request(path).status, 404)

    def test_assets(self):
        """The addresses below _athena that the page names exist, and requesting them makes no session."""
        self.assertEqual(self.newsroom.request("/news").island["transport"], "./news/_athena/transport")
        sessions = len(self.site.resource.factory.sessions)
        script = self.newsroom.request("/news").text.partition('src=".')[2].partition('"')[0]
        self.assertEqual(self.newsroom.request(script).status, 200)
        self.assertEqual(len(self.site.resource.factory.sessions), sessions + 1)

    def test_proxy(self):
        """Behind a proxy, the origin is the one that the proxy states."""
        for origin, status in (("https://news.example.org", 101), ("http://localhost:8080", 403)):
            socket = self.newsroom.socket(
                "/news/_athena/transport",
                Origin=origin,
                X_Forwarded_Proto="https",
                X_Forwarded_Host="news.example.org",
            )
            self.assertEqual(socket.handshake.status, status)

    def test_shutdown(self):
        """The factory is closed before shutdown."""
        [(phase, event, function, args)] = self.reactor.triggers
        self.assertEqual((phase, event, args), ("before", "shutdown", ("The newsroom is closing.",)))
        self.successResultOf(function(*args))

    def test_tac(self):
        """The file for twistd makes an application with one service."""
        self.patch(reactor, "addSystemEventTrigger", self.reactor.addSystemEventTrigger)
        application = self.load("newsroom_tac").application
        self.assertEqual(len(list(IService(application))), 1)

    def test_factoryOfSite(self):
        """A page without a factory uses that of its site."""
        self.site.livePageFactory = LivePageFactory(self.reactor)
        self.site.resource.factory = None
        self.newsroom.request("/news")
        self.assertEqual(len(self.site.livePageFactory.sessions), 1)


class MembersTests(GuideTestCase):
    """The page behind a login."""

    guide = "pages"

    def setUp(self):
        super().setUp()
        self.site = InMemorySite(self)
        self.logins = Logins(self.site.clock, self.site.factory)
        checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
        # Forms need a site that takes bodies.
        self.members = self.load("members")
        self.site.site = Site(self.members.Root(self.logins, checker), reactor=self.site.clock)

    def test_site(self):
        """The site tells its pages when it is closed."""
        reactor = FakeReactor()
        site = self.members.makeSite(reactor, None)
        self.assertIsInstance(site.resource.logins, Logins)
        [(_, _, function, _)] = reactor.triggers
        self.assertEqual(function, site.resource.logins.factory.close)

    def login(self, password):
        """Log in as Ann; return the response."""
        transport = self.site.connect()
        body = b"name=ann&password=" + password
        transport.protocol.dataReceived(
            b"POST /login HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        return parseResponse(transport.value())

    def test_login(self):
        """The form logs in; the page has the user, and logs her out everywhere."""
        self.assertEqual(self.site.request().header("Location"), "/login")
        self.assertIn("<form", self.site.request("/login").text)
        cookies = [self.login(b"secret").header("Set-Cookie").partition(";")[0] for _ in range(2)]
        sockets = []
        for cookie in cookies:
            page = self.site.request(Cookie=cookie)
            self.assertIn("You are ann.", page.text)
            socket = self.site.socket(Cookie=cookie)
            socket.send(*opening(page.island["token"], 0))
            self.assertEqual(socket.messages(), [["opened", 0]])
            sockets.append(socket)
        sockets[0].call("logoutEverywhere", objectID=0)
        for socket in sockets:
            socket.messages()
            self.assertEqual(socket.closed[1], "you have logged out everywhere")
        self.assertEqual(self.site.request(Cookie=cookies[0]).header("Location"), "/login")

    def test_refused(self):
        """A wrong password gets the form again, and no cookie."""
        response = self.login(b"guess")
        self.assertEqual((response.status, response.header("Set-Cookie")), (403, None))
