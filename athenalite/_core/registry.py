# -*- test-case-name: tests.core.test_registry -*-
"""
All sessions of one site, found by their tokens; and for a while the reasons of those that ended, for pages that ask
late.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from ..interfaces import IClock, IPage
from ..limits import Limits
from .batch import SendToAll, Turn, sendToEach
from .encodecache import CallMemo
from .fastpaths import EVERY_SHORTCUT, Shortcut
from .peers import Peers
from .session import Session
from .sitelog import SiteLog
from .states import State
from .wire import Made

#: How many reasons are remembered. A page that comes back later than so many others ended hears "unknown page".
_REMEMBERED: Final = 10_000
#: How often shutdown looks whether running calls have finished, in seconds.
_LOOK: Final = 0.05
#: How long browsers get to answer the closing handshake, in seconds.
_CLOSING: Final = 1.5

UNKNOWN: Final = "unknown page"


def newToken() -> str:
    """256 bits that nobody can guess."""
    return token_urlsafe(32)


class Sessions:
    """
    :ivar limits: the site's :class:`Limits`.
    :ivar log: where the site logs, see :class:`SiteLog`.
    """

    def __init__(
        self,
        clock: IClock,
        limits: Limits,
        log: Logger,
        debug: bool,
        newToken: Callable[[], str] = newToken,
        shortcuts: Shortcut = EVERY_SHORTCUT,
        sendToAll: SendToAll = sendToEach,
    ) -> None:
        self.clock = clock
        self.limits = limits
        self.log = SiteLog(log, clock, self._isToken)
        self._sendingLog = self.log.forPeer("sockets that could not be sent to")
        self._debug = debug
        self._newToken = newToken
        memo = CallMemo(limits.maxBytesKept, Shortcut.ENCODE_ONCE in shortcuts)
        self._turn = Turn(clock, self._sendingLog, memo, sendToAll)
        self._sessions: dict[str, Session] = {}
        # Who the pages were rendered for.
        self._peers: dict[str, tuple[str, ...]] = {}
        # Rendered and not connected: what a crawler leaves behind.
        self._unconnected: Peers[Session] = Peers()
        # Connected once, and away now.
        self._transportless: Peers[Session] = Peers()
        self._reasons: OrderedDict[str, str] = OrderedDict()
        self._closed: str | None = None
        self._heartbeat: IDelayedCall | None = None
        self._connections = 0

    def __len__(self) -> int:
        return len(self._sessions)

    def add(
        self,
        page: IPage,
        locate: Callable[[int, str], Callable[..., Any]],
        convert: Callable[[Any], tuple[Any, Made]],
        peer: tuple[str, ...] = (),
    ) -> Session:
        """
        Make the session of a page that is being rendered. If too many pages are not connected then, the peer that has
        most of them loses its oldest.

        :param peer: who the page is rendered for, from coarse to fine; see :func:`athenalite._server.site.peerOf`. See
            :class:`Session` for the other arguments.
        """
        session = Session(
            self._newToken(),
            page,
            locate,
            convert,
            turn=self._turn,
            clock=self.clock,
            limits=self.limits,
            log=self.log.forPeer("a page"),
            siteLog=self.log,
            debug=self._debug,
            ended=self._ended,
        )
        self._sessions[session.token] = session
        self._peers[session.token] = peer
        self._unconnected.add(session.token, session, peer)
        if self._closed is not None:
            # Not before whoever asked for the session has it.
            self.clock.callLater(0, session.close, self._closed)
        if len(self._unconnected) > self.limits.maxPagesUnconnected:
            self._unconnected.takeFromLargest().close("too many pages were opened and not connected")
        return session

    def get(self, token: str) -> Session | None:
        """
        :return: the living session of a socket that showed ``token``, or None; :meth:`reason` says why.
        """
        return self._sessions.get(token)

    def opened(self, session: Session) -> None:
        """``session`` has a socket, and does not count as unconnected or away."""
        self._unconnected.remove(session.token)
        self._transportless.remove(session.token)
        self._startBeating()

    def _isToken(self, text: str) -> bool:
        return text in self._sessions or text in self._reasons

    def pageLeft(self, token: str, socket: int) -> None:
        """
        A browser reports over HTTP that it has left the page of ``token``, whose newest socket was ``socket``. A token
        that is not known is ignored.
        """
        session = self._sessions.get(token)
        if session is not None:
            session.pageLeftSocket(socket)

    def reason(self, token: str) -> str:
        """Why the page of ``token`` is no more, as far as that is remembered."""
        return self._reasons.get(token, UNKNOWN)

    def turn(self) -> int:
        """What changes from one iteration of the reactor to the next, if something is said in between."""
        return self._turn.number

    def connectionMade(self) -> None:
        """There is a socket more."""
        self._connections += 1

    def connectionLost(self, session: Session | None) -> None:
        """And one less, which belonged to ``session``."""
        self._connections -= 1
        if session is not None and session.state is State.TRANSPORTLESS:
            self._transportless.add(session.token, session, self._peers[session.token])
            if len(self._transportless) > self.limits.maxPagesTransportless:
                self._transportless.takeFromLargest().close("too many pages were away")

    def close(self, reason: str) -> Deferred[None]:
        """
        End all pages, with ``reason``. Running calls may finish first, within ``limits.shutdownTimeout`` seconds.

        :return: fires when every session has ended, and its browser knows or does not answer.
        """
        self._closed = reason
        done: Deferred[None] = Deferred()
        self._closeWhenIdle(reason, self.clock.seconds() + self.limits.shutdownTimeout, done)
        return done

    def _closeWhenIdle(self, reason: str, deadline: float, done: Deferred[None]) -> None:
        if all(session.idle for session in self._sessions.values()) or self.clock.seconds() >= deadline:
            # What those calls answered is still to be sent.
            self._turn.end()
            for session in list(self._sessions.values()):
                session.close(reason)
            self._stopBeating()
            self._waitForSockets(self.clock.seconds() + _CLOSING, done)
        else:
            self.clock.callLater(_LOOK, self._closeWhenIdle, reason, deadline, done)

    def _waitForSockets(self, deadline: float, done: Deferred[None]) -> None:
        if self._connections == 0 or self.clock.seconds() >= deadline:
            self._sendingLog.close()
            self.log.close()
            done.callback(None)
        else:
            self.clock.callLater(_LOOK, self._waitForSockets, deadline, done)

    def _startBeating(self) -> None:
        if self._heartbeat is None:
            self._heartbeat = self.clock.callLater(self.limits.pingInterval, self._beat)

    def _stopBeating(self) -> None:
        heartbeat, self._heartbeat = self._heartbeat, None
        if heartbeat is not None:
            heartbeat.cancel()

    def _beat(self) -> None:
        self._heartbeat = None
        if self._sessions:
            self._startBeating()
        for session in list(self._sessions.values()):
            session.keepAlive()

    def _ended(self, session: Session) -> None:
        assert session.state is State.LOST
        del self._sessions[session.token], self._peers[session.token]
        self._unconnected.remove(session.token)
        self._transportless.remove(session.token)
        self._reasons[session.token] = session.reason or UNKNOWN
        if len(self._reasons) > _REMEMBERED:
            self._reasons.popitem(last=False)
