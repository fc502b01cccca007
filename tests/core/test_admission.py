# -*- test-case-name: tests.core.test_admission -*-
"""The application authorizes each socket of a page, at once or later; only ``True`` admits it."""

import asyncio
import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.states import State
from athenalite.limits import Limits
from harness.messages import opening
from tests.memory import FakePage, Site, encoded


class Yes:
    """Is equal to ``True``, and true."""

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


async def returning(value):
    """Return ``value`` from a coroutine."""
    return value


async def awaiting(deferred):
    """Return the result of a Deferred from a coroutine."""
    return await deferred


class AskedTestCase(SynchronousTestCase):
    """A page whose ``authorize`` answers when the test does."""

    def setUp(self):
        self.site = Site()
        self.session, self.page = self.site.add()
        self.cancelled = []
        self.answer = self.page.authorizes = Deferred(self.cancelled.append)

    def open(self, answer=None):
        """Open a socket that identifies its page, for which ``authorize`` returns ``answer``."""
        if answer is not None:
            self.page.authorizes = answer
        return self.site.open(self.session)

    def assertRefused(self, transport, code=1008):
        """The socket was closed with this code, and nothing was sent on it."""
        self.assertEqual((transport.frames, transport.closed and transport.closed[0]), ([], code))

    def assertNoTimers(self):
        """Assert that no timer is left when the page is lost."""
        self.session.close("enough")
        self.site.clock.advance(0)
        timers = [call for call in self.site.clock.getDelayedCalls() if "_periodOver" not in str(call.func)]
        self.assertEqual(timers, [])


class AnswerTests(AskedTestCase):
    """Results that admit a socket, and others."""

    def test_true(self):
        """``True`` admits it, at once or as the result of a Deferred or a coroutine that has ended."""
        for answer in (True, succeed(True), returning(True), awaiting(succeed(True))):
            _, transport = self.open(answer)
            self.assertEqual((transport.take(), transport.closed), ([["opened", 0]], None))
        self.assertEqual(self.page.events[0], "connected")

    def test_noDeferred(self):
        """``True`` itself creates no Deferred and no timer."""
        self.patch(Deferred, "__init__", lambda *_: self.fail("a Deferred was made"))
        before = len(self.site.clock.getDelayedCalls())
        _, transport = self.open(True)
        self.assertEqual(transport.take(), [["opened", 0]])
        self.assertLessEqual(len(self.site.clock.getDelayedCalls()), before)

    def test_anythingElse(self):
        """No other true value admits it; the socket is closed and the page lost."""
        loop = asyncio.new_event_loop()
        self.addCleanup(loop.close)
        future = loop.create_future()
        future.set_result(True)
        for value in (False, None, 1, 1.0, "yes", "True", b"1", [True], object(), Yes(), State.CONNECTED, future):
            for made in (lambda value: value, succeed, returning, lambda value: awaiting(succeed(value))):
                session, page = self.site.add()
                page.authorizes = made(value)
                if page.authorizes is future:
                    # That is an answer which is waited for.
                    continue
                _, transport = self.site.open(session)
                self.assertRefused(transport)
                self.assertEqual((session.state, session.reason), (State.LOST, "not authorized"))

    def test_sharedBySockets(self):
        """A Deferred that is returned for two sockets gives both the same answer, and is not changed."""
        for outcome, closed in ((True, None), (ZeroDivisionError(), 1008)):
            shared, transports = Deferred(), []
            for _ in range(2):
                session, page = self.site.add()
                page.authorizes = shared
                transports.append(self.site.open(session)[1])
            shared.callback(outcome if closed is None else Failure(outcome))
            self.assertEqual([one.closed and one.closed[0] for one in transports], [closed] * 2)
            self.assertIs(
                self.successResultOf(shared) if closed is None else self.failureResultOf(shared).value, outcome
            )

    def test_coroutineInside(self):
        """A Deferred or a coroutine as result of a coroutine or a generator refuses, without a warning."""
        for answer in (succeed(returning(True)), returning(returning(True)), (value for value in [True])):
            session, page = self.site.add()
            page.authorizes = answer
            self.assertRefused(self.site.open(session)[1])
        gc.collect()

    @given(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.booleans()) | st.floats())
    def test_value(self, value):
        """One value of all admits."""
        for answer in (value, succeed(value), returning(value)):
            session, page = self.site.add()
            page.authorizes = answer
            _, transport = self.site.open(session)
            self.assertEqual(transport.closed is None, value is True)

    def test_fails(self):
        """An exception refuses, and is logged once."""

        async def failing():
            raise ZeroDivisionError

        async def exiting():
            raise SystemExit

        for answer in (fail(ZeroDivisionError()), failing(), exiting()):
            session, page = self.site.add()
            page.authorizes = answer
            self.assertRefused(self.site.open(session)[1])
            self.assertEqual(session.state, State.LOST)
        gc.collect()
        self.assertEqual(len(self.site.failures), 3)

    def test_raises(self):
        """So does one that is raised at once, of any class."""
        for error in (ZeroDivisionError, SystemExit):

            class Raising(FakePage):
                def authorize(self, handshake, error=error):
                    raise error

            session, _ = self.site.add(Raising())
            self.assertRefused(self.site.open(session)[1])
        self.assertEqual(len(self.site.failures), 2)

    def test_logged(self):
        """The log has the type of an answer that is neither True nor False, but not its value."""
        self.open("the secret text")
        text = str(self.site.logged)
        self.assertIn("only True lets it in", text)
        self.assertIn("'str'", text)
        self.assertNotIn("secret", text)

    def test_no(self):
        """A later False ends the page, and its older socket with it."""
        _, older = self.open(True)
        _, newer = self.open(self.answer)
        self.answer.callback(False)
        self.assertRefused(newer)
        self.assertEqual((older.closed[0], self.page.events), (1008, ["connected", "lost"]))

    def test_shared(self):
        """A Deferred with other users still has its result for them."""
        self.open(self.answer)
        self.answer.callback(True)
        self.assertIs(self.successResultOf(self.answer), True)


class WaitingTests(AskedTestCase):
    """No message is handled before the result."""

    def test_nothingIsRun(self):
        """Messages are handled after the result, in order; meanwhile the socket is not read from."""
        connection, transport = self.open()
        self.assertEqual((transport.frames, self.page.events), ([], []))
        for number in range(3):
            connection.textReceived(encoded("call", 1, "record", [number]))
        self.site.flush()
        self.assertEqual((transport.frames, self.page.target.ran, transport.reading), ([], [], False))
        self.answer.callback(True)
        self.site.flush()
        self.assertEqual((self.page.target.ran, transport.reading), ([(0,), (1,), (2,)], True))
        self.assertEqual([frame[0] for frame in transport.take()], ["opened", "respond", "respond", "respond"])
        connection.textReceived(encoded("notify", 1, "record", [3]))
        self.assertEqual(self.page.target.ran[-1], (3,))

    def test_refused(self):
        """Messages are not handled if the result is False."""
        connection, transport = self.open()
        connection.textReceived(encoded("notify", 1, "record", []))
        self.answer.callback(False)
        connection.textReceived(encoded("notify", 1, "record", []))
        self.assertRefused(transport)
        self.assertEqual((self.page.target.ran, transport.reading), ([], True))

    def test_silent(self):
        """A socket that sends nothing is read from, so that its loss is noticed."""
        _, transport = self.open()
        self.assertTrue(transport.reading)

    def test_order(self):
        """Messages that arrive while earlier ones are handled come after them."""
        connection, _ = self.open()
        echo = FakePage.locateExposed

        def locate(objectID, name):
            if not self.page.target.ran:
                connection.textReceived(encoded("notify", 1, "record", ["last"]))
            return echo(self.page, objectID, name)

        self.session._local._locate = locate
        for number in range(2):
            connection.textReceived(encoded("notify", 1, "record", [number]))
        self.answer.callback(True)
        self.site.clock.advance(0)
        self.assertEqual(self.page.target.ran, [(0,), (1,), ("last",)])

    def test_bounded(self):
        """A socket that sends more than twice the largest message before it is opened is closed; the page is not."""
        connection, transport = self.open()
        message = encoded("notify", 1, "record", ["x" * 1000])
        sent = 0
        while transport.closed is None and sent < 1_000_000:
            connection.textReceived(message)
            sent += len(message)
        self.assertRefused(transport, 1013)
        most = 2 * Limits().maxMessageSize
        self.assertTrue(0.75 * most < sent <= most + 1100)
        self.assertEqual((self.cancelled, transport.reading), ([self.answer], True))
        self.assertEqual(self.session.state, State.RENDERED)

    def test_boundedSmall(self):
        """The smallest messages count more than their text."""
        connection, transport = self.open()
        for _ in range(Limits().maxMessageSize // 32):
            connection.textReceived(encoded("noop"))
        self.assertEqual(transport.closed[0], 1013)

    def test_broken(self):
        """An invalid message is an error after the result; a binary one at once, and the page goes on."""
        connection, transport = self.open()
        connection.textReceived(b"nonsense")
        connection.textReceived(encoded("notify", 1, "record", []))
        self.answer.callback(True)
        self.site.clock.advance(0)
        self.assertEqual((transport.closed[0], self.page.target.ran), (1002, []))
        session, page = self.site.add()
        page.authorizes = Deferred()
        connection, transport = self.site.open(session)
        connection.binaryReceived()
        self.assertEqual((transport.closed[0], session.state), (1003, State.RENDERED))
        self.assertEqual(len(self.site.clock.getDelayedCalls()), 1)

    def test_askedOnce(self):
        """A socket that identifies its page twice is authorized once, and breaks the protocol."""
        connection, transport = self.open()
        connection.textReceived(encoded(*opening(self.session.token, 0)))
        self.assertEqual(self.page.asked, 1)
        self.answer.callback(True)
        self.site.clock.advance(0)
        self.assertEqual((self.page.asked, transport.closed[0]), (1, 1002))

    def test_wrongCount(self):
        """An acknowledgement of messages that were never sent is refused after the authorization."""
        connection, transport = self.site.connect()
        connection.textReceived(encoded(*opening(self.session.token, 7)))
        self.answer.callback(True)
        self.assertEqual((transport.closed[0], self.session.state), (1002, State.LOST))
        self.assertIs(self.successResultOf(self.answer), True)

    def test_pageFails(self):
        """A failure while opening does not fail the application's Deferred."""
        self.page.sessionConnected = lambda: 1 / 0
        connection, transport = self.open()
        self.answer.callback(True)
        self.assertEqual(transport.closed[0], 1011)
        # What has still been sent is not processed: it would be the end of the page.
        connection.textReceived(b"no JSON")
        self.assertIsNot(self.session.state, State.LOST)
        self.assertIs(self.successResultOf(self.answer), True)
        self.assertEqual(len(self.site.failures), 1)


class NoAnswerTests(AskedTestCase):
    """No result arrives."""

    def test_timeout(self):
        """After some seconds the socket is refused, and may try again; the page is kept, the Deferred cancelled."""
        connection, transport = self.open()
        connection.textReceived(encoded("notify", 1, "record", []))
        self.site.clock.advance(Limits().authorizeTimeout - 0.1)
        self.assertIsNone(transport.closed)
        self.site.clock.advance(0.1)
        self.assertRefused(transport, 1013)
        self.assertEqual((self.cancelled, self.session.state), ([self.answer], State.RENDERED))
        self.assertEqual((self.page.target.ran, self.site.failures), ([], []))
        _, again = self.open(True)
        self.assertEqual(again.take(), [["opened", 0]])

    def test_coroutine(self):
        """A coroutine is cancelled where it awaits, and its later result is ignored."""
        ended = []

        async def authorize():
            try:
                await self.answer
            finally:
                ended.append(True)
                return True  # noqa: B012

        _, transport = self.open(authorize())
        self.site.clock.advance(Limits().authorizeTimeout)
        self.assertRefused(transport, 1013)
        self.assertEqual((ended, self.page.events), ([True], []))

    def test_late(self):
        """A result after the cancellation is ignored."""
        late = Deferred(lambda _: None)
        late.cancel = lambda: None
        _, transport = self.open(late)
        self.site.clock.advance(Limits().authorizeTimeout)
        late.callback(True)
        self.assertRefused(transport, 1013)
        self.assertEqual(self.page.events, [])

    def test_limit(self):
        """The timeout is a limit of the site."""
        site = Site(authorizeTimeout=3)
        session, page = site.add()
        page.authorizes = Deferred()
        _, transport = site.open(session)
        site.clock.advance(3)
        self.assertEqual(transport.closed[0], 1013)

    def test_cancelled(self):
        """A Deferred that the application cancels refuses too."""
        _, transport = self.open()
        self.answer.cancel()
        self.assertRefused(transport, 1013)
        self.assertEqual((self.session.state, self.site.failures), (State.RENDERED, []))

    def test_cancellerFails(self):
        """A Deferred whose canceller fails refuses too, and the failure is logged."""
        _, transport = self.open(Deferred(lambda _: 1 / 0))
        self.site.clock.advance(Limits().authorizeTimeout)
        self.assertRefused(transport, 1013)
        self.assertEqual(len(self.site.failures), 1)

    def test_gone(self):
        """A socket that is lost meanwhile changes nothing: not the page, and not its older socket."""
        _, older = self.open(True)
        older.take()
        connection, transport = self.open(self.answer)
        connection.connectionLost()
        self.assertEqual((self.cancelled, self.site.failures), ([self.answer], []))
        self.assertEqual((older.closed, older.frames, self.page.events), (None, [], ["connected"]))
        self.site.clock.advance(20)
        self.assertEqual((older.closed, transport.frames, self.session.state), (None, [], State.CONNECTED))

    def test_left(self):
        """A socket that is not admitted cannot end the page either."""
        connection, _ = self.open()
        connection.pageLeft("the page was closed")
        connection.connectionLost()
        self.assertEqual((self.session.state, self.cancelled), (State.RENDERED, [self.answer]))

    def test_lateAnswerOfGone(self):
        """A result for a lost socket admits nothing, and ends nothing."""
        for value in (True, False):
            session, page = self.site.add()
            late = page.authorizes = Deferred()
            late.cancel = lambda: None
            connection, transport = self.site.open(session)
            connection.connectionLost()
            late.callback(value)
            self.assertEqual((session.state, transport.frames, page.events), (State.RENDERED, [], []))

    def test_timers(self):
        """However the authorization ends, no timer is left."""
        for end in (
            lambda connection: connection.connectionLost(),
            lambda connection: self.answer.callback(True),
            lambda connection: self.answer.cancel(),
        ):
            self.setUp()
            connection, _ = self.open()
            end(connection)
            self.assertNoTimers()
        self.setUp()
        self.open()
        self.assertNoTimers()

    def test_released(self):
        """A lost socket is not held by a pending result."""
        late = Deferred()
        late.cancel = lambda: None
        connection, _ = self.open(late)
        gone = weakref.ref(connection)
        connection.connectionLost()
        gc.collect()
        del connection, _
        self.assertIsNone(gone())


class PageTests(AskedTestCase):
    """The page during an authorization."""

    def test_closed(self):
        """If the page ends, the waiting socket gets the reason, and the result is ignored."""
        connection, transport = self.open()
        connection.textReceived(encoded("notify", 1, "record", []))
        self.session.close("logged out")
        self.assertEqual(transport.closed, (4000, "logged out"))
        self.assertEqual((self.cancelled, self.page.target.ran), ([self.answer], []))

    def test_closedByAuthorize(self):
        """So it is if authorize itself ends the page, whatever it returns."""
        for answer in (True, Deferred()):

            class Closing(FakePage):
                def authorize(self, handshake, answer=answer):
                    self.session.close("logged out")
                    return answer

            page = Closing()
            page.session, _ = self.site.add(page)
            _, transport = self.site.open(page.session)
            self.assertEqual((transport.closed, transport.frames), ((4000, "logged out"), []))
        self.assertNoTimers()

    def test_newer(self):
        """A newer socket cancels the authorization of the older, which is closed with 4001, and gets its own."""
        _, older = self.open()
        newest = Deferred()
        _, newer = self.open(newest)
        self.assertRefused(older, 4001)
        self.assertEqual((self.cancelled, self.page.asked), ([self.answer], 2))
        newest.callback(True)
        self.assertEqual((newer.take(), self.page.events), ([["opened", 0]], ["connected"]))

    def test_olderLate(self):
        """An older socket that arrives while a newer one waits is not authorized."""
        late = encoded(*opening(self.session.token, 0))
        _, newer = self.open()
        old, transport = self.site.connect()
        old.textReceived(late)
        self.assertRefused(transport, 4001)
        self.assertEqual(self.page.asked, 1)
        self.answer.callback(True)
        self.assertEqual(newer.take(), [["opened", 0]])

    def test_olderAfterGone(self):
        """When the newer one is lost without a result, the older one is admissible again."""
        late = encoded(*opening(self.session.token, 0))
        newer, _ = self.open()
        newer.connectionLost()
        old, transport = self.site.connect()
        self.page.authorizes = True
        old.textReceived(late)
        self.assertEqual(transport.take(), [["opened", 0]])

    def test_connected(self):
        """The page's own socket stays until the newer one is admitted."""
        connection, older = self.open(True)
        older.take()
        _, newer = self.open(self.answer)
        connection.textReceived(encoded("call", 1, "echo", ["x"]))
        self.site.flush()
        self.assertEqual((older.take(), older.closed), ([["respond", 1, True, "x"]], None))
        self.answer.callback(True)
        self.assertEqual((older.closed[0], newer.take()), (4001, [["opened", 1], ["respond", 1, True, "x"]]))
        self.assertEqual(self.page.events, ["connected", "disconnected", "resumed"])

    def test_connectTimeout(self):
        """A page does not time out as never connected during an authorization."""
        limits = Limits()
        self.site.clock.advance(limits.connectTimeout - limits.authorizeTimeout / 2)
        _, transport = self.open()
        self.site.clock.advance(limits.authorizeTimeout * 0.9)
        self.answer.callback(True)
        self.assertEqual((transport.take(), self.session.state), ([["opened", 0]], State.CONNECTED))

    def test_transportlessTimeout(self):
        """Nor as away too long; without a result it does."""
        connection, _ = self.open(True)
        connection.connectionLost()
        limits = Limits()
        self.site.clock.advance(limits.transportlessTimeout - limits.authorizeTimeout / 2)
        self.open(self.answer)
        self.site.clock.advance(limits.authorizeTimeout / 2)
        self.assertEqual(self.session.state, State.TRANSPORTLESS)
        self.site.clock.advance(limits.authorizeTimeout)
        said = f"more than {limits.transportlessTimeout:g} s"
        self.assertEqual((self.session.state, said in self.session.reason), (State.LOST, True))
