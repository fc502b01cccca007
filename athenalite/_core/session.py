# -*- test-case-name: tests.core.test_session -*-
"""
One page's conversation, from its rendering until it is lost. It outlives its sockets.

Whether there is a socket is a field, not a dimension of every decision: messages go into the delivery, and from there
onto whatever socket there is, now or later. The states are a table; each owns the one timer that runs in it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from ..errors import (
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    ConnectFailed,
    ConnectionLost,
    FallenBehind,
    ProtocolError,
)
from ..interfaces import Handshake, IClock, IPage, ITransport
from ..limits import Limits
from .acknowledgements import Acknowledgements
from .admission import REFUSED, TAKEN_OVER, Admission, Question, Refusal
from .batch import Turn
from .callresult import CallResult
from .calls import LocalCalls, RemoteCalls
from .delivery import Delivery
from .outbox import Outbox
from .sitelog import PeerLog, SiteLog
from .stall import StallTimer
from .states import BEHIND, LEFT, TRANSITIONS, UNAUTHORIZED, State
from .wire import NOOP, Ack, Call, Made, Message, Noop, Open, Respond, encodeOpened

#: The part of ``maxBytesQueued`` that answers may fill; so it is one call that fails then, and not the page.
_FOR_ANSWERS: Final = 0.75


class Session:
    """
    :ivar token: the page's secret, by which its sockets find it.
    :ivar state: a :class:`State`.
    :ivar reason: why the page was lost, once it is.
    :ivar takesCalls: tells whether the page has read enough of what was sent to it for more of its calls to be run.
    :ivar outbox: where its elements say their calls.
    :ivar log: for what is logged because of this page.
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
        log: PeerLog,
        siteLog: SiteLog,
        debug: bool,
        ended: Callable[[Session], None],
    ) -> None:
        """
        :param page: hears what becomes of the session.
        :param locate: finds an exposed method by object number and name.
        :param convert: makes JSON of elements and other objects, see
            :meth:`athenalite._page.serialize.Serializer.convert`. It is called only for what is not JSON by itself.
        :param turn: collects what is said, to all pages of the site.
        :param log: for what is logged because of this page; closed with it.
        :param siteLog: for what is logged because of an address.
        :param ended: called once, when the session is lost.
        """
        self.token = token
        self.state = State.RENDERED
        self.reason: str | None = None
        self._page = page
        self._turn = turn
        self._clock = clock
        self._limits = limits
        self._maxAnswers = int(limits.maxBytesQueued * _FOR_ANSWERS)
        self.log = log
        self._siteLog = siteLog
        self._ended = ended
        self._delivery = Delivery(limits.maxMessagesKept, limits.maxBytesKept)
        # Asked for each message; a method around it would cost as much again.
        self.takesCalls = partial(self._delivery.isWithin, limits.window)
        self._remote = RemoteCalls(log, page.fileOfModule)
        self.outbox = Outbox(turn, convert, self._delivery, self._remote, limits.ackEvery, self._overflowed)
        self._acks = Acknowledgements(clock, self._delivery, self.outbox, limits)
        self._stall = StallTimer(clock, limits.stallTimeout, self._delivery, self._fallBehind)
        bounds = limits.maxPendingCalls, limits.maxBytesKept, debug, log, limits.maxBytesPending
        self._local = LocalCalls(locate, self._responded, convert, *bounds)
        self._admission = Admission(clock, limits.authorizeTimeout, log)
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
        return number > max(self._newestSocket, self._admission.pending)

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
            old.closeSocket(*TAKEN_OVER)
        self._delivery.resume(message.received)
        self._cancelTimer()
        self._acks.stop()
        self._stall.restart()
        self.outbox.flush([encodeOpened(self._delivery.received)])
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
            self._acks.due()
        elif isinstance(message, Respond):
            self._delivery.messageReceived()
            self._delivery.acknowledged(message.number)
            self._remote.responseReceived(message)
            self._acks.due()
        elif isinstance(message, Ack):
            self._delivery.acknowledged(message.number)
        elif isinstance(message, Noop):
            self._acks.send()
        else:
            raise ProtocolError("a message out of place")

    def acknowledged(self, transport: ITransport, number: int) -> bool:
        """
        The browser has everything up to ``number``, as it has said on ``transport``.

        :return: whether that is news.
        :raise ProtocolError: if so much was never sent. Report it to :meth:`brokenBy`.
        """
        if transport is not self.outbox.transport:
            return False
        before = self._delivery.progress
        self._delivery.acknowledged(number)
        return self._delivery.progress != before

    def socketLost(self, transport: ITransport, goingAway: bool = False) -> None:
        """
        ``transport`` is no more. If this was its socket, the page has ``transportlessTimeout`` seconds to come back;
        ``leavingTimeout`` if the browser closed it because it is ``goingAway`` (1001).
        """
        if transport is self.outbox.transport and self._step("socketLost"):
            self.outbox.close()
            self._stall.stop()
            self._acks.stop()
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

    def authorize(self, handshake: Handshake, number: int, decided: Callable[[Refusal | None], None]) -> Question:
        """Ask the application about the page's socket ``number``, see :meth:`Admission.ask`. A no ends the page."""

        def answered(refusal: Refusal | None) -> None:
            if refusal is REFUSED:
                self._lose(UNAUTHORIZED, ConnectionLost(UNAUTHORIZED), CLOSE_POLICY_VIOLATION)
            decided(refusal)

        return self._admission.ask(self._page.authorizeSocket, handshake, number, answered)

    def pageLeftSocket(self, number: int) -> None:
        """
        The browser reports over HTTP that the page was left while it had no open socket.

        :param number: the page's newest socket. A report by a copy of the page, which has older ones, is ignored.
        """
        if number >= self._newestSocket:
            self._lose(LEFT, ConnectionDone(LEFT), CLOSE_PAGE_LOST)

    def brokenBy(self, transport: ITransport, error: ProtocolError, peer: str) -> None:
        """
        The browser broke the protocol on ``transport``. The page is lost; close the socket with the error's code.

        :param peer: who is at the other end of the line.
        """
        if transport is self.outbox.transport:
            self.outbox.close()
            # By address: a page ends with this, and its browser may load another.
            self._siteLog.forAddress(peer).warn(
                "A page broke the protocol: {error} ({peer})", error=str(error), peer=peer
            )
            self._lose(str(error), ConnectionLost(str(error)), None)

    def sendingPaused(self, transport: ITransport) -> None:
        """The peer of ``transport`` reads more slowly than we write."""
        if transport is self.outbox.transport:
            self.outbox.pause(True)

    def sendingResumed(self, transport: ITransport) -> None:
        """``transport`` can take more."""
        if transport is self.outbox.transport:
            self.outbox.pause(False)
            self._acks.due()

    # Answering

    def _responded(self, number: int, message: bytes) -> None:
        if self.state is State.LOST:
            return
        if self._stall.isWatching and not self._delivery.isWithin(self._maxAnswers - len(message)):
            message = self._local.refusal(number, "too much that this page has not read waits for it already")
        self._delivery.responded(number)
        self.outbox.respond(message)

    def _overflowed(self, what: str) -> None:
        if self.state is State.CONNECTED and self._delivery.isWithin(self._limits.maxBytesQueued):
            # It may read as fast as it can. What has not been offered to its socket says nothing about the page.
            self.outbox.flush()
            self._stall.start()
        else:
            self._fallBehind(what)

    def _fallBehind(self, what: str = "its socket takes nothing") -> None:
        self.log.info("A page has fallen too far behind: {what}", what=what)
        self._lose(BEHIND, FallenBehind(BEHIND), CLOSE_PAGE_LOST)

    # States

    def _step(self, event: str) -> bool:
        state = TRANSITIONS.get((self.state, event))
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
        self._admission.refuse((CLOSE_PAGE_LOST, reason))
        self._stall.stop()
        self._acks.stop()
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
        self.log.close()
        # They hold each other, and neither is to wait for the garbage collector: it comes rarely, and takes its time.
        del self._page, self._stall

    def _expire(self, reason: str, error: type[Exception]) -> None:
        self._timer = None
        if self._admission.pending:
            # A page is not lost because the application takes its time to answer.
            self._setTimer(self._limits.authorizeTimeout, lambda: self._expire(reason, error))
        else:
            self._lose(reason, error(reason), None)

    def _setTimer(self, delay: float, function: Callable[[], None]) -> None:
        self._cancelTimer()
        self._timer = self._clock.callLater(delay, function)

    def _cancelTimer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
