# -*- test-case-name: tests.text.test_cookies -*-
"""A socket's cookies are those of a page's request with the same headers."""

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http import HTTPChannel, Request
from twisted.web.http_headers import Headers

from athenalite._page.livepage import LivePage
from athenalite._text.cookies import cookieIn, headersOf
from athenalite.interfaces import Handshake
from harness.messages import opening
from tests.pages import InMemorySite, Transport

SPLIT = b"prefs=x,session=evil; session=good"

#: The characters of a header's value: separators, those that parsers strip, and any other byte but CR, LF and NUL.
VALUES = st.lists(
    st.sampled_from([b"session", b"prefs", b"=", b";", b",", b" ", b"\t", b'"', b"\x0b", b"\x85", b"\xc3\x85", b"\xa0"])
    | st.binary(max_size=3),
    max_size=12,
).map(lambda parts: b"".join(parts).translate(None, b"\r\n\0"))
NAMES = st.sampled_from([b"session", b"prefs", b"", b" session", b"session ", b"\xc3\x85"]) | st.binary(max_size=3)


def asked(headers):
    """Return a request with these ``Cookie`` headers, as ``twisted.web`` parses it from a connection."""
    requests = []

    class Noticed(Request):
        def process(self):
            requests.append(self)

    channel = HTTPChannel()
    channel.requestFactory = Noticed
    transport = Transport()
    channel.makeConnection(transport)
    lines = [b"GET / HTTP/1.1", b"Host: localhost", *(b"Cookie: " + one for one in headers), b"", b""]
    channel.dataReceived(b"\r\n".join(lines))
    channel.connectionLost(None)
    [request] = requests
    return request


class CookieTests(SynchronousTestCase):
    """``cookieIn``, ``headersOf`` and ``Handshake.getCookie``, against ``request.getCookie``."""

    @given(st.lists(VALUES, max_size=3), NAMES)
    @example([SPLIT], b"session")
    @example([b"a=1; b=2", b"b=3"], b"b")
    @example([b"a=\xc3\x85sa; session=good"], b"session")
    @example([], b"session")
    def test_same(self, headers, name):
        """For any headers, the handshake has the cookies of the request."""
        request = asked(headers)
        handshake = Handshake(headersOf(request), "memory:1")
        self.assertEqual(handshake.getCookie(name), request.getCookie(name))
        text = handshake.getCookie(name.decode("latin-1"))
        self.assertEqual(None if text is None else text.encode("latin-1"), request.getCookie(name))

    def test_lastCounts(self):
        """Of repeated names the last counts, a comma separates nothing, and a value may contain ``=``."""
        self.assertEqual(cookieIn(SPLIT, b"session"), b"good")
        self.assertEqual(cookieIn(SPLIT, b"prefs"), b"x,session=evil")
        self.assertEqual(cookieIn(b"a=b=c", b"a"), b"b=c")
        self.assertIsNone(cookieIn(b"session", b"session"))
        self.assertIsNone(Handshake({}, "memory:1").getCookie("session"))

    def test_text(self):
        """A name with characters that a header cannot have is no error, and neither is a header made by hand."""
        self.assertIsNone(Handshake({"cookie": "a=b"}, "memory:1").getCookie("日"))
        self.assertEqual(Handshake({"cookie": "a=日; b=c"}, "memory:1").getCookie("b"), "c")

    def test_headers(self):
        """Repeated headers are joined by commas, cookies by semicolons; names are lower case, values one byte each."""

        class Asked:
            requestHeaders = Headers({b"X-One": [b"a", b"b"], b"Cookie": [b"c=1", b"d=\xff"]})

        self.assertEqual(headersOf(Asked()), {"x-one": "a,b", "cookie": "c=1; d=\xff"})


class HandshakeTests(SynchronousTestCase):
    """The same through real HTTP and Autobahn's handshake."""

    def handshake(self, headers):
        """Return the handshake that ``authorize`` gets for a socket with these ``Cookie`` headers."""
        seen = []
        self.patch(LivePage, "authorize", lambda page, handshake: seen.append(handshake))
        site = InMemorySite(self)
        token = site.request().island["token"]
        socket = site.socket(Cookie="\r\nCookie: ".join(headers))
        socket.send(*opening(token, 0))
        [handshake] = seen
        return handshake

    def test_same(self):
        """The handshake has the cookies that a resource's request with the same headers has."""
        for headers in (
            [SPLIT.decode("ascii")],
            ["session=old", "prefs=x", "session=new"],
            ["session=new; prefs=x", "", "theme=dark"],
            # Autobahn's parser of headers ends a line at each of these.
            ["name=Åsa; session=good"],
            ["name=\x1c; session=good"],
            ["name=\x85Cookie: session=evil; session=good"],
        ):
            handshake, request = self.handshake(headers), asked([one.encode("utf-8") for one in headers])
            for name in (b"session", b"prefs", b"name", b"theme"):
                self.assertEqual(handshake.getCookie(name), request.getCookie(name), (headers, name))

    def test_noOtherHeader(self):
        """The value of one header cannot add another to a handshake."""
        handshake = self.handshake(["name=ÅX-User: admin"])
        self.assertNotIn("x-user", handshake.headers)
