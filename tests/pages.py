"""
A site in memory: real HTTP and real WebSocket frames, through Twisted's and Autobahn's own code, on string transports.
"""

import json
import struct
from typing import NamedTuple

import txaio
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web.http_headers import Headers

from athenalite._server.factory import LivePageFactory
from athenalite._server.site import AthenaSite
from athenalite.athena import LiveElement
from athenalite.loaders import xmlstr
from athenalite.tap import WidgetPluginRoot
from harness.messages import opening

NAMESPACES = 'xmlns:nevow="http://nevow.com/ns/nevow/0.1" xmlns:athena="http://divmod.org/ns/athena/0.7"'
ORIGIN = "http://localhost:8080"

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9


def template(content="", attributes=""):
    """A loader of a widget's template with this content."""
    return xmlstr(f'<div {NAMESPACES} nevow:render="liveElement" {attributes}>{content}</div>')


class Plain(LiveElement):
    """The least element there is."""

    docFactory = template()


class Response(NamedTuple):
    """An answer to a request, as a browser would see it."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name):
        """The value of a header, or None; several are an error."""
        values = self.headers.getRawHeaders(name, [])
        assert len(values) < 2, values
        return values[0] if values else None

    @property
    def text(self):
        """The body as text."""
        return self.body.decode("utf-8")

    @property
    def island(self):
        """The page's data, as the client reads it."""
        _, _, rest = self.text.partition('<script type="application/json" id="athena-page">')
        return json.loads(rest.partition("</script>")[0])


def parseResponse(raw):
    """The response in these bytes, of which there must be just one."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    headers = Headers()
    for line in lines:
        name, _, value = line.partition(b":")
        headers.addRawHeader(name, value.strip())
    return Response(int(first.split(b" ")[1]), headers, body)


class Transport(StringTransport):
    """A string transport that, as a real one, does not mind that nobody is its producer."""

    def unregisterProducer(self):
        self.producer = None


def lose(transport):
    """Tell what is behind a transport that the connection is gone."""
    # As Twisted's own transports do it: nothing behind them is held.
    protocol, transport.protocol, transport.producer = transport.protocol, None, None
    protocol.connectionLost(Failure(ConnectionDone()))


class InMemorySite:
    """
    A site of one element per page, and its clock, which drives Autobahn's timers too.

    :ivar elements: every element that was made, oldest first.
    """

    def __init__(self, testCase, elementFactory=Plain, limits=None, **options):
        self.clock = Clock()
        testCase.patch(txaio.config, "loop", self.clock)
        self.elements = []
        self._elementFactory = elementFactory
        self.factory = LivePageFactory(self.clock, limits, **options)
        root = WidgetPluginRoot(self._makeElement, self.factory)
        self.site = AthenaSite(root, self.factory.limits, self.clock, refusals=self.factory.refusals)

    def _makeElement(self):
        element = self._elementFactory()
        self.elements.append(element)
        return element

    def connect(self):
        """A new TCP connection: its transport."""
        transport = Transport()
        transport.protocol = self.site.buildProtocol(transport.getPeer())
        transport.protocol.makeConnection(transport)
        return transport

    def request(self, path="/", method="GET", **headers):
        """The response to a request; underscores in header names become hyphens."""
        transport = self.connect()
        transport.protocol.dataReceived(_head(method, path, headers))
        raw = transport.value()
        lose(transport)
        return parseResponse(raw)

    def post(self, path, body):
        """The response to a POST with this body."""
        transport = self.connect()
        transport.protocol.dataReceived(_head("POST", path, {"Content-Length": len(body)}) + body)
        raw = transport.value()
        lose(transport)
        return parseResponse(raw)

    def socket(self, path="/_athena/transport", **headers):
        """A WebSocket that has sent its handshake, with the site's own origin unless ``Origin`` says otherwise."""
        return Socket(self, self.connect(), path, headers)

    def transportFactory(self):
        """Autobahn's factory of the site's sockets."""
        return self.factory.resource.children[b"transport"]._factory

    def page(self):
        """A page that was opened and has connected: its element and its socket."""
        token = self.request().island["token"]
        socket = self.socket()
        socket.send(*opening(token, 0))
        assert socket.messages() == [["opened", 0]]
        return self.elements[-1], socket

    def flush(self):
        """End the iteration of the reactor, so that the batch is flushed."""
        self.clock.advance(0)


def _head(method, path, headers):
    fields = {"Host": "localhost:8080", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items() if value is not None)]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")


class Socket:
    """The browser's end of one WebSocket."""

    def __init__(self, site, transport, path, headers):
        self.transport = transport
        self.closed = None
        self._site = site
        self._received = b""
        upgrade = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec_WebSocket_Version": "13",
            "Origin": ORIGIN,
        }
        transport.protocol.dataReceived(_head("GET", path, {**upgrade, **headers}))
        head, _, self._received = transport.value().partition(b"\r\n\r\n")
        transport.clear()
        self.handshake = parseResponse(head + b"\r\n\r\n")

    def send(self, *message):
        """Send one message."""
        self.sendFrame(json.dumps(message).encode("utf-8"))

    def sendFrame(self, payload, opcode=TEXT, first=0x80):
        """Send one masked frame (RFC 6455 section 5.2) of any content."""
        length = len(payload)
        if length < 126:
            size = struct.pack("!B", 0x80 | length)
        elif length < 65536:
            size = struct.pack("!BH", 0x80 | 126, length)
        else:
            size = struct.pack("!BQ", 0x80 | 127, length)
        # A mask of zeros leaves the payload as it is.
        self.transport.protocol.dataReceived(bytes([first | opcode]) + size + bytes(4) + payload)

    def close(self, code=None, reason=""):
        """Send a close frame and, as a browser does, wait for the server to end the connection."""
        self.sendFrame(b"" if code is None else struct.pack("!H", code) + reason.encode("utf-8"), CLOSE)
        self.lose()

    def lose(self):
        """The TCP connection is gone."""
        lose(self.transport)

    def messages(self):
        """The messages that have come since the last time; ``closed`` is the code and reason of a close frame."""
        self._received += self.transport.value()
        self.transport.clear()
        texts = []
        for opcode, payload in self._frames():
            if opcode == TEXT:
                texts.append(json.loads(payload))
            elif opcode == CLOSE:
                self.closed = struct.unpack("!H", payload[:2])[0], payload[2:].decode("utf-8")
        return texts

    def _frames(self):
        while len(self._received) >= 2:
            start = {126: 4, 127: 10}.get(self._received[1], 2)
            opcode, size = self._received[0] & 15, int.from_bytes(self._received[1 if start == 2 else 2 : start], "big")
            if len(self._received) < start + size:
                # The rest has not come.
                return
            payload, self._received = self._received[start : start + size], self._received[start + size :]
            yield opcode, payload

    def call(self, methodName, *args, objectID=1, **kwargs):
        """Call the element, and return what the server then said."""
        parts = ["call", objectID, methodName, list(args)]
        self.send(*(parts + [kwargs] if kwargs else parts))
        self._site.flush()
        return self.messages()
