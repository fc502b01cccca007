# -*- test-case-name: tests.integration.test_hostile -*-
"""
Hostile peers at the port: other peers are served, memory stays bounded, and the log has one useful line about each.

A real server in a process of its own, and raw sockets. Tests that need a clock are in ``tests/server/test_site.py``
(slow requests) and ``tests/server/test_websocket.py`` (dead connections); ``stress/flood.py`` is the long run.
"""

import base64
import contextlib
import json
import random
import struct
import threading
import time
from unittest import TestCase

from twisted.internet.defer import Deferred

from athenalite.athena import LiveElement, expose
from harness.messages import opening, showing
from harness.rawsocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    TOKEN,
    RawConnection,
    RawSocket,
    cpuTime,
    frame,
    head,
    message,
    openPage,
    request,
    residentMemory,
    status,
)
from harness.server import Server
from harness.waiting import waitUntil
from tests.pages import template

MEBIBYTE = 1024 * 1024
SECRET = "open sesame"
"""Text of users, which must not be logged."""

TERMINAL = "\x1b[31mred\x1b]0;title\x07"
"""Control characters that a terminal would execute."""

EXPECTED = ("Refused a socket from ", "A page broke the protocol: ", "A call that nobody waits for failed ")
"""Warnings that hostile peers are expected to cause."""


class Visitor(LiveElement):
    """The element that the server serves: all pages are in one room."""

    docFactory = template()
    visitors: list["Visitor"] = []

    def connectionMade(self):
        self.visitors.append(self)

    def connectionLost(self, reason):
        self.visitors.remove(self)

    @expose
    def echo(self, value):
        return value

    @expose
    def double(self, value):
        return value + value

    @expose
    async def never(self):
        await Deferred()

    @expose
    def tell(self, length):
        text = "x" * length
        for visitor in list(self.visitors):
            visitor.callRemote("hear", text)


class Talker(Visitor):
    """A visitor whose methods fail, and that makes calls that fail in the page."""

    @expose
    def crash(self, text):
        raise ValueError(text)

    @expose
    def ask(self, count):
        for _ in range(count):
            self.callRemote("hear").addCallback(len)

    @expose
    def inform(self, count):
        for _ in range(count):
            self.callRemote("hear")


class Broken(LiveElement):
    """A page that cannot be rendered."""

    docFactory = template()

    def __init__(self):
        super().__init__()
        raise ValueError(f"{TERMINAL}\n{TERMINAL}")


class HostileTestCase(TestCase):
    """
    Each test has a server. At its end an honest visitor that was there before is still served, and the log is
    checked.
    """

    options: tuple[str, ...] = ()

    def setUp(self):
        self.server = Server("tests.integration.test_hostile.Visitor", *self.options)
        self.server.start()
        self.addCleanup(self.server.stop)
        self.tokens = []
        self.honest = self.enterContext(self.visitor())

    def tearDown(self):
        self.assertEqual(self.honest.call(1, "echo", SECRET)[0], [True, SECRET])
        self.honest.close()
        self.server.stop()
        self.server.assertQuiet(*EXPECTED)
        log = self.server.log
        self.assertEqual([one for one in log if not one.isprintable() and one not in "\n\t"], [], "control characters")
        self.assertNotIn(SECRET, log, "somebody's words")
        self.assertEqual([token for token in self.tokens if token in log], [], "tokens")

    def page(self):
        """Return the token of a new page, which must not be in the log."""
        token = openPage(self.server.port)
        self.tokens.append(token)
        return token

    def visitor(self, token=None, **options):
        """Return the open socket of a page."""
        return RawSocket.connected(self.server.port, token or self.page(), **options)

    def socket(self, **options):
        """Return a socket that has not opened a page; closed after the test."""
        return self.enterContext(RawSocket(self.server.port, **options))

    def reason(self, token):
        """Return the reason why the page of this token was lost."""
        socket = self.socket()
        socket.send(*opening(token, 0))
        code, reason = socket.closed()
        self.assertEqual(code, 4000)
        return reason

    def assertLost(self, data, code, reason=""):
        """Assert that this data closes an open socket with the code, and that the page is lost for the reason."""
        token = self.page()
        with self.visitor(token) as socket:
            socket.write(data)
            closed, said = socket.closed()
        self.assertEqual(closed, code, (data[:60], said))
        self.assertIn(reason, said)
        self.assertEqual(self.reason(token), said)

    def newLines(self, before):
        """Return the log since it was ``before``, without Twisted's lines: one for each request, some at the start."""
        return [line for line in self.server.log[len(before) :].splitlines() if "[twisted." not in line]

    def logged(self, before, count):
        """Return the new lines of the log, as soon as there are this many."""
        waitUntil(lambda: len(self.newLines(before)) >= count, lambda: self.newLines(before))
        return self.newLines(before)

    @contextlib.contextmanager
    def flood(self, socket, data):
        """Send ``data`` over and over, as fast as the server takes it."""
        stopped = threading.Event()
        socket.socket.settimeout(0.5)

        def run():
            while not stopped.is_set():
                try:
                    socket.socket.sendall(data)
                except TimeoutError:
                    continue
                except OSError:
                    return

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()


class HTTPTests(HostileTestCase):
    """The port as HTTP."""

    def test_methods(self):
        """Only GET and HEAD have an effect, for the page and for the address of the sockets."""
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"):
            for path in ("/", "/_athena", "/_athena/transport"):
                code, answer = request(self.server.port, method, path, ["Content-Length: 4"], b"body")
                self.assertIn(code, (400, 404, 405, 426, 501), (method, path))
                self.assertNotIn(b"athena-page", answer)

    def test_malformed(self):
        """A malformed request is answered with 400, or with nothing."""
        port = self.server.port
        for data in (
            b"\r\n\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET  /  HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
            b"GET / HTTP/1.1\r\n: no name\r\n\r\n",
            b"GET / HTTP/1.1\r\na: b\x00c\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnot hexadecimal\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ):
            with RawConnection(port) as connection:
                connection.write(data)
                connection.socket.shutdown(1)
                self.assertIn(status(connection.readAll()), (None, 400), data)

    def test_hugeNumbers(self):
        """A number of 5,000 digits anywhere in a head is refused, without a traceback in the log."""
        digits = "9" * 5000
        for line in (
            f"Content-Length: {digits}",
            f"Range: bytes={digits}-{digits}",
            f"Upgrade-Insecure-Requests: {digits}",
        ):
            for path in ("/", "/_athena/transport"):
                expected = (400,) if line.startswith("Content-Length") else (200, 426)
                self.assertIn(request(self.server.port, path=path, headers=[line])[0], expected, line[:40])
        for line in (
            f"Sec-WebSocket-Version: {digits}",
            f"Host: localhost:{digits}",
            f"Origin: http://localhost:{digits}",
            f"X-Forwarded-For: {digits}",
            f"Content-Length: {digits}",
        ):
            origin = None if line.startswith("Origin") else ""
            self.assertIn(self.socket(origin=origin, headers=[line]).status, (101, 400, 403, 426), line[:40])
        chunked = head(self.server.port, "POST", "/", ["Transfer-Encoding: chunked"]) + digits.encode() + b"\r\n"
        with RawConnection(self.server.port) as connection:
            connection.write(chunked)
            self.assertEqual(status(connection.readAll()), 400)

    def test_random(self):
        """Random bytes, alone or behind the start of a request, cause only a response or a closed connection."""
        source = random.Random(3)
        for number in range(150):
            with RawConnection(self.server.port) as connection:
                start = head(self.server.port, "GET", "/_athena/transport", ["Upgrade: websocket"])[: number * 2]
                connection.write(start + source.randbytes(source.randrange(1, 4000)))
                with contextlib.suppress(OSError):
                    connection.socket.shutdown(1)
                connection.readAll()

    def test_heads(self):
        """A head of absurd size, in one line or in many, is refused."""
        port = self.server.port
        for headers in (["Long: " + "x" * 100_000], [f"Number-{n}: {n}" for n in range(3000)]):
            self.assertIn(request(port, headers=headers)[0], (None, 400))
        self.assertIn(request(port, path="/" + "x" * 100_000)[0], (None, 400))

    def test_bodies(self):
        """A body of absurd size is refused when it is announced, or when it exceeds the bound."""
        before = residentMemory(self.server.process.pid)
        for headers in (["Content-Length: 1000000000000"], ["Transfer-Encoding: chunked"]):
            with RawConnection(self.server.port) as connection:
                connection.write(head(self.server.port, "POST", "/", headers))
                chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
                taken = sum(connection.write(chunk) for _ in range(200))
                self.assertLess(taken, 200)
        if before is not None:
            self.assertLess(residentMemory(self.server.process.pid) - before, 8 * MEBIBYTE)

    def test_paths(self):
        """No path reaches a file."""
        for path in (
            "/../setup.cfg",
            "/_athena/../../etc/passwd",
            "/_athena/x/..%2f..%2fsetup.cfg",
            "/%00",
            "//",
            "/%ff",
        ):
            self.assertEqual(request(self.server.port, path=path)[0], 404, path)

    def test_terminal(self):
        """Control characters from a peer are in no response, and are escaped in the log."""
        port = self.server.port
        for line in (
            f"User-Agent: {TERMINAL}",
            f"Origin: http://{TERMINAL}",
            f"Sec-WebSocket-Version: {TERMINAL}",
            f"Sec-WebSocket-Extensions: {TERMINAL}; {TERMINAL}={TERMINAL}",
            f"Host: localhost:{TERMINAL}",
            f"X-Forwarded-Host: {TERMINAL}",
        ):
            request(port, headers=[line])
            with RawSocket(port, origin=None if line.startswith("Origin") else "", headers=[line]) as socket:
                self.assertNotIn(b"\x1b", socket.handshake)
        for answer in (request(port, path=f"/{TERMINAL}")[1], request(port, method=TERMINAL)[1]):
            self.assertNotIn(b"\x1b", answer)


class SocketTests(HostileTestCase):
    """The port as WebSocket, before a page is open."""

    def test_origins(self):
        """Pages of other origins are refused before there is a socket, in one line."""
        port = self.server.port
        for origin in (
            f"http://localhost:{port}.evil.example",
            f"http://evil.example#http://localhost:{port}",
            f"http://localhost:{port + 1}",
            f"https://localhost:{port}",
            f"http://127.0.0.1:{port}",
            "http://localhost",
            "null",
            None,
        ):
            before = self.server.log
            self.assertIn(self.socket(origin=origin).status, (400, 403), origin)
            [line] = self.logged(before, 1)
            self.assertIn("Refused a socket ", line)

    def test_handshakes(self):
        """A malformed handshake is refused, and logged in one line."""
        port = self.server.port
        for line in ("Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: short", "Origin: http://twice"):
            before = self.server.log
            self.assertIn(self.socket(headers=[line]).status, (400, 403, 426), line)
            [logged] = self.logged(before, 1)
            self.assertIn("Refused a socket ", logged)
        self.assertEqual(request(port, path="/_athena/transport")[0], 426)

    def test_tokens(self):
        """A guessed token gets only the reason that there is no such page, and is logged in one line."""
        token = self.page()
        for guess in (token[:-1], token + "x", token.swapcase(), "x", "x" * 128, "../" + token, "\u2028" * 100):
            before = self.server.log
            self.assertEqual(self.reason(guess), "unknown page")
            [line] = self.logged(before, 1)
            self.assertIn("Refused a socket of tcp4:127.0.0.1", line)
        with self.visitor(token) as socket:
            self.assertEqual(socket.call(1, "echo", 1)[0], [True, 1])

    def test_pipelinedHandshake(self):
        """A handshake in one segment with earlier requests makes a socket like any other."""
        token = self.page()
        with self.visitor(token, before=head(self.server.port, "GET", "/none", []) * 100) as socket:
            self.assertEqual((socket.status, socket.call(1, "echo", 1)[0]), (101, [True, 1]))

    def test_notOpened(self):
        """A socket that does not open a page is closed within five seconds; one with another first message, at once."""
        silent, partial, chatty = (self.socket() for _ in range(3))
        partial.write(message(*opening(self.page(), 0))[:9])
        with contextlib.suppress(OSError):
            chatty.send("call", 1, "echo", [SECRET])
        self.assertEqual(chatty.closed(), (1008, "a socket must identify its page first"))
        self.assertEqual(silent.closed(), (1013, "a socket must identify its page"))
        self.assertEqual(partial.closed(), (1013, "a socket must identify its page"))

    def test_firstTooLong(self):
        """A first message longer than any ``open`` is refused when its frame begins."""
        socket = self.socket()
        socket.write(frame(b"x", length=65_000))
        self.assertEqual(socket.closed()[0], 1009)
        token = self.page()
        with self.visitor(token) as socket:
            self.assertEqual(socket.call(1, "echo", "x" * 60_000)[0], [True, "x" * 60_000])

    def test_random(self):
        """Random bytes after a valid handshake close the connection."""
        source = random.Random(4)
        for _ in range(100):
            with RawSocket(self.server.port) as socket:
                socket.write(source.randbytes(source.randrange(14, 4000)))
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(1)
                socket.readAll()


class PageTests(HostileTestCase):
    """What a page's own browser can do to it, and not to other pages."""

    def test_frames(self):
        """A frame that RFC 6455 forbids closes with the code that the RFC demands."""
        text = b'["noop"]'
        for data, code in (
            (frame(text, masked=False), 1002),
            *((frame(text, reserved=bits), 1002) for bits in (1, 2, 4, 7)),
            *((frame(text, opcode=opcode), 1002) for opcode in (3, 7, 11, 15)),
            (frame(text, CONTINUATION), 1002),
            (frame(text, fin=False) + frame(text, TEXT), 1002),
            (frame(b"x" * 126, PING), 1002),
            (frame(b"x" * 70_000, PONG), 1002),
            (frame(b"x", PING, fin=False), 1002),
            (frame(b"\xc3\x28"), 1007),
            (frame(b"\xed\xa0\x80"), 1007),
            (frame(text, BINARY), 1003),
            (frame(b" " * 65537), 1009),
            (frame(b"", length=2**40), 1009),
            (frame(b"", length=2**63 - 1), 1009),
        ):
            self.assertLost(data, code)

    def test_closeFrames(self):
        """A close frame with a forbidden or incomplete code, or an invalid reason, ends the connection all the same."""
        for payload in (b"x", b"\x03\xed", b"\x00\x00", b"\xff\xff", b"\x03\xe8\xc3\x28"):
            with self.visitor() as socket:
                socket.write(frame(payload, CLOSE))
                self.assertIn(socket.closed()[0], (1002, 1006, 1007), payload)

    def test_endlessFragments(self):
        """A message in endless fragments is closed with 1009 where it becomes too large."""
        start = frame(b"x" * 1000, fin=False)
        self.assertLost(start + frame(b"x" * 1000, CONTINUATION, fin=False) * 70, 1009)

    def test_halfAFrame(self):
        """An incomplete frame and silence affect no other page; the page may resume on another socket."""
        token = self.page()
        with self.visitor(token) as socket:
            socket.write(message("call", 1, "echo", [SECRET])[:-5])
            with self.visitor(token) as other:
                self.assertEqual(other.call(1, "echo", 1)[0], [True, 1])
            self.assertEqual(socket.closed()[0], 4001)

    def test_shapes(self):
        """JSON that is no message of the protocol closes with 1002, and is not quoted."""
        for text in (
            "", "null", "{}", "[]", "[[]]", "7", '"call"', '["CALL",1,"echo",[]]', '["call"]', "[NaN]",
            '["call",-1,"echo",[]]', '["call",1.5,"echo",[]]', '["call",true,"echo",[]]', '["call","1","echo",[]]',
            '["call",9007199254740992,"echo",[]]', '["call",1,7,[]]', '["call",1,"echo",{}]', '["call",1,"echo",[],[]]',
            '["call",1,"echo",[],{},[]]', '["call",1,"echo",[1e999]]', '["call",1,"echo",[Infinity]]',
            '["respond",1]', '["respond",1,1,1]', '["respond",1,false,"x"]', '["respond",1,false,{"type":1}]',
            '["ack"]', '["ack",-1]', '["ack",null]', '["opened",0]', '["open",1,"x",0]', '["noop",1]', '["noop"] x',
            '["call",1,"echo",[' + "9" * 5000 + "]]", '["call",1,"echo",["' + SECRET + '"',
        ):  # fmt: skip
            self.assertLost(frame(text.encode()), 1002)

    def test_nesting(self):
        """Nesting beyond 64, a little or as much as a message can hold, closes with 1002."""
        for depth in (65, 1000, 32_000):
            text = '["call",1,"echo",' + "[" * depth + "]" * depth + "]"
            self.assertLost(frame(text.encode()), 1002, "nested too deep" if depth < 1000 else "")

    def test_wrongCounts(self):
        """Acknowledging a message that was not sent, or answering a call that was not made, loses the page."""
        self.assertLost(message("ack", 1), 1002, "never sent")
        self.assertLost(message("respond", 7, True, None), 1002, "never sent")
        self.assertLost(message("respond", 0, True, None), 1002, "no call")

    def test_wrongCountInOpen(self):
        """So does resuming with the number of messages that were never sent."""
        token = self.page()
        socket = self.socket()
        socket.send(*opening(token, 5))
        self.assertEqual(socket.closed()[0], 1002)
        self.assertIn("never sent", self.reason(token))

    def test_names(self):
        """No name reaches a method that is not exposed, and the answer is the same for all of them."""
        names = (
            "__init__",
            "__class__",
            "page",
            "callRemote",
            "visitors",
            "echo.__call__",
            "echo\x00",
            "",
            "e" * 60_000,
        )
        with self.visitor() as socket:
            for objectID, name in [(1, name) for name in names] + [(0, "render"), (2, "echo"), (2**53 - 1, "echo")]:
                [success, error] = socket.call(objectID, name)[0]
                self.assertEqual((success, error["type"]), (False, "NoSuchMethod"), (objectID, name[:20]))

    def test_errors(self):
        """A value for which a method fails is an error of that call: logged, and not described to the browser."""
        # The log's traceback is expected here, so this test has a server of its own.
        with Server("tests.integration.test_hostile.Visitor") as server, RawSocket.connected(server.port) as socket:
            [success, error] = socket.call(1, "double", {})[0]
            self.assertEqual((success, error["type"]), (False, "TypeError"))
            self.assertIn(error["reference"], error["message"])
            self.assertNotIn("dict", error["message"])
            self.assertEqual(socket.call(1, "echo", 1)[0], [True, 1])

    def test_answers(self):
        """Answers without a call, and second answers."""
        failed = {"type": "E", "message": "x"}
        for number in (0, 1, 2**53 - 1):
            self.assertLost(message("respond", number, False, failed), 1002)
        with self.visitor() as socket:
            socket.send("notify", 1, "tell", [1])
            self.assertEqual(socket.receive()[:3], ["notify", 1, "hear"])
            socket.send("respond", 1, False, failed)
            self.assertEqual(socket.call(1, "echo", 1)[0], [True, 1])
            socket.send("respond", 1, False, failed)
            self.assertEqual(socket.closed(), (1002, "a response to no call"))

    def test_count(self):
        """A wrong number of arguments is refused, however often, and is not logged."""
        before = self.server.log
        with self.visitor() as socket:
            for args in ([], [1, 2, 3]) * 50:
                [success, error] = socket.call(1, "echo", *args)[0]
                self.assertEqual((success, error["type"]), (False, "ArgumentError"))
        self.assertNotIn("echo", self.server.log[len(before) :])

    def test_oneLine(self):
        """A protocol error is one line in the log."""
        before = self.server.log
        with self.visitor() as socket:
            socket.write(frame(b"x", masked=False))
            socket.closed()
        [line] = self.logged(before, 1)
        self.assertRegex(line, r"A page broke the protocol: .* \(tcp4:127\.0\.0\.1:\d+\)")


class LogTestCase(TestCase):
    """What a peer, or an exception of the application, can write into the log, and how much of it."""

    element = "tests.integration.test_hostile.Talker"

    def setUp(self):
        self.server = Server(self.element)
        self.server.start()
        self.addCleanup(self.server.stop)
        self.token = "unknown"

    @property
    def written(self):
        """Return the log without the lines of ``twisted.web`` for requests, and for starting and stopping."""
        lines = self.server.log.splitlines(keepends=True)
        return "".join(line for line in lines if "[twisted." not in line and "[-]" not in line)

    @contextlib.contextmanager
    def page(self):
        """Return the socket of a page that is closed at the end."""
        self.token = openPage(self.server.port)
        with RawSocket.connected(self.server.port, self.token) as socket:
            yield socket
            socket.write(frame(struct.pack("!H", 4000), CLOSE))
            socket.closed()

    def assertBounded(self, *expected):
        """Assert that the log has all of this, and is safe and short: one peer has caused it within a minute."""
        self.server.stop()
        log = self.server.log
        for text in (*expected, " more log events because of "):
            self.assertTrue(text in log, f"{text}: {log[:10_000]}")
        self.assertLess(len(self.written.encode("utf-8")), 20_000)
        self.assertEqual([one for one in log if not one.isprintable() and one not in "\n\t"], [], "control characters")
        for secret in (self.token, base64.b64encode(f'["open", 1, "{self.token}"'.encode())[:60].decode("ascii")):
            self.assertFalse(secret in log, "a token")


class LogTests(LogTestCase):
    """A page whose methods fail."""

    def test_exceptions(self):
        """The text of exceptions."""
        with self.page() as socket:
            said = message("call", 1, "crash", [f"{TERMINAL}\n{self.token}\u202e{'x' * 500}"])
            for _ in range(10):
                socket.write(said * 200)
                for _ in range(200):
                    self.assertEqual(socket.receive()[0], "respond")
        self.assertBounded("builtins.ValueError: \\x1b[31m", "(hidden)", "\\u202e")

    def test_keywords(self):
        """An unknown keyword argument of a method is refused, and its name is not logged."""
        with self.page() as socket:
            for number in range(500):
                socket.send("call", 1, "tell", [1], {f"{TERMINAL}{self.token}{number}": 1})
                success, error = socket.receive()[2:4]
                self.assertEqual((success, error["type"]), (False, "ArgumentError"))
        self.server.stop()
        for text in ("\x1b", "\\x1b", "tell", self.token):
            self.assertNotIn(text, self.server.log)

    def failures(self, socket, number):
        """Answer the server's messages up to ``number`` with failures."""
        error = {"type": TERMINAL, "message": f"{TERMINAL}\r\n{self.token}", "stack": f"{TERMINAL}@x.js:1:1\n" * 50}
        for one in range(1, number + 1):
            socket.send("respond", one, False, error)

    def test_unhandled(self):
        """Errors of the browser that no errback handles."""
        with self.page() as socket:
            socket.send("notify", 1, "ask", [500])
            self.assertEqual(socket.receive()[0], "call")
            self.failures(socket, 500)
            self.assertEqual(socket.call(1, "echo", 1)[0], [True, 1])
        self.assertBounded("Unhandled error in Deferred", "\\x1b[31m", "(hidden)")

    def test_unawaited(self):
        """Errors of the browser in calls without a kept result."""
        with self.page() as socket:
            socket.send("notify", 1, "inform", [500])
            self.assertEqual(socket.receive()[0], "notify")
            self.failures(socket, 500)
            self.assertEqual(socket.call(1, "echo", 1)[0], [True, 1])
        self.assertBounded("A call that nobody waits for failed", "\\x1b[31m", "(hidden)")

    def test_refused(self):
        """Refused sockets, and pages lost by protocol errors, all from one address."""
        port = self.server.port
        self.token = openPage(port)
        shown = showing(json.dumps(opening(self.token, 0)).encode("ascii"))
        for number in range(150):
            offered = f"Sec-WebSocket-Protocol: athenalite, {shown}, {shown}"
            with RawSocket(port, headers=[offered]) as socket:
                self.assertEqual(socket.status, 400)
            with RawSocket(port, origin=f"http://{TERMINAL}{number}"):
                pass
            with RawSocket(port) as socket:
                socket.send("open", 1, f"{TERMINAL}", 0, 1)
                socket.closed()
            with RawSocket.connected(port) as socket:
                socket.send(TERMINAL)
                socket.closed()
        self.assertBounded("(hidden)", "A page broke the protocol")


class UnmadeTests(LogTestCase):
    """Pages that fail to render at each request."""

    element = "tests.integration.test_hostile.Broken"

    def test_get(self):
        """An exception of the element."""
        for _ in range(200):
            self.assertEqual(request(self.server.port)[0], 500)
        self.assertBounded("builtins.ValueError: \\x1b[31m")


class FloodTests(HostileTestCase):
    """Floods of valid messages."""

    timed = True

    def assertUndisturbed(self, share=0.25):
        """
        Assert that others are served during the flood, as it takes less than this share of the server's time. A busy
        machine can only make the share smaller, but the latency larger.
        """
        pid, began = self.server.process.pid, time.monotonic()
        before = cpuTime(pid)
        while time.monotonic() - began < 3:
            self.assertEqual(self.honest.call(1, "echo", SECRET)[0], [True, SECRET])
            time.sleep(0.1)
        if before is not None:
            self.assertLess(cpuTime(pid) - before, (time.monotonic() - began) * share)

    def test_calls(self):
        """A page that makes calls without end is read from more slowly, and others do not wait."""
        for call, share in (
            (message("call", 1, "echo", [1]) * 100, 0.25),
            # The most work that a message of its size can cause.
            (message("notify", 1, "x", [[[]] * 15_000]), 0.75),
        ):
            with self.visitor() as socket, self.flood(socket, call):
                self.assertUndisturbed(share)

    def test_frames(self):
        """Control frames and empty fragments are limited too: pings, pongs."""
        fragments = frame(b"", fin=False) + frame(b"", CONTINUATION, fin=False) * 1000
        for data in (frame(b"x" * 125, PING) * 100, frame(b"", PONG) * 1000, fragments):
            with self.visitor() as socket, self.flood(socket, data):
                self.assertUndisturbed()

    def test_neverEnding(self):
        """Calls that do not return are a thousand at most; the next fails with TooManyCalls, and the page goes on."""
        with self.visitor() as socket:
            for _ in range(11):
                socket.write(message("call", 1, "never", []) * 100)
            answer = socket.receive()
            while answer[0] == "ack":
                answer = socket.receive()
            self.assertEqual((answer[:3], answer[3]["type"]), (["respond", 1001, False], "TooManyCalls"))

    def test_stalledReader(self):
        """
        A slow consumer of a room's broadcasts loses its page, with the reason; all other pages receive everything, and
        the lost page's messages are freed.
        """
        token, line = self.page(), "x" * 20_000
        before = residentMemory(self.server.process.pid)
        with self.visitor(token, receiveBuffer=4096), self.visitor() as talker:
            for number in range(400):
                talker.send("notify", 1, "tell", [len(line)])
                for socket in (self.honest, talker):
                    heard = next(one for one in iter(socket.receive, None) if one[0] not in ("ack", "noop"))
                    self.assertEqual(heard, ["notify", 1, "hear", [line]], number)
                    socket.acknowledge()
            # Longer than a page may take nothing.
            self.assertUndisturbed()
            self.assertUndisturbed()
            self.assertEqual(self.reason(token), "the page has fallen too far behind")
        if before is not None:
            self.assertLess(residentMemory(self.server.process.pid) - before, 16 * MEBIBYTE)

    def test_pages(self):
        """Of the unconnected pages of one peer, the oldest are lost first; those of other peers are not."""
        other = self.page()
        before = residentMemory(self.server.process.pid)
        with RawConnection(self.server.port) as connection:
            one = head(self.server.port, "GET", "/", [])
            for number in range(2100):
                connection.write(one)
                answer = connection.readUntil(b"</html>")
                if number == 0:
                    first = TOKEN.search(answer)[1].decode("ascii")
        self.assertEqual(self.reason(first), "too many pages were opened and not connected")
        with self.visitor(other) as socket:
            self.assertEqual(socket.call(1, "echo", 1)[0], [True, 1])
        if before is not None:
            self.assertLess(residentMemory(self.server.process.pid) - before, 64 * MEBIBYTE)


class MemoryTests(HostileTestCase):
    """Pages opened and dropped in every way, repeatedly."""

    timed = True

    options = ("--connect-timeout=1", "--transportless-timeout=1")

    def round(self, count):
        """Open this many pages: a third never connect, a third are cut, a third leave during a call."""
        for number in range(count):
            if number % 100 == 0:
                # A busy machine may take longer for all than the timeout of the honest visitor's pongs.
                self.honest.call(1, "echo", SECRET)
            token = openPage(self.server.port)
            if number % 3:
                try:
                    socket = self.visitor(token)
                except EOFError:
                    # The page did not connect in time because the machine was busy.
                    continue
                socket.write(message("call", 1, "echo", ["x" * 1000])[: -1 if number % 3 == 1 else None])
                socket.abort()

    def settled(self):
        """Return the least memory in use in the seconds in which the last pages are lost."""
        least, end = residentMemory(self.server.process.pid), time.monotonic() + 2.5
        while time.monotonic() < end:
            time.sleep(0.1)
            least = min(least, residentMemory(self.server.process.pid))
        return least

    def test_memory(self):
        """
        After a warm-up, a thousand more pages leave less than eight mebibytes: the variation of the largest number of
        pages alive at one time. Their sessions alone, if kept, would take twelve.
        """
        if residentMemory(self.server.process.pid) is None:
            self.skipTest("this system does not tell how much memory a process occupies")
        self.round(800)
        before = self.settled()
        self.round(1000)
        self.assertLess(self.settled() - before, 8 * MEBIBYTE)
