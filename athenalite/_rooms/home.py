# -*- test-case-name: tests.rooms.test_home -*-
"""
The rooms of one worker: :class:`Rooms`, and how a room finds those that it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final
from weakref import WeakValueDictionary

from twisted.logger import Logger

from ..interfaces import IClock
from .carrier import Carrier
from .local import LocalCarrier

_CURRENT: Final[ContextVar[Rooms | None]] = ContextVar("athenalite.rooms", default=None)


class Rooms:
    """
    The rooms of one worker, by name. A :class:`Room` that is made while they are the current ones belongs to them.

    :ivar log: where failures of rooms are logged.
    """

    def __init__(self, log: Logger | None = None) -> None:
        self.log = Logger(namespace="athenalite") if log is None else log
        self._clock: IClock | None = None
        self._pending: list[Callable[[], None]] = []
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

    def _carrierFor(self, room: Any) -> Carrier:
        return LocalCarrier(room, self.log, self._later)

    def start(self, clock: IClock) -> None:
        """Begin to run calls. Those that were made before run in the clock's next iteration."""
        self._clock = clock
        pending, self._pending = self._pending, []
        for function in pending:
            clock.callLater(0, function)

    def leave(self) -> None:
        """Undo :meth:`enter`: rooms that are made from now on belong to no site."""
        if _CURRENT.get() is self:
            _CURRENT.set(None)

    async def stop(self) -> None:
        """Stop, after the pages are closed."""

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
