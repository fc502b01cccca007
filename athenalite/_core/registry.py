# -*- test-case-name: tests.core.test_registry -*-
"""
The registry of all sessions of one site, by their tokens. It remembers for a while why sessions have ended.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from secrets import token_urlsafe
from typing import Any, Final, cast

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from ..interfaces import IClock, IPage
from ..limits import Limits
from .batch import SendToAll, sendToEach
from .encodecache import EncodeCache
from .fastpaths import EVERY_FAST_PATH, FastPath
from .keepalive import KeepAlive
from .meter import MeasuredCalls, Meter
from .outbox import USUAL
from .peers import Peers
from .places import Filling, PlacesBatch
from .session import Session
from .sitelog import SiteLog
from .states import MOVED, State
from .watching import Tracer, WatchedPage, Watcher

#: How many reasons are remembered. A page that reconnects after so many others have ended gets "unknown page".
_REMEMBERED: Final = 10_000
#: How often shutdown checks whether running calls have finished, in seconds.
POLL: Final = 0.05
#: How long browsers get to answer the closing handshake, in seconds.
_CLOSING: Final = 1.5

UNKNOWN: Final = "unknown page"


class InOtherWorker(Exception):
    """
    A page is in another worker.

    :ivar worker: its name.
    """

    def __init__(self, worker: str) -> None:
        super().__init__(f"the page is in worker {worker}")
        self.worker = worker


def newToken() -> str:
    """A random token of 256 bits."""
    return token_urlsafe(32)


class SessionRegistry:
    """
    Creates, finds and ends the sessions of one site.

    :ivar limits: the site's :class:`Limits`.
    :ivar log: the log of the site, see :class:`SiteLog`.
    :ivar keepAlive: keeps its sockets alive.
    :ivar tracer: traces the calls of all pages that are rendered from now on; None if nothing does.
    :ivar finder: finds a page that another worker has left, by its token and the worker that was asked for; see
        :meth:`find`.
    """

    def __init__(
        self,
        clock: IClock,
        limits: Limits,
        log: Logger,
        debug: bool,
        newToken: Callable[[], str] = newToken,
        fastPaths: FastPath = EVERY_FAST_PATH,
        sendToAll: SendToAll = sendToEach,
    ) -> None:
        self.clock = clock
        self.limits = limits
        self.log = SiteLog(log, clock, self._isToken)
        self._sendingLog = self.log.forPeer("sockets that could not be sent to")
        self._debug = debug
        self._newToken = newToken
        cache = EncodeCache(limits.maxBytesKept, FastPath.ENCODE_ONCE in fastPaths)
        self._batch = PlacesBatch(clock, self._sendingLog, cache, sendToAll)
        self._sessions: dict[str, Session] = {}
        # The peers that the pages were rendered for.
        self._peers: dict[str, tuple[str, ...]] = {}
        # Rendered and not connected, such as those that a crawler requests.
        self._unconnected: Peers[Session] = Peers()
        # Without a socket, having had one.
        self._transportless: Peers[Session] = Peers()
        self._reasons: OrderedDict[str, str] = OrderedDict()
        self._closed: str | None = None
        self.keepAlive = KeepAlive(clock, limits.pingInterval, limits.pingTimeout)
        self._connections = 0
        self._watchers: tuple[Watcher, ...] = ()
        self._parts = USUAL
        self.tracer: Tracer | None = None
        # Of pages that are watched.
        self._count = 0
        self.finder: Callable[[str, str], Deferred[Session | None]] | None = None
        self._searches: dict[str, list[Deferred[Session | None]]] = {}
        # Until when running calls may finish; None before the site begins to stop.
        self._deadline: float | None = None

    def watch(self, watcher: Watcher) -> None:
        """Call ``watcher`` for the changes of all pages that are rendered from now on."""
        self._watchers += (watcher,)

    def measure(self, meter: Meter) -> None:
        """Count with ``meter`` what happens on all pages that are rendered from now on."""
        self.watch(meter)
        self._parts = self._parts._replace(local=partial(MeasuredCalls, meter))

    def __iter__(self) -> Iterator[Session]:
        return iter(self._sessions.values())

    def __len__(self) -> int:
        return len(self._sessions)

    def add(self, page: IPage, peer: tuple[str, ...] = (), token: str | None = None) -> Session:
        """
        Create the session of a page that is being rendered. If too many pages are unconnected then, the peer with most
        of them loses its oldest.

        :param peer: the peer that the page is rendered for, from coarse to fine; see
            :func:`athenalite._server.peer.peerOf`.
        :param token: of a page that another worker has left; see :meth:`find`.
        """
        watched = WatchedPage(page, self._watchers, self.clock) if self._watchers else None
        session = Session(
            token or self._newToken(),
            page if watched is None else cast(IPage, watched),
            batch=self._batch,
            clock=self.clock,
            limits=self.limits,
            # Who develops a site needs all errors, and is the only peer.
            log=self.log.forPeer("a page", peer[0] if peer and not self._debug else None),
            siteLog=self.log,
            debug=self._debug,
            ended=self._ended,
            parts=self._parts if self.tracer is None else self.tracer.parts(page, self._parts),
        )
        self._sessions[session.token] = session
        self._peers[session.token] = peer
        self._unconnected.add(session.token, session, peer)
        if watched is not None:
            self._count += 1
            watched.rendered(self._count, session, peer)
        if self._closed is not None:
            # Not before the caller has the session.
            self.clock.callLater(0, session.close, self._closed)
        if len(self._unconnected) > self.limits.maxPagesUnconnected:
            self._unconnected.takeFromLargest().close("too many pages were opened and not connected")
        return session

    def get(self, token: str) -> Session | None:
        """
        :return: the session that ``token`` identifies, or None if it has ended, see :meth:`reason`.
        """
        return self._sessions.get(token)

    def find(self, token: str, worker: str) -> Deferred[Session | None] | None:
        """
        Look for a page that another worker has left.

        :param worker: the one that its browser has asked for.
        :return: fires with its session, which is added by then, or None; fails with :class:`InOtherWorker`, or if it is
            unknown where the page is. None if there are no other workers.
        """
        if self.finder is None or token in self._reasons:
            return None
        waiting: Deferred[Session | None] = Deferred()
        searches = self._searches.setdefault(token, [])
        searches.append(waiting)
        if len(searches) == 1:
            self.finder(token, worker).addBoth(self._found, token)
        return waiting

    def _found(self, result: Any, token: str) -> None:
        for waiting in self._searches.pop(token):
            waiting.callback(result)

    def opened(self, session: Session) -> None:
        """Note that ``session`` has a socket: it does not count as unconnected or transportless any more."""
        self._unconnected.remove(session.token)
        self._transportless.remove(session.token)

    def _isToken(self, text: str) -> bool:
        return text in self._sessions or text in self._reasons

    def pageLeft(self, token: str, socket: int) -> None:
        """
        Handle a report over HTTP that the browser has left the page of ``token``, whose newest socket was ``socket``.
        An unknown token is ignored.
        """
        session = self._sessions.get(token)
        if session is not None:
            session.pageLeftSocket(socket)

    def reason(self, token: str) -> str:
        """Why the page of ``token`` was lost, or :data:`UNKNOWN`."""
        return self._reasons.get(token, UNKNOWN)

    def iteration(self) -> int:
        """A number that differs between iterations of the reactor, if a message was queued in between."""
        return self._batch.number

    def reserve(self, fill: Callable[[], Filling]) -> None:
        """See :meth:`athenalite._core.places.PlacesBatch.reserve`."""
        self._batch.reserve(fill)

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return self._connections

    def connectionMade(self) -> None:
        """Count an opened connection."""
        self._connections += 1

    def connectionLost(self, session: Session | None) -> None:
        """Count a closed connection, which belonged to ``session``."""
        self._connections -= 1
        if session is not None and session.state is State.TRANSPORTLESS:
            self._transportless.add(session.token, session, self._peers[session.token])
            if len(self._transportless) > self.limits.maxPagesTransportless:
                self._transportless.takeFromLargest().close("too many pages were away")

    def close(self, reason: str) -> Deferred[None]:
        """
        End all pages, with ``reason``. Running calls may finish first, within ``limits.shutdownTimeout`` seconds.

        :return: fires when every session has ended, and its browser has closed the connection or timed out.
        """
        self._closed = reason
        done: Deferred[None] = Deferred()
        self._waitForCalls(reason, done)
        return done

    def deadline(self) -> float:
        """
        :return: until when running calls may finish: ``limits.shutdownTimeout`` seconds after the first time that
            somebody has asked for this.
        """
        if self._deadline is None:
            self._deadline = self.clock.seconds() + self.limits.shutdownTimeout
        return self._deadline

    def _waitForCalls(self, reason: str, done: Deferred[None]) -> None:
        if all(session.idle for session in self._sessions.values()) or self.clock.seconds() >= self.deadline():
            self._closeSessions(reason, done)
        else:
            self.clock.callLater(POLL, self._waitForCalls, reason, done)

    def _closeSessions(self, reason: str, done: Deferred[None]) -> None:
        # Send the responses to the calls that have finished.
        self._batch.end()
        for session in list(self._sessions.values()):
            session.close(reason)
        self._waitForSockets(self.clock.seconds() + _CLOSING, done)

    def _waitForSockets(self, deadline: float, done: Deferred[None]) -> None:
        if self._connections == 0 or self.clock.seconds() >= deadline:
            self._sendingLog.close()
            self.log.close()
            done.callback(None)
        else:
            self.clock.callLater(POLL, self._waitForSockets, deadline, done)

    def _ended(self, session: Session) -> None:
        assert session.state is State.LOST
        del self._sessions[session.token], self._peers[session.token]
        self._unconnected.remove(session.token)
        self._transportless.remove(session.token)
        if session.reason != MOVED:
            self._reasons[session.token] = session.reason or UNKNOWN
        if len(self._reasons) > _REMEMBERED:
            self._reasons.popitem(last=False)
