# -*- test-case-name: tests.core.test_session -*-
"""
The session of one page, from its rendering until it is lost: a state machine that outlives its sockets.

Messages go into the delivery, and from there to the current socket or the next one, so few decisions depend on whether
there is a socket. The states are a table (:mod:`athenalite._core.states`); at most one timer runs in each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure

from ..errors import (
    CLOSE_GOING_AWAY,
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    ConnectionLost,
    FallenBehind,
    ProtocolError,
)
from ..interfaces import Handshake, IClock, IPage, ITransport
from ..limits import Limits
from .acknowledgements import Acknowledgements
from .admission import REFUSED, TAKEN_OVER, Admission, Question, Refusal
from .batch import Batch
from .callresult import CallResult
from .delivery import Delivery
from .expiry import Expiry
from .outbox import ABNORMAL, USUAL, Closed, Parts
from .sitelog import PeerLog, SiteLog
from .stall import StallTimer
from .states import BEHIND, LEFT, TRANSITIONS, UNAUTHORIZED, State
from .wire import Ack, Call, Message, Noop, Notify, Open, Respond, encodeOpened

#: The part of ``maxBytesQueued`` that responses may fill. Beyond it one call fails instead of the page.
_FOR_ANSWERS: Final = 0.75


class Session:
    """
    The session of one page.

    :ivar token: the page's secret, by which its sockets identify it.
    :ivar state: a :class:`State`.
    :ivar reason: why the page was lost, once it is.
    :ivar takesCalls: returns whether the page has acknowledged enough for more of its calls to be run.
    :ivar outbox: the page's send queue.
    :ivar log: the log for events that this page causes.
    :ivar worker: the name of this worker, if the page came from a worker of another name; else empty. Each ``opened``
        sends it, so that the browser opens its next sockets here.
    """

    def __init__(
        self,
        token: str,
        page: IPage,
        *,
        batch: Batch,
        clock: IClock,
        limits: Limits,
        log: PeerLog,
        siteLog: SiteLog,
        debug: bool,
        ended: Callable[[Session], None],
        parts: Parts = USUAL,
    ) -> None:
        """
        :param page: whose session it is. It is released when the session is lost.
        :param batch: the send queue of the site.
        :param log: the log for events that this page causes; closed with the session.
        :param siteLog: the log for events that an address causes.
        :param ended: called once, when the session is lost.
        :param parts: makes those of its parts that may be watched.
        """
        self.token = token
        self.state = State.RENDERED
        self.reason: str | None = None
        self.worker = ""
        self._page = page
        self._batch = batch
        self._limits = limits
        self._maxAnswers = int(limits.maxBytesQueued * _FOR_ANSWERS)
        self.log = log
        self._siteLog = siteLog
        self._ended = ended
        self._delivery = Delivery(limits.maxMessagesKept, limits.maxBytesKept, limits.window)
        # Called for each message; a method around it would double the cost.
        self.takesCalls = self._delivery.isWithinWindow
        self._remote = parts.remote(log, page.fileOfModule)
        sending = batch, page.convertValue, self._delivery, self._remote
        self.outbox = parts.outbox(*sending, limits.ackEvery, self._overflowed)
        self._acks = Acknowledgements(clock, self._delivery, self.outbox, limits)
        self._stall = StallTimer(clock, limits.stallTimeout, self._delivery)
        bounds = limits.maxPendingCalls, limits.maxBytesKept, debug, log, limits.maxBytesPending
        self._local = parts.local(page.locateExposed, self._responded, page.convertValue, *bounds)
        self._admission = Admission(clock, limits.authorizeTimeout, log)
        self._everConnected = False
        self._newestSocket = 0
        self._expiry = Expiry(clock, limits, self._admission)
        self._expiry.rendered(self._expired)

    # Called by the application

    def callRemote(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any] | None = None) -> CallResult:
        """Call a method in the browser, now or after its next reconnection; see :meth:`Outbox.callRemote`."""
        return self.outbox.callRemote(objectID, methodName, args, kwargs or {})

    def close(self, reason: str) -> None:
        """Flush the queued messages, then end the page with ``reason``. Does nothing if it is lost already."""
        self._lose(reason, ConnectionLost(reason), CLOSE_PAGE_LOST)

    @property
    def idle(self) -> bool:
        """Whether no call of the browser is running."""
        return not len(self._local)

    # Called by its sockets

    def isNewest(self, number: int) -> bool:
        """
        Whether ``number``, by which the browser counts its sockets, is higher than any before. The messages of an
        older socket arrive late and must be ignored.
        """
        return number > max(self._newestSocket, self._admission.pending)

    def socketOpened(self, transport: ITransport, message: Open) -> None:
        """
        Make ``transport`` the page's socket. It is the newest, and has identified the page by ``message``.

        :raise ProtocolError: if the browser cannot have received that many messages. Pass it to :meth:`brokenBy`.
        """
        if not self._step("socketOpened"):
            return
        self._newestSocket = message.socket
        old = self.outbox.open(transport, TAKEN_OVER)
        if old is not None:
            old.closeSocket(*TAKEN_OVER)
        self._delivery.resume(message.received)
        self._expiry.stop()
        self._acks.stop()
        self._stall.restart(self._fallBehind)
        self.outbox.flush([encodeOpened(self._delivery.received, self.worker)])
        resumes, self._everConnected = self._everConnected, True
        if old is not None:
            # The hooks alternate. This one may end the page.
            self._page.sessionDisconnected()
        if self.state is State.CONNECTED:
            (self._page.sessionResumed if resumes else self._page.sessionConnected)()

    def messageReceived(self, transport: ITransport, message: Message) -> None:
        """
        Handle a message from the browser. No exception of an application's method is raised here.

        :raise ProtocolError: if the message is not allowed. Pass it to :meth:`brokenBy`.
        """
        if transport is not self.outbox.transport:
            return
        # Not isinstance, which takes five times as long with the classes of msgspec.
        if type(message) is Call or type(message) is Notify:
            self._local.callReceived(self._delivery.messageReceived(), message)
            if self._delivery.ackPending:
                self._acks.due()
        elif type(message) is Respond:
            self._delivery.messageReceived()
            self._delivery.acknowledged(message.number)
            self._remote.responseReceived(message)
            self._acks.due()
        elif type(message) is Ack:
            self._delivery.acknowledged(message.number)
        elif type(message) is Noop:
            self._acks.send()
        else:
            raise ProtocolError("a message out of place")

    def acknowledged(self, transport: ITransport, number: int) -> bool:
        """
        Handle an acknowledgement of all messages up to ``number``.

        :return: whether it acknowledges anything new.
        :raise ProtocolError: if so many were never sent. Pass it to :meth:`brokenBy`.
        """
        if transport is not self.outbox.transport:
            return False
        before = self._delivery.progress
        self._delivery.acknowledged(number)
        return self._delivery.progress != before

    def socketLost(self, transport: ITransport, closed: Closed = ABNORMAL) -> None:
        """
        Handle the loss of ``transport``. If it was the page's socket, the page is lost after ``transportlessTimeout``
        seconds without a new one; after ``leavingTimeout`` if the browser has ``closed`` it with 1001.
        """
        if transport is self.outbox.transport and self._step("socketLost"):
            self.outbox.close(closed)
            self._stall.stop()
            self._acks.stop()
            if closed[0] == CLOSE_GOING_AWAY:
                self._expiry.left(self._expired)
            else:
                self._expiry.disconnected(self._expired)
            self._page.sessionDisconnected()

    def pageLeft(self, transport: ITransport, reason: str) -> None:
        """End the page because the browser has closed it or navigated away (``LEFT``), or for another ``reason``."""
        if transport is self.outbox.transport:
            self.outbox.close()
            self._lose(reason, (ConnectionDone if reason == LEFT else ConnectionLost)(reason), None)

    def authorize(self, handshake: Handshake, number: int, decided: Callable[[Refusal | None], None]) -> Question:
        """Authorize the page's socket ``number``, see :meth:`Admission.ask`. If it is refused, the page is lost."""

        def answered(refusal: Refusal | None) -> None:
            if refusal is REFUSED:
                self._lose(UNAUTHORIZED, ConnectionLost(UNAUTHORIZED), CLOSE_POLICY_VIOLATION)
            decided(refusal)

        return self._admission.ask(self._page.authorize, handshake, number, answered)

    def pageLeftSocket(self, number: int) -> None:
        """
        Handle a report over HTTP that the page was left while it had no open socket.

        :param number: the page's newest socket. A report by a copy of the page, with a lower number, is ignored.
        """
        if number >= self._newestSocket:
            self._lose(LEFT, ConnectionDone(LEFT), CLOSE_PAGE_LOST)

    def brokenBy(self, transport: ITransport, error: ProtocolError, peer: str) -> None:
        """
        End the page because its browser broke the protocol. Close ``transport`` with the error's code afterwards.

        :param peer: the address of the browser, or of a proxy.
        """
        if transport is self.outbox.transport:
            self.outbox.close()
            # Counted by address: the page is lost, but its browser may load another.
            self._siteLog.forAddress(peer).warn(
                "A page broke the protocol: {error} ({peer})", error=str(error), peer=peer
            )
            self._lose(str(error), ConnectionLost(str(error)), None)

    def sendingPaused(self, transport: ITransport) -> None:
        """Apply backpressure: the buffer of ``transport`` is full."""
        if transport is self.outbox.transport:
            self.outbox.pause(True)

    def sendingResumed(self, transport: ITransport) -> None:
        """Release backpressure: ``transport`` accepts data again."""
        if transport is self.outbox.transport:
            self.outbox.pause(False)
            self._acks.due()

    # Responses and backpressure

    def _responded(self, number: int, message: bytes) -> None:
        if self.state is State.LOST:
            return
        if self._stall.isWatching and not self._delivery.isWithin(self._maxAnswers - len(message)):
            message = self._local.refusal(number, "too much that this page has not read waits for it already")
        self._delivery.responded(number)
        self.outbox.respond(message)

    def _overflowed(self, what: str) -> None:
        if self.state is State.CONNECTED and self._delivery.isWithin(self._limits.maxBytesQueued):
            # The page may read as fast as it can: messages that its socket was not given yet do not count.
            self.outbox.flush()
            self._stall.start(self._fallBehind)
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

    def _expired(self, reason: str, error: Exception) -> None:
        self._lose(reason, error, None)

    def _lose(self, reason: str, error: Exception, code: int | None) -> None:
        # Queued calls get their numbers first, so that their Deferreds fail with the others.
        self._batch.end()
        if not self._step("lost"):
            return
        self.reason = reason
        self._expiry.stop()
        self._admission.refuse((CLOSE_PAGE_LOST, reason))
        self._stall.stop()
        self._acks.stop()
        transport = self.outbox.close()
        if transport is not None and code is not None:
            transport.closeSocket(code, reason)
        # Before hooks of the application run, for they may make calls.
        self.outbox.drop(reason)
        self._page.sessionEnding(Failure(error))
        self._local.drop()
        self._remote.failAll(reason, self._delivery.clear())
        self._ended(self)
        self._page.sessionLost(Failure(error))
        self.log.close()
        # A reference cycle, and a lost page must not wait for the garbage collector.
        del self._page
