# -*- test-case-name: tests.server.test_websocket -*-
"""Sockets as browsers open and lose them: real handshakes and frames, in memory."""

import gc
import json
import unittest
import weakref
import zlib
from collections import Counter

from twisted.internet.error import ConnectionDone
from twisted.logger import Logger, formatEvent
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.states import State
from athenalite._page.livepage import LivePage
from athenalite._server import websocket as transport
from athenalite._server.compression import BOUNDS_INFLATION
from athenalite._server.fastpath import DirectWriteMixin
from athenalite._server.origin import parseOrigin
from athenalite.athena import ConnectionLost, expose
from athenalite.limits import Limits
from harness.messages import opening, showing
from tests.pages import BINARY, ORIGIN, TEXT, InMemorySite, Plain


class Recorder(Plain):
    """An element that records the hooks of its page."""

    def connectionMade(self):
        self.events = ["made"]

    def connectionLost(self, reason):
        self.events.append((reason.type, reason.getErrorMessage()))

    def disconnected(self):
        self.events.append("disconnected")

    def resumed(self):
        self.events.append("resumed")

    @expose
    def echo(self, value):
        return value


class HandshakeTests(SynchronousTestCase):
    """The check of the origin."""

    def status(self, site=None, **headers):
        """Return the status of the response to a handshake with these headers."""
        return (site or InMemorySite(self)).socket(**headers).handshake.status

    def test_own(self):
        """A page of the same scheme, host and port is accepted, and the handshake is RFC 6455's."""
        socket = InMemorySite(self).socket()
        self.assertEqual(socket.handshake.status, 101)
        self.assertEqual(socket.handshake.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        self.assertIsNone(socket.handshake.header("Sec-WebSocket-Extensions"))

    def test_others(self):
        """A handshake with another scheme, host or port, with origin null, or without an origin, gets 403."""
        for origin in (
            "https://localhost:8080",
            "http://localhost",
            "http://localhost:8081",
            "http://localhost.evil.example:8080",
            "http://evil.example:8080",
            None,
        ):
            self.assertEqual(self.status(Origin=origin), 403, origin)

    def test_malformed(self):
        """A malformed origin is refused."""
        for origin in ("http://localhost:8080.evil.example", "http://localhost:8080/", "", "null", "*"):
            self.assertIn(self.status(Origin=origin), (400, 403), origin)

    def test_refusalIsLogged(self):
        """The log has the refused peer and origin, and the remedy for the deployer."""
        from twisted.logger import globalLogPublisher

        events = []
        globalLogPublisher.addObserver(events.append)
        self.addCleanup(globalLogPublisher.removeObserver, events.append)
        self.status(Origin="http://evil.example")
        [text] = [event for event in events if "Refused a socket" in (event.get("log_format") or "")]
        self.assertEqual((text["origin"], text["host"]), ("http://evil.example", "localhost:8080"))
        self.assertIn("evil.example", text["remedy"])

    def test_listed(self):
        """An origin that the site lists is accepted."""
        site = InMemorySite(self, origins=[parseOrigin("https://chat.example.org")])
        self.assertEqual(self.status(site=site, Origin="https://chat.example.org"), 101)
        self.assertEqual(self.status(site=site, Origin="http://chat.example.org"), 403)

    def test_secure(self):
        """Over TLS the site's own origin is https, with port 443 unless Host has another."""
        gate = InMemorySite(self).factory.gate
        [secure] = gate.ownOrigins({"host": "chat.example.org"}, True)
        [plain] = gate.ownOrigins({"host": "chat.example.org:8080"}, False)
        self.assertEqual((secure, plain), (("https", "chat.example.org", 443), ("http", "chat.example.org", 8080)))

    def test_behindProxy(self):
        """Behind a trusted proxy, the site's own origin is in its X-Forwarded headers."""
        forwarded = {
            "X_Forwarded_Proto": "https",
            "X_Forwarded_Host": "chat.example.org",
            "Origin": "https://chat.example.org",
        }
        self.assertEqual(self.status(site=InMemorySite(self, behindProxy=True), **forwarded), 101)

    def test_behindProxyKeepsHost(self):
        """A proxy may pass Host and set only X-Forwarded-Proto."""
        site = InMemorySite(self, behindProxy=True)
        headers = {"Host": "chat.example.org", "X_Forwarded_Proto": "https"}
        self.assertEqual(self.status(site=site, Origin="https://chat.example.org", **headers), 101)
        self.assertEqual(self.status(site=site, Origin="http://chat.example.org", **headers), 403)

    def test_forwardedUnbelieved(self):
        """Without a proxy any peer can send such headers, so they are ignored."""
        forwarded = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "evil.example"}
        self.assertEqual(self.status(Origin="https://evil.example", **forwarded), 403)

    def test_plainRequest(self):
        """A request that is no WebSocket handshake is refused, and the site goes on."""
        site = InMemorySite(self)
        transport = site.connect()
        transport.protocol.dataReceived(b"GET /_athena/transport HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")
        self.assertIn(b"426", transport.value().split(b"\r\n")[0])
        self.assertEqual(self.status(site=site), 101)

    def test_oldVersion(self):
        """Only the WebSocket of RFC 6455, version 13, is supported."""
        self.assertIn(self.status(Sec_WebSocket_Version="8"), (400, 426))

    def test_tooMany(self):
        """One socket more than maxConnections is refused with 503, until another is closed."""
        site = InMemorySite(self, limits=Limits(maxConnections=2))
        first, _, third = site.socket(), site.socket(), site.socket()
        self.assertEqual(third.handshake.status, 503)
        third.lose()
        first.lose()
        self.assertEqual(site.socket().handshake.status, 101)


class OpenTests(SynchronousTestCase):
    """The first message authenticates the socket."""

    def setUp(self):
        self.site = InMemorySite(self, Recorder)

    def test_open(self):
        """A socket with the page's token becomes the page's, and connectionMade is called once."""
        element, socket = self.site.page()
        self.assertEqual(element.events, ["made"])
        self.assertIsNone(socket.closed)

    def offered(self, opening, protocols="athenalite, {}"):
        """Return a socket with this handshake, and its transport."""
        return self.site.socket(Sec_WebSocket_Protocol=protocols.format(showing(json.dumps(opening).encode())))

    def test_shown(self):
        """
        A browser may send ``open`` in the handshake: it is answered at once, after the handshake, whose response does
        not depend on it.
        """
        token = self.site.request().island["token"]
        socket = self.offered(opening(token, 0))
        self.assertEqual(socket.handshake.header("Sec-WebSocket-Protocol"), "athenalite")
        self.assertEqual(socket.messages(), [["opened", 0]])
        self.assertEqual(self.site.elements[-1].events, ["made"])
        self.assertEqual(socket.call("echo", 1), [["respond", 1, True, 1]])

    def test_writtenAtOnce(self):
        """When the page has been answered, what the transport has is to be written."""
        written = []
        for one in (DirectWriteMixin, transport.AthenaProtocol):
            self.patch(one, "flushOpening", lambda socket: written.append(socket.transport.value()))
        token = self.site.request().island["token"]
        self.offered(opening(token, 0))
        self.assertEqual([data.count(b'["opened",0]') for data in written], [1])

    def test_handshakeForgotten(self):
        """An open socket keeps neither its request nor its response: a page would need 2 KiB more."""
        token = self.site.request().island["token"]
        socket = self.offered(opening(token, 0))
        kept = repr(vars(socket.transport.protocol)).lower()
        self.assertIn("_connection", kept)
        for one in ("sec-websocket", "switching protocols", "upgrade", "open."):
            self.assertNotIn(one, kept)

    def test_shownAndSent(self):
        """A second open message is a protocol error, as on any socket."""
        socket = self.offered(opening(self.site.request().island["token"], 0))
        socket.send(*opening("token", 0))
        socket.messages()
        self.assertEqual(socket.closed[0], 1002)

    def test_shownWrong(self):
        """An open in the handshake is checked like a message: errors close the socket with the same codes."""
        for wrong, code in ((["open", 1, "wrong", 0, 1], 4000), (["open", 2, "x", 0, 1], 1002), (["noop"], 1008)):
            socket = self.offered(wrong)
            self.assertEqual(socket.messages(), [])
            self.assertEqual(socket.closed[0], code)
        for text, code in (("open.", 1002), ("open.!", 1002), ("open", 1002), ("open.____", 1007)):
            socket = self.site.socket(Sec_WebSocket_Protocol=f"athenalite, {text}")
            socket.messages()
            self.assertEqual(socket.closed[0], code, text)

    def test_otherSubprotocols(self):
        """A browser that offers other subprotocols gets none, and sends open as a message."""
        token = self.site.request().island["token"]
        for protocols in ("chat", "{}", "athenalite"):
            socket = self.offered(opening(token, 0), protocols)
            chosen = socket.handshake.header("Sec-WebSocket-Protocol")
            self.assertIsNone(chosen)
            self.assertEqual(socket.messages(), [])
            socket.send(*opening(token, 0))
            self.assertEqual(socket.messages(), [["opened", 0]])

    def test_shownNotVisible(self):
        """The offered token is neither in the handshake that an application gets nor in the log."""
        logged, seen = [], []
        site = InMemorySite(self, Recorder, log=Logger(observer=logged.append))
        self.site = site
        self.patch(LivePage, "authorize", lambda page, handshake: seen.append(handshake))
        token = site.request().island["token"]
        socket = self.offered(opening(token, 0))
        socket.messages()
        self.assertEqual(socket.closed[0], 1008)
        shown = showing(json.dumps(opening(token, 0)).encode())[len("open.") :][:40]
        text = "".join(map(formatEvent, logged)) + repr(logged) + repr(seen)
        self.assertEqual((len(seen), token in text, shown in text), (1, False, False))

    def test_wrongToken(self):
        """A token of no page is answered with 4000 and "unknown page"."""
        socket = self.site.socket()
        socket.send(*opening("guess", 0))
        self.assertEqual(socket.messages(), [])
        self.assertEqual(socket.closed, (4000, "unknown page"))

    def test_silence(self):
        """A socket without an open message is closed with 1013 in time."""
        socket = self.site.socket()
        self.site.clock.advance(Limits().openTimeout - 0.1)
        socket.messages()
        self.assertIsNone(socket.closed)
        self.site.clock.advance(0.2)
        socket.messages()
        self.assertEqual(socket.closed[0], 1013)

    def test_somethingElseFirst(self):
        """A socket that makes a call before it has sent its token is closed with 1008, and no call runs."""
        self.site.request()
        socket = self.site.socket()
        socket.send("call", 1, "echo", ["x"])
        self.site.flush()
        self.assertEqual(socket.messages(), [])
        self.assertEqual(socket.closed[0], 1008)

    def test_resume(self):
        """A page whose socket is lost resumes on another and misses nothing; its element is notified of both."""
        element, socket = self.site.page()
        socket.lose()
        element.callRemote("hear", "while away")
        self.site.flush()
        again = self.site.socket()
        again.send(*opening(element.page.session.token, 0))
        self.assertEqual(again.messages(), [["opened", 0], ["notify", 1, "hear", ["while away"]]])
        self.assertEqual(element.events, ["made", "disconnected", "resumed"])

    def test_newestWins(self):
        """A second socket of the page replaces the first, which is closed with 4001 and not read any more."""
        element, old = self.site.page()
        new = self.site.socket()
        new.send(*opening(element.page.session.token, 0))
        old.messages()
        self.assertEqual(old.closed[0], 4001)
        old.send("call", 1, "echo", ["late"])
        old.lose()
        self.assertEqual(new.call("echo", "new")[-1], ["respond", 1, True, "new"])
        self.assertEqual(element.events, ["made", "disconnected", "resumed"])

    def test_lostPage(self):
        """A page that reconnects too late gets the reason of its loss."""
        element, socket = self.site.page()
        token = element.page.session.token
        socket.lose()
        longest = Limits().transportlessTimeout
        self.site.clock.advance(longest + 1)
        late = self.site.socket()
        late.send(*opening(token, 0))
        late.messages()
        self.assertEqual(late.closed, (4000, f"the page was away for more than {longest:g} s"))


UNBOUNDED = "this Autobahn does not bound what a message inflates to, so there is no compression"


class CompressionTests(SynchronousTestCase):
    """``LivePageFactory(compress=True)``: permessage-deflate (RFC 7692)."""

    OFFER = "permessage-deflate; client_max_window_bits"

    def connect(self, compress):
        """Return a page of a site, with its socket, whose browser offers compression."""
        self.site = InMemorySite(self, Recorder, Limits(maxMessageSize=5000), compress=compress)
        token = self.site.request().island["token"]
        socket = self.site.socket(Sec_WebSocket_Extensions=self.OFFER)
        socket.send(*opening(token, 0))
        return socket

    def compressed(self, data):
        """Return the payload of a compressed message (section 7.2.1)."""
        deflate = zlib.compressobj(wbits=-15)
        return (deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]

    def test_unbounded(self):
        """With an Autobahn that does not bound the size of an inflated message, compress raises an error."""
        self.patch(transport, "BOUNDS_INFLATION", False)
        error = self.assertRaises(RuntimeError, self.connect, True)
        self.assertIn("newer autobahn", str(error))

    def test_declined(self):
        """By default compression is declined."""
        socket = self.connect(False)
        self.assertIsNone(socket.handshake.header("Sec-WebSocket-Extensions"))
        self.assertEqual(socket.messages(), [["opened", 0]])

    @unittest.skipUnless(BOUNDS_INFLATION, UNBOUNDED)
    def test_compressed(self):
        """With a context, both sides' messages may be compressed, one after the other in it."""
        socket = self.connect("context")
        self.assertIn("permessage-deflate", socket.handshake.header("Sec-WebSocket-Extensions"))
        inflate = zlib.decompressobj(-15)
        said = []
        for number in range(3):
            if number:
                call = json.dumps(["call", 1, "echo", ["x" * 1000]]).encode()
                socket.sendFrame(self.compressed(call) if number == 1 else call, first=0xC0 if number == 1 else 0x80)
                self.site.flush()
            raw = socket.transport.value()
            socket.transport.clear()
            while raw:
                self.assertEqual((raw[0], raw[1] < 126), (0xC1, True))
                payload, raw = raw[2 : 2 + raw[1]], raw[2 + raw[1] :]
                said.append(json.loads(inflate.decompress(payload + b"\0\0\xff\xff")))
        answers = [["respond", number, True, "x" * 1000] for number in (1, 2)]
        self.assertEqual(said, [["opened", 0], *answers])

    @unittest.skipUnless(BOUNDS_INFLATION, UNBOUNDED)
    def test_withoutContext(self):
        """By default each message is compressed by itself, short ones are not, and no compressor is kept."""
        socket = self.connect(True)
        self.assertEqual(
            socket.handshake.header("Sec-WebSocket-Extensions"),
            # That the server takes over no context need not be announced.
            "permessage-deflate; client_max_window_bits=11",
        )
        self.assertEqual(socket.messages(), [["opened", 0]])
        for text in ("short", "x" * 1000):
            socket.sendFrame(json.dumps(["call", 1, "echo", [text]]).encode())
            self.site.flush()
            raw = socket.transport.value()
            socket.transport.clear()
            payload = raw[2:]
            if len(text) > 100:
                self.assertEqual(raw[0], 0xC1)
                payload = zlib.decompressobj(-15).decompress(payload + b"\0\0\xff\xff")
            self.assertEqual(json.loads(payload)[3], text)
        self.assertIsNone(socket.transport.protocol._perMessageCompress._compressor)

    @unittest.skipUnless(BOUNDS_INFLATION, UNBOUNDED)
    def test_smallWindow(self):
        """A browser that asks for a small window gets frames of its own."""
        self.OFFER = "permessage-deflate; server_max_window_bits=9"
        socket = self.connect(True)
        self.assertIn("server_max_window_bits=9", socket.handshake.header("Sec-WebSocket-Extensions"))
        raw = socket.transport.value()
        self.assertEqual(raw[0], 0xC1)
        payload = zlib.decompressobj(-9).decompress(raw[2:] + b"\0\0\xff\xff")
        self.assertEqual(json.loads(payload), ["opened", 0])

    def test_unknown(self):
        """Another text as the option is an error."""
        self.assertIn("'context'", str(self.assertRaises(ValueError, self.connect, "all")))

    @unittest.skipUnless(BOUNDS_INFLATION, UNBOUNDED)
    def test_bomb(self):
        """A small message that inflates beyond the bound closes the socket, as a large one does."""
        socket = self.connect(True)
        socket.transport.clear()
        socket.sendFrame(self.compressed(b" " * 1_000_000), first=0xC0)
        raw = socket.transport.value()
        self.assertEqual((raw[0], raw[2:4]), (0x88, (1009).to_bytes(2, "big")))

    @unittest.skipUnless(BOUNDS_INFLATION, UNBOUNDED)
    def test_corrupt(self):
        """So does a payload that cannot be inflated, with another code."""
        socket = self.connect(True)
        socket.transport.clear()
        socket.sendFrame(b"\xff" * 20, first=0xC0)
        raw = socket.transport.value()
        self.assertEqual((raw[0], raw[2:4]), (0x88, (1007).to_bytes(2, "big")))


class CloseTests(SynchronousTestCase):
    """Messages that a browser must not send, and the end of a page."""

    def setUp(self):
        self.site = InMemorySite(self, Recorder, Limits(maxMessageSize=1000))
        self.element, self.socket = self.site.page()

    def assertBroken(self, code):
        """The socket was closed with this code, and the page is lost on the server with a reason."""
        self.assertEqual(self.socket.messages(), [])
        self.assertEqual(self.socket.closed[0], code)
        self.assertEqual([event[0] for event in self.element.events[1:]], [ConnectionLost])
        self.assertEqual(len(self.site.factory.sessions), 0)

    def test_binary(self):
        """A binary message closes with 1003."""
        self.socket.sendFrame(b'["noop"]', BINARY)
        self.assertBroken(1003)

    def test_badText(self):
        """Text that is not UTF-8 closes with 1007."""
        self.socket.sendFrame(b'["call",1,"echo",["\xff"]]')
        self.assertBroken(1007)

    def test_surrogateText(self):
        """An encoded surrogate is not UTF-8."""
        self.socket.sendFrame(b'["call",1,"echo",["\xed\xa0\x80"]]')
        self.assertBroken(1007)

    def test_oversize(self):
        """A message larger than the site accepts closes with 1009."""
        self.socket.send("call", 1, "echo", ["x" * 1000])
        self.assertBroken(1009)

    def test_oversizeInFragments(self):
        """So does one in small fragments."""
        self.socket.sendFrame(b'["call",1,"echo",["' + b"x" * 600, TEXT, 0)
        self.socket.sendFrame(b"x" * 600, 0, 0)
        self.assertBroken(1009)

    def test_emptyFragments(self):
        """So does one of very many fragments, though they have no bytes."""
        self.socket.sendFrame(b"", TEXT, 0)
        for _ in range(1000):
            self.socket.sendFrame(b"", 0, 0)
        self.assertEqual(self.socket.messages(), [])
        self.assertIsNone(self.socket.closed)
        for _ in range(3):
            self.socket.sendFrame(b"", 0, 0)
        self.assertBroken(1009)

    def test_largest(self):
        """A message of exactly the largest size is accepted."""
        frame = json.dumps(["call", 1, "echo", ["x"]]).encode()
        self.socket.sendFrame(frame.replace(b"x", b"x" * (1001 - len(frame))))
        self.site.flush()
        self.assertEqual(self.socket.messages()[-1][:3], ["respond", 1, True])

    def test_notAMessage(self):
        """A message that the protocol does not allow closes with 1002."""
        self.socket.sendFrame(b'["eval","alert(1)"]')
        self.assertBroken(1002)

    def test_unmasked(self):
        """A frame without a mask closes with 1002 (RFC 6455 section 5.1)."""
        self.socket.transport.protocol.dataReceived(b"\x81\x08" + b'["noop"]')
        self.assertBroken(1002)

    def test_reservedBit(self):
        """A frame with a reserved bit, though no extension was agreed on, closes with 1002."""
        self.socket.sendFrame(b'["noop"]', TEXT, 0xC0)
        self.assertBroken(1002)

    def test_left(self):
        """The page was closed: its element gets ConnectionDone at once, and nothing is logged."""
        self.socket.close(4000)
        self.assertEqual([event[0] for event in self.element.events[1:]], [ConnectionDone])
        self.assertEqual(len(self.site.factory.sessions), 0)

    def test_otherCodes(self):
        """A socket that closes with 1000, 1001 or without a code may be followed by another."""
        for code in (1000, 1001, None):
            element, socket = self.site.page()
            socket.close(code)
            self.assertEqual(element.events, ["made", "disconnected"])
            self.assertIs(element.page.session.state, State.TRANSPORTLESS)

    def test_dropped(self):
        """So may one that is cut without a close frame."""
        self.socket.lose()
        self.assertEqual(self.element.events, ["made", "disconnected"])

    def test_reasonFits(self):
        """A reason longer than a close frame holds is cut between characters."""
        self.element.page.session.close("\N{SNOWMAN}" * 60)
        self.socket.messages()
        self.assertEqual(self.socket.closed, (4000, "\N{SNOWMAN}" * 41))

    def test_calledAfterwards(self):
        """Frames after the one that closed the page are not handled."""
        self.socket.sendFrame(b"x", BINARY)
        self.socket.send("call", 1, "echo", ["late"])
        self.site.flush()
        self.assertBroken(1003)


def _garbage(function, *args):
    """Count the objects, by type, of ours, Twisted's and Autobahn's that a call leaves to the garbage collector."""
    # What earlier tests have left, and what its finalizers leave.
    while gc.collect():
        pass
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        function(*args)
        gc.collect()
        names = [f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.garbage]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    return Counter(name for name in names if name.startswith(("athenalite.", "twisted.", "autobahn.")))


class LifeTests(SynchronousTestCase):
    """Connections that go quiet, and the memory of lost pages."""

    def test_noop(self):
        """A quiet connection carries a noop, which scripts receive, at least every 20 seconds."""
        site = InMemorySite(self, Recorder)
        _, socket = site.page()
        site.clock.pump([1] * 20)
        self.assertIn(["noop"], socket.messages())

    def test_deadLine(self):
        """A connection without a pong is dropped within 45 seconds, and the page may reconnect."""
        site = InMemorySite(self, Recorder)
        element, socket = site.page()
        site.clock.pump([1] * 45)
        self.assertTrue(socket.transport.disconnecting or socket.transport.disconnected)
        socket.lose()
        self.assertEqual(element.events, ["made", "disconnected"])

    def test_nothingRetained(self):
        """When a page has been closed, nothing holds its element, page, session or socket."""
        site = InMemorySite(self, Recorder)
        element, socket = site.page()
        socket.call("echo", 1)
        kept = [weakref.ref(one) for one in (element, element.page, element.page.session, socket.transport.protocol)]
        socket.close(4000)
        site.elements.clear()
        del element, socket
        gc.collect()
        self.assertEqual([one() for one in kept], [None] * 4)

    def test_nothingForTheCollector(self):
        """
        A lost page, or a socket, leaves nothing to the garbage collector: a large site would pay for that in memory,
        and in pauses when it runs.
        """
        site = InMemorySite(self, Recorder)

        def live(end):
            token = site.request().island["token"]
            socket = site.socket()
            socket.send(*opening(token, 0))
            site.elements[-1].callRemote("hear", 1).addErrback(lambda failure: None)
            socket.call("echo", 1)
            end(token, socket)
            site.elements.clear()

        def drop(token, socket):
            socket.lose()
            again = site.socket()
            again.send(*opening(token, 0))
            again.close(4000)

        def vanish(token, socket):
            socket.lose()
            site.clock.advance(1000)

        for end in (lambda token, socket: socket.close(4000), drop, vanish):
            live(end)
            self.assertEqual(_garbage(live, end), {})

    def test_fullBuffer(self):
        """While the transport is full, nothing is sent or read; afterwards both continue."""
        site = InMemorySite(self, Recorder)
        element, socket = site.page()
        # The transport pauses its producer.
        socket.transport.producer.pauseProducing()
        self.assertEqual(socket.transport.producerState, "paused")
        element.callRemote("hear", 1)
        element.callRemote("hear", 2)
        site.flush()
        self.assertEqual(socket.messages(), [])
        socket.transport.producer.resumeProducing()
        site.flush()
        self.assertEqual(socket.transport.producerState, "producing")
        self.assertEqual(socket.messages(), [["notify", 1, "hear", [1]], ["notify", 1, "hear", [2]]])

    def test_flood(self):
        """A browser that exceeds the rate is not read from for the rest of the second, and not lost."""
        site = InMemorySite(self, Recorder, Limits(maxMessagesPerSecond=10))
        _, socket = site.page()
        for _ in range(10):
            socket.send("noop")
        self.assertEqual(socket.transport.producerState, "paused")
        site.clock.advance(1)
        self.assertEqual(socket.transport.producerState, "producing")
        self.assertEqual(socket.call("echo", "alive")[-1], ["respond", 1, True, "alive"])

    def test_large(self):
        """The bound on a browser's messages does not apply to ours."""
        site = InMemorySite(self, Recorder, Limits(maxMessageSize=1000))
        element, socket = site.page()
        element.callRemote("hear", "x" * 100_000)
        site.flush()
        self.assertEqual(len(socket.messages()[0][3][0]), 100_000)

    def test_noTimers(self):
        """After all pages and sockets are closed, no timer is left."""
        site = InMemorySite(self, Recorder)
        _, socket = site.page()
        socket.close(4000)
        site.clock.pump([1] * 60)
        left = [call for call in site.clock.getDelayedCalls() if "_updateLogDateTime" not in repr(call.func)]
        self.assertEqual(left, [])

    def test_noTimerOfClosing(self):
        """The closing handshake's timer ends with the connection."""
        site = InMemorySite(self, Recorder)
        element, socket = site.page()
        element.page.close("over")
        site.flush()
        socket.messages()
        self.assertEqual(socket.closed, (4000, "over"))
        socket.lose()
        self.assertEqual([call for call in site.clock.getDelayedCalls() if "_notify_bucket" in repr(call.func)], [])

    def test_sameOrigin(self):
        """The fake's own origin is the one of its requests, or half of these tests show nothing."""
        self.assertEqual(ORIGIN, "http://localhost:8080")
