# -*- test-case-name: tests.testing.test_fakebrowser -*-
"""The parts of the simulated browser."""

from __future__ import annotations

import json

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource
from zope.interface.verify import verifyObject

from athenalite._core.wire import Ack, Call, Respond
from athenalite._server.factory import LivePageFactory
from athenalite._testing.fakebrowser import Instance, RemoteError, Request, Socket, Widget, decodeFrame, widgetsOf
from athenalite.errors import CLOSE_TRY_AGAIN
from athenalite.interfaces import ITransport


class SocketTests(SynchronousTestCase):
    """A socket without a network."""

    def test_interface(self):
        """It provides ITransport, and ignores being paused."""
        socket = Socket(LivePageFactory(Clock()), {})
        self.assertTrue(verifyObject(ITransport, socket))
        socket.pauseReading()
        socket.resumeReading()
        self.assertEqual((socket.frames, socket.closed, socket.open), ([], None, False))

    def test_closed(self):
        """It is closed once, and sends nothing afterwards."""
        clock = Clock()
        factory = LivePageFactory(clock)
        socket = Socket(factory, {})
        clock.advance(factory.limits.openTimeout + 1)
        socket.closeSocket(1000, "again")
        socket.sendFrames([b"late"])
        self.assertEqual((socket.closed[0], socket.frames), (CLOSE_TRY_AGAIN, []))


class Page(Resource):
    """One document."""

    def getChild(self, path, request):
        return self

    def render_GET(self, request):
        return "\N{LATIN SMALL LETTER E WITH ACUTE}".encode()


class RequestTests(SynchronousTestCase):
    """A request without a network."""

    def test_response(self):
        """The body is the document, decoded as UTF-8."""
        request = Request(Page(), LivePageFactory(Clock()), {"host": "localhost"})
        self.assertEqual(request.response(), "\N{LATIN SMALL LETTER E WITH ACUTE}")


class DecodeFrameTests(SynchronousTestCase):
    """Messages of the server."""

    def test_plain(self):
        """A message is decoded to the same object as by the server."""
        self.assertEqual(decodeFrame(b'["ack",7]'), Ack(7))
        self.assertEqual(decodeFrame(b'["call",1,"a",[1],{"b":2}]'), Call(1, "a", [1], {"b": 2}))
        self.assertEqual(decodeFrame(b'["respond",1,true,5]'), Respond(1, True, 5))

    def test_made(self):
        """Instances are made in their places, the inner ones first; a result may be one itself."""
        made = [[[0, "x", 1], "A"], [[0, "x"], "B"]]
        frame = json.dumps(["notify", 1, "a", [{"x": [1, [2]]}], {}, made]).encode("ascii")
        self.assertEqual(decodeFrame(frame).args, [{"x": Instance("B", [1, Instance("A", [2])])}])
        self.assertEqual(decodeFrame(b'["respond",1,true,[3],[[[],"A"]]]').value, Instance("A", [3]))

    def test_error(self):
        """An error has the fields that were sent, and None for the others."""
        error = RemoteError({"type": "T", "message": "M"})
        self.assertEqual((str(error), error.type, error.jsClass, error.arguments), ("M", "T", None, []))
        self.assertEqual((error.reference, error.argument), (None, None))


class WidgetsTests(SynchronousTestCase):
    """Widgets in documents."""

    def test_widgetsOf(self):
        """A widget is a node with a class; other nodes are left out."""
        document = '<p id="x"><b athena:class="A.B" id="athena:3" data-athena-arguments="[&quot;a&quot;]"><i /></b></p>'
        self.assertEqual(widgetsOf(document), [Widget(3, "A.B", ["a"])])
        self.assertEqual(widgetsOf('<b athena:class="A.B" id="athena:3" />'), [Widget(3, "A.B", [])])
