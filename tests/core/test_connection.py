# -*- test-case-name: tests.core.test_connection -*-
"""A socket identifies its page, in time and first; then it belongs to the page's session."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.connection import Connection
from athenalite._core.states import LEFT, State
from athenalite.errors import ProtocolError
from athenalite.limits import Limits
from harness.messages import opening
from tests.memory import HANDSHAKE, MemoryTransport, Site, encoded, outcome


class OpenTests(SynchronousTestCase):
    """The first message."""

    def setUp(self):
        self.site = Site()
        self.session, self.page = self.site.add()
        self.connection, self.transport = self.site.connect()

    def test_opened(self):
        """A socket with the token of a page is answered."""
        self.connection.textReceived(encoded(*opening(self.session.token, 0)))
        self.assertEqual(self.transport.take(), [["opened", 0]])
        self.site.clock.advance(30)
        self.assertIsNone(self.transport.closed)

    def test_unknown(self):
        """A socket with an unknown token is closed so that the page does not reconnect."""
        self.connection.textReceived(encoded(*opening("guess", 0)))
        self.assertEqual(self.transport.closed, (4000, "unknown page"))

    def test_late(self):
        """A socket of a lost page is closed with the reason of the loss."""
        self.session.close("logged out")
        self.connection.textReceived(encoded(*opening(self.session.token, 0)))
        self.assertEqual(self.transport.closed, (4000, "logged out"))

    def test_silent(self):
        """A socket that sends nothing is closed after some time, so that the browser may try again."""
        self.site.clock.advance(Limits().openTimeout - 0.1)
        self.assertIsNone(self.transport.closed)
        self.site.clock.advance(0.1)
        self.assertEqual(self.transport.closed[0], 1013)

    def test_hasOpen(self):
        """A socket whose token comes with its handshake needs no timer; the session's own goes when it is open."""
        before = len(self.site.clock.getDelayedCalls())
        transport = MemoryTransport()
        connection = Connection(self.site.sessions, transport, HANDSHAKE, hasOpen=True)
        self.assertEqual(len(self.site.clock.getDelayedCalls()), before)
        connection.textReceived(encoded(*opening(self.session.token, 0)))
        self.assertEqual(transport.take(), [["opened", 0]])
        connection.connectionLost()

    def test_older(self):
        """An ``open`` that arrives after that of a newer socket of the page changes nothing for that one."""
        late = encoded(*opening(self.session.token, 0))
        self.connection.textReceived(encoded(*opening(self.session.token, 0)))
        old, oldTransport = self.site.connect()
        old.textReceived(late)
        self.assertEqual(oldTransport.closed[0], 4001)
        self.connection.textReceived(encoded("call", 1, "record", ["x"]))
        self.assertEqual((self.transport.closed, self.page.target.ran), (None, [("x",)]))

    def test_else(self):
        """A socket that sends another message first is closed, and the message is not handled."""
        self.connection.textReceived(encoded("call", 1, "record", []))
        self.assertEqual((self.transport.closed[0], self.page.target.ran), (1008, []))

    def test_afterClosed(self):
        """A message after the socket was closed is ignored, even a valid one."""
        for first in (encoded("call", 1, "record", []), b"nonsense"):
            connection, transport = self.site.connect()
            connection.textReceived(first)
            connection.textReceived(encoded(*opening(self.session.token, 0)))
            connection.textReceived(b"nonsense")
            connection.binaryReceived()
            self.assertEqual((transport.frames, self.session.state), ([], State.RENDERED))
        self.site.clock.advance(10)

    def test_lost(self):
        """A socket that is lost before its first message leaves no timer."""
        self.connection.connectionLost()
        self.session.close("enough")
        self.assertEqual(self.site.clock.getDelayedCalls(), [])


class MessageTests(SynchronousTestCase):
    """The messages after the first."""

    def setUp(self):
        self.site = Site()
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def test_nonsense(self):
        """An invalid message ends the page, with the same reason at both ends."""
        self.connection.textReceived(b"nonsense")
        self.assertEqual(self.transport.closed, (1002, self.session.reason))
        self.assertEqual(str(self.page.lost.value), self.session.reason)

    def test_binary(self):
        """So does a binary message."""
        self.connection.binaryReceived()
        self.assertEqual((self.transport.closed[0], self.session.state), (1003, State.LOST))

    def test_notUTF8(self):
        """And a text that is not UTF-8."""
        self.connection.textReceived(b'["ack",1\xff]')
        self.assertEqual((self.transport.closed[0], self.session.state), (1007, State.LOST))

    def test_libraryFails(self):
        """If the WebSocket library finds an error, the page is lost; the library closes the socket."""
        self.connection.protocolFailed(ProtocolError("a frame too large", 1009))
        self.assertEqual((self.session.reason, self.transport.closed), ("a frame too large", None))
        self.connection.textReceived(encoded("notify", 1, "record", []))
        self.connection.connectionLost()
        self.assertEqual((self.page.target.ran, self.page.events), ([], ["connected", "lost"]))

    def test_left(self):
        """A browser that reports its page as closed ends it; the loss of the socket then has no effect."""
        self.connection.pageLeft(LEFT)
        self.connection.connectionLost()
        self.assertEqual(self.page.events, ["connected", "lost"])

    @given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
    def test_anything(self, payload):
        """No message raises an exception; the page either goes on or is lost with its socket."""
        session, page, connection, transport = self.site.opened()
        connection.textReceived(payload)
        self.assertEqual(session.state is State.LOST, transport.closed is not None)

    @given(
        st.lists(
            st.builds(lambda number: ("ack", number), st.integers(0, 3))
            | st.builds(
                lambda number, ok: ("respond", number, ok, {"type": "E", "message": "m"}),
                st.integers(0, 3),
                st.booleans(),
            )
            | st.builds(
                lambda kind, name: (kind, 1, name, []),
                st.sampled_from(["call", "notify"]),
                st.sampled_from(["echo", "record", "fail", "crash", "later", "coroutine", "hidden", "__init__"]),
            )
            | st.just(("noop",)),
            max_size=12,
        )
    )
    def test_messages(self, messages):
        """Well-formed messages in any order answer each call at most once, and raise nothing."""
        session, page, connection, transport = self.site.opened()
        for message in messages:
            connection.textReceived(encoded(*message))
        self.site.flush()
        answered = [frame[1] for frame in transport.take() if frame[0] == "respond"]
        self.assertEqual(len(answered), len(set(answered)))


class FloodTests(SynchronousTestCase):
    """The rate limit: a browser that exceeds it is not read from for a while."""

    def setUp(self):
        self.site = Site(maxMessagesPerSecond=10, pingInterval=1e9)
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def flood(self, count):
        """Send so many messages at once."""
        for _ in range(count):
            self.connection.textReceived(encoded("notify", 1, "record", []))

    def test_slowed(self):
        """Beyond the limit reading stops until the second is over; what had been read is run all the same."""
        self.flood(12)
        self.assertFalse(self.transport.reading)
        self.assertEqual(len(self.page.target.ran), 12)
        self.site.clock.advance(0.9)
        self.assertFalse(self.transport.reading)
        self.site.clock.advance(0.1)
        self.assertTrue(self.transport.reading)

    def test_longer(self):
        """The pause is longer if more had been read already."""
        self.flood(35)
        self.site.clock.advance(2.9)
        self.assertFalse(self.transport.reading)
        self.site.clock.advance(0.1)
        self.assertTrue(self.transport.reading)

    def test_large(self):
        """A large message counts as many, by its KiB."""
        self.connection.textReceived(encoded("notify", 1, "record", ["x" * 10_000]))
        self.assertFalse(self.transport.reading)

    def test_frames(self):
        """A frame that is not a message, such as a ping, counts like one."""
        for _ in range(10):
            self.connection.frameReceived()
        self.assertFalse(self.transport.reading)

    def test_steady(self):
        """A browser below the limit is never paused."""
        for _ in range(50):
            self.flood(1)
            self.assertTrue(self.transport.reading)
            self.site.clock.advance(0.15)

    def test_clockSetBack(self):
        """If the clock is set back, the pause has its nominal length."""
        self.site.clock.rightNow -= 600
        self.flood(12)
        self.assertFalse(self.transport.reading)
        self.site.clock.advance(1)
        self.assertTrue(self.transport.reading)

    def test_lost(self):
        """A paused socket that is lost leaves no timer."""
        self.flood(35)
        self.connection.connectionLost()
        self.session.close("enough")
        self.site.sessions.close("enough")
        self.site.flush()
        self.assertEqual(self.site.clock.getDelayedCalls(), [])


class WaitingTests(SynchronousTestCase):
    """Calls that wait for a slice, or until the page has acknowledged more."""

    def setUp(self):
        self.site = Site(window=2000, maxMessagesPerSecond=100_000)
        self.session, self.page, self.connection, self.transport = self.site.opened()

    def say(self, *parts):
        """Send a message from the browser."""
        self.connection.textReceived(encoded(*parts))

    def answers(self):
        """The numbers of the calls that have been answered."""
        self.site.flush()
        return [one[1] for one in self.transport.take() if one[0] == "respond"]

    def test_slice(self):
        """Of many messages at once, the first slice is run at once, and the rest in order, after other pages."""
        for number in range(100):
            self.say("notify", 1, "record", [number])
        self.assertTrue(0 < len(self.page.target.ran) < 50)
        self.site.flush()
        self.assertEqual(self.page.target.ran, [(number,) for number in range(100)])

    def test_window(self):
        """While much is unacknowledged, calls wait. An acknowledgement takes effect meanwhile."""
        self.session.callRemote(1, "m", ["x" * 5000])
        self.site.flush()
        for _ in range(3):
            self.say("call", 1, "echo", [1])
        self.site.clock.advance(30)
        self.assertEqual(self.answers(), [])
        self.say("ack", 1)
        self.assertEqual(self.answers(), [1, 2, 3])

    def test_acknowledgedByAnswer(self):
        """So does a response, though it waits itself, behind the calls."""
        result = outcome(self.session.callRemote(1, "m", ["x" * 5000]))
        self.site.flush()
        self.say("call", 1, "echo", [1])
        self.say("respond", 1, True, "yes")
        self.assertEqual((self.answers(), result), ([1], ["yes"]))

    def test_ownAnswer(self):
        """A call that waits for an answer of its page gets it, though more than the window was sent besides."""
        results = []

        async def ask():
            results.append(await self.session.callRemote(1, "m", []))

        Deferred.fromCoroutine(ask())
        self.site.flush()
        self.say("call", 1, "echo", ["x" * 3000])
        self.site.flush()
        self.say("call", 1, "echo", ["x" * 3000])
        self.say("respond", 1, True, "yes")
        self.assertEqual(results, [])
        self.say("ack", 2)
        self.site.flush()
        self.assertEqual(results, ["yes"])

    def test_constantStream(self):
        """A page that is sent more all the time has its calls run as it acknowledges, though it never catches up."""
        for number in range(1, 11):
            self.session.callRemote(1, "m", [number, "x" * 3000])
            self.site.flush()
            self.say("call", 1, "echo", [1])
        for number in range(1, 6):
            self.session.callRemote(1, "m", [number, "x" * 3000])
            self.site.flush()
            self.say("ack", number)
            self.say("ack", number)
            self.assertEqual(self.answers(), [number])

    def test_full(self):
        """While too much waits, the socket is not read."""
        site = Site(window=2000, maxMessagesPerSecond=100_000, maxBytesReceived=10_000)
        session, page, connection, transport = site.opened()
        session.callRemote(1, "m", ["x" * 5000])
        site.flush()
        for number in range(200):
            if not 90 < number < 120:
                self.assertIs(transport.reading, number < 100)
            connection.textReceived(encoded("notify", 1, "record", [number]))
        connection.textReceived(encoded("ack", 1))
        site.flush()
        self.assertTrue(transport.reading)
        self.assertEqual(page.target.ran, [(number,) for number in range(200)])

    def test_nonsense(self):
        """An error in a waiting message is found when it is run; nothing behind it is run."""
        for text in (b'["call",1]', b'["call",', b'["notify",1,"record",[0],{},[]]'):
            session, page, connection, transport = self.site.opened()
            for number in range(40):
                connection.textReceived(encoded("notify", 1, "record", [number]))
            connection.textReceived(text)
            connection.textReceived(encoded("notify", 1, "record", [40]))
            self.site.flush()
            self.assertEqual((transport.closed[0], len(page.target.ran)), (1002, 40))
            self.assertIsNotNone(page.lost)

    def test_dropped(self):
        """Messages that wait when the socket is lost are neither run nor counted: the browser resends them."""
        for number in range(40):
            self.say("notify", 1, "record", [number])
        ran = len(self.page.target.ran)
        self.connection.connectionLost()
        self.site.flush()
        self.assertEqual(len(self.page.target.ran), ran)
        _, transport = self.site.open(self.session)
        self.assertEqual(transport.take()[0], ["opened", ran])

    def test_replaced(self):
        """The same holds when a newer socket takes over."""
        for number in range(40):
            self.say("notify", 1, "record", [number])
        ran = len(self.page.target.ran)
        _, transport = self.site.open(self.session)
        self.site.flush()
        self.assertEqual((len(self.page.target.ran), transport.take()[0]), (ran, ["opened", ran]))

    def test_failing(self):
        """An internal error is logged, and the socket is closed."""
        for number in range(40):
            self.say("notify", 1, "record", [number])
        self.session.messageReceived = lambda transport, message: 1 / 0
        self.site.flush()
        self.assertEqual(self.transport.closed[0], 1011)
        self.assertEqual(self.flushFailures(), ["ZeroDivisionError"])

    def flushFailures(self):
        """Return the types of the logged failures."""
        return sorted({event["log_failure"].type.__name__ for event in self.site.failures})
