# -*- test-case-name: tests.server.test_usualrequest -*-
"""Requests whose head is parsed in one piece are handled as twisted.web handles them."""

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http import HTTPChannel
from twisted.web.resource import Resource

from athenalite._server import channel as athenaChannel
from athenalite._server import usualrequest
from athenalite._server.site import AthenaSite
from athenalite.limits import Limits
from tests.server.test_site import Transport

NAMES = ["Host", "accept", "COOKIE", "Cookie", "X-Other", "Connection", "a_b", "a b", "", "Expect"]
NAMES += ["Content-Length", "content-length", "Transfer-Encoding", "Transfer-Encodings"]
VALUES = ["", "1", "localhost", " a ", "\ta\t b\t", "a=b; c=d", "close", "keep-alive", "0", "chunked", "100-continue"]
VALUES += ["a\x00b", "a\rb", "a\nb", "a\x0bb", "a\r\n b", "a\x7fb", "Å", "x" * 5000, "x" * 20_000]
#: What browsers send.
USUAL = b"GET /chat?a=%20#b HTTP/1.1\r\nHost: localhost\r\nCookie:a=b; c=d\r\nAccept: */*\r\nAccept: a\t\r\n\r\n"
OTHERS = [
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nb",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nb",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\ncontent-length: 0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
    b"GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: %b\r\n\r\n" % (b"x" * 8192),
    b"GET / HTTP/1.1\r\n%b\r\n" % (b"X: 1\r\n" * 101),
    b"GET / HTTP/1.1\r\n%b\r\n" % (b"X: 1\r\n" * 501),
    USUAL[:-2],
    USUAL * 2,
]


class Recorder(Resource):
    """Records what it knows of each request, and answers it."""

    isLeaf = True

    def __init__(self):
        super().__init__()
        self.seen = []

    def render(self, request):
        headers = list(request.requestHeaders.getAllRawHeaders())
        parsed = request.received_cookies, request.args, request.content.read(), request.channel.persistent
        self.seen.append((request.method, request.uri, request.clientproto, headers, *parsed))
        return b"answer"


class UsualRequestTests(SynchronousTestCase):
    """``takeUsual``."""

    def setUp(self):
        self.lines = 0
        received = HTTPChannel.lineReceived

        def counted(channel, line):
            self.lines += 1
            received(channel, line)

        self.patch(HTTPChannel, "lineReceived", counted)

    def handled(self, pieces):
        """
        :return: the requests that are seen if these pieces arrive, one in each iteration of the reactor; the responses;
            and whether the connection is still open.
        """
        clock, root, transport = Clock(), Recorder(), Transport()
        site = AthenaSite(root, Limits(requestTimeout=10, maxRequestSize=1000), clock)
        channel = transport.protocol = site.buildProtocol(None)
        channel.makeConnection(transport)
        for piece in pieces:
            if transport.connected:
                channel.dataReceived(piece)
                transport.read()
                clock.advance(0)
        clock.advance(1)
        return root.seen, re.sub(b"Date: [^\r]*", b"", transport.value()), transport.connected

    def assertSame(self, pieces):
        """These pieces are handled as twisted.web handles them."""
        with patch.object(athenaChannel, "takeUsual", lambda channel, data: False):
            expected = self.handled(pieces)
        self.lines = 0
        self.assertEqual(self.handled(pieces), expected)
        return expected[0]

    def test_usual(self):
        """Usual requests are handled without a step for each line, one after the other on a connection."""
        [first, second, last] = self.assertSame([USUAL, USUAL, USUAL.replace(b"Accept: a", b"Connection: close")])
        self.assertEqual(self.lines, 0)
        self.assertEqual(first, second)
        self.assertEqual(first[:3], (b"GET", b"/chat?a=%20#b", b"HTTP/1.1"))
        accept, cookies = [b"*/*", b"a"], {b"a": b"b", b"c": b"d"}
        self.assertEqual(
            first[3:5], ([(b"Host", [b"localhost"]), (b"Cookie", [b"a=b; c=d"]), (b"Accept", accept)], cookies)
        )
        self.assertEqual((first[-1], last[-1]), (1, 0))

    def test_others(self):
        """Others are left to twisted.web."""
        for one in OTHERS:
            self.assertSame([one])
            self.assertGreater(self.lines, 0, one)

    def test_pieces(self):
        """So is a head that has arrived in pieces, and the next one is taken again."""
        for cut in (1, 20, 60, len(USUAL) - 1):
            self.assertEqual(len(self.assertSame([USUAL[:cut], USUAL[cut:], USUAL])), 2)
            self.assertEqual(self.lines, USUAL.count(b"\n"))

    def test_emptyLine(self):
        """A line end before the request, and what follows the last request, are twisted.web's as well."""
        last = USUAL.replace(b"Accept: a", b"Connection: close")
        for pieces in ([b"\r\n", USUAL], [b"\r\n" + USUAL], [last, USUAL], [last + USUAL]):
            self.assertEqual(len(self.assertSame(pieces)), 1)

    def test_within(self):
        """What looks like a request is a part of another one, if that has begun."""
        head = USUAL[: USUAL.index(b"\n") + 1]
        self.assertEqual(self.assertSame([head, USUAL]), [])
        self.assertEqual([one[0] for one in self.assertSame([b"GET", USUAL])], [b"GETGET"])
        posted = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(USUAL)
        [post, following] = self.assertSame([posted, USUAL, USUAL])
        self.assertEqual((post[0], following[0]), (b"POST", b"GET"))

    def test_unexpected(self):
        """If Twisted's channel is another one, it gets all requests."""
        self.patch(usualrequest, "WORKS", False)
        self.assertSame([USUAL])
        self.assertGreater(self.lines, 0)

    @given(
        st.sampled_from(["GET", "get", "HEAD", "POST"]),
        st.sampled_from(["/", "*", "/a?b=c", "/ä", "/a b", "", "//", "/%00"]),
        st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "http/1.1", ""]),
        st.lists(
            st.tuples(st.sampled_from(NAMES), st.sampled_from([":", ": ", " :", ""]), st.sampled_from(VALUES)),
            max_size=5,
        ),
        st.sampled_from(["", "b", "0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"]),
        st.lists(st.integers(0, 200), max_size=3),
    )
    def test_any(self, method, path, version, headers, body, cuts):
        """Whatever the request is, and wherever it is cut."""
        lines = [f"{method} {path} {version}", *("".join(header) for header in headers), "", body]
        data = "\r\n".join(lines).encode("utf-8")
        ends = [0, *sorted(cuts), len(data)]
        self.assertSame([data[start:end] for start, end in zip(ends, ends[1:], strict=False) if end > start])
