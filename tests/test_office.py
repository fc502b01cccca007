# -*- test-case-name: tests.test_office -*-
"""``examples/site`` in memory: who is let in, by the cookies of the page and of its socket."""

import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import txaio
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http_headers import Headers

from athenalite._server.site import AthenaSite
from harness.messages import opening
from tests.pages import InMemorySite

EXAMPLE = Path(__file__).parents[1] / "examples" / "site"


class OfficeSite(InMemorySite):
    """The north office's site."""

    def __init__(self, testCase):
        testCase.patch(sys, "path", [str(EXAMPLE), *sys.path])
        model, site = import_module("office.model"), import_module("office.site")

        self.clock = Clock()
        testCase.patch(txaio.config, "loop", self.clock)
        self.office = model.Office("north", self.clock)
        self.factory = self.office.logins.factory
        self.site = AthenaSite(site.makeRoot(self.office), self.factory.limits, self.clock)

    def logIn(self, person):
        """The cookie of a person who has logged in, as it stands in a header."""
        cookies = []
        request = SimpleNamespace(
            addCookie=lambda name, value, **_: cookies.append(f"{name}={value}"),
            getCookie=lambda name: None,
            isSecure=lambda: False,
        )
        self.office.logins.begin(request, person)
        return cookies[0]


class CookieTests(SynchronousTestCase):
    """The cookie of a login."""

    def test_secure(self):
        """It is sent over TLS only if the browser has come by that: to this server, or to the proxy in front."""
        self.patch(sys, "path", [str(EXAMPLE), *sys.path])
        office = import_module("office.model").Office
        for behindProxy, headers, secure in (
            (False, {}, False),
            (False, {"x-forwarded-proto": ["https"]}, False),
            (True, {"x-forwarded-proto": ["https, http"]}, True),
            (True, {"x-forwarded-proto": ["http"]}, False),
            (True, {}, False),
        ):
            given = []
            request = SimpleNamespace(
                addCookie=lambda name, value, given=given, **options: given.append(options["secure"]),
                getCookie=lambda name: None,
                isSecure=lambda: False,
                requestHeaders=Headers(headers),
            )
            office("north", Clock(), behindProxy).logins.begin(request, "ann")
            self.assertEqual(given, [secure], headers)


class LoginTests(SynchronousTestCase):
    """A page and its socket have the same cookies."""

    def setUp(self):
        self.site = OfficeSite(self)
        self.ann, self.eve = self.site.logIn("ann"), self.site.logIn("eve")

    def opened(self, page, socket):
        """What a page that was asked for with a cookie header says to a socket with another."""
        token = self.site.request("/board", Cookie=page).island["token"]
        opened = self.site.socket(Cookie=socket)
        opened.send(*opening(token, 0))
        messages = opened.messages()
        return messages[0][0] if messages else opened.closed

    def test_sameHeader(self):
        """Whatever a browser's cookie header is, the person for whom a page is rendered gets the socket."""
        for header in (
            self.ann,
            f"prefs=x,{self.eve}; {self.ann}",
            f"{self.eve}; {self.ann}",
            f"{self.eve}\r\nCookie: {self.ann}",
            f"{self.ann}; name=Åsa",
            f"name=Åsa; {self.ann}",
        ):
            self.assertEqual(self.opened(header, header), "opened", header)

    def test_otherPerson(self):
        """Somebody else's socket is refused, and so is one without a login."""
        for header in (self.eve, f"{self.ann}; {self.eve}", f"prefs=x,{self.ann}", "", "north-login="):
            self.assertEqual(self.opened(self.ann, header), (1008, "not authorized"), header)
