# -*- test-case-name: tests.test_session -*-
"""
One page's conversation, from its rendering until it is lost. It outlives its sockets.

Whether there is a socket is a field, not a dimension of every decision: messages go into the delivery, and from there
onto whatever socket there is, now or later. The states are a table; each owns the one timer that runs in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final, TypeAlias
from weakref import ref

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from .calls import CallResult, LocalCalls, RemoteCalls
from .delivery import Delivery, Overflow
from .errors import (
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    CLOSE_REPLACED,
    ConnectFailed,
    ConnectionLost,
    ProtocolError,
)
from .interfaces import Handshake, IClock, IPage, ITransport
from .limits import Limits
from .turn import Turn
from .wire import NOOP, Ack, Call, Message, Noop, Respond, encodeAck, encodeCall, encodeOpened

#: Why a page is lost that was left in order; what the browser says then.
LEFT: Final = "the page was closed"
UNAUTHORIZED: Final = "not authorized"

#: What is said in a turn: a response, or the two forms of a call and who waits for its result.
_Entry: TypeAlias = bytes | tuple[tuple[bytes, bytes], CallResult]
#: A turn that says more than this to one page is sent in parts, so that the bounds hold within it.
_FRESH: Final = 1000


class State(Enum):
    """Where a page is in its life. Only ``CONNECTED`` has a socket; nothing leads out of ``LOST``."""

    RENDERED = auto()
    CONNECTED = auto()
    TRANSPORTLESS = auto()
    LOST = auto()


#: What may happen in which state, and where it leads. All else is ignored: it comes from a socket, or to a page, of
#: the past.
_TRANSITIONS: Final = {
    (State.RENDERED, "socketOpened"): State.CONNECTED,
    (State.CONNECTED, "socketOpened"): State.CONNECTED,
    (State.TRANSPORTLESS, "socketOpened"): State.CONNECTED,
    (State.CONNECTED, "socketLost"): State.TRANSPORTLESS,
    (State.RENDERED, "lost"): State.LOST,
    (State.CONNECTED, "lost"): State.LOST,
    (State.TRANSPORTLESS, "lost"): State.LOST,
}


class Session:
    """
    :ivar token: the page's secret, by which its sockets find it.
    :ivar state: a :class:`State`.
    :ivar reason: why the page was lost, once it is.
    """

    def __init__(
        self,
        token: str,
        page: IPage,
        locate: Callable[[int, str], Callable[..., Any]],
        default: Callable[[Any], Any],
        *,
        turn: Turn,
        clock: IClock,
        limits: Limits,
        log: Logger,
        debug: bool,
        ended: Callable[[Session], None],
    ) -> None:
        """
        :param page: hears what becomes of the session.
        :param locate: finds an exposed method by object number and name.
        :param default: makes JSON values of elements and other objects.
        :param ended: called once, when the session is lost.
        """
        self.token = token
        self.state = State.RENDERED
        self.reason: str | None = None
        self._page = page
        self._default = default
        self._turn = turn
        self._clock = clock
        self._limits = limits
        self._log = log
        self._ended = ended
        self._delivery = Delivery(limits.maxMessagesKept, limits.maxBytesKept)
        self._remote = RemoteCalls(log)
        self._local = LocalCalls(locate, self._responded, default, limits.maxPendingCalls, debug, log)
        self._transport: ITransport | None = None
        self._fresh: deque[_Entry] = deque()
        self._waiting = False
        self._paused = False
        self._everConnected = False
        self._timer: IDelayedCall | None = None
        self._setTimer(limits.connectTimeout, self._connectTimedOut)

    # What the application does

    def callRemote(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any] | None = None) -> CallResult:
        """
        Call a method in the browser, now or when it is back.

        :return: a Deferred, see :class:`~athenalite.calls.CallResult`. If nobody holds it when the turn ends, no
            answer is asked for.
        :raise TypeError: if an argument is not a JSON value. Nothing is sent then.
        """
        result = CallResult()
        if self.state is State.LOST:
            result.connectionLost(Failure(ConnectionLost(self.reason)))
        else:
            forms = encodeCall(objectID, methodName, args, kwargs, default=self._default)
            self._say((forms, result))
        return result

    def close(self, reason: str) -> None:
        """End the page, and tell it why. Does nothing if it is lost already."""
        self._lose(reason, ConnectionLost(reason), CLOSE_PAGE_LOST)

    def keepAlive(self) -> None:
        """
        Show the browser, which sees no pings, that the line is alive. To be called every ``limits.pingInterval``
        seconds.
        """
        if self._transport is not None and not self._paused:
            self._transport.sendFrames([NOOP])

    @property
    def idle(self) -> bool:
        """Whether no call of the browser is still running here."""
        return not len(self._local)

    # What its sockets do

    def socketOpened(self, transport: ITransport, received: int) -> None:
        """
        ``transport`` is the page's newest socket, and has shown its token; the browser has received ``received``
        messages.

        :raise ProtocolError: if that cannot be. Report it to :meth:`brokenBy`.
        """
        if not self._step("socketOpened"):
            return
        old, self._transport = self._transport, transport
        self._paused = False
        if old is not None:
            old.closeSocket(CLOSE_REPLACED, "a newer socket of the same page has taken over")
        self._delivery.resume(received)
        self._cancelTimer()
        transport.sendFrames([encodeOpened(self._delivery.received), *self._delivery.toOffer()])
        if self._everConnected:
            self._page.sessionResumed()
        else:
            self._everConnected = True
            self._page.sessionConnected()

    def messageReceived(self, transport: ITransport, message: Message) -> None:
        """
        The browser said ``message`` on ``transport``. Whatever an application's method does stays its own affair.

        :raise ProtocolError: if it should not have. Report it to :meth:`brokenBy`.
        """
        if transport is self._transport:
            self._receive(message)

    def socketLost(self, transport: ITransport) -> None:
        """
        ``transport`` is no more. The page has ``transportlessTimeout`` seconds to come back, if this was its socket.
        """
        if transport is self._transport and self._step("socketLost"):
            self._transport = None
            self._setTimer(self._limits.transportlessTimeout, self._transportlessTimedOut)
            self._page.sessionDisconnected()

    def pageLeft(self, transport: ITransport, reason: str) -> None:
        """The browser says that the page was closed or navigated away from (``LEFT``), or why else it is lost."""
        if transport is self._transport:
            self._transport = None
            error = ConnectionDone(reason) if reason == LEFT else ConnectionLost(reason)
            self._lose(reason, error, None)

    def isAuthorized(self, handshake: Handshake) -> bool:
        """Whether the application lets a socket with this handshake be the page's. If not, the page is lost."""
        if self._page.authorizeSocket(handshake):
            return True
        self._lose(UNAUTHORIZED, ConnectionLost(UNAUTHORIZED), CLOSE_POLICY_VIOLATION)
        return False

    def brokenBy(self, transport: ITransport, error: ProtocolError) -> None:
        """
        The browser broke the protocol on ``transport``. The page is lost; close the socket with the error's code.
        """
        if transport is self._transport:
            self._transport = None
            self._log.warn("A page broke the protocol: {error}", error=str(error))
            self._lose(str(error), ConnectionLost(str(error)), None)

    # Sending

    def flush(self) -> None:
        """Send what was said in this turn. :class:`~athenalite.turn.Turn` calls this."""
        self._waiting = False
        try:
            while self._fresh:
                self._number()
        except Overflow as error:
            # As text: the exception itself holds the frames that it was raised through, and so the page.
            self._log.info("A page has fallen too far behind: {error}", error=str(error))
            self.close("the page has fallen too far behind")
        self._offer()

    def sendingPaused(self, transport: ITransport) -> None:
        """The peer of ``transport`` reads more slowly than we write. What is said from now on waits in the delivery."""
        if transport is self._transport:
            self._paused = True

    def sendingResumed(self, transport: ITransport) -> None:
        """``transport`` can take more."""
        if transport is self._transport:
            self._paused = False
            self._offer()

    def _offer(self) -> None:
        if self._transport is None or self._paused:
            return
        frames = self._delivery.toOffer()
        if self._delivery.untold >= self._limits.ackEvery:
            frames.append(encodeAck(self._delivery.ackToSend()))
        if frames:
            self._transport.sendFrames(frames)

    def _number(self) -> None:
        entry = self._fresh.popleft()
        if isinstance(entry, bytes):
            self._delivery.addMessage(entry)
            return
        result: CallResult | None
        (call, notify), result = entry
        del entry
        if not result.awaited:
            # A Deferred that nobody holds can show no result to anybody, so none is asked for.
            held = ref(result)
            del result
            result = held()
        if result is None:
            self._delivery.addMessage(notify)
        else:
            self._remote.callSent(self._delivery.sent + 1, result)
            self._delivery.addMessage(call)

    def _say(self, entry: _Entry) -> None:
        self._fresh.append(entry)
        self._flushLater()
        if len(self._fresh) > _FRESH:
            self.flush()
            self._waiting = True

    def _flushLater(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._turn.add(self)

    def _responded(self, number: int, message: bytes) -> None:
        if self.state is not State.LOST:
            self._delivery.responded(number)
            self._say(message)

    # Receiving

    def _receive(self, message: Message) -> None:
        if isinstance(message, Call):
            self._local.callReceived(self._delivery.messageReceived(), message)
            self._owe()
        elif isinstance(message, Respond):
            self._delivery.messageReceived()
            self._delivery.acknowledged(message.number)
            self._remote.responseReceived(message)
            self._owe()
        elif isinstance(message, Ack):
            self._delivery.acknowledged(message.number)
        elif isinstance(message, Noop):
            self._acknowledge()
        else:
            raise ProtocolError("a message out of place")

    def _owe(self) -> None:
        if self._delivery.untold >= self._limits.ackEvery:
            self._flushLater()
        elif self._timer is None and self._delivery.untold and self.state is State.CONNECTED:
            self._setTimer(self._limits.ackDelay, self._ackDue)

    def _ackDue(self) -> None:
        self._timer = None
        if self._delivery.untold:
            self._acknowledge()

    def _acknowledge(self) -> None:
        if self._transport is not None:
            self._transport.sendFrames([encodeAck(self._delivery.ackToSend())])

    # States

    def _step(self, event: str) -> bool:
        state = _TRANSITIONS.get((self.state, event))
        if state is None:
            return False
        self.state = state
        return True

    def _lose(self, reason: str, error: Exception, code: int | None) -> None:
        if not self._step("lost"):
            return
        self.reason = reason
        self._cancelTimer()
        transport, self._transport = self._transport, None
        if transport is not None and code is not None:
            transport.closeSocket(code, reason)
        self._delivery.clear()
        self._fail(ConnectionLost(reason))
        self._ended(self)
        self._page.sessionLost(Failure(error))

    def _fail(self, reason: ConnectionLost) -> None:
        fresh, self._fresh = self._fresh, deque()
        self._remote.failAll(reason)
        for entry in fresh:
            if not isinstance(entry, bytes):
                entry[1].connectionLost(Failure(reason))

    def _connectTimedOut(self) -> None:
        self._timer = None
        self._lose("the page never connected", ConnectFailed("the page never connected"), None)

    def _transportlessTimedOut(self) -> None:
        self._timer = None
        reason = f"the page was away for more than {self._limits.transportlessTimeout:g} seconds"
        self._lose(reason, ConnectionLost(reason), None)

    def _setTimer(self, delay: float, function: Callable[[], None]) -> None:
        self._cancelTimer()
        self._timer = self._clock.callLater(delay, function)

    def _cancelTimer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
