# -*- test-case-name: tests.core.test_connection -*-
"""
One WebSocket connection: it identifies its page first, then it belongs to the page's session.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from ..errors import (
    CLOSE_ABNORMAL,
    CLOSE_INTERNAL_ERROR,
    CLOSE_OTHER_WORKER,
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    CLOSE_REPLACED,
    CLOSE_TRY_AGAIN,
    CLOSE_UNSUPPORTED_DATA,
    ProtocolError,
)
from ..interfaces import Handshake, ITransport
from .admission import Question, Refusal
from .inbox import Inbox
from .moving import Search
from .registry import InOtherWorker, SessionRegistry
from .session import Session
from .states import ELSEWHERE
from .wire import CALLS, Ack, Call, Open, Respond, decode

#: How much may arrive while the application authorizes the socket, in messages of the largest size. One read from the
#: kernel is less.
_MAX_HELD: Final = 2


class Connection:
    """
    The core's end of an accepted WebSocket. The WebSocket library reports what arrives, and the loss of the socket.

    :ivar unanswered: how many keep-alives have been sent since something has arrived.
    """

    unanswered = 0

    def __init__(
        self, sessions: SessionRegistry, transport: ITransport, handshake: Handshake, hasOpen: bool = False
    ) -> None:
        """
        :param hasOpen: whether its first message has arrived already, and follows at once: then no timer waits for it.
        """
        sessions.connectionMade()
        self._sessions = sessions
        self._handshake: Handshake | None = handshake
        self._peer = handshake.peer
        self._transport = transport
        self._session: Session | None = None
        self._closed = False
        self._count = 0
        self._most = sessions.limits.maxMessagesPerSecond
        # When the count began, and for how long after that reading is paused, in seconds.
        self._since = sessions.clock.seconds()
        self._wait = 0.0
        self._timer: IDelayedCall | None = None
        if not hasOpen:
            self._timer = sessions.clock.callLater(sessions.limits.openTimeout, self._timedOut)
        self._pause: IDelayedCall | None = None
        self._question: Question | Search | None = None
        self._inbox = Inbox(self, sessions.clock, sessions.limits.maxBytesReceived)
        self._full = False
        self._group = sessions.keepAlive.add(self)

    def textReceived(self, text: bytes) -> None:
        """Handle a text message. Never raises: an invalid message closes this socket."""
        if self._closed:
            return
        self.unanswered = 0
        # The cost of a message grows with its size: this is inbox.cost, without a call.
        size = 1 + len(text) // 1024
        self._count += size
        if self._count >= self._most:
            self._limitRate()
        session, inbox = self._session, self._inbox
        try:
            if session is None:
                self._firstReceived(text)
            elif inbox.waiting is None and inbox.left > 0 and session.takesCalls():
                inbox.left -= size
                if inbox.left <= 0:
                    inbox.refill()
                session.messageReceived(self._transport, decode(text))
            else:
                self._receivedMore(session, text)
        except ProtocolError as error:
            self._fail(error)

    def frameReceived(self) -> None:
        """Count a frame that is not a message: a ping, a pong, a fragment. Call this for each."""
        self.unanswered = 0
        self._count += 1
        if self._count >= self._most and not self._closed:
            self._limitRate()

    def binaryReceived(self) -> None:
        """Fail, because the protocol has no binary messages."""
        if not self._closed:
            self._fail(ProtocolError("a binary message", CLOSE_UNSUPPORTED_DATA))

    def pageLeft(self, reason: str) -> None:
        """Handle a close by which the browser reports that its page was left (``LEFT``), or lost for ``reason``."""
        session, self._session = self._session, None
        if session is not None:
            session.pageLeft(self._transport, reason)

    def protocolFailed(self, error: ProtocolError) -> None:
        """Handle an error that the WebSocket library has found, which then closes the socket itself."""
        self._end()
        session, self._session = self._session, None
        if session is None:
            self._logRefusal(str(error))
        else:
            session.brokenBy(self._transport, error, self._peer)

    def handlingFailed(self) -> None:
        """Handle an exception that is an error of this package: log it, and close the socket."""
        self._sessions.log.forAddress(self._peer).failure(
            "A browser's message could not be processed, and its socket is closed: please report this error"
        )
        self._end()
        self._transport.closeSocket(CLOSE_INTERNAL_ERROR, "internal error")

    def sendingPaused(self) -> None:
        """Apply backpressure: the transport's buffer is full."""
        if self._session is not None:
            self._session.sendingPaused(self._transport)

    def sendingResumed(self) -> None:
        """Release backpressure: the transport accepts data again."""
        if self._session is not None:
            self._session.sendingResumed(self._transport)

    def connectionLost(self, code: int = CLOSE_ABNORMAL, reason: str = "") -> None:
        """Handle the loss of the socket, which the browser has closed with ``code`` and ``reason``. Called once."""
        self._end()
        if self._pause is not None:
            self._pause.cancel()
        session, self._session = self._session, None
        if session is not None:
            session.socketLost(self._transport, (code, reason))
        self._sessions.connectionLost(session)

    # Before the socket belongs to a session

    def _firstReceived(self, text: bytes) -> None:
        if self._question is not None:
            self._hold(text)
            return
        message = decode(text)
        if isinstance(message, Open):
            self._open(message)
        else:
            self._close(CLOSE_POLICY_VIOLATION, "a socket must identify its page first")

    def _hold(self, text: bytes) -> None:
        """Defer ``text`` until the application has authorized the socket."""
        self._inbox.add(text)
        if self._inbox.size > _MAX_HELD * self._sessions.limits.maxMessageSize:
            self._close(CLOSE_TRY_AGAIN, "too many messages before the socket is opened")
        else:
            self._readIfRoom()

    def _open(self, message: Open) -> None:
        self._cancelTimer()
        session = self._sessions.get(message.token)
        assert self._handshake is not None
        found = self._sessions.find(message.token, self._handshake.worker) if session is None else None
        if found is None:
            self._found(message, session)
        else:
            search = self._question = Search(partial(self._found, message))
            search.wait(found)

    def _found(self, message: Open, session: Session | Failure | None) -> None:
        if isinstance(session, Failure):
            if isinstance(session.value, InOtherWorker):
                self._close(CLOSE_OTHER_WORKER, session.value.worker, logged=str(session.value))
            else:
                self._close(CLOSE_TRY_AGAIN, "it is not known yet where the page is")
            return
        if session is None:
            self._close(CLOSE_PAGE_LOST, self._sessions.reason(message.token))
            return
        if not session.isNewest(message.socket):
            self._close(CLOSE_REPLACED, ELSEWHERE)
            return
        assert self._handshake is not None
        self._question = session.authorize(self._handshake, message.socket, partial(self._decided, session, message))

    def _decided(self, session: Session, message: Open, refusal: Refusal | None) -> None:
        if refusal is not None:
            self._close(*refusal)
            return
        try:
            self._handshake = None
            self._session = session
            self._sessions.opened(session)
            session.socketOpened(self._transport, message)
            self._inbox.proceed()
        except ProtocolError as error:
            self._fail(error)
        except Exception:
            # Otherwise it would end in the application's Deferred.
            self.handlingFailed()

    # Flow control

    def _receivedMore(self, session: Session, text: bytes) -> None:
        """
        Queue a call or a response behind the waiting ones. Acknowledgements take effect now, because waiting calls may
        depend on them.
        """
        message = None if text.startswith(CALLS) else decode(text)
        isNew = isinstance(message, (Ack, Respond)) and session.acknowledged(self._transport, message.number)
        if message is None or isinstance(message, (Call, Respond)):
            self._inbox.add(text)
            self._readIfRoom()
        else:
            session.messageReceived(self._transport, message)
        if isNew:
            self._inbox.proceed()

    # For the keep-alive

    def keepAlive(self) -> None:
        self.unanswered += 1
        self._transport.sendKeepAlive()

    def keepAliveTimedOut(self) -> None:
        self._transport.abortSocket()

    # Receiver, for the inbox

    def takesCalls(self) -> bool:
        return self._session is not None and self._session.takesCalls()

    def iteration(self) -> int:
        return self._sessions.iteration()

    def run(self, text: bytes) -> None:
        self._readIfRoom()
        try:
            if self._session is not None:
                self._session.messageReceived(self._transport, decode(text))
        except ProtocolError as error:
            self._fail(error)
        except Exception:
            self.handlingFailed()

    def _readIfRoom(self) -> None:
        # A socket that is not authorized yet is read until a message waits, so that its loss is noticed.
        full = self._inbox.isFull or (self._session is None and self._inbox.waiting is not None)
        if full and not self._full:
            self._transport.pauseReading()
        elif self._full and not full:
            self._transport.resumeReading()
        self._full = full

    def _limitRate(self) -> None:
        clock = self._sessions.clock
        # The clock is read only once in so many messages.
        now = clock.seconds()
        # If the clock was set back, the wait has its nominal length.
        passed = max(now - self._since, 0)
        wait = self._wait = max(self._wait + 1 - passed, 0)
        self._count, self._since = 0, now
        if not wait:
            return
        if self._pause is None:
            self._transport.pauseReading()
            self._pause = clock.callLater(wait, self._resume)
        else:
            # Data that was read before the pause is still arriving.
            self._pause.reset(wait)

    def _resume(self) -> None:
        self._pause = None
        self._transport.resumeReading()

    def _fail(self, error: ProtocolError) -> None:
        self.protocolFailed(error)
        self._transport.closeSocket(error.closeCode, str(error))

    def _timedOut(self) -> None:
        self._close(CLOSE_TRY_AGAIN, "a socket must identify its page")

    def _close(self, code: int, reason: str, logged: str = "") -> None:
        self._logRefusal(logged or reason)
        self._end()
        self._transport.closeSocket(code, reason)

    def _logRefusal(self, reason: str) -> None:
        handshake, self._handshake = self._handshake, None
        if handshake is not None:
            self._sessions.log.forAddress(handshake.peer).info(
                "Refused a socket of {peer}: {reason}", peer=handshake.peer, reason=reason
            )

    def _end(self) -> None:
        self._closed = True
        self._sessions.keepAlive.remove(self, self._group)
        self._cancelTimer()
        if self._question is not None:
            self._question.withdraw()
        self._inbox.drop()
        # To receive the peer's answer to the closing handshake.
        self._readIfRoom()

    def _cancelTimer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None and timer.active():
            timer.cancel()
