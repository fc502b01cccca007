# -*- test-case-name: tests.server.test_leaving -*-
"""Pages that are left: the server's window after a close with 1001, and the report over HTTP."""

import json

from twisted.internet.error import ConnectionDone
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.states import LEFT, State
from athenalite.errors import CLOSE_GOING_AWAY
from athenalite.limits import Limits
from harness.messages import opening
from tests.memory import Site
from tests.pages import InMemorySite


class GoingAwayTests(SynchronousTestCase):
    """The browser closes the page's socket with 1001, going away."""

    def setUp(self):
        self.site = Site()
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def test_left(self):
        """A page that opens no other socket within the window was left, in order."""
        self.connection.connectionLost(CLOSE_GOING_AWAY)
        self.site.clock.advance(Limits().leavingTimeout - 0.05)
        self.assertEqual((self.session.state, self.page.lost), (State.TRANSPORTLESS, None))
        self.site.clock.advance(0.1)
        self.assertEqual((self.page.lost.type, self.session.reason), (ConnectionDone, LEFT))
        self.assertEqual(self.page.events, ["connected", "disconnected", "lost"])
        self.assertEqual(len(self.site.sessions), 0)

    def test_stays(self):
        """A page that opens another socket within the window is kept, and later has the usual time to reconnect."""
        self.connection.connectionLost(CLOSE_GOING_AWAY)
        self.site.clock.advance(Limits().leavingTimeout - 0.05)
        connection, _ = self.site.open(self.session)
        self.site.clock.advance(1000)
        self.assertEqual(self.session.state, State.CONNECTED)
        connection.connectionLost()
        self.site.clock.advance(Limits().transportlessTimeout - 1)
        self.assertEqual(self.session.state, State.TRANSPORTLESS)

    def test_old(self):
        """Only the page's newest socket counts: closing an older one changes nothing."""
        self.site.open(self.session)
        self.connection.connectionLost(CLOSE_GOING_AWAY)
        self.site.clock.advance(10)
        self.assertEqual(self.session.state, State.CONNECTED)

    def test_limit(self):
        """The length of the window is one of the limits."""
        site = Site(leavingTimeout=30.0)
        session, _, connection, _ = site.opened()
        connection.connectionLost(CLOSE_GOING_AWAY)
        site.clock.advance(29)
        self.assertEqual(session.state, State.TRANSPORTLESS)
        site.clock.advance(1)
        self.assertEqual(session.state, State.LOST)


class ReportTests(SynchronousTestCase):
    """The POST to the transport."""

    def setUp(self):
        self.site = InMemorySite(self)
        self.token = self.site.request().island["token"]
        self.session = self.site.factory.sessions.get(self.token)

    def report(self, body):
        """Return the status of the response to a report."""
        return self.site.post("/_athena/transport", body).status

    def left(self, *changes):
        """Return the body of a report of this page, with some elements replaced."""
        parts = ["left", 1, self.token, 10**9]
        for index, value in changes:
            parts[index] = value
        return json.dumps(parts).encode()

    def open(self):
        """Connect the page."""
        socket = self.site.socket()
        socket.send(*opening(self.token, 0))
        self.assertEqual(socket.messages(), [["opened", 0]])
        return socket

    def test_connected(self):
        """A page with a socket is lost, in order, and the socket is closed."""
        socket = self.open()
        self.assertEqual(self.report(self.left()), 204)
        self.assertEqual((self.session.state, self.session.reason), (State.LOST, LEFT))
        socket.messages()
        self.assertEqual(socket.closed, (4000, LEFT))

    def test_away(self):
        """So is one without a socket."""
        self.open().lose()
        self.assertEqual(self.report(self.left()), 204)
        self.assertEqual(self.session.reason, LEFT)

    def test_neverConnected(self):
        """A page may be left before its first socket opens, which is then refused."""
        self.assertEqual(self.report(self.left((3, 1))), 204)
        self.assertEqual(self.session.reason, LEFT)
        socket = self.site.socket()
        socket.send("open", 1, self.token, 0, 1)
        socket.messages()
        self.assertEqual(socket.closed, (4000, LEFT))

    def test_copy(self):
        """A report by a document that has made fewer sockets, a copy of the page, is ignored."""
        self.open()
        self.assertEqual(self.report(self.left((3, 0))), 204)
        self.assertEqual(self.session.state, State.CONNECTED)

    def test_unknown(self):
        """The response does not reveal whether a page has the token."""
        self.assertEqual(self.report(self.left((2, "guess"))), 204)
        self.assertEqual(self.session.state, State.RENDERED)

    def test_malformed(self):
        """A malformed report is refused, and changes nothing."""
        bodies = [b"", b"{}", b"[]", b"\xff", self.left() + b" " * 512, self.left((0, "open")), self.left((1, 2))]
        bodies += [self.left((2, "x" * 129)), self.left((3, -1)), self.left((3, True)), self.left()[:-1] + b",1]"]
        for body in bodies:
            self.assertEqual(self.report(body), 400, body)
        self.assertEqual(self.session.state, State.RENDERED)

    def test_closeCode(self):
        """A clean close with 1001 opens the window; one with another code, or a cut, does not."""
        for code, state in ((1001, State.LOST), (1000, State.TRANSPORTLESS), (None, State.TRANSPORTLESS)):
            element, socket = self.site.page()
            session = element.page.session
            socket.close(code)
            self.site.clock.advance(Limits().leavingTimeout + 0.25)
            self.assertIs(session.state, state, code)
