# -*- test-case-name: tests.rooms.test_memory -*-
"""
An engine in memory, for tests: :class:`MemoryEngine`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from twisted.internet.defer import Deferred, succeed

from ..interfaces import IClock
from .link import EngineUser, Log, Position, Taken
from .store import Store

#: How long it takes to connect again, in seconds.
RECONNECT: Final = 0.05


class MemoryEngine:
    """
    An engine that several workers of one process share, and that a test can cut, stall, empty and set back. Give it the
    same clock as the workers.

    :ivar store: what it contains.
    """

    def __init__(self, clock: Any, *, history: int = 10_000, isAutomatic: bool = True) -> None:
        """
        :param history: how many calls of each room are kept.
        :param isAutomatic: whether each request, answer and notification takes one call of the clock; otherwise the
            test steps.
        """
        self.store = Store(clock.seconds, history)
        self.isAutomatic = isAutomatic
        self.links: list[MemoryLink] = []
        self._clock: IClock = clock
        self._isUp = True
        self._isStalled = False
        self._refusal: str | None = None
        self._waiting: list[EngineUser] = []
        self._connecting: dict[EngineUser, Any] = {}

    def door(self) -> MemoryDoor:
        """
        :return: the engine as one worker uses it.
        """
        return MemoryDoor(self)

    # Faults

    def cut(self) -> None:
        """Drop all connections, with the requests and answers that are on their way. Workers connect again."""
        for link in list(self.links):
            link.lose("cut")

    def stop(self) -> None:
        """Drop all connections, and refuse others until :meth:`start`."""
        self._isUp = False
        self.cut()

    def start(self) -> None:
        """Accept connections again, and requests."""
        self._isUp, self._refusal = True, None
        waiting, self._waiting = self._waiting, []
        for user in waiting:
            self._connectLater(user)

    def stall(self) -> None:
        """Stand still: connections stay, and nothing is answered until :meth:`go`."""
        self._isStalled = True

    def go(self) -> None:
        """Go on after :meth:`stall`."""
        self._isStalled = False
        for link in self.links:
            link.scheduleAll()

    def refuse(self, reason: str = "OOM command not allowed when used memory > 'maxmemory'.") -> None:
        """Refuse to write, as an engine that is full or read-only does, until :meth:`start`."""
        self._refusal = reason

    def empty(self) -> None:
        """Restart without data."""
        self.store.empty()
        self.cut()

    def save(self) -> object:
        """
        :return: what it contains now, for :meth:`setBack`.
        """
        return self.store.save()

    def setBack(self, saved: object) -> None:
        """Restart with what it contained then."""
        self.store.restore(saved)
        self.cut()

    def loseSubscriptions(self) -> None:
        """Drop the subscriptions of all connections, which stay open and are notified of nothing more."""
        for link in self.links:
            link.rooms.clear()

    # Connections

    def disconnect(self, user: Any) -> None:
        """Drop the connection of one worker for good, as when its process ends."""
        for link in list(self.links):
            if link.user is user:
                link.isClosed = True
                link.lose("disconnected")
        connecting = self._connecting.pop(user, None)
        if connecting is not None:
            connecting.cancel()
        self._waiting = [one for one in self._waiting if one is not user]

    def _connectLater(self, user: EngineUser) -> None:
        self._connecting[user] = self._clock.callLater(RECONNECT, self._connect, user)

    def _connect(self, user: EngineUser) -> None:
        self._connecting.pop(user, None)
        if not self._isUp:
            self._waiting.append(user)
            return
        link = MemoryLink(self, user)
        self.links.append(link)
        user.engineConnected(link)

    def _lost(self, link: MemoryLink, reason: str) -> None:
        if link in self.links:
            self.links.remove(link)
            link.user.engineDisconnected(link, reason)
            if not link.isClosed:
                self._connectLater(link.user)

    def _publish(self, room: str, position: Position, text: str) -> None:
        for link in self.links:
            if room in link.rooms:
                link.put(link.notifications, partial(link.user.notified, link, room, position, text))

    def _written(self, room: str, outcome: tuple[bool, tuple[Position, str] | None]) -> bool:
        answer, appended = outcome
        if appended is not None:
            self._publish(room, *appended)
        return answer


class MemoryDoor:
    """The engine as one worker uses it."""

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine
        self._user: EngineUser | None = None

    def connect(self, user: EngineUser, clock: Any, log: Any) -> None:
        """See :meth:`Engine.connect`."""
        self._user = user
        self._engine._connectLater(user)

    def disconnect(self) -> Deferred[None]:
        """See :meth:`Engine.disconnect`."""
        self._engine.disconnect(self._user)
        return succeed(None)


class MemoryLink:
    """
    A connection in memory. Requests, answers and notifications wait in a queue each, and are passed on one by one.

    :ivar requests: to the engine.
    :ivar answers: from it.
    :ivar notifications: from it, on a connection of their own: so they may overtake answers.
    """

    def __init__(self, engine: MemoryEngine, user: EngineUser) -> None:
        self.user = user
        self.rooms: set[str] = set()
        self.isClosed = False
        self.requests: deque[Callable[[], object]] = deque()
        self.answers: deque[Callable[[], object]] = deque()
        self.notifications: deque[Callable[[], object]] = deque()
        self._engine = engine
        self._unanswered: dict[Deferred[Any], None] = {}

    @property
    def isLost(self) -> bool:
        """Whether it is not connected any more."""
        return self not in self._engine.links

    def step(self, queue: deque[Callable[[], object]]) -> None:
        """Pass on the next message of this queue."""
        if queue and not self.isLost and not self._engine._isStalled:
            queue.popleft()()

    def put(self, queue: deque[Callable[[], object]], message: Callable[[], object]) -> None:
        """Have a message passed on, in a call of the clock, unless the test does so."""
        queue.append(message)
        self._schedule(queue)

    def scheduleAll(self) -> None:
        """Have all messages passed on: they waited while the engine stood still."""
        for queue in (self.requests, self.answers, self.notifications):
            for _ in queue:
                self._schedule(queue)

    def _schedule(self, queue: deque[Callable[[], object]]) -> None:
        if self._engine.isAutomatic:
            self._engine._clock.callLater(0, self.step, queue)

    def _request(self, function: Callable[[], Any], isWriting: bool = False) -> Deferred[Any]:
        result: Deferred[Any] = Deferred()
        if self.isLost:
            result.errback(ConnectionError("the link is lost"))
            return result
        self._unanswered[result] = None

        def execute() -> None:
            value = ConnectionError(self._engine._refusal) if isWriting and self._engine._refusal else function()
            self.put(self.answers, lambda: self._answer(result, value))

        self.put(self.requests, execute)
        return result

    def _answer(self, result: Deferred[Any], value: Any) -> None:
        del self._unanswered[result]
        if isinstance(value, Exception):
            result.errback(value)
        else:
            result.callback(value)

    def lose(self, reason: str) -> None:
        """See :meth:`Link.lose`."""
        self._engine._lost(self, reason)
        unanswered, self._unanswered = self._unanswered, {}
        for result in unanswered:
            result.errback(ConnectionError(reason))

    # The operations of Link

    def subscribe(self, room: str) -> Deferred[Any]:
        """See :class:`Link`, also for the others."""
        return self._request(lambda: self.rooms.add(room))

    def unsubscribe(self, room: str) -> None:
        """Get no more notifications."""
        self._request(lambda: self.rooms.discard(room)).addErrback(lambda _: None)

    def read(self, room: str, since: int | None) -> Deferred[Log]:
        """Read."""
        return self._request(lambda: self._engine.store.read(room, since))

    def positions(self, rooms: list[str]) -> Deferred[list[Position]]:
        """Read the positions."""
        return self._request(lambda: [self._engine.store.position(room) for room in rooms])

    def append(self, room: str, worker: str, number: int, text: str) -> Deferred[bool]:
        """Append."""
        return self._write(room, lambda: self._engine.store.append(room, worker, number, text))

    def claim(
        self, room: str, worker: str, number: int, name: str, member: str, text: str, was: str = ""
    ) -> Deferred[bool]:
        """Claim a name."""
        return self._write(room, lambda: self._engine.store.claim(room, worker, number, name, member, text, was))

    def release(self, room: str, worker: str, number: int, name: str, text: str) -> Deferred[bool]:
        """Release a name."""
        return self._write(room, lambda: self._engine.store.release(room, worker, number, name, text))

    def sweep(self, room: str, worker: str, number: int, attempt: int) -> Deferred[bool]:
        """Remove members of workers that have stopped."""
        return self._write(room, lambda: self._engine.store.sweep(room, worker, number, attempt))

    def _write(self, room: str, function: Callable[[], Any]) -> Deferred[bool]:
        return self._request(lambda: self._engine._written(room, function()), isWriting=True)

    def renew(self, worker: str, seconds: float) -> Deferred[frozenset[str]]:
        """Renew a lease."""
        return self._request(lambda: self._engine.store.renew(worker, seconds), isWriting=True)

    def keep(self, key: str, text: str, seconds: float) -> Deferred[None]:
        """Keep a text."""
        return self._request(lambda: self._engine.store.keep(key, text, seconds), isWriting=True)

    def take(self, key: str, name: str, seconds: float) -> Deferred[Taken]:
        """Take it."""
        return self._request(lambda: self._engine.store.take(key, name, seconds), isWriting=True)

    def end(self, worker: str) -> Deferred[None]:
        """End a lease."""
        return self._request(lambda: self._engine.store.end(worker))
