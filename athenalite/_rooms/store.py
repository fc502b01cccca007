# -*- test-case-name: tests.rooms.test_store -*-
"""
What an engine keeps, and does in one step, in Python: :class:`Store`. The scripts of ``_rooms/scripts.py`` do the same.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import count
from typing import Any

from .entries import LEFT, encodeArguments, encodeEntry
from .link import NOWHERE, READ_AT_ONCE, TAKER, Log, Position, Taken


class _Room:
    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self.number = 0
        self.log: dict[int, str] = {}
        self.numbers: dict[str, int] = {}
        #: Each name, with the worker that has claimed it and ``[worker, info]`` as JSON.
        self.members: dict[str, tuple[str, str]] = {}


class Store:
    """
    :ivar rooms: the rooms that have entries, by name. A test may write anything here.
    """

    def __init__(self, seconds: Callable[[], float], history: int = 10_000) -> None:
        """
        :param seconds: the time, for leases.
        :param history: how many entries of a room are kept.
        """
        self.rooms: dict[str, _Room] = {}
        self.history = history
        self.leases: dict[str, float] = {}
        self.texts: dict[str, tuple[str, float]] = {}
        self._seconds = seconds
        self._epochs = count(1)

    def save(self) -> Any:
        """
        :return: what it contains, for :meth:`restore`.
        """
        return deepcopy((self.rooms, self.leases, self.texts))

    def restore(self, saved: Any) -> None:
        """Contain what it contained then."""
        self.rooms, self.leases, self.texts = deepcopy(saved)

    def empty(self) -> None:
        """Forget everything."""
        self.rooms, self.leases, self.texts = {}, {}, {}

    # Reading

    def position(self, name: str) -> Position:
        """
        :return: the last entry of a room.
        """
        room = self.rooms.get(name)
        return NOWHERE if room is None else Position(room.epoch, room.number)

    def read(self, name: str, since: int | None) -> Log:
        """See :meth:`Link.read`."""
        room = self.rooms.get(name)
        if room is None:
            return Log(NOWHERE, [], {}, {})
        first = room.number if since is None else since
        entries = [(number, text) for number, text in room.log.items() if number >= first][:READ_AT_ONCE]
        members = {} if since else {one: member for one, (_, member) in room.members.items()}
        numbers = dict(room.numbers) if since is None else {}
        return Log(Position(room.epoch, room.number), entries, numbers, members)

    # Writing: each returns the answer, and the entry that was appended, if there is one.

    def append(self, name: str, worker: str, number: int, text: str) -> tuple[bool, tuple[Position, str] | None]:
        """See :meth:`Link.append`."""
        if not self._isNew(name, worker, number):
            return True, None
        return True, self._append(name, text)

    def claim(
        self, name: str, worker: str, number: int, member: str, value: str, text: str, was: str = ""
    ) -> tuple[bool, tuple[Position, str] | None]:
        """See :meth:`Link.claim`."""
        room = self._room(name)
        owner = room.members.get(member, (None, ""))[0]
        if not self._isNew(name, worker, number):
            return owner == worker, None
        if owner is not None and (owner == worker or (owner != was and self._isAlive(owner))):
            return owner == worker, None
        room.members[member] = worker, value
        return True, self._append(name, text)

    def release(
        self, name: str, worker: str, number: int, member: str, text: str
    ) -> tuple[bool, tuple[Position, str] | None]:
        """See :meth:`Link.release`."""
        room = self._room(name)
        if not self._isNew(name, worker, number) or room.members.get(member, (None, ""))[0] != worker:
            return True, None
        del room.members[member]
        return True, self._append(name, text)

    def sweep(self, name: str, worker: str, number: int, attempt: int) -> tuple[bool, tuple[Position, str] | None]:
        """See :meth:`Link.sweep`."""
        room = self._room(name)
        if not self._isNew(name, worker, number):
            return True, None
        gone = [member for member, (owner, _) in room.members.items() if not self._isAlive(owner)]
        for member in gone:
            del room.members[member]
        if not gone:
            return True, None
        return True, self._append(name, encodeEntry(worker, number, encodeArguments(LEFT, (gone,), {}), attempt))

    def renew(self, worker: str, seconds: float) -> frozenset[str]:
        """See :meth:`Link.renew`."""
        most = self.leases[worker] = self._seconds() + seconds
        # All leases are as long: one that ends later is of a time before the clock was set back.
        self.leases.update((name, most) for name, until in self.leases.items() if until > most)
        return frozenset(name for name in self.leases if self._isAlive(name))

    def keep(self, key: str, text: str, seconds: float) -> None:
        """See :meth:`Link.keep`."""
        self.texts[key] = text, self._seconds() + seconds

    def take(self, key: str, name: str, seconds: float) -> Taken:
        """See :meth:`Link.take`."""
        text = self._text(key)
        if text is None:
            return Taken(None, self._text(key + TAKER) or "")
        del self.texts[key]
        if name:
            self.keep(key + TAKER, name, seconds)
        return Taken(text, "")

    def _text(self, key: str) -> str | None:
        text, until = self.texts.get(key, (None, 0.0))
        return text if until > self._seconds() else None

    def end(self, worker: str) -> None:
        """See :meth:`Link.end`."""
        self.leases.pop(worker, None)

    def _isAlive(self, worker: str) -> bool:
        return self.leases.get(worker, float("-inf")) > self._seconds()

    def _room(self, name: str) -> _Room:
        room = self.rooms.get(name)
        if room is None:
            room = self.rooms[name] = _Room(f"epoch{next(self._epochs)}")
        return room

    def _isNew(self, name: str, worker: str, number: int) -> bool:
        room = self._room(name)
        if number <= room.numbers.get(worker, 0):
            return False
        room.numbers[worker] = number
        return True

    def _append(self, name: str, text: str) -> tuple[Position, str]:
        room = self._room(name)
        room.number += 1
        room.log[room.number] = text
        for number in list(room.log)[: max(0, len(room.log) - self.history)]:
            del room.log[number]
        return Position(room.epoch, room.number), text
