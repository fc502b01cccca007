# -*- test-case-name: tests.core.test_registry -*-
"""All sessions of a site: found by token, bounded in number, ended together."""

from twisted.logger import formatEvent
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core import registry as sessions
from athenalite._core.registry import newToken
from athenalite._core.states import State
from athenalite.errors import ConnectionLost
from athenalite.limits import Limits
from tests.memory import Site, encoded, outcome


class SessionsTests(SynchronousTestCase):
    """``SessionRegistry.add``, ``get`` and ``reason``."""

    def test_tokens(self):
        """Tokens are long, all different, and fit into the protocol's 128 characters."""
        tokens = {newToken() for _ in range(100)}
        self.assertEqual(len(tokens), 100)
        self.assertTrue(all(43 <= len(token) <= 128 and token.isascii() for token in tokens))

    def test_get(self):
        """A session is found by its token until it ends."""
        site = Site()
        session, _ = site.add()
        self.assertIs(site.sessions.get(session.token), session)
        self.assertIsNone(site.sessions.get(session.token + "x"))
        session.close("enough")
        self.assertIsNone(site.sessions.get(session.token))
        self.assertEqual(len(site.sessions), 0)

    def test_reason(self):
        """The reason of a lost page is remembered, for a bounded number of pages."""
        self.patch(sessions, "_REMEMBERED", 2)
        site = Site()
        ended = [site.add()[0] for _ in range(3)]
        for number, session in enumerate(ended):
            session.close(f"reason {number}")
        reasons = [site.sessions.reason(session.token) for session in ended]
        self.assertEqual(reasons, ["unknown page", "reason 1", "reason 2"])

    def test_crawler(self):
        """Pages that never connect are bounded: the oldest of them are lost, connected ones never."""
        site = Site(maxPagesUnconnected=2)
        connected, *_ = site.opened()
        first, second, third = (site.add()[0] for _ in range(3))
        states = [one.state for one in (connected, first, second, third)]
        self.assertEqual(states, [State.CONNECTED, State.LOST, State.RENDERED, State.RENDERED])
        self.assertEqual(len(site.sessions), 3)

    def test_endedMakeRoom(self):
        """Pages that ended before they connected do not count."""
        site = Site(maxPagesUnconnected=1)
        for _ in range(5):
            session, _ = site.add()
            session.close("enough")
        session, _ = site.add()
        self.assertEqual(session.state, State.RENDERED)

    def test_away(self):
        """Pages without a socket are bounded: the oldest are lost, and reconnected ones do not count."""
        site = Site(maxPagesTransportless=2)
        pages = [site.opened() for _ in range(4)]
        for _, _, connection, _ in pages[:2]:
            connection.connectionLost()
        site.open(pages[0][0])
        for _, _, connection, _ in pages[2:]:
            connection.connectionLost()
        states = [session.state for session, *_ in pages]
        self.assertEqual(states, [State.CONNECTED, State.LOST, State.TRANSPORTLESS, State.TRANSPORTLESS])
        self.assertEqual(pages[1][0].reason, "too many pages were away")

    def test_crowdingOut(self):
        """A peer that opens page after page loses its own oldest, and not the page that another is loading."""
        site = Site(maxPagesUnconnected=3)
        honest, _ = site.add(peer=("10.0.0.1",))
        flood = [site.add(peer=("10.0.0.2",))[0] for _ in range(4)]
        self.assertEqual(honest.state, State.RENDERED)
        self.assertEqual([one.state for one in flood], [State.LOST, State.LOST, State.RENDERED, State.RENDERED])
        self.assertEqual(flood[0].reason, "too many pages were opened and not connected")

    def test_crowdingOutNeighbours(self):
        """Of pages from one address, those of the connection that opened most are lost first."""
        site = Site(maxPagesUnconnected=3)
        honest, _ = site.add(peer=("10.0.0.1", "50001"))
        flood = [site.add(peer=("10.0.0.1", "50002"))[0] for _ in range(4)]
        self.assertEqual(honest.state, State.RENDERED)
        self.assertEqual([one.state for one in flood], [State.LOST, State.LOST, State.RENDERED, State.RENDERED])

    def test_crowdingOutAway(self):
        """The same holds for pages without a socket."""
        site = Site(maxPagesTransportless=2)
        honest, *_, connection, _ = site.opened(peer=("10.0.0.1",))
        connection.connectionLost()
        flood = [site.opened(peer=("10.0.0.2",)) for _ in range(3)]
        for _, _, connection, _ in flood:
            connection.connectionLost()
        self.assertEqual(honest.state, State.TRANSPORTLESS)
        self.assertEqual([session.state for session, *_ in flood], [State.LOST, State.LOST, State.TRANSPORTLESS])

    def test_openedInVain(self):
        """A page whose sockets are refused as older than its newest still counts as unconnected."""
        site = Site(maxPagesUnconnected=2)
        for _ in range(5):
            session, _ = site.add()
            connection, transport = site.connect()
            connection.textReceived(encoded("open", 1, session.token, 0, 0))
            self.assertEqual(transport.closed[0], 4001)
        self.assertEqual(len(site.sessions), 2)


class KeepAliveTests(SynchronousTestCase):
    """The sockets of a site are kept alive."""

    def test_everyInterval(self):
        """Every socket is sent a noop in each interval, as long as it is open."""
        site = Site()
        session, _, connection, transport = site.opened()
        for _ in range(3):
            site.clock.pump([1] * 20)
            self.assertEqual(transport.take(), [["noop"]])
            connection.frameReceived()
        session.close("enough")
        connection.connectionLost()
        site.clock.pump([1] * 40)
        self.assertEqual(transport.take(), [])

    def test_noTimerWithout(self):
        """A site without sockets has no timer."""
        site = Site()
        self.assertEqual(site.clock.getDelayedCalls(), [])
        session, _, connection, _ = site.opened()
        session.close("enough")
        connection.connectionLost()
        site.clock.pump([1] * 25)
        self.assertEqual(site.clock.getDelayedCalls(), [])


class CloseTests(SynchronousTestCase):
    """``SessionRegistry.close``: shutdown."""

    def setUp(self):
        self.site = Site()
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def test_idle(self):
        """Pages without running calls are closed at once; the Deferred fires when their sockets are closed."""
        waiting, _ = self.site.add()
        done = self.site.sessions.close("restart")
        self.assertEqual((self.transport.closed, self.session.state), ((4000, "restart"), State.LOST))
        self.assertEqual(waiting.state, State.LOST)
        self.assertNoResult(done)
        self.connection.connectionLost()
        self.site.clock.pump([0.1])
        self.successResultOf(done)
        self.assertEqual(self.site.clock.getDelayedCalls(), [])

    def test_noSockets(self):
        """A site without pages or sockets is closed at once."""
        self.successResultOf(Site().sessions.close("restart"))

    def test_deadSocket(self):
        """The wait for a browser that does not answer the closing handshake is short."""
        done = self.site.sessions.close("restart")
        self.site.clock.pump([0.1] * 30)
        self.successResultOf(done)

    def test_runningCalls(self):
        """Running calls may finish first, and their responses are sent."""
        self.connection.textReceived(encoded("call", 1, "later", []))
        self.site.sessions.close("restart")
        self.assertIsNone(self.transport.closed)
        self.page.target.waiting[0].callback("done")
        self.site.clock.advance(0.1)
        self.assertEqual(self.transport.take(), [["respond", 1, True, "done"]])
        self.assertEqual(self.transport.closed, (4000, "restart"))

    def test_endlessCalls(self):
        """A call that does not finish holds up a shutdown no longer than the limit."""
        self.connection.textReceived(encoded("call", 1, "later", []))
        self.site.sessions.close("restart")
        self.site.clock.pump([Limits().shutdownTimeout / 100] * 99)
        self.assertIsNone(self.transport.closed)
        self.site.clock.pump([Limits().shutdownTimeout / 100] * 5)
        self.assertEqual(self.transport.closed, (4000, "restart"))

    def test_lastWords(self):
        """Messages of the batch of the shutdown are still sent."""
        self.session.callRemote(1, "m", ["bye"])
        self.site.sessions.close("restart")
        self.assertEqual(self.transport.take(), [["notify", 1, "m", ["bye"]]])

    def test_tooLate(self):
        """A page that is rendered during shutdown is lost in the next iteration, for the same reason."""
        self.site.sessions.close("restart")
        session, page = self.site.add()
        self.site.flush()
        self.assertEqual((session.state, session.reason, page.events), (State.LOST, "restart", ["lost"]))
        results = outcome(session.callRemote(1, "m", []))
        self.assertEqual(results[0].type, ConnectionLost)


class LogTests(SynchronousTestCase):
    """Log events are bounded by page and by address."""

    def setUp(self):
        self.site = Site()
        self.sessions = self.site.sessions

    def texts(self):
        """Return the logged events."""
        return [formatEvent(event) for event in self.site.logged]

    def crash(self, count):
        """A page whose calls fail."""
        session, page, connection, transport = self.site.opened()
        for _ in range(count):
            connection.textReceived(encoded("call", 1, "crash", []))
        self.site.flush()
        transport.take()
        return session

    def test_page(self):
        """A page's failures are bounded by page; at its end, the number of omitted events is logged."""
        first = self.crash(100)
        before = len(self.site.logged)
        self.assertLess(before, 30)
        self.crash(1)
        self.assertEqual(len(self.site.logged), before + 1)
        first.close("enough")
        self.assertEqual(self.texts()[-1], f"{100 - before} more log events because of a page")

    def test_broken(self):
        """Protocol errors are bounded by address, because each ends its page."""
        for _ in range(300):
            self.site.opened()[2].textReceived(b"x")
        self.assertIn("A page broke the protocol: not JSON (memory:1)", self.texts())
        self.assertLess(sum(map(len, self.texts())), 10_000)

    def test_refused(self):
        """So are refusals of sockets."""
        for _ in range(300):
            self.site.connect()[0].textReceived(encoded("open", 1, "guess", 0, 1))
        self.assertLess(sum(map(len, self.texts())), 10_000)

    def test_shutdown(self):
        """At the end all omitted events are reported, and no timer is left."""
        self.crash(100)
        self.test_refused()
        outcome(self.sessions.close("enough"))
        # The sockets of the test stay.
        self.site.clock.pump([0.1] * 20)
        self.assertIn("more log events because of a page", "".join(self.texts()))
        self.assertIn("more log events because of memory", "".join(self.texts()))
        left = [call.func for call in self.site.clock.getDelayedCalls()]
        self.assertEqual([one for one in left if "PeerLog" in repr(one)], [])

    def test_tokens(self):
        """No token is logged, neither of a page that is connected nor of one that is lost."""
        token = newToken()
        for end in (False, True):
            sessions = self.sessions
            sessions._newToken = lambda: token
            session, _ = self.site.add()
            if end:
                session.close("enough")
            sessions.log.info("{text}", text=f"it was {token}")
            self.assertEqual(self.texts()[-1], "it was (hidden)")
