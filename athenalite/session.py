# -*- test-case-name: tests.test_session -*-
"""
One page's conversation, from its rendering until it is lost. It outlives its sockets.

Whether there is a socket is a field, not a dimension of every decision: messages go into the delivery, and from there
onto whatever socket there is, now or later. The states are a table; each owns the one timer that runs in it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from .callresult import CallResult
from .calls import LocalCalls, RemoteCalls
from .delivery import Delivery
from .errors import (
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    CLOSE_REPLACED,
    ConnectFailed,
    ConnectionLost,
    FallenBehind,
    ProtocolError,
)
from .interfaces import Handshake, IClock, IPage, ITransport
from .limits import Limits
from .outbox import Outbox
from .turn import Turn
from .wire import NOOP, Ack, Call, Made, Message, Noop, Open, Respond, encodeAck, encodeOpened

#: Why a page is lost that was left in order; what the browser says then.
LEFT: Final = "the page was closed"
UNAUTHORIZED: Final = "not authorized"
BEHIND: Final = "the page has fallen too far behind"
REPLACED: Final = "a newer socket of the same page has taken over"
ELSEWHERE: Final = "this page is open elsewhere"


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
    :ivar outbox: where its elements say their calls.
    """

    def __init__(
        self,
        token: str,
        page: IPage,
        locate: Callable[[int, str], Callable[..., Any]],
        convert: Callable[[Any], tuple[Any, Made]],
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
        :param convert: makes JSON of elements and other objects, see :meth:`athenalite.values.Values.convert`. Only
            what is not JSON by itself comes to it.
        :param turn: collects what is said, to all pages of the site.
        :param ended: called once, when the session is lost.
        """
        self.token = token
        self.state = State.RENDERED
        self.reason: str | None = None
        self._page = page
        self._turn = turn
        self._clock = clock
        self._limits = limits
        self._log = log
        self._ended = ended
        self._delivery = Delivery(limits.maxMessagesKept, limits.maxBytesKept)
        self._remote = RemoteCalls(log, page.fileOfModule)
        self.outbox = Outbox(turn, convert, self._delivery, self._remote, limits.ackEvery, self._overflowed)
        self._local = LocalCalls(
            locate, self._responded, convert, limits.maxPendingCalls, limits.maxBytesKept, debug, log
        )
        self._everConnected = False
        self._newestSocket = 0
        self._timer: IDelayedCall | None = None
        self._setTimer(limits.connectTimeout, lambda: self._expire("the page never connected", ConnectFailed))

    # What the application does

    def callRemote(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any] | None = None) -> CallResult:
        """
        Call a method in the browser, now or when it is back.

        :return: a Deferred, see :class:`CallResult`. If nobody holds it when the turn ends, no
            answer is asked for.
        :raise TypeError: if an argument cannot be sent. Nothing is sent then.
        :raise MessageTooLarge: if the call alone is more than is kept for a page. Nothing is sent then.
        """
        return self.outbox.callRemote(objectID, methodName, args, kwargs or {})

    def close(self, reason: str) -> None:
        """End the page, after what was said to it, and tell it why. Does nothing if it is lost already."""
        self._lose(reason, ConnectionLost(reason), CLOSE_PAGE_LOST)

    def keepAlive(self) -> None:
        """
        Show the browser, which sees no pings, that the line is alive. To be called every ``limits.pingInterval``
        seconds.
        """
        self.outbox.sendNow([NOOP])

    @property
    def idle(self) -> bool:
        """Whether no call of the browser is still running here."""
        return not len(self._local)

    # What its sockets do

    def isNewest(self, number: int) -> bool:
        """
        Whether ``number``, by which the browser counts its sockets, is that of a newer one than any before. What an
        older one says arrives late; it is to be ignored.
        """
        return number > self._newestSocket

    def socketOpened(self, transport: ITransport, message: Open) -> None:
        """
        ``transport`` is the page's newest socket, and has shown its token in ``message``.

        :raise ProtocolError: if the browser cannot have received what it says. Report it to :meth:`brokenBy`.
        """
        if not self._step("socketOpened"):
            return
        self._newestSocket = message.socket
        old = self.outbox.open(transport)
        if old is not None:
            old.closeSocket(CLOSE_REPLACED, REPLACED)
        self._delivery.resume(message.received)
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
        if transport is not self.outbox.transport:
            return
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

    def socketLost(self, transport: ITransport, goingAway: bool = False) -> None:
        """
        ``transport`` is no more. If this was its socket, the page has ``transportlessTimeout`` seconds to come back;
        ``leavingTimeout`` if the browser closed it because it is ``goingAway`` (1001).
        """
        if transport is self.outbox.transport and self._step("socketLost"):
            self.outbox.close()
            timeout = self._limits.transportlessTimeout
            reason = f"the page was away for more than {timeout:g} s"
            if goingAway:
                self._setTimer(self._limits.leavingTimeout, lambda: self._expire(LEFT, ConnectionDone))
            else:
                self._setTimer(timeout, lambda: self._expire(reason, ConnectionLost))
            self._page.sessionDisconnected()

    def pageLeft(self, transport: ITransport, reason: str) -> None:
        """The browser says that the page was closed or navigated away from (``LEFT``), or why else it is lost."""
        if transport is self.outbox.transport:
            self.outbox.close()
            error = ConnectionDone(reason) if reason == LEFT else ConnectionLost(reason)
            self._lose(reason, error, None)

    def pageLeftSocket(self, number: int) -> None:
        """
        The browser reports over HTTP that the page was left while it had no open socket.

        :param number: the page's newest socket. A report by a copy of the page, which has older ones, is ignored.
        """
        if number >= self._newestSocket:
            self._lose(LEFT, ConnectionDone(LEFT), CLOSE_PAGE_LOST)

    def isAuthorized(self, handshake: Handshake) -> bool:
        """Whether the application lets a socket with this handshake be the page's. If not, the page is lost."""
        if self._page.authorizeSocket(handshake):
            return True
        self._lose(UNAUTHORIZED, ConnectionLost(UNAUTHORIZED), CLOSE_POLICY_VIOLATION)
        return False

    def brokenBy(self, transport: ITransport, error: ProtocolError, peer: str) -> None:
        """
        The browser broke the protocol on ``transport``. The page is lost; close the socket with the error's code.

        :param peer: who is at the other end of the line.
        """
        if transport is self.outbox.transport:
            self.outbox.close()
            self._log.warn("A page broke the protocol: {error} ({peer})", error=str(error), peer=peer)
            self._lose(str(error), ConnectionLost(str(error)), None)

    def sendingPaused(self, transport: ITransport) -> None:
        """The peer of ``transport`` reads more slowly than we write."""
        if transport is self.outbox.transport:
            self.outbox.pause(True)

    def sendingResumed(self, transport: ITransport) -> None:
        """``transport`` can take more."""
        if transport is self.outbox.transport:
            self.outbox.pause(False)
            self._owe()

    # Answering

    def _owe(self) -> None:
        untold = self._delivery.untold
        if not untold:
            return
        if untold >= self._limits.ackEvery:
            self.outbox.acknowledgeLater()
        elif self._timer is None and self.state is State.CONNECTED:
            self._setTimer(self._limits.ackDelay, self._ackDue)

    def _ackDue(self) -> None:
        self._timer = None
        if self._delivery.untold:
            self._acknowledge()

    def _acknowledge(self) -> None:
        if not self.outbox.paused:
            self.outbox.sendNow([encodeAck(self._delivery.ackToSend())])

    def _responded(self, number: int, message: bytes) -> None:
        if self.state is not State.LOST:
            self._delivery.responded(number)
            self.outbox.respond(message)

    def _overflowed(self, what: str) -> None:
        self._log.info("A page has fallen too far behind: {what}", what=what)
        self._lose(BEHIND, FallenBehind(BEHIND), CLOSE_PAGE_LOST)

    # States

    def _step(self, event: str) -> bool:
        state = _TRANSITIONS.get((self.state, event))
        if state is None:
            return False
        self.state = state
        return True

    def _lose(self, reason: str, error: Exception, code: int | None) -> None:
        # Whoever waits for an answer to what was said is then to be told.
        self._turn.end()
        if not self._step("lost"):
            return
        self.reason = reason
        self._cancelTimer()
        transport = self.outbox.close()
        if transport is not None and code is not None:
            transport.closeSocket(code, reason)
        # Before the application hears of it, for it may call again.
        self.outbox.drop(reason)
        self._page.sessionEnding(Failure(error))
        self._delivery.clear()
        self._local.drop()
        self._remote.failAll(reason)
        self._ended(self)
        self._page.sessionLost(Failure(error))
        # They hold each other, and neither is to wait for the garbage collector: it comes rarely, and takes its time.
        del self._page

    def _expire(self, reason: str, error: type[Exception]) -> None:
        self._timer = None
        self._lose(reason, error(reason), None)

    def _setTimer(self, delay: float, function: Callable[[], None]) -> None:
        self._cancelTimer()
        self._timer = self._clock.callLater(delay, function)

    def _cancelTimer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
