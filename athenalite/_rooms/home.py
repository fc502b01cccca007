# -*- test-case-name: tests.rooms.test_home -*-
"""
The rooms of one worker: :class:`Rooms`, and how a room finds those that it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex
from typing import Any, Final
from weakref import WeakValueDictionary, finalize

from twisted.logger import Logger

from ..interfaces import IClock
from ..limits import Limits
from .arriving import ARRIVING, Arrival
from .carrier import Carrier
from .client import EngineClient
from .link import Engine, Position, Taken
from .local import LocalCarrier
from .members import Members

_CURRENT: Final[ContextVar[Rooms | None]] = ContextVar("athenalite.rooms", default=None)


def _newSuffix() -> str:
    return token_hex(4)


class Rooms:
    """
    The rooms of one worker, by name. A :class:`Room` that is made while they are the current ones belongs to them.

    :ivar log: where failures of rooms are logged.
    """

    def __init__(
        self,
        engine: Engine | None = None,
        name: str = "w",
        limits: Limits | None = None,
        log: Logger | None = None,
        newSuffix: Callable[[], str] = _newSuffix,
    ) -> None:
        """
        :param engine: what connects them to those of other workers; None for one process.
        :param name: of this worker. In the engine it has a suffix, another one after each start.
        :param newSuffix: makes the suffix.
        """
        self.log = Logger(namespace="athenalite") if log is None else log
        self._clock: IClock | None = None
        self._pending: list[Callable[[], None]] = []
        self._client: EngineClient | None = None
        if engine is not None:
            self._client = EngineClient(engine, f"{name}-{newSuffix()}", limits or Limits(), self.log)
        self._rooms: WeakValueDictionary[str, Any] = WeakValueDictionary()

    def __len__(self) -> int:
        return len(self._rooms)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Let rooms that are made in this context belong to these."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    def enter(self) -> None:
        """Make these the current rooms from here on, until :meth:`leave`."""
        _CURRENT.set(self)

    def add(self, room: Any) -> Carrier:
        """
        :raise ValueError: if there is a room of that name.
        """
        if room.name in self._rooms:
            raise ValueError(f"this process has a room named {room.name!r} already: {self._rooms[room.name]!r}")
        self._rooms[room.name] = room
        return self._carrierFor(room)

    def adopt(self, room: Any) -> None:
        """Let a room belong to these that was made before, when its module was imported by another one."""
        if self._rooms.get(room.name) is not room:
            room._athenaCarrier = self.add(room)

    def _carrierFor(self, room: Any) -> Carrier:
        if self._client is None:
            return LocalCarrier(room, self.log, self._later)
        finalize(room, self._client.remove, room.name).atexit = False
        return self._client.add(room)

    def start(self, clock: IClock) -> None:
        """Begin to run calls. Those that were made before run in the clock's next iteration."""
        self._clock = clock
        pending, self._pending = self._pending, []
        for function in pending:
            clock.callLater(0, function)
        if self._client is not None:
            self._client.start(clock)

    async def joined(self) -> None:
        """
        Wait until this worker has joined the rooms that exist, or for two seconds if the engine does not answer. Calls
        that other workers make before do not run in this one.
        """
        if self._client is not None:
            await self._client.joined()

    def leave(self) -> None:
        """Undo :meth:`enter`: rooms that are made from now on belong to no site."""
        if _CURRENT.get() is self:
            _CURRENT.set(None)

    async def stop(self, hasMoved: bool = False) -> None:
        """
        Stop, after the pages are closed. The queued operations are sent to the engine first.

        :param hasMoved: whether some have moved to other workers.
        """
        if self._client is not None:
            await self._client.stop(hasMoved)

    # Pages that move

    @property
    def isShared(self) -> bool:
        """Whether there is an engine."""
        return self._client is not None

    async def keep(self, key: str, text: str, seconds: float) -> None:
        """See :meth:`EngineClient.keep`."""
        assert self._client is not None
        await self._client.keep(key, text, seconds)

    async def take(self, key: str, name: str, seconds: float) -> Taken:
        """See :meth:`Link.take`."""
        assert self._client is not None
        return await self._client.take(key, name, seconds)

    def departing(self, elements: Sequence[Any]) -> list[Any]:
        """
        :return: JSON for :meth:`arriving`: this worker, and how far the rooms are of which one of these is a member.
        """
        assert self._client is not None
        positions = {}
        for name, room in self._rooms.items():
            position = self._client.positionOf(name)
            members = [one for one in vars(room).values() if isinstance(one, Members)]
            isMember = any(element in one for one in members for element in elements)
            if isMember and position is not None:
                positions[name] = list(position)
        return [self._client.worker, positions]

    def arriving(self, departed: Any) -> Arrival:
        """
        Let rooms know, from here on in this context, that elements come from another worker.

        :raise ValueError: for what :meth:`departing` does not return.
        """
        try:
            worker, found = departed
            positions = {name: Position(str(epoch), int(number)) for name, (epoch, number) in found.items()}
        except (TypeError, AttributeError):
            raise ValueError("the positions of its rooms are incomplete or of another version") from None
        arrival = Arrival(str(worker), positions)
        ARRIVING.set(arrival)
        return arrival

    async def catchUp(self, arrival: Arrival, elements: Sequence[Any]) -> None:
        """See :meth:`EngineClient.catchUp`."""
        assert self._client is not None
        await self._client.catchUp(arrival, elements)

    def kill(self) -> None:
        """End without a word, for tests."""
        if self._client is not None:
            self._client.kill()

    def _later(self, function: Callable[[], None]) -> None:
        if self._clock is None:
            self._pending.append(function)
        else:
            self._clock.callLater(0, function)


def carrierFor(room: Any) -> Carrier:
    """
    :return: what carries the calls of a new room: by the current rooms, or for a room of no site, at once.
    """
    rooms = _CURRENT.get()
    return LocalCarrier(room, Logger(namespace="athenalite"), None) if rooms is None else rooms.add(room)
