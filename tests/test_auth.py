# -*- test-case-name: tests.test_auth -*-
"""Logins for live pages."""

import re

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource

from athenalite import LiveElement, expose
from athenalite.auth import EXPIRED, LOGGED_OUT, Logins, MemberPage, userOf
from athenalite.loaders import xmlstr
from athenalite.testing import renderLivePage
from harness.messages import opening
from tests.pages import InMemorySite, template


class Name(LiveElement):
    """Who is at the page."""

    docFactory = template()

    @expose
    def whoAmI(self):
        return userOf(self)


class Front(MemberPage):
    """A page of members."""

    docFactory = xmlstr("""
        <html xmlns:nevow="http://nevow.com/ns/nevow/0.1"><head nevow:render="liveglue" />
        <body><nevow:invisible nevow:render="name" /></body></html>
    """)

    def render_name(self, ctx, data):
        element = Name()
        element.setFragmentParent(self)
        return element


class Root(Resource):
    """A site with a page, and addresses that log in and out."""

    def __init__(self, logins):
        super().__init__()
        self.logins = logins
        self.putChild(b"_athena", logins.factory.resource)

    def getChild(self, path, request):
        if path == b"":
            login = self.logins.of(request)
            return self if login is None else Front(self.logins, login, transportRoot="/_athena")
        return self

    def render_GET(self, request):
        action, _, user = request.path.decode().strip("/").partition("-")
        if action == "login":
            self.logins.begin(request, user)
        elif action == "logout":
            self.logins.end(request)
        return b"login, please"


class LoginsTests(SynchronousTestCase):
    """``Logins`` and ``MemberPage``, over HTTP and sockets in memory."""

    def setUp(self):
        self.start()

    def start(self, most=100, **options):
        self.site = InMemorySite(self, **options)
        self.logins = Logins(self.site.clock, self.site.factory, "tea", lifetime=1000, most=most)
        self.site.site.resource = Root(self.logins)

    def login(self, user="alice", **headers):
        """Log in; return the cookie as a browser sends it, and its attributes."""
        cookie = self.site.request(f"/login-{user}", **headers).header("Set-Cookie")
        pair, *attributes = cookie.split("; ")
        return pair, {one.lower() for one in attributes}

    def open(self, cookie, **headers):
        """Open a page, and its socket with the same or with another cookie; return the socket."""
        island = self.site.request("/", Cookie=cookie).island
        socket = self.site.socket(**{"Cookie": cookie, **headers})
        socket.send(*opening(island["token"], 0))
        return socket

    def test_user(self):
        """A page, and each element on it, have the user of the login."""
        socket = self.open(self.login()[0])
        self.assertEqual(socket.messages(), [["opened", 0]])
        self.assertEqual(socket.call("whoAmI"), [["respond", 1, True, "alice"]])

    def test_cookie(self):
        """The cookie is for this site only, and not for scripts; over TLS it has the prefix that browsers protect."""
        pair, attributes = self.login()
        self.assertRegex(pair, r"^tea=[\w-]{43}$")
        self.assertEqual(attributes, {"path=/", "httponly", "samesite=lax"})
        self.start(behindProxy=True)
        pair, attributes = self.login(X_Forwarded_Proto="https")
        self.assertRegex(pair, r"^__Host-tea=[\w-]{43}$")
        self.assertIn("secure", attributes)
        # It does not count without TLS, and the other name does not count over TLS.
        self.assertNotIn("token", self.site.request("/", Cookie=pair).text)
        plain = self.login(X_Forwarded_Proto="http")[0]
        text = self.site.request("/", Cookie=plain, X_Forwarded_Proto="https").text
        self.assertEqual(text, "login, please")

    def test_authorize(self):
        """The socket needs the cookie of the very login: none, another one of the same user, or a guess are refused."""
        cookie, other = self.login()[0], self.login()[0]
        for wrong in (None, other, "tea=guess", "tea=", cookie + "x"):
            socket = self.open(cookie, Cookie=wrong)
            socket.messages()
            self.assertEqual(socket.closed, (1008, "not authorized"), wrong)

    def test_logout(self):
        """A logout ends the pages of this login in all tabs, and of no other, and removes the cookie."""
        cookie, other = self.login()[0], self.login()[0]
        sockets = [self.open(one) for one in (cookie, cookie, other)]
        response = self.site.request("/logout", Cookie=cookie)
        self.assertRegex(response.header("Set-Cookie"), r"^tea=; Path=/; Max-Age=0$")
        for socket in sockets:
            socket.messages()
        self.assertEqual([socket.closed for socket in sockets], [(4000, LOGGED_OUT)] * 2 + [None])
        self.assertEqual(self.site.request("/", Cookie=cookie).text, "login, please")
        self.assertEqual(self.site.request("/logout", Cookie=cookie).header("Set-Cookie"), None)

    def test_everywhere(self):
        """All logins of a user end together, and those of others go on."""
        sockets = [self.open(self.login(user)[0]) for user in ("alice", "alice", "bob")]
        self.assertEqual(self.logins.endAll("alice", "new password"), 2)
        for socket in sockets:
            socket.messages()
        self.assertEqual([socket.closed for socket in sockets], [(4000, "new password")] * 2 + [None])
        self.assertEqual(len(self.logins), 1)

    def test_expired(self):
        """A login expires, with its pages."""
        socket = self.open(self.login()[0])
        self.site.clock.advance(1001)
        socket.messages()
        self.assertEqual((socket.closed, len(self.logins)), ((4000, EXPIRED), 0))

    def test_again(self):
        """Who logs in again has a new cookie; the old one ends."""
        cookie = self.login()[0]
        new = self.login("bob", Cookie=cookie)[0]
        self.assertNotEqual(cookie, new)
        self.assertEqual(self.site.request("/", Cookie=cookie).text, "login, please")
        self.assertEqual(len(self.logins), 1)

    def test_bounded(self):
        """There are no more logins than so many: the oldest ends."""
        self.start(most=2)
        first = self.login("one")[0]
        for user in ("two", "three"):
            self.login(user)
        self.assertEqual(len(self.logins), 2)
        self.assertEqual(self.site.request("/", Cookie=first).text, "login, please")

    def test_released(self):
        """A page that is gone is forgotten, also one that never connected; no timer is left of logins that ended."""
        cookie = self.login()[0]
        self.open(cookie).close(1001)
        self.site.request("/", Cookie=cookie)
        [login] = self.logins._logins.values()
        self.assertEqual(len(login.pages), 2)
        self.site.clock.advance(100)
        self.assertEqual(login.pages, set())
        self.logins.endAll("alice")
        self.assertNotIn("_drop", repr(self.site.clock.getDelayedCalls()))

    def test_memory(self):
        """The cookie's value is not kept."""
        value = self.login()[0].partition("=")[2]
        self.assertNotIn(value, repr([vars(login) for login in self.logins._logins.values()]))


class CheckTests(SynchronousTestCase):
    """``Logins.check``"""

    def setUp(self):
        self.site = InMemorySite(self)
        self.logins = Logins(self.site.clock, self.site.factory)
        self.cookies = []

    def check(self, checker, password):
        """Log in by this password."""

        class Request:
            addCookie = staticmethod(lambda *args, **keywords: self.cookies.append(args))
            getCookie = staticmethod(lambda name: None)
            isSecure = staticmethod(lambda: False)

        return Deferred.fromCoroutine(self.logins.check(Request(), checker, "ali\u010de", password))

    def test_known(self):
        """A checker of twisted.cred decides, at once or later; names are text."""
        database = InMemoryUsernamePasswordDatabaseDontUse()
        database.addUser("ali\u010de".encode(), b"secret")
        login = self.successResultOf(self.check(database, "secret"))
        self.assertEqual(login.user, "ali\u010de")
        self.failureResultOf(self.check(database, "guess"), UnauthorizedLogin)
        self.assertEqual((len(self.logins), len(self.cookies)), (1, 1))

    def test_value(self):
        """A checker may return a value or a coroutine, too."""

        class Checker:
            def requestAvatarId(self, credentials):
                return 7

        class Later(Checker):
            async def requestAvatarId(self, credentials):
                return credentials.password

        self.assertEqual(self.successResultOf(self.check(Checker(), "x")).user, 7)
        self.assertEqual(self.successResultOf(self.check(Later(), "x")).user, "x")


class UserOfTests(SynchronousTestCase):
    """``userOf``"""

    def test_noLogin(self):
        """An element of a page without a login has no user, and says so."""
        element = Name()
        renderLivePage(element)
        error = self.assertRaises(TypeError, userOf, element)
        self.assertTrue(re.search("Name is on a page without a login", str(error)))
