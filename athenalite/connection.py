# -*- test-case-name: tests.test_connection -*-
"""
One socket: first it must say whose it is, then it belongs to a session.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from twisted.internet.interfaces import IDelayedCall

from .admission import Question, Refusal
from .errors import (
    CLOSE_INTERNAL_ERROR,
    CLOSE_PAGE_LOST,
    CLOSE_POLICY_VIOLATION,
    CLOSE_REPLACED,
    CLOSE_TRY_AGAIN,
    CLOSE_UNSUPPORTED_DATA,
    ProtocolError,
)
from .interfaces import Handshake, ITransport
from .session import ELSEWHERE, Session
from .sessions import Sessions
from .wire import Open, decode

#: How much is held of what arrives while the application is asked: so many of the largest messages. What is read from
#: the kernel at once is less.
_MAX_HELD: Final = 2
#: What a held message costs besides its text, in bytes.
_OVERHEAD: Final = 64


class Connection:
    """
    What an accepted WebSocket is, whatever library speaks WebSocket: tell it what arrives, and when the socket is lost.
    """

    def __init__(self, sessions: Sessions, transport: ITransport, handshake: Handshake) -> None:
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
        # What has arrived while the application is asked whether this socket is authorized; None if it is not asked.
        self._held: list[bytes] | None = None
        self._room = 0
        self._stopped = False

    def textReceived(self, text: bytes) -> None:
        """A text message has arrived. Never raises; what is wrong closes this socket."""
        if self._closed:
            return
        # What a message costs grows with its size.
        self._count += 1 + len(text) // 1024
        if self._count >= self._most:
            self._slowDown()
        if self._held is None:
            self._take(text)
        else:
            self._hold(self._held, text)

    def _take(self, text: bytes) -> None:
        try:
            message = decode(text)
            if self._session is not None:
                self._session.messageReceived(self._transport, message)
            elif isinstance(message, Open):
                self._open(message)
            else:
                self._close(CLOSE_POLICY_VIOLATION, "a socket must say whose it is first")
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
        self._closed = True
        self._cancelTimer()
        self._withdraw()
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

    def connectionLost(self) -> None:
        """The socket is gone, for whatever reason. Called once."""
        self._closed = True
        self._cancelTimer()
        self._withdraw()
        if self._pause is not None:
            self._pause.cancel()
        session, self._session = self._session, None
        if session is not None:
            session.socketLost(self._transport)
        self._sessions.connectionLost(session)

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
        self._held, self._room = [], _MAX_HELD * self._sessions.limits.maxMessageSize
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
            self._goThrough()
        except ProtocolError as error:
            self._fail(error)
        except Exception:
            # It would end in the application's Deferred.
            self._sessions.log.failure("A socket's message could not be taken")
            self._close(CLOSE_INTERNAL_ERROR, "internal error")

    def _hold(self, held: list[bytes], text: bytes) -> None:
        self._room -= len(text) + _OVERHEAD
        if self._room < 0:
            self._close(CLOSE_TRY_AGAIN, "too many messages before the socket is opened")
            return
        held.append(text)
        if not self._stopped:
            # Not before: the loss of a silent socket is noticed only while it is read from.
            self._stopped = True
            self._transport.pauseReading()

    def _goThrough(self) -> None:
        held = self._held
        # What arrives meanwhile comes after what is held.
        while held and not self._closed:
            self._take(held.pop(0))
        self._release()

    def _withdraw(self) -> None:
        if self._question is not None:
            self._question.withdraw()
        self._release()

    def _release(self) -> None:
        self._held = None
        stopped, self._stopped = self._stopped, False
        if stopped:
            self._transport.resumeReading()

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
        self._closed = True
        self._cancelTimer()
        self._withdraw()
        self._transport.closeSocket(code, reason)

    def _logRefusal(self, reason: str) -> None:
        handshake, self._handshake = self._handshake, None
        if handshake is not None:
            self._sessions.log.forAddress(handshake.peer).info(
                "Refused a socket of {peer}: {reason}", peer=handshake.peer, reason=reason
            )

    def _cancelTimer(self) -> None:
        if self._timer.active():
            self._timer.cancel()
