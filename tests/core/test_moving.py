# -*- test-case-name: tests.core.test_moving -*-
"""A session goes on in another site, as in another worker, without losing or doubling a message."""

from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.meter import Meter, kindOf
from athenalite._core.moving import Moved, Search, arrive, leave, pageOf
from athenalite._core.states import MOVED, State
from athenalite.errors import ConnectionLost
from tests.memory import FakePage, Site, encoded, outcome


class MovedTests(SynchronousTestCase):
    """``Moved``"""

    def test_encode(self):
        """It is JSON, and the same after that."""
        moved = Moved(3, 1, ['["notify",1,"é",[]]'.encode()], 2, True)
        self.assertEqual(Moved.decode(moved.encode()), moved)

    def test_wrong(self):
        """What is no session is refused: anything may be in an engine."""
        good = [3, 1, ["[1]"], 2, True]
        for index, wrong in enumerate((-1, True, ["[1"], 1.5, 1)):
            self.assertRaises(ValueError, Moved.decode, [*good[:index], wrong, *good[index + 1 :]])
        for wrong in (None, {}, [], good[:4], [*good, 1], [3, 1, [1], 2, True]):
            self.assertRaises(ValueError, Moved.decode, wrong)


class LeaveTests(SynchronousTestCase):
    """``leave`` and ``arrive``"""

    def setUp(self):
        self.old, self.new = Site(), Site()

    def move(self, session):
        """Move a session to the new site; return it there, and its page."""
        moved = Moved.decode(leave(session).encode())
        page = FakePage()
        there = self.new.sessions.add(page, (), session.token)
        arrive(there, moved)
        return there, page

    def test_messages(self):
        """Messages that are not acknowledged are sent by the new worker; those of the browser are counted on."""
        session, _, connection, transport = self.old.opened()
        for number in range(3):
            session.callRemote(1, "show", [number])
        self.old.flush()
        connection.textReceived(encoded("call", 1, "quick", []))
        connection.textReceived(encoded("ack", 1))
        session.callRemote(1, "show", ["in the batch"])
        there, page = self.move(session)
        # What is on its way is not counted.
        connection.textReceived(encoded("call", 1, "quick", []))
        self.assertEqual((there.state, there.token), (State.TRANSPORTLESS, session.token))
        _, after = self.new.open(there, 2)
        messages = after.take()
        self.assertEqual(messages[0], ["opened", 1])
        self.assertEqual([message[3] for message in messages[1:] if message[0] == "notify"], [[2], ["in the batch"]])
        self.assertEqual(page.events[:1], ["resumed"])
        transport.take()
        self.assertEqual(transport.closed, None)

    def test_old(self):
        """The old session ends, with another reason, and is forgotten; it does not disturb its successor."""
        session, page, connection, _ = self.old.opened()
        result = outcome(session.callRemote(1, "ask", []))
        self.old.flush()
        self.assertIs(pageOf(session), page)
        self.move(session)
        self.assertIsNone(pageOf(session))
        self.assertEqual((session.state, session.reason, kindOf(MOVED)), (State.LOST, MOVED, "moved"))
        self.assertIsInstance(result[0].value, ConnectionLost)
        self.assertEqual((len(self.old.sessions), self.old.sessions.reason(session.token)), (0, "unknown page"))
        connection.connectionLost()

    def test_answers(self):
        """The browser's answers to calls of the old worker are no violation of the protocol; others are."""
        session, *_ = self.old.opened()
        outcome(session.callRemote(1, "ask", []))
        self.old.flush()
        there, _ = self.move(session)
        connection, transport = self.new.open(there)
        connection.textReceived(encoded("respond", 1, True, "late"))
        self.assertIsNone(transport.closed)
        connection.textReceived(encoded("respond", 2, True, "never asked"))
        self.assertEqual(transport.closed[0], 1002)

    def test_running(self):
        """Calls that still run are answered once, with an error, by the new worker; the late result is dropped."""
        session, page, connection, _ = self.old.opened()
        connection.textReceived(encoded("call", 1, "later", []))
        there, _ = self.move(session)
        page.target.waiting[0].callback("late")
        _, transport = self.new.open(there)
        [_, response] = transport.take()
        self.assertEqual(response[:3], ["respond", 1, False])
        self.assertEqual(response[3], {"type": "ConnectionLost", "message": MOVED})

    def test_away(self):
        """A page that does not come is lost after the usual time; one that was never connected has its own time."""
        session, *_ = self.old.opened()
        there, _ = self.move(session)
        self.new.clock.advance(there._limits.transportlessTimeout)
        self.assertIs(there.state, State.LOST)
        rendered, _ = self.old.add()
        there, page = self.move(rendered)
        self.assertIs(there.state, State.RENDERED)
        self.new.open(there)
        self.assertEqual(page.events[:1], ["connected"])

    def test_authorizing(self):
        """A socket that is being authorized may try again."""
        session, page = self.old.add()
        page.authorize = lambda handshake: Deferred()
        _, transport = self.old.open(session)
        leave(session)
        self.assertEqual(transport.closed[0], 1013)

    def test_measured(self):
        """The page of a site that is measured is found, too."""
        self.old.sessions.measure(Meter(self.old.clock))
        session, page = self.old.add()
        self.assertIs(pageOf(session), page)


class FindTests(SynchronousTestCase):
    """``Search``, and sockets of pages that another worker has left"""

    def setUp(self):
        self.site = Site()
        self.asked, self.found = [], Deferred()
        self.site.sessions.finder = self.find

    def find(self, token, worker):
        """Record it, and look."""
        self.asked.append(token)
        return self.found

    def open(self, token):
        """Open a socket of a page that is not here."""
        connection, transport = self.site.connect()
        connection.textReceived(encoded("open", 1, token, 0, 1 + len(self.asked)))
        return connection, transport

    def test_found(self):
        """The socket waits, with what it sends, until the page is here."""
        connection, transport = self.open("x" * 43)
        connection.textReceived(encoded("call", 1, "quick", []))
        self.assertEqual((self.asked, transport.take(), transport.closed), (["x" * 43], [], None))
        session = self.site.sessions.add(FakePage(), (), "x" * 43)
        self.found.callback(session)
        self.site.flush()
        self.assertEqual([message[0] for message in transport.take()], ["opened", "respond"])

    def test_notFound(self):
        """Without a page it is closed as lost; if that is unknown, it may try again."""
        _, transport = self.open("x" * 43)
        self.found.callback(None)
        self.assertEqual(transport.closed, (4000, "unknown page"))
        self.found = fail(ConnectionError())
        _, transport = self.open("y" * 43)
        self.assertEqual(transport.closed[0], 1013)

    def test_twice(self):
        """Two sockets of a page wait for one search; one that is lost meanwhile is forgotten."""
        first, transport = self.open("x" * 43)
        _, second = self.open("x" * 43)
        first.connectionLost()
        self.found.callback(self.site.sessions.add(FakePage(), (), "x" * 43))
        self.assertEqual((len(self.asked), transport.take(), second.take()), (1, [], [["opened", 0]]))

    def test_known(self):
        """A page that was lost here is not looked for."""
        session, _ = self.site.add()
        session.close("enough")
        _, transport = self.site.open(session)
        self.assertEqual((self.asked, transport.closed), ([], (4000, "enough")))

    def test_withdraw(self):
        """After that nothing is decided."""
        decided = []
        search, found = Search(decided.append), Deferred()
        search.wait(found)
        search.withdraw()
        found.errback(Failure(ConnectionError()))
        self.assertEqual(decided, [])
