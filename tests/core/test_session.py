# -*- test-case-name: tests.core.test_session -*-
"""The session of one page: calls both ways, over several sockets. Scripts of messages: ``test_vectors``."""

import gc
import weakref

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionDone
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.states import LEFT, State
from athenalite.errors import ConnectFailed, ConnectionLost, ProtocolError
from athenalite.limits import Limits
from harness.messages import opening
from tests.memory import FakePage, MemoryTransport, Site, encoded, outcome


class CallRemoteTests(SynchronousTestCase):
    """``Session.callRemote``."""

    def setUp(self):
        self.site = Site()
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def answer(self, number, value):
        """The browser answers the call ``number``."""
        self.connection.textReceived(encoded("respond", number, True, value))

    def fails(self, number):
        """Report message ``number`` as failed. Return whether the page goes on."""
        self.connection.textReceived(encoded("respond", number, False, {"type": "E", "message": "x"}))
        return self.page.lost is None

    def test_failures(self):
        """Each notify and each call may fail, once."""
        held = outcome(self.session.callRemote(1, "m", ["a"]))
        for text in "bc":
            self.session.callRemote(1, "m", [text])
        self.site.flush()
        self.assertEqual([one[0] for one in self.transport.take()], ["call", "notify", "notify"])
        self.assertTrue(all(map(self.fails, (3, 1, 2))))
        self.assertEqual(len(held), 1)
        self.assertFalse(self.fails(3))
        self.assertEqual(self.session.reason, "a response to no call")

    def test_failuresOfNothing(self):
        """No other number may: not 0, and not that of an unsent message."""
        for number in (0, 1):
            self.setUp()
            self.assertFalse(self.fails(number), number)

    def test_failuresOfResponses(self):
        """A response must not be answered, wherever it stands in a batch, also one with other pages."""
        other = self.site.opened()[0]
        self.session.callRemote(1, "m", ["1"])
        self.connection.textReceived(encoded("call", 1, "echo", [2]))
        for session in (other, self.session):
            session.callRemote(1, "m", ["3"])
        self.connection.textReceived(encoded("call", 1, "echo", [4]))
        self.session.callRemote(1, "m", ["5"])
        self.site.flush()
        kinds = ["notify", "respond", "notify", "respond", "notify"]
        self.assertEqual([one[0] for one in self.transport.take()], kinds)
        self.assertTrue(all(map(self.fails, (1, 3, 5))))
        self.assertFalse(self.fails(2))

    def test_failuresOfLaterResponses(self):
        """Nor must a response of a later batch."""
        self.session.callRemote(1, "m", ["1"])
        self.site.flush()
        self.connection.textReceived(encoded("call", 1, "echo", [2]))
        self.site.flush()
        self.assertTrue(self.fails(1))
        self.assertFalse(self.fails(2))

    def test_held(self):
        """A Deferred that is held gets the result, and may be read late."""
        result = self.session.callRemote(1, "m", ["a"])
        self.site.flush()
        self.assertEqual(self.transport.take(), [["call", 1, "m", ["a"]]])
        self.answer(1, "x")
        self.assertEqual(self.successResultOf(result), "x")

    def test_callbackOnly(self):
        """So does one with a callback that is not held, even if garbage is collected meanwhile."""
        results = []
        self.session.callRemote(1, "m", []).addCallback(results.append)
        gc.collect()
        self.site.flush()
        gc.collect()
        self.assertEqual(self.transport.take(), [["call", 1, "m", []]])
        self.answer(1, "x")
        self.assertEqual(results, ["x"])

    def test_chained(self):
        """So does one that is returned from a callback of a Deferred that is not held."""
        results = []
        succeed(None).addCallback(lambda _: self.session.callRemote(1, "m", [])).addCallback(results.append)
        gc.collect()
        self.site.flush()
        gc.collect()
        self.answer(1, "x")
        self.assertEqual(results, ["x"])

    def test_awaited(self):
        """So does a coroutine that awaits one."""
        results = []

        async def ask():
            results.append(await self.session.callRemote(1, "m", []))

        Deferred.fromCoroutine(ask())
        gc.collect()
        self.site.flush()
        self.answer(1, "x")
        self.assertEqual(results, ["x"])

    def test_dropped(self):
        """A dropped Deferred requests no answer."""
        self.session.callRemote(1, "m", [])
        self.site.flush()
        self.assertEqual(self.transport.take(), [["notify", 1, "m", []]])

    def test_kwargs(self):
        """Keyword arguments follow the others."""
        self.session.callRemote(1, "m", ["a"], {"b": 1})
        self.site.flush()
        self.assertEqual(self.transport.take(), [["notify", 1, "m", ["a"], {"b": 1}]])

    def test_oneWrite(self):
        """The messages of a batch are sent at its end, in order and in one piece."""
        for number in range(5):
            self.session.callRemote(1, "m", [number])
        self.assertEqual(self.transport.take(), [])
        self.site.flush()
        self.assertEqual([frame[3] for frame in self.transport.take()], [[0], [1], [2], [3], [4]])

    def test_snapshot(self):
        """An argument is sent as it was when the call was made, though it changes before the batch ends."""
        argument = ["before"]
        self.session.callRemote(1, "m", [argument])
        argument.append("after")
        self.site.flush()
        self.assertEqual(self.transport.take(), [["notify", 1, "m", [["before"]]]])

    def test_notJSON(self):
        """An argument that is not JSON is an error of that call, raised where it is made; the page goes on."""
        self.assertRaises(TypeError, self.session.callRemote, 1, "m", [float("nan")])
        self.assertRaises(TypeError, self.session.callRemote, 1, "m", [object()])
        self.session.callRemote(1, "m", [])
        self.site.flush()
        self.assertEqual(self.transport.take(), [["notify", 1, "m", []]])

    def test_beforeSocket(self):
        """Calls before the first socket wait for it."""
        session, _ = self.site.add()
        result = session.callRemote(1, "m", [])
        self.site.flush()
        connection, transport = self.site.open(session)
        self.assertEqual(transport.take(), [["opened", 0], ["call", 1, "m", []]])
        connection.textReceived(encoded("respond", 1, True, "x"))
        self.assertEqual(self.successResultOf(result), "x")

    def test_inTheHook(self):
        """Calls made in hooks are sent after earlier ones."""
        session, page = self.site.add()
        session.callRemote(1, "before", [])
        page.sessionConnected = lambda: session.callRemote(1, "hook", [])
        _, transport = self.site.open(session)
        self.site.flush()
        self.assertEqual([frame[-2] for frame in transport.take()[1:]], ["before", "hook"])

    def test_acknowledgedLate(self):
        """An acknowledgement that is due while the socket is paused is sent when it is resumed."""
        self.connection.textReceived(encoded("notify", 1, "record", []))
        self.connection.sendingPaused()
        self.site.clock.advance(5 * Limits().ackDelay)
        self.assertEqual(self.transport.take(), [])
        self.connection.sendingResumed()
        self.site.clock.advance(Limits().ackDelay)
        self.assertIn(["ack", 1], self.transport.take())

    def test_callbacksFirst(self):
        """The callbacks of a response have run before the next message is handled."""
        events = []
        self.session.callRemote(1, "m", []).addCallback(lambda _: events.append(list(self.page.target.ran)))
        self.site.flush()
        self.answer(1, None)
        self.connection.textReceived(encoded("notify", 1, "record", ["next"]))
        self.assertEqual((events, self.page.target.ran), ([[]], [("next",)]))

    def test_failingCallback(self):
        """A callback that fails does not affect the next message."""
        result = self.session.callRemote(1, "m", []).addCallback(lambda _: 1 // 0)
        self.site.flush()
        self.answer(1, None)
        self.connection.textReceived(encoded("notify", 1, "record", ["next"]))
        self.assertEqual(self.page.target.ran, [("next",)])
        self.failureResultOf(result, ZeroDivisionError)

    def test_afterLoss(self):
        """A call to a lost page fails at once with the reason, is not logged, and nothing is kept."""
        self.session.close("enough")
        self.assertEqual(str(self.failureResultOf(self.session.callRemote(1, "m", []), ConnectionLost).value), "enough")
        self.session.callRemote(1, "m", [])
        gc.collect()
        self.assertEqual(self.flushLoggedErrors(), [])


class SocketTests(SynchronousTestCase):
    """Sockets that are opened, lost, and overlap."""

    def setUp(self):
        self.site = Site()
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def test_hooks(self):
        """The hooks are called: connected once, then disconnected and resumed, and lost once."""
        self.connection.connectionLost()
        connection, _ = self.site.open(self.session)
        connection.connectionLost()
        self.site.clock.advance(Limits().transportlessTimeout)
        self.assertEqual(self.page.events, ["connected", "disconnected", "resumed", "disconnected", "lost"])

    def test_resume(self):
        """A new socket is sent the messages that the browser has not received, and no others."""
        results = [outcome(self.session.callRemote(1, "m", [number])) for number in range(3)]
        self.site.flush()
        self.transport.take()
        self.connection.connectionLost()
        connection, transport = self.site.open(self.session, received=2)
        self.assertEqual(transport.take(), [["opened", 0], ["call", 1, "m", [2]]])
        for number in (3, 1, 2):
            connection.textReceived(encoded("respond", number, True, number))
        self.assertEqual(results, [[1], [2], [3]])

    def test_newestWins(self):
        """A newer socket closes the older with 4001; messages and the loss of that one are ignored."""
        newer, transport = self.site.open(self.session)
        self.assertEqual(self.transport.closed[0], 4001)
        transport.take()
        self.connection.textReceived(encoded("notify", 1, "record", ["old"]))
        self.connection.textReceived(encoded("ack", 99))
        self.connection.textReceived(b"nonsense")
        self.connection.pageLeft(LEFT)
        self.connection.connectionLost()
        self.assertEqual((self.page.target.ran, self.session.state), ([], State.CONNECTED))
        newer.textReceived(encoded("notify", 1, "record", ["new"]))
        self.assertEqual(self.page.target.ran, [("new",)])
        self.assertEqual(self.page.events, ["connected", "disconnected", "resumed"])

    def test_hooksAlternate(self):
        """``disconnected`` and ``resumed`` alternate, whether the loss of the older socket is noticed before or not."""
        self.site.open(self.session)
        newest, _ = self.site.open(self.session)
        newest.connectionLost()
        self.site.open(self.session)
        self.connection.connectionLost()
        self.assertEqual(self.page.events, ["connected", *["disconnected", "resumed"] * 3])

    def test_endedByHook(self):
        """A page that ends itself in ``disconnected`` is not resumed."""
        self.page.sessionDisconnected = lambda: self.session.close("enough")
        self.site.open(self.session)
        self.assertEqual(self.page.events, ["connected", "lost"])

    def test_wrongResume(self):
        """A socket that acknowledges messages that were never sent ends the page; both sockets are closed."""
        result = self.session.callRemote(1, "m", [])
        _, transport = self.site.open(self.session, received=9)
        self.assertEqual((self.transport.closed[0], transport.closed[0]), (4001, 1002))
        self.assertEqual(str(self.failureResultOf(result, ConnectionLost).value), transport.closed[1])
        self.assertEqual(self.page.events, ["connected", "lost"])

    def test_slowReader(self):
        """Messages wait while the socket is paused, and are sent in order when it is resumed."""
        self.connection.sendingPaused()
        self.session.callRemote(1, "m", [1])
        self.site.flush()
        self.assertEqual(self.transport.take(), [])
        self.connection.sendingResumed()
        self.session.callRemote(1, "m", [2])
        self.site.flush()
        self.assertEqual([frame[3] for frame in self.transport.take()], [[1], [2]])

    def test_slowThenNew(self):
        """A new socket is not paused because the earlier one was."""
        self.connection.sendingPaused()
        newer, transport = self.site.open(self.session)
        self.connection.sendingPaused()
        self.session.callRemote(1, "m", [])
        self.site.flush()
        self.assertEqual(transport.take(), [["opened", 0], ["notify", 1, "m", []]])

    def test_unauthorized(self):
        """A socket that the application refuses ends the page, for every socket of it."""
        self.page.authorizes = False
        _, transport = self.site.open(self.session)
        self.assertEqual((transport.closed[0], self.transport.closed[0]), (1008, 1008))
        self.assertEqual((transport.frames, self.page.events), ([], ["connected", "lost"]))

    def test_secondOpen(self):
        """A socket that identifies its page twice breaks the protocol."""
        self.connection.textReceived(encoded(*opening(self.session.token, 0)))
        self.assertEqual(self.transport.closed[0], 1002)
        self.assertEqual(self.session.state, State.LOST)

    def test_opened(self):
        """Only a server sends ``opened``."""
        self.connection.textReceived(encoded("opened", 0))
        self.assertEqual(self.transport.closed[0], 1002)


class AcknowledgeTests(SynchronousTestCase):
    """When received messages are acknowledged."""

    def setUp(self):
        self.site = Site(pingInterval=1e9)
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def receive(self, *message):
        """Send ``message`` from the browser, in an iteration of its own."""
        self.connection.textReceived(encoded(*message))
        self.site.flush()

    def test_inTime(self):
        """A message is acknowledged in time, counted from the first unacknowledged one."""
        self.receive("notify", 1, "record", [])
        self.site.clock.advance(0.6 * Limits().ackDelay)
        self.receive("notify", 1, "record", [])
        self.assertEqual(self.transport.take(), [])
        self.site.clock.advance(0.4 * Limits().ackDelay)
        self.assertEqual(self.transport.take(), [["ack", 2]])
        self.site.clock.advance(10)
        self.assertEqual(self.transport.take(), [])

    def test_inNumbers(self):
        """A number of messages is acknowledged at once."""
        for _ in range(Limits().ackEvery):
            self.receive("notify", 1, "record", [])
        self.assertEqual(self.transport.take(), [["ack", Limits().ackEvery]])

    def test_byAnswer(self):
        """A response acknowledges its call."""
        self.receive("notify", 1, "record", [])
        self.receive("call", 1, "echo", [1])
        self.site.clock.advance(10)
        self.assertEqual(self.transport.take(), [["respond", 2, True, 1]])

    def test_noop(self):
        """A noop is answered by an acknowledgement."""
        self.receive("noop")
        self.assertEqual(self.transport.take(), [["ack", 0]])

    def test_afterLoss(self):
        """An acknowledgement that is due when the page is lost is not sent, and leaves no timer."""
        self.receive("notify", 1, "record", [])
        self.session.close("enough")
        self.site.clock.advance(5)
        self.assertEqual(self.transport.take(), [])


class LossTests(SynchronousTestCase):
    """The end of a page."""

    def setUp(self):
        self.site = Site()

    def test_neverConnected(self):
        """A page that never connects is lost after some time; calls to it fail, and its end is a ConnectFailed."""
        session, page = self.site.add()
        result = session.callRemote(1, "m", [])
        self.site.clock.advance(Limits().connectTimeout - 0.1)
        self.assertNoResult(result)
        self.site.clock.advance(0.1)
        self.failureResultOf(result, ConnectionLost)
        self.assertEqual((page.lost.type, page.events), (ConnectFailed, ["lost"]))

    def test_away(self):
        """A page without a socket is lost after some time; each absence is timed by itself."""
        longest = Limits().transportlessTimeout
        session, page, connection, _ = self.site.opened()
        connection.connectionLost()
        self.site.clock.advance(longest - 1)
        connection, _ = self.site.open(session)
        connection.connectionLost()
        self.site.clock.advance(longest - 1)
        self.assertEqual(session.state, State.TRANSPORTLESS)
        self.site.clock.advance(1)
        self.assertIn(f"{longest:g} s", session.reason)
        self.assertEqual(page.lost.type, ConnectionLost)

    def test_connectedNoTimeout(self):
        """A page with a socket is not lost by a timeout."""
        session, *_ = self.site.opened()
        self.site.clock.advance(1e6)
        self.assertEqual(session.state, State.CONNECTED)

    def test_left(self):
        """A page that reports that it is closed is lost at once, cleanly, and its socket is not closed twice."""
        session, page, connection, transport = self.site.opened()
        connection.pageLeft(LEFT)
        connection.connectionLost()
        self.assertEqual((page.lost.type, session.reason, transport.closed), (ConnectionDone, LEFT, None))

    def test_leftWithReason(self):
        """The reason that a page reports is used, so that both ends have the same."""
        session, page, connection, _ = self.site.opened()
        connection.pageLeft("a script could not be loaded")
        self.assertEqual((page.lost.type, session.reason), (ConnectionLost, "a script could not be loaded"))

    def test_closed(self):
        """``close`` sends the reason to the browser, once."""
        session, page, connection, transport = self.site.opened()
        session.close("logged out")
        session.close("again")
        self.assertEqual((transport.closed, session.reason), ((4000, "logged out"), "logged out"))
        self.assertEqual(str(page.lost.value), "logged out")

    def test_callsFirst(self):
        """``sessionEnding`` is called before calls fail, ``sessionLost`` when all have, the unsent ones too."""
        session, page, connection, _ = self.site.opened()
        sent = outcome(session.callRemote(1, "m", []))
        self.site.flush()
        unsent = outcome(session.callRemote(1, "m", []))
        seen = []
        page.sessionEnding = page.sessionLost = lambda reason: seen.append(len(sent) + len(unsent))
        session.close("enough")
        self.assertEqual((seen, sent[0].type, unsent[0].type), ([0, 2], ConnectionLost, ConnectionLost))

    def test_callInErrback(self):
        """An errback that calls again when the page is lost gets a failed call, not an endless one."""
        session, *_ = self.site.opened()
        again = []
        session.callRemote(1, "m", []).addErrback(lambda _: again.append(outcome(session.callRemote(1, "m", []))))
        session.close("enough")
        self.assertEqual([results[0].type for results in again], [ConnectionLost])

    def test_lateAnswer(self):
        """A method that ends after the page is lost has no effect."""
        session, page, connection, transport = self.site.opened()
        connection.textReceived(encoded("call", 1, "later", []))
        session.close("enough")
        page.target.waiting[0].callback("late")
        self.site.flush()
        self.assertEqual(transport.take(), [])

    def test_closeInMethod(self):
        """A method may end its own page; its response is not sent, and nothing fails."""
        session, page, connection, transport = self.site.opened()
        page.target.__dict__["echo"] = page.target.record
        page.target.ran = type("Ending", (list,), {"append": lambda self, item: session.close("enough")})()
        connection.textReceived(encoded("call", 1, "echo", []))
        self.site.flush()
        self.assertEqual((transport.closed[0], transport.take(), self.site.failures), (4000, [], []))

    def test_nothingRetained(self):
        """When a page is lost and its socket gone, nothing keeps it, its session or its calls; no timer is left."""
        session, page, connection, transport = self.site.opened()
        result = session.callRemote(1, "m", []).addErrback(lambda _: None)
        session.callRemote(1, "m", [])
        connection.textReceived(encoded("call", 1, "echo", [1]))
        session.close("enough")
        connection.connectionLost()
        self.site.clock.advance(30)
        gone = [weakref.ref(one) for one in (session, page, connection, transport, result)]
        del session, page, connection, transport, result
        gc.collect()
        self.assertEqual([one() for one in gone], [None] * 5)
        self.assertEqual(self.site.clock.getDelayedCalls(), [])

    def test_freedAtOnce(self):
        """A page that refers to its session is freed with it when it is lost, without the garbage collector."""
        self.addCleanup(gc.enable)
        session, page, connection, _ = self.site.opened()
        page.session = session
        self.site.flush()
        gc.collect()
        gc.disable()
        session.close("enough")
        connection.connectionLost()
        gone = [weakref.ref(session), weakref.ref(page)]
        del session, page, connection, _
        self.site.clock.advance(30)
        self.assertEqual([one() for one in gone], [None, None])


class BoundTests(SynchronousTestCase):
    """Unacknowledged messages are bounded."""

    def fill(self, site, session, count, size=1):
        """Make ``count`` calls in one batch, and return their Deferreds."""
        results = [outcome(session.callRemote(1, "m", ["x" * size])) for _ in range(count)]
        site.flush()
        return results

    def away(self, **limits):
        """Return a page that has lost its socket, on a site of its own with these limits."""
        self.site = Site(**limits)
        session, _, connection, _ = self.site.opened()
        connection.connectionLost()
        return session

    def test_messages(self):
        """A page without a socket is lost beyond the bound of messages, and all its calls fail."""
        session = self.away(maxMessagesKept=10)
        results = self.fill(self.site, session, 10)
        self.assertEqual(session.state, State.TRANSPORTLESS)
        results += self.fill(self.site, session, 3)
        self.assertEqual((session.state, session.reason), (State.LOST, "the page has fallen too far behind"))
        self.assertEqual([one.type for result in results for one in result], [ConnectionLost] * 13)

    def test_bytes(self):
        """The same holds for the bound of bytes."""
        session = self.away(maxBytesKept=1000)
        self.fill(self.site, session, 1, size=900)
        self.assertEqual(session.state, State.TRANSPORTLESS)
        self.fill(self.site, session, 1, size=900)
        self.assertEqual(session.state, State.LOST)

    def test_reads(self):
        """A connected page whose socket accepts everything is not lost, and gets the messages in order."""
        for bounds in ({"maxMessagesKept": 10}, {"maxBytesKept": 1000}):
            site = Site(**bounds)
            session, _, _, transport = site.opened()
            for _ in range(3):
                self.fill(site, session, 50, size=100)
            self.fill(site, session, 1, size=900)
            self.fill(site, session, 1)
            site.clock.advance(100)
            self.assertEqual(session.state, State.CONNECTED)
            calls = [one for one in transport.take() if one[0] == "call"]
            self.assertEqual([len(call[3][0]) for call in calls], [100] * 150 + [900, 1])

    def test_pieces(self):
        """On a new socket many messages are resent in pieces, each when the socket accepts data."""
        site = Site()
        session, _, connection, _ = site.opened()
        connection.connectionLost()
        results = self.fill(site, session, 100, size=4000)
        connection, transport = site.connect()
        send, pieces = transport.sendFrames, []

        def sendAndPause(messages):
            pieces.append(sum(map(len, messages)))
            send(messages)
            connection.sendingPaused()

        transport.sendFrames = sendAndPause
        connection.textReceived(encoded(*opening(session.token, 0)))
        while len(transport.frames) < 101:
            count = len(pieces)
            connection.sendingResumed()
            self.assertEqual(len(pieces), count + 1)
        self.assertTrue(all(size < 70_000 for size in pieces), pieces)
        self.assertEqual(transport.take(), [["opened", 0], *[["call", 1, "m", ["x" * 4000]]] * 100])
        self.assertEqual(results, [[]] * 100)

    def test_failingSocket(self):
        """A socket that fails between pieces is aborted: after a gap, messages would be miscounted."""
        site = Site()
        session, _, connection, transport = site.opened()
        connection.sendingPaused()
        self.fill(site, session, 3)
        transport.sendFrames = lambda messages: 1 / 0
        self.assertRaises(ZeroDivisionError, connection.sendingResumed)
        self.assertTrue(transport.aborted)

    def test_stalled(self):
        """A page beyond the bound is lost when it makes no progress for ``stallTimeout``."""
        for progress in (False, True):
            site = Site(maxMessagesKept=10, stallTimeout=5)
            session, _, connection, transport = site.opened()
            connection.sendingPaused()
            self.fill(site, session, 30)
            site.clock.advance(4.9)
            self.assertEqual(session.state, State.CONNECTED)
            if progress:
                connection.textReceived(encoded("ack", 5))
            site.clock.advance(0.2)
            self.assertEqual(session.state, State.CONNECTED if progress else State.LOST)
            site.clock.advance(5)
            self.assertEqual(session.reason, "the page has fallen too far behind")
            self.assertEqual(transport.closed, (4000, session.reason))

    def test_caughtUp(self):
        """A page that has caught up, or whose socket is lost, is not, and has no stall timer."""
        site = Site(maxMessagesKept=10, stallTimeout=5)
        session, _, connection, _ = site.opened()
        connection.sendingPaused()
        self.fill(site, session, 30)
        connection.connectionLost()
        connection, transport = site.open(session)
        site.clock.advance(4)
        connection.textReceived(encoded("ack", 30))
        site.clock.advance(20)
        self.assertEqual(session.state, State.CONNECTED)

    def test_stalledThenAway(self):
        """A page that loses its socket beyond the bound may reconnect as late as any other."""
        site = Site(maxMessagesKept=10, stallTimeout=5)
        session, _, connection, _ = site.opened()
        connection.sendingPaused()
        self.fill(site, session, 30)
        connection.connectionLost()
        site.clock.advance(100)
        self.assertEqual(session.state, State.TRANSPORTLESS)

    def test_hardBound(self):
        """The bound of a connected page holds, whether it reads or not."""
        for paused in (False, True):
            site = Site(maxMessagesKept=10, maxBytesQueued=20_000)
            session, _, connection, _ = site.opened()
            if paused:
                connection.sendingPaused()
            self.fill(site, session, 100)
            self.assertEqual(session.state, State.CONNECTED)
            self.fill(site, session, 200)
            self.assertEqual(session.reason, "the page has fallen too far behind")

    def test_answerTooMuch(self):
        """A response for which there is no room fails only its call, and the page goes on."""
        site = Site(maxBytesKept=3000, maxBytesQueued=20_000)
        session, page, connection, transport = site.opened()
        for _ in range(30):
            connection.textReceived(encoded("call", 1, "later", []))
        for waiting in page.target.waiting:
            waiting.callback("x" * 1000)
            site.flush()
        answers = [one for one in transport.take() if one[0] == "respond"]
        good = [answer[3] for answer in answers if answer[2]]
        self.assertEqual(good, ["x" * 1000] * len(good))
        self.assertTrue(5 < len(good) < 20)
        self.assertEqual({answer[3]["type"] for answer in answers if not answer[2]}, {"TooManyCalls"})
        self.assertEqual((len(answers), session.state), (30, State.CONNECTED))

    def test_acknowledged(self):
        """A page that acknowledges is never lost by a bound."""
        site = Site(maxMessagesKept=10)
        session, _, connection, _ = site.opened()
        for number in range(10, 200, 10):
            self.fill(site, session, 10)
            connection.textReceived(encoded("ack", number))
        self.assertEqual(session.state, State.CONNECTED)

    def test_withinABatch(self):
        """The bounds hold within one batch: at its end, or sooner for very many messages."""
        for count, before in ((101, State.TRANSPORTLESS), (60_000, State.LOST)):
            session = self.away(maxMessagesKept=100)
            for number in range(count):
                session.callRemote(1, "m", [number])
            self.assertEqual(session.state, before)
            self.site.flush()
            self.assertEqual(session.state, State.LOST)

    def test_others(self):
        """The loss of one page in a batch does not affect the others."""
        site = Site(maxMessagesKept=2)
        greedy, _, connection, _ = site.opened()
        connection.connectionLost()
        other, _, _, transport = site.opened()
        for _ in range(5):
            greedy.callRemote(1, "m", [])
        other.callRemote(1, "m", [])
        site.flush()
        self.assertEqual((greedy.state, other.state), (State.LOST, State.CONNECTED))
        self.assertEqual(transport.take(), [["notify", 1, "m", []]])


class MisuseTests(SynchronousTestCase):
    """A session used directly, without a Connection."""

    def test_socketAfterLoss(self):
        """A socket that opens a page that is lost changes nothing."""
        session, page = Site().add()
        session.close("enough")
        transport = MemoryTransport()
        session.socketOpened(transport, 0)
        self.assertEqual((session.state, transport.frames, page.events), (State.LOST, [], ["lost"]))

    def test_otherSocketBreaks(self):
        """A socket that is not the page's cannot break it."""
        site = Site()
        session, *_ = site.opened()
        session.brokenBy(MemoryTransport(), ProtocolError("x"), "memory:1")
        session.pageLeft(MemoryTransport(), LEFT)
        session.socketLost(MemoryTransport())
        self.assertEqual(session.state, State.CONNECTED)

    def test_samePage(self):
        """The hooks of the added page are called."""
        page = FakePage()
        session, same = Site().add(page)
        self.assertIs(same, page)
        self.assertTrue(session.idle)
