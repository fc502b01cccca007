# -*- test-case-name: tests.test_model -*-
"""
A model of a session: two real ends, and between them everything that a network does.

One end is :class:`~athenalite._core.session.Session` behind ``Connection`` and ``SessionRegistry``. The other stands in
for the browser, built from ``wire`` and ``Delivery`` only. Hypothesis plays the applications at both ends, the
connections between them (bytes delayed, cut before, within and after a message, half-open connections, several
connections at once), the clock, and the end of a page; after each step the promises of ``docs/protocol.rst`` are
checked.

A model is only as good as the faults it finds. Each of these was introduced by hand, one at a time, and found:

* session: a message, the loss or the leaving of a socket that is not the session's is handled;
* session: an ``open`` older than the session's socket is accepted; the older socket is not closed; the timer of an
  absence is not cancelled by a reconnection;
* session: nothing is resent; ``opened`` is one message short; responses are not counted;
* session: a result with callbacks that is not held counts as dropped; a page beyond its bound goes on;
* session: sent calls, or unsent ones, do not fail when the page is lost; later calls are kept; later responses are
  sent; it is lost twice; its messages are not cleared;
* batch, outbox: queued messages are not sent before their page is lost; an awaited answer is not noted, or not
  requested;
* registry: a lost session is not forgotten; its reason is forgotten;
* delivery: no bound of messages; sent messages are resent in each batch; a new socket is sent only the newer messages,
  or the newest first; an acknowledgement drops one message more; an old acknowledgement counts back;
* calls: an answered call stays outstanding; a notify is answered; a declared error is logged;
* connection: its loss is not reported to the session; the timer of ``open`` is not cancelled; a call is run before the
  waiting ones, or an acknowledgement lets none of them run;
* inbox: the newest waiting message is run first;
* outbox, delivery: messages that exceeded a bound count as sent; of many messages only the first piece is sent; there
  is no bound for a connected page.

Wrong bounds of bytes, timers left behind by sockets and by shutdown, and acknowledgements of messages that were never
sent are not found here, but by the tests of the modules. So are sockets that are paused and sent more.

An ``open`` may arrive later than that of a newer socket, or so late that the server has given the socket up (1013): the
page goes on with its newest socket.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from athenalite._core import outbox
from athenalite._core.callresult import CallResult
from athenalite._core.connection import Connection
from athenalite._core.delivery import Delivery
from athenalite._core.expose import expose
from athenalite._core.states import LEFT, State
from athenalite._core.wire import (
    Ack,
    Call,
    Noop,
    Opened,
    Respond,
    asCall,
    decode,
    encodeAck,
    encodeError,
    encodeNotify,
    encodeOpen,
    encodeResult,
)
from athenalite.errors import ConnectionLost, JSException
from athenalite.interfaces import ITransport
from tests.memory import HANDSHAKE, FakePage, Refused, Site, Target

MAX_MESSAGES = 24
MAX_BYTES = 700
#: What is kept for a page that is connected, with overheads. What passes it is kept until the iteration ends.
MAX_QUEUED = 6000
#: Its calls wait while more is kept, with overheads: some three messages.
WINDOW = 300
#: What a line takes before it is full, in bytes.
FULL = 400
#: How a method ends: with a value, later, with a declared error.
WAYS = st.sampled_from(["now", "later", "fail"])
ERROR = {"type": "Refused", "message": "no"}


class Pipe:
    """One direction of a connection: bytes in flight, and those of an incomplete message."""

    def __init__(self) -> None:
        self.flight = bytearray()
        self.arrived = bytearray()

    def write(self, kind: bytes, payload: bytes) -> None:
        """Send a message."""
        self.flight += kind + len(payload).to_bytes(4, "big") + payload

    def carry(self, count: int) -> list[tuple[bytes, bytes]]:
        """Let at most ``count`` bytes arrive, and return the messages that are complete now."""
        self.arrived += self.flight[:count]
        del self.flight[:count]
        messages = []
        while len(self.arrived) >= 5:
            end = 5 + int.from_bytes(self.arrived[1:5], "big")
            if len(self.arrived) < end:
                break
            messages.append((bytes(self.arrived[:1]), bytes(self.arrived[5:end])))
            del self.arrived[:end]
        return messages


@implementer(ITransport)
class Line:
    """
    One socket, with both its ends.

    :ivar dead: whether it was cut; what is sent on it then goes nowhere.
    :ivar serverKnows: whether the server knows that it is gone.
    :ivar browserKnows: whether the browser does, or does not care.
    """

    def __init__(self, opened: Callable[[Line], None]) -> None:
        self._opened = opened
        self._full = False
        self.up = Pipe()
        self.down = Pipe()
        self.connection: Connection | None = None
        self.dead = False
        self.closing = False
        self.serverKnows = False
        self.browserKnows = False

    # What the server does

    def sendFrames(self, messages: list[bytes]) -> None:
        for message in messages:
            if not self.closing and message.startswith(b'["opened"'):
                self._opened(self)
            if not self.closing and not self.dead:
                self.down.write(b"t", message)
        # Of one that is dead, the server finds only that it takes nothing.
        if not self._full and len(self.down.flight) > FULL and self.connection is not None:
            self._full = True
            self.connection.sendingPaused()

    def sendKeepAlive(self) -> None:
        self.sendFrames([b'["noop"]'])
        # A browser answers pings by itself, whatever its page does.
        if not self.dead and self.connection is not None:
            self.connection.frameReceived()

    def drained(self) -> None:
        """The network has accepted the sent bytes."""
        if self._full and not self.dead and not self.down.flight and self.connection is not None:
            self._full = False
            self.connection.sendingResumed()

    def closeSocket(self, code: int, reason: str) -> None:
        if not self.closing and not self.dead:
            self.down.write(b"c", b"%d %s" % (code, reason.encode()))
        self.closing = True

    def abortSocket(self) -> None:
        # Every line takes what it is given, so this one does not answer.
        assert self.dead
        self.serverLoses()

    def pauseReading(self) -> None:
        raise AssertionError("nobody floods here")

    resumeReading = pauseReading

    # What the network does

    def carryUp(self, count: int) -> None:
        """Let bytes arrive at the server."""
        for kind, payload in self.up.carry(count):
            if self.serverKnows or self.connection is None:
                return
            if kind == b"t":
                self.connection.textReceived(payload)
            else:
                self.connection.pageLeft(payload.decode())
                self.serverLoses()

    def serverLoses(self) -> None:
        """Report the loss of the connection to the server."""
        if not self.serverKnows and self.connection is not None:
            self.serverKnows = self.dead = True
            self.connection.connectionLost()
            self.connection = None

    def cut(self) -> None:
        """Lose the bytes in flight, before either end notices."""
        self.dead = True
        self.up = Pipe()
        self.down = Pipe()


class Browser:
    """
    The browser's end: calls both ways, one line at a time, and the reason when it is over.

    :ivar issued: the numbers of the calls made here, in order; ``results`` has what became of those that wait.
    :ivar ran: the numbers of the server's calls that were run here, in order.
    :ivar waiting: answers that are still to be given, by the number of the message.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.delivery = Delivery(10**6, 10**9)
        self.line: Line | None = None
        self.opened = False
        self.lost: str | None = None
        self.issued: list[int] = []
        self.ran: list[int] = []
        self.results: dict[int, list[Any]] = {}
        self.waiting: dict[int, int] = {}
        self._outstanding: dict[int, int] = {}
        self.sockets = 0

    def call(self, way: str, wanted: bool) -> None:
        """Call the server."""
        identity = len(self.issued)
        self.issued.append(identity)
        notify = encodeNotify(1, "run", [identity, way])
        number = self.delivery.addMessage(asCall(notify) if wanted else notify)
        if wanted:
            self._outstanding[number] = identity
            self.results[identity] = []
        self.send()

    def connect(self, line: Line) -> None:
        """Give up the current connection for a new one, and identify the page."""
        if self.line is not None:
            self.line.browserKnows = True
        self.line, self.opened = line, False
        self.sockets += 1
        line.up.write(b"t", encodeOpen(self.token, self.delivery.received, self.sockets))

    def send(self) -> None:
        """Send the unsent messages."""
        if self.line is not None and self.opened and self.lost is None:
            for message in self.delivery.takeUnsent():
                self._write(message)

    def _write(self, message: bytes) -> None:
        assert self.line is not None
        if not self.line.dead:
            self.line.up.write(b"t", message)

    def acknowledge(self) -> None:
        """Acknowledge the received messages."""
        if self.line is not None and self.opened and self.lost is None:
            self._write(encodeAck(self.delivery.ackToSend()))

    def leave(self) -> None:
        """The page is closed."""
        if self.line is not None and not self.line.dead:
            self.line.up.write(b"c", LEFT.encode())
        self.lose(LEFT)

    def lose(self, reason: str) -> None:
        """Fail every call: the page is lost."""
        assert self.lost is None
        self.lost = reason
        for identity in self._outstanding.values():
            self.results[identity].append("lost")
        self._outstanding.clear()
        self.line = None

    def carryDown(self, line: Line, count: int) -> None:
        """Receive bytes of ``line``."""
        messages = line.down.carry(count)
        line.drained()
        for kind, payload in messages:
            if line is not self.line:
                return
            if kind == b"t":
                self._hear(payload)
            else:
                self._closed(*payload.decode().split(" ", 1))
                return

    def _closed(self, code: str, reason: str) -> None:
        if code == "1013":
            assert not self.opened
            self.line = None
            return
        # Honest ends never break the protocol, and the newest line is never told that it was replaced.
        assert code == "4000", (code, reason)
        self.lose(reason)

    def _hear(self, payload: bytes) -> None:
        message = decode(payload)
        if isinstance(message, Opened):
            assert not self.opened
            self.delivery.resume(message.received)
            self.opened = True
        else:
            assert self.opened
            self._receive(message)
        self.send()

    def _receive(self, message: Any) -> None:
        if isinstance(message, Call):
            self._run(self.delivery.messageReceived(), message.wanted, *message.args)
        elif isinstance(message, Respond):
            self.delivery.messageReceived()
            self.delivery.acknowledged(message.number)
            identity = self._outstanding.pop(message.number, None)
            # Only a failure answers what asked for no answer.
            assert identity is not None or not message.success
            if identity is not None:
                self.results[identity].append(message.value)
        elif isinstance(message, Ack):
            self.delivery.acknowledged(message.number)
        else:
            assert isinstance(message, Noop)

    def _run(self, number: int, wanted: bool, identity: int, way: str) -> None:
        self.ran.append(identity)
        if way == "fail" or (wanted and way == "now"):
            self.answer(number, identity, way)
        elif wanted:
            self.waiting[number] = identity

    def answer(self, number: int, identity: int, way: str) -> None:
        """Answer the server's call ``number``."""
        if self.lost is None:
            self.delivery.addMessage(encodeError(number, ERROR) if way == "fail" else encodeResult(number, identity))
            self.delivery.responded(number)
            self.send()


class ServerTarget(Target):
    """
    What the browser calls.

    :ivar waiting: Deferreds to fire, each with its value.
    """

    def __init__(self) -> None:
        super().__init__()
        self.later_: list[tuple[Deferred[Any], int]] = []

    @expose
    def run(self, identity: int, way: str) -> Any:
        self.ran.append(identity)
        if way == "fail":
            raise Refused("no")
        if way == "now":
            return identity
        self.later_.append((Deferred(), identity))
        return self.later_[-1][0]


class Model(RuleBasedStateMachine):
    """Steps that can be taken at any time, and what must hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.site = Site(
            maxMessagesKept=MAX_MESSAGES,
            maxBytesKept=MAX_BYTES,
            maxBytesQueued=MAX_QUEUED,
            window=WINDOW,
            stallTimeout=30,
            connectTimeout=60,
            transportlessTimeout=180,
            ackEvery=4,
        )
        self.page = FakePage()
        self.target = self.page.target = ServerTarget()
        self.session, _ = self.site.add(self.page)
        self.browser = Browser(self.session.token)
        self.lines: list[Line] = []
        self.current: Line | None = None
        self.issued: list[int] = []
        self.results: dict[int, list[Any]] = {}
        self.shutdown: Deferred[None] | None = None
        self.steps = 0

    def accepted(self, line: Line) -> None:
        """The server has answered ``open`` on ``line``, which is the session's connection from now on."""
        assert self.current is None or self.current.closing or self.current.serverKnows
        self.current = line

    def seen(self) -> Any:
        """The state that an old connection could change."""
        return (
            list(self.target.ran),
            {identity: len(results) for identity, results in self.results.items()},
            self.session.state,
            list(self.page.events),
            # What it believes of the browser decides what is sent again.
            self.session._delivery.received,
            self.session._delivery.bytesUnacknowledged,
        )

    # The applications

    @precondition(lambda self: self.browser.lost is None)
    @rule(way=WAYS, wanted=st.booleans())
    def browserCalls(self, way: str, wanted: bool) -> None:
        self.browser.call(way, wanted)

    @rule(way=WAYS, held=st.booleans())
    def serverCalls(self, way: str, held: bool) -> None:
        identity = len(self.issued)
        result = self.session.callRemote(1, "run", [identity, way])
        assert isinstance(result, CallResult)
        self.issued.append(identity)
        if held:
            self.results[identity] = []
            result.addBoth(self.results[identity].append)

    @rule(count=st.integers(2, 10), held=st.booleans())
    def serverCallsMore(self, count: int, held: bool) -> None:
        for _ in range(count):
            self.serverCalls("now", held)

    @precondition(lambda self: self.target.later_)
    @rule(position=st.integers(0, 99))
    def serverAnswers(self, position: int) -> None:
        deferred, identity = self.target.later_.pop(position % len(self.target.later_))
        deferred.callback(identity)

    @precondition(lambda self: self.browser.waiting)
    @rule(position=st.integers(0, 99))
    def browserAnswers(self, position: int) -> None:
        number = sorted(self.browser.waiting)[position % len(self.browser.waiting)]
        self.browser.answer(number, self.browser.waiting.pop(number), "now")

    @rule()
    def browserAcknowledges(self) -> None:
        self.browser.acknowledge()

    # The network

    def pick(self, position: int) -> Line:
        """One of the connections, most often the newest."""
        return self.lines[-1 - position % len(self.lines)]

    @precondition(lambda self: self.browser.lost is None and len(self.lines) < 12)
    @rule(well=st.sampled_from([True, True, False]))
    def connect(self, well: bool) -> None:
        line = Line(self.accepted)
        line.connection = Connection(self.site.sessions, line, HANDSHAKE)
        self.lines.append(line)
        self.browser.connect(line)
        if well:
            self.settle()

    @precondition(lambda self: self.lines)
    @rule(position=st.integers(0, 3), count=st.sampled_from([1, 9, 30, 10**6]))
    def carryUp(self, position: int, count: int) -> None:
        line, before, current = self.pick(position), self.seen(), self.current
        line.carryUp(count)
        if line is not current and line is not self.current and self.current is current:
            # Neither was it the session's line, nor has it become that.
            assert self.seen() == before or self.session.state is State.LOST, "an old line changed something"

    @precondition(lambda self: self.lines)
    @rule(position=st.integers(0, 3), count=st.sampled_from([1, 9, 30, 10**6]))
    def carryDown(self, position: int, count: int) -> None:
        self.browser.carryDown(self.pick(position), count)

    @precondition(lambda self: self.lines)
    @rule(position=st.integers(0, 3))
    def cut(self, position: int) -> None:
        self.pick(position).cut()

    @precondition(lambda self: self.lines)
    @rule(position=st.integers(0, 3))
    def serverNotices(self, position: int) -> None:
        line, before = self.pick(position), self.seen()
        line.cut()
        line.serverLoses()
        if line is self.current:
            assert self.session.state in (State.TRANSPORTLESS, State.LOST)
        else:
            assert self.seen() == before, "the end of an old line changed something"

    @precondition(lambda self: self.browser.opened and self.browser.lost is None and len(self.lines) < 12)
    @rule(way=WAYS, leaving=st.booleans())
    def speakLate(self, way: str, leaving: bool) -> None:
        """The messages and the loss of an old connection arrive after a newer one has taken over."""
        old = self.browser.line
        assert old is not None
        self.browser.call(way, True)
        if leaving and not old.dead:
            old.up.write(b"c", LEFT.encode())
        self.connect(False)
        self.carryUp(0, 10**6)
        if self.current is self.lines[-1]:
            before = self.seen()
            old.carryUp(10**6)
            assert self.seen() == before, "an old line changed something"

    @precondition(lambda self: self.browser.lost is None and len(self.lines) < 11)
    @rule()
    def openLate(self) -> None:
        """The ``open`` of a connection arrives after a newer one has taken over."""
        self.connect(False)
        self.connect(True)
        if self.current is self.lines[-1]:
            before = self.seen()
            self.lines[-2].carryUp(10**6)
            assert self.current is self.lines[-1]
            assert self.seen() == before, "an old line changed something"

    @precondition(lambda self: self.browser.line is not None)
    @rule()
    def browserNotices(self) -> None:
        line = self.browser.line
        assert line is not None
        line.cut()
        self.browser.line = None
        self.browser.opened = False

    @precondition(lambda self: self.browser.line is not None)
    @rule()
    def settle(self) -> None:
        """The newest connection works for a while."""
        line = self.browser.line
        assert line is not None
        for _ in range(12):
            line.carryUp(10**6)
            self.site.flush()
            self.browser.carryDown(line, 10**6)

    # Time, and the ends of a page

    @rule()
    def iteration(self) -> None:
        self.site.flush()

    @rule(seconds=st.sampled_from([0.5, 1, 2, 6, 21]))
    def wait(self, seconds: float) -> None:
        self.site.clock.advance(seconds)

    @precondition(lambda self: self.steps > 30)
    @rule(way=st.sampled_from(["jump", "close", "leave", "shut down", "shut down", "flood"]))
    def end(self, way: str) -> None:
        if way == "jump":
            self.site.clock.advance(200)
        elif way == "close":
            self.session.close("logged out")
        elif way == "flood":
            for _ in range(4 * MAX_MESSAGES):
                self.serverCalls("now", True)
        elif way == "leave" and self.browser.lost is None:
            self.browser.leave()
        elif self.shutdown is None:
            self.shutdown = self.site.sessions.close("restart")

    # What must hold

    @invariant()
    def promises(self) -> None:
        """Check all invariants after each step."""
        self.steps += 1
        self.onceAndInOrder()
        self.answeredOnce()
        self.lostCompletely()
        self.sameReason()
        self.bounded()
        self.quiet()

    def onceAndInOrder(self) -> None:
        """The calls that have run are a prefix of those that were made: none twice, missing, or out of order."""
        assert self.target.ran == self.browser.issued[: len(self.target.ran)]
        assert self.browser.ran == self.issued[: len(self.browser.ran)]

    def answeredOnce(self) -> None:
        """No call has two results, and each result is its own."""
        for identity, results in [*self.results.items(), *self.browser.results.items()]:
            assert len(results) <= 1, results
            for result in results:
                self.isResult(identity, result)

    def isResult(self, identity: int, result: Any) -> None:
        """Look at one result of either side."""
        if isinstance(result, Failure):
            assert result.check(JSException) or (result.check(ConnectionLost) and self.session.state is State.LOST)
        elif isinstance(result, dict):
            assert result["type"] in ("Refused", "TooManyCalls")
        elif result == "lost":
            assert self.browser.lost is not None
        else:
            assert result == identity

    def lostCompletely(self) -> None:
        """An end that is lost has no call without a result, and keeps nothing."""
        if self.session.state is State.LOST:
            assert all(self.results.values())
            assert self.session._delivery.bytesUnacknowledged == 0
            assert self.page.events.count("lost") == 1
            assert self.page.events[-1] == "lost"
        if self.browser.lost is not None:
            assert all(self.browser.results.values())

    def sameReason(self) -> None:
        """If the page is lost at both ends, they have the same reason, unless the user has closed it."""
        if self.browser.lost not in (None, LEFT):
            assert self.browser.lost == self.session.reason

    def bounded(self) -> None:
        """Unacknowledged messages are within the bounds, unless the page has just lost its socket."""
        delivery = self.session._delivery
        assert delivery.weight <= MAX_QUEUED
        if self.session.state is State.RENDERED:
            assert not delivery.overflows

    def quiet(self) -> None:
        """Nothing has failed but declared errors of the application."""
        assert self.site.failures == []

    def teardown(self) -> None:
        """On a connection that lasts nothing is missing. When the page is closed, nothing is left of it."""
        if self.browser.lost is None:
            self.heal()
        if self.session.state is not State.LOST:
            assert self.browser.lost in (None, LEFT)
            if self.browser.lost is None:
                self.complete()
                # Its answer comes too late, see forget.
                self.browser.call("later", True)
                self.settle()
            self.session.close("over")
        self.forget()

    def heal(self) -> None:
        """Connect once more, and let all messages be sent and answered."""
        self.connect(False)
        # While much is unacknowledged, each acknowledgement lets one call be run.
        for number in range(4 + len(self.browser.issued)):
            if number >= 4 and self.session._delivery.bytesUnacknowledged == 0:
                break
            while self.target.later_:
                self.serverAnswers(0)
            while self.browser.waiting:
                self.browserAnswers(0)
            if self.browser.lost is None:
                self.settle()
                self.browser.acknowledge()
                self.site.clock.advance(1)
        # The page is lost for both, or for neither.
        assert (self.browser.lost is not None) == (self.session.state is State.LOST)
        self.promises()

    def complete(self) -> None:
        """Nothing is missing at either end."""
        assert self.target.ran == self.browser.issued
        assert self.browser.ran == self.issued
        assert all(self.results.values())
        assert all(self.browser.results.values())
        assert self.session._delivery.bytesUnacknowledged == 0
        # A page that is connected stays so.
        self.site.clock.advance(200)
        assert self.session.state is State.CONNECTED
        assert self.current is not None and not self.current.closing

    def forget(self) -> None:
        """The page is lost and its sockets are gone: nothing is kept of it, and no timer."""
        while self.target.later_:
            self.serverAnswers(0)
        self.site.flush()
        self.lostCompletely()
        for line in self.lines:
            line.serverLoses()
        self.site.clock.advance(30)
        self.site.sessions.close("over")
        if self.shutdown is not None:
            assert self.shutdown.called
        self.site.flush()
        assert self.site.clock.getDelayedCalls() == []
        assert len(self.site.sessions) == 0
        gone: list[weakref.ref[Any]] = [weakref.ref(self.session), weakref.ref(self.page)]
        del self.session, self.page, self.target, self.lines, self.current
        gc.collect()
        assert [one() for one in gone] == [None, None]


class ModelTests(SynchronousTestCase):
    """The model, played."""

    def test_model(self):
        """Every promise holds after each step, and in the end nothing is missing or left."""
        # A line is given so much before it can say that it is full.
        self.patch(outbox, "PIECE", 150)
        run_state_machine_as_test(
            Model,
            settings=settings(
                max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
