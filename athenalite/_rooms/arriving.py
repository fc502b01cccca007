# -*- test-case-name: tests.rooms.test_arriving -*-
"""
Rooms for a page that comes from another worker: which calls it has received there, :class:`Arrival`, and those that it
has not, :func:`catchUp`.

A page that moves is in no worker for a moment. Its record has how far its rooms were when it left; the calls that were
accepted since are run again in its new worker, for its elements only. :class:`athenalite.rooms.Members` gives each call
the elements that are to receive it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Final, NamedTuple, Protocol

from twisted.internet.defer import Deferred

from .link import Log, Position


class Running(NamedTuple):
    """
    The call that runs.

    :ivar number: that of its entry in the room's log.
    :ivar only: the elements that it is run for; None for all.
    """

    room: str
    number: int
    only: Sequence[Any] | None = None


class Arrival:
    """
    A page that comes from another worker.

    :ivar worker: the name of that worker in the engine; its claims may be taken over.
    :ivar positions: the last entry of each room of its elements that they have received.
    :ivar until: the same here: the calls of each room up to this number are not for it.
    """

    def __init__(self, worker: str, positions: Mapping[str, Position]) -> None:
        self.worker = worker
        self.positions = positions
        self.until: dict[str, float] = dict.fromkeys(positions, math.inf)


RUNNING: Final[ContextVar[Running | None]] = ContextVar("athenalite.running", default=None)
ARRIVING: Final[ContextVar[Arrival | None]] = ContextVar("athenalite.arriving", default=None)


class Catching(Protocol):
    """A room, as :func:`catchUp` uses it."""

    name: str
    log: Any

    @property
    def here(self) -> Position | None:
        """The last entry that has been run in this worker; None before it has joined."""

    def entriesFrom(self, number: int) -> Deferred[Log]:
        """Read the log."""

    def runFor(self, number: int, text: str, elements: Sequence[Any]) -> None:
        """Run an entry for these elements."""


async def catchUp(room: Catching, arrival: Arrival, elements: Sequence[Any]) -> None:
    """
    Run the calls that the elements of a page have missed. This worker has joined the room.

    :raise ConnectionError: if the engine is away.
    """
    epoch, ran = arrival.positions[room.name]
    while True:
        here = room.here
        if here is None or (epoch and here.epoch != epoch):
            # An engine that has lost its data. All workers know.
            arrival.until[room.name] = 0
            return
        if ran >= here.number:
            arrival.until[room.name] = ran
            return
        before = ran
        log = await room.entriesFrom(ran + 1)
        here = room.here or here
        for number, text in log.entries if log.position.epoch == here.epoch else []:
            if ran < number <= here.number:
                room.runFor(number, text, elements)
                ran = number
        if ran == before:
            room.log.warn("room {name}: a page that has moved has missed calls", name=room.name)
            ran = here.number
