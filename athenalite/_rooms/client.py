# -*- test-case-name: tests.rooms.test_client -*-
"""
The connection of one worker to its engine, for all its rooms: :class:`EngineClient`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from .._text.throttle import Throttle
from ..interfaces import IClock
from ..limits import Limits
from .arriving import Arrival, catchUp
from .joined import JoinedCarrier
from .link import Engine, Link, Position, Taken
from .queue import Budget

_Answer = TypeVar("_Answer")

#: How often the positions of all rooms are read, in seconds.
CHECK: Final = 5.0
#: After so many checks without an answer, the link is dropped.
_UNANSWERED: Final = 2
#: A worker's lease, in seconds. It is renewed with each check.
LEASE: Final = 30.0
#: How long a worker that stops waits for answers, in seconds.
_FAREWELL: Final = 2.0
#: How often a condition is checked within this time.
_TRIES: Final = 40


class EngineClient:
    """
    :ivar worker: the name of this worker in the engine, another one after each start.
    :ivar link: the connection; None while there is none.
    """

    def __init__(self, engine: Engine, worker: str, limits: Limits, log: Logger) -> None:
        self.worker = worker
        self.link: Link | None = None
        self.log = log
        self.budget = Budget()
        self._engine = engine
        self._limits = limits
        self._clock: IClock | None = None
        self._carriers: dict[str, JoinedCarrier] = {}
        self._checking: IDelayedCall | None = None
        self._expiring: IDelayedCall | None = None
        self._unanswered = 0
        self._alive: frozenset[str] | None = None
        self._emptied: Deferred[None] | None = None
        self._throttle = Throttle()

    # Rooms

    def add(self, room: Any) -> JoinedCarrier:
        """
        :return: the carrier of a new room, which joins as soon as there is a link.
        """
        carrier = self._carriers[room.name] = JoinedCarrier(room, self)
        if self.link is not None:
            carrier.connected(self.link)
        return carrier

    def remove(self, name: str) -> None:
        """Forget a room that the application has dropped."""
        carrier = self._carriers.pop(name, None)
        if carrier is not None:
            carrier.expire(math.inf)
        if self.link is not None:
            self.link.unsubscribe(name)

    def deadline(self) -> float:
        return 0.0 if self._clock is None else self._clock.seconds() + self._limits.engineTimeout

    def hasRoomFor(self, size: int) -> bool:
        return self.budget.size + size <= self._limits.maxBytesForEngine

    # Life

    def start(self, clock: IClock) -> None:
        """Connect."""
        self._clock = clock
        for carrier in self._carriers.values():
            carrier.queue.restart(self.deadline())
        self.added()
        self._engine.connect(self, clock, self.log)
        self._checking = clock.callLater(CHECK, self._check)

    async def stop(self, hasMoved: bool = False) -> None:
        """
        Wait for a moment until the engine has answered, end the lease, and disconnect.

        :param hasMoved: whether pages have gone to other workers, which claim their names there: the lease is kept.
        """
        if self._clock is None:
            return
        if any(len(carrier.queue) for carrier in self._carriers.values()) and self.link is not None:
            self._emptied = Deferred()
            self._emptied.addTimeout(_FAREWELL, self._clock, onTimeoutCancel=lambda *_: None)  # type: ignore[arg-type]
            await self._emptied
        if self.link is not None and not hasMoved:
            ended = self.link.end(self.worker).addErrback(lambda _: None)
            await ended.addTimeout(_FAREWELL, self._clock, onTimeoutCancel=lambda *_: None)  # type: ignore[arg-type]
        for carrier in self._carriers.values():
            carrier.expire(math.inf)
        await self.kill()

    def kill(self) -> Deferred[Any]:
        """Disconnect, and keep the lease. :return: fires when that is done."""
        for call in (self._checking, self._expiring):
            if call is not None and call.active():
                call.cancel()
        return self._engine.disconnect()

    # What the engine calls

    def engineConnected(self, link: Link) -> None:
        self.link = link
        self._unanswered = 0
        # What this answers is not looked at: others are connecting, too.
        self.request(link.renew(self.worker, LEASE), lambda _: None)
        self._alive = None
        for carrier in list(self._carriers.values()):
            carrier.connected(link)

    def engineDisconnected(self, link: Link, reason: str) -> None:
        if link is self.link:
            self.link = None
            for carrier in self._carriers.values():
                carrier.disconnected()

    def notified(self, link: Link, room: str, position: Position, text: str) -> None:
        carrier = self._carriers.get(room)
        if carrier is not None and link is self.link:
            carrier.notified(position, text)

    # Requests

    def request(self, made: Deferred[Any], answered: Callable[[Any], None]) -> None:
        link = self.link

        def succeeded(value: Any) -> None:
            # An answer on a link that was given up is as good as none: all is asked again.
            if link is self.link:
                answered(value)
                self._looked()

        def failed(failure: Failure) -> None:
            if link is not None and link is self.link:
                if not failure.check(ConnectionError):
                    self.log.failure("rooms: an answer of the engine cannot be used", failure)
                link.lose(failure.getErrorMessage() or "an error")

        made.addCallback(succeeded).addErrback(failed)

    def _looked(self) -> None:
        if self._emptied is not None and not any(len(carrier.queue) for carrier in self._carriers.values()):
            emptied, self._emptied = self._emptied, None
            emptied.callback(None)

    # Texts

    async def keep(self, key: str, text: str, seconds: float) -> None:
        """
        Keep a text in the engine for so long.

        :raise Exception: if it does not answer in time.
        """
        link, clock = await self._linked()
        await _answerOf(link.keep(key, text, seconds), clock)

    async def take(self, key: str, name: str, seconds: float) -> Taken:
        """
        See :meth:`Link.take`.

        :raise Exception: if the engine does not answer in time.
        """
        link, clock = await self._linked()
        return await _answerOf(link.take(key, name, seconds), clock)

    async def catchUp(self, arrival: Arrival, elements: Sequence[Any]) -> None:
        """
        See :func:`athenalite._rooms.arriving.catchUp`, for all its rooms that this worker has.

        :raise Exception: if the engine does not answer in time.
        """
        await self._linked()
        for carrier in [self._carriers[name] for name in arrival.positions if name in self._carriers]:
            await self._until(carrier.hasJoined)
            await catchUp(carrier, arrival, elements)

    async def joined(self) -> None:
        """Wait until this worker has joined all its rooms, for as long as for the engine's answers."""
        await self._until(lambda: all(carrier.hasJoined() for carrier in self._carriers.values()))

    async def _linked(self) -> tuple[Link, Any]:
        # A worker that has just started, or has lost its connection, has one in a moment.
        await self._until(lambda: self.link is not None)
        if self.link is None:
            raise ConnectionError("the engine is away")
        return self.link, self._clock

    async def _until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds, for as long as for the engine's answers."""
        clock: Any = self._clock
        for _ in range(_TRIES):
            if condition():
                return
            await deferLater(clock, _FAREWELL / _TRIES)

    def positionOf(self, name: str) -> Position | None:
        """
        :return: the last entry of a room that has been run here, whether or not the engine is connected.
        """
        return self._carriers[name].follower.position if name in self._carriers else None

    # Timers

    def _check(self) -> None:
        assert self._clock is not None
        self._checking = self._clock.callLater(CHECK, self._check)
        link = self.link
        if link is None:
            return
        if self._unanswered >= _UNANSWERED:
            link.lose("it does not answer")
            return
        self._unanswered += 1
        names = list(self._carriers)
        self.request(link.positions(names), lambda positions: self._checked(names, positions))
        self.request(link.renew(self.worker, LEASE), self._renewed)

    def _checked(self, names: Iterable[str], positions: Iterable[Position]) -> None:
        self._unanswered = 0
        for name, position in zip(names, positions, strict=True):
            carrier = self._carriers.get(name)
            if carrier is not None and not carrier.check(position) and self.link is not None:
                self.log.warn("rooms: the engine does not notify of new calls; connecting again")
                self.link.lose("a notification is missing")
                return

    def _renewed(self, alive: frozenset[str]) -> None:
        before, self._alive = self._alive, alive
        if before is None:
            return
        # Members leave if their worker had no lease before this renewal and the last one. After the engine was away,
        # or its clock has jumped, no worker has one, until it has renewed its own.
        for carrier in list(self._carriers.values()):
            carrier.sweep(alive | before)

    def added(self) -> None:
        if self._clock is None or (self._expiring is not None and self._expiring.active()):
            return
        deadlines = [carrier.queue.nextDeadline() for carrier in self._carriers.values()]
        earliest = min((one for one in deadlines if one is not None), default=None)
        if earliest is not None:
            self._expiring = self._clock.callLater(max(earliest - self._clock.seconds(), 0), self._expire)

    def unhandled(self, reason: str) -> None:
        now = 0.0 if self._clock is None else self._clock.seconds()
        if self._throttle.allows(now):
            self.log.warn("rooms: a call failed, and perhaps more within a minute: {reason}", reason=reason)

    def _expire(self) -> None:
        assert self._clock is not None
        now = self._clock.seconds()
        for carrier in list(self._carriers.values()):
            carrier.expire(now)
        self.added()


async def _answerOf(made: Deferred[_Answer], clock: Any) -> _Answer:
    try:
        return await made.addTimeout(_FAREWELL, clock)
    except DeferredTimeout:
        # Its text is the seconds.
        raise ConnectionError("the engine does not answer") from None
