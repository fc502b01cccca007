# -*- test-case-name: tests.core.test_connection -*-
"""
One socket: first it must say whose it is, then it belongs to a session.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from twisted.internet.interfaces import IDelayedCall

from ..errors import (
    CLOSE_INTERNAL_ERROR,
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
from .registry import SessionRegistry
from .session import Session
from .states import ELSEWHERE
from .wire import CALLS, Ack, Call, Open, Respond, decode

#: How much may arrive while the application is asked whether the socket is authorized: so many of the largest messages.
#: What is read from the kernel at once is less.
_MAX_HELD: Final = 2


class Connection:
    """
    What an accepted WebSocket is, whatever library speaks WebSocket: tell it what arrives, and when the socket is lost.
    """

    def __init__(self, sessions: SessionRegistry, transport: ITransport, handshake: Handshake) -> None:
        sessions.connectionMade()
        self._sessions = sessions
        self._handshake: Handshake | None = handshake
        self._peer = handshake.peer
        self._transport = transport
        self._session: Session | None = None
        self._closed = False
        self._count = 0
        self._most = sessions.limits.maxMessagesPerSecond
        # When the count began, and for how long after that the socket is not read from, in seconds.
        self._since = sessions.clock.seconds()
        self._wait = 0.0
        self._timer = sessions.clock.callLater(sessions.limits.openTimeout, self._timedOut)
        self._pause: IDelayedCall | None = None
        self._question: Question | None = None
        self._inbox = Inbox(
            sessions.clock, sessions.iteration, self._run, self._takesCalls, sessions.limits.maxBytesReceived
        )
        self._full = False

    def textReceived(self, text: bytes) -> None:
        """A text message has arrived. Never raises; what is wrong closes this socket."""
        if self._closed:
            return
        # What a message costs grows with its size: inbox.cost, without a call.
        size = 1 + len(text) // 1024
        self._count += size
        if self._count >= self._most:
            self._slowDown()
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
        """A frame has arrived that is no message: a ping, a pong, a part of a message. Call it for each."""
        self._count += 1
        if self._count >= self._most and not self._closed:
            self._slowDown()

    def binaryReceived(self) -> None:
        """A binary message has arrived; there are none in the protocol."""
        if not self._closed:
            self._fail(ProtocolError("a binary message", CLOSE_UNSUPPORTED_DATA))

    def pageLeft(self, reason: str) -> None:
        """The browser closes the socket because its page is closed or navigated away from, or, as it says, lost."""
        session, self._session = self._session, None
        if session is not None:
            session.pageLeft(self._transport, reason)

    def protocolFailed(self, error: ProtocolError) -> None:
        """The WebSocket library has found the peer in error and closes the socket itself, with ``error.closeCode``."""
        self._end()
        session, self._session = self._session, None
        if session is None:
            self._logRefusal(str(error))
        else:
            session.brokenBy(self._transport, error, self._peer)

    def sendingPaused(self) -> None:
        """The peer reads more slowly than we write."""
        if self._session is not None:
            self._session.sendingPaused(self._transport)

    def sendingResumed(self) -> None:
        """The transport can take more."""
        if self._session is not None:
            self._session.sendingResumed(self._transport)

    def connectionLost(self, goingAway: bool = False) -> None:
        """The socket is gone; ``goingAway`` if the browser closed it with 1001, else for any reason. Called once."""
        self._end()
        if self._pause is not None:
            self._pause.cancel()
        session, self._session = self._session, None
        if session is not None:
            session.socketLost(self._transport, goingAway)
        self._sessions.connectionLost(session)

    # Before the socket is the session's

    def _firstReceived(self, text: bytes) -> None:
        if self._question is not None:
            self._hold(text)
            return
        message = decode(text)
        if isinstance(message, Open):
            self._open(message)
        else:
            self._close(CLOSE_POLICY_VIOLATION, "a socket must say whose it is first")

    def _hold(self, text: bytes) -> None:
        """Have ``text`` run when the application has authorized the socket."""
        self._inbox.add(text)
        if self._inbox.size > _MAX_HELD * self._sessions.limits.maxMessageSize:
            self._close(CLOSE_TRY_AGAIN, "too many messages before the socket is opened")
        else:
            self._readIfRoom()

    def _open(self, message: Open) -> None:
        self._cancelTimer()
        session = self._sessions.get(message.token)
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
            # It would end in the application's Deferred.
            self._sessions.log.failure("A socket's message could not be taken")
            self._close(CLOSE_INTERNAL_ERROR, "internal error")

    # What cannot be run at once

    def _receivedMore(self, session: Session, text: bytes) -> None:
        """
        Put a call or an answer behind those that wait. What it acknowledges, and what is no call, takes effect now:
        calls may wait for just that.
        """
        message = None if text.startswith(CALLS) else decode(text)
        isNews = isinstance(message, (Ack, Respond)) and session.acknowledged(self._transport, message.number)
        if message is None or isinstance(message, (Call, Respond)):
            self._inbox.add(text)
            self._readIfRoom()
        else:
            session.messageReceived(self._transport, message)
        if isNews:
            self._inbox.proceed()

    def _takesCalls(self) -> bool:
        return self._session is not None and self._session.takesCalls()

    def _run(self, text: bytes) -> None:
        self._readIfRoom()
        try:
            if self._session is not None:
                self._session.messageReceived(self._transport, decode(text))
        except ProtocolError as error:
            self._fail(error)
        except Exception:
            self._sessions.log.failure("A socket's message could not be taken")
            self._transport.closeSocket(CLOSE_INTERNAL_ERROR, "internal error")

    def _readIfRoom(self) -> None:
        # A socket that has not been opened is read until something waits: only then would its loss go unnoticed.
        full = self._inbox.isFull or (self._session is None and self._inbox.waiting is not None)
        if full and not self._full:
            self._transport.pauseReading()
        elif self._full and not full:
            self._transport.resumeReading()
        self._full = full

    def _slowDown(self) -> None:
        clock = self._sessions.clock
        # Looking at the clock once in so many messages is enough.
        now = clock.seconds()
        # By a clock that was set back no time has passed; the wait is then its nominal length and no longer.
        passed = max(now - self._since, 0)
        wait = self._wait = max(self._wait + 1 - passed, 0)
        self._count, self._since = 0, now
        if not wait:
            return
        if self._pause is None:
            self._transport.pauseReading()
            self._pause = clock.callLater(wait, self._goOn)
        else:
            # What had been read already goes on arriving.
            self._pause.reset(wait)

    def _goOn(self) -> None:
        self._pause = None
        self._transport.resumeReading()

    def _fail(self, error: ProtocolError) -> None:
        self.protocolFailed(error)
        self._transport.closeSocket(error.closeCode, str(error))

    def _timedOut(self) -> None:
        self._close(CLOSE_TRY_AGAIN, "a socket must say whose it is")

    def _close(self, code: int, reason: str) -> None:
        self._logRefusal(reason)
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
        self._cancelTimer()
        if self._question is not None:
            self._question.withdraw()
        self._inbox.drop()
        # The peer's answer to the closing handshake.
        self._readIfRoom()

    def _cancelTimer(self) -> None:
        if self._timer.active():
            self._timer.cancel()
