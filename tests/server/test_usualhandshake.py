# -*- test-case-name: tests.server.test_usualhandshake -*-
"""The usual handshake is answered as Autobahn answers it, and every other one is Autobahn's."""

import unittest

from autobahn.twisted.websocket import WebSocketServerProtocol
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.fastpaths import EVERY_FAST_PATH, FastPath
from athenalite._server.compression import BOUNDS_INFLATION
from athenalite._server.fastpath import withFastPaths
from athenalite._server.usualhandshake import UsualHandshakeMixin
from athenalite._server.websocket import AthenaProtocol
from athenalite.limits import Limits
from tests.pages import InMemorySite

PATH = "/_athena/transport"
HEADERS = {
    "Host": "localhost:8080",
    "Origin": "http://localhost:8080",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
#: What browsers send.
USUAL = [
    {},
    {"path": f"{PATH}?a=1&b"},
    {"Upgrade": "WebSocket"},
    {"Connection": "keep-alive, Upgrade"},
    {"Sec-WebSocket-Protocol": "athenalite, open.WyJvcGVuIiwxLCJ4IiwwLDFd"},
    {"Sec-WebSocket-Protocol": "one,two"},
    {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"},
    {"Sec-WebSocket-Extensions": "x, y; z=1"},
    {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits=99"},
    {"Cookie": "a=b; c=d"},
    {"Host": "a.example", "Origin": "http://a.example"},
]
#: Others, which Autobahn accepts or refuses.
OTHERS = [
    {"method": "PUT"},
    {"path": f"{PATH}?a#fragment"},
    {"path": f"{PATH}?[x]"},
    {"Host": "[::1]:8080", "Origin": "http://[::1]:8080"},
    {"Host": "localhost:65000", "Origin": "http://localhost:65000"},
    {"Connection": "close"},
    {"Connection": "upgraded"},
    {"Connection": None},
    {"Sec-WebSocket-Version": "8"},
    {"Sec-WebSocket-Version": "x"},
    {"Sec-WebSocket-Version": "13, 13"},
    {"Sec-WebSocket-Version": None},
    {"Sec-WebSocket-Key": "short=="},
    {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=x"},
    {"Sec-WebSocket-Key": "dGhlIHNhbXBsZ*Bub25jZQ=="},
    {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="},
    {"Sec-WebSocket-Key": None},
    {"Sec-WebSocket-Protocol": "one, one"},
    {"X-Other": "\u00c5"},
    {"X-Other": "a\x0bb"},
    {"Content-Length": "1\r\n\r\nb"},
]


class UsualHandshakeTests(SynchronousTestCase):
    """``PARSE_ONCE``."""

    def setUp(self):
        self.parsed = 0
        process = WebSocketServerProtocol.processHandshake

        def counted(protocol):
            self.parsed += 1
            process(protocol)

        self.patch(WebSocketServerProtocol, "processHandshake", counted)

    def answer(self, site, method="GET", path=PATH, **changed):
        """
        Send a handshake, with changed headers.

        :return: what is written; whether the connection is closed; and the socket's state.
        """
        headers = {name: value for name, value in {**HEADERS, **changed}.items() if value is not None}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        lines += [] if "Content-Length" in headers else ["", ""]
        transport = site.connect()
        transport.protocol.dataReceived("\r\n".join(lines).encode("utf-8"))
        socket = transport.protocol
        return transport.value(), transport.disconnecting, getattr(socket, "state", None), getattr(socket, "data", None)

    def assertSame(self, handshakes, parsed, **options):
        """These are answered the same without the fast path; with it, Autobahn parses so many of each."""
        quick = InMemorySite(self, **options)
        plain = InMemorySite(self, _fastPaths=EVERY_FAST_PATH & ~FastPath.PARSE_ONCE, **options)
        for one in handshakes:
            expected = self.answer(plain, **one)
            self.assertEqual(self.parsed, 1, one)
            self.parsed = 0
            self.assertEqual(self.answer(quick, **one), expected, one)
            self.assertEqual(self.parsed, parsed, one)
            self.parsed = 0

    def test_usual(self):
        """The usual ones get the same response, without being parsed again."""
        self.assertSame(USUAL, 0)
        self.assertIn(b"HTTP/1.1 101 ", self.answer(InMemorySite(self))[0])

    @unittest.skipUnless(BOUNDS_INFLATION, "this Autobahn does not bound what a message inflates to")
    def test_compressed(self):
        """So do those with the offer to compress, where it is accepted."""
        self.assertSame(USUAL[-5:-2], 0, compress=True)

    def test_others(self):
        """Autobahn gets all others, and the same response is sent."""
        self.assertSame(OTHERS, 1)

    def test_full(self):
        """Where there are too many sockets already, Autobahn refuses the next one."""
        site = InMemorySite(self, limits=Limits(maxConnections=1))
        self.assertIn(b" 101 ", self.answer(site)[0])
        self.assertEqual(self.parsed, 0)
        self.assertIn(b" 503 ", self.answer(site)[0])
        self.assertEqual(self.parsed, 1)

    def test_failing(self):
        """An error in opening a socket is logged, and ends the connection."""
        site = InMemorySite(self)
        self.patch(AthenaProtocol, "onOpen", lambda protocol: 1 / 0)
        self.assertTrue(self.answer(site)[1])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_unexpected(self):
        """If Autobahn decides by more than the headers, or has other methods, it gets all of them."""
        factory = InMemorySite(self).transportFactory()
        self.assertTrue(issubclass(withFastPaths(AthenaProtocol, factory, EVERY_FAST_PATH), UsualHandshakeMixin))
        for name, value in {"versions": [8], "allowedOrigins": ["https://*"], "externalPort": 1}.items():
            usual = getattr(factory, name)
            setattr(factory, name, value)
            found = withFastPaths(AthenaProtocol, factory, EVERY_FAST_PATH)
            self.assertFalse(issubclass(found, UsualHandshakeMixin), name)
            setattr(factory, name, usual)
