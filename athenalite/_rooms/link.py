# -*- test-case-name: tests.rooms.test_link -*-
"""
The interfaces between rooms and their engine, which keeps an ordered log of entries for each room.

All operations of one :class:`Link` are carried out in their order. Each is one step in the engine, and fails if the
link is lost; then it is unknown whether it was carried out.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Protocol

from twisted.internet.defer import Deferred

#: How many entries are read at once.
READ_AT_ONCE: Final = 500


class Position(NamedTuple):
    """
    A place in a room's log: the number of an entry, from 1, in a log that is identified by its epoch. An engine that
    has forgotten the room has another epoch, or none: the empty string.
    """

    epoch: str
    number: int


#: That of a room which has no entries.
NOWHERE: Final = Position("", 0)


class Log(NamedTuple):
    """
    A part of a room's log.

    :ivar position: the last entry of the room.
    :ivar entries: numbers and texts, from the requested one on; at most :data:`READ_AT_ONCE`.
    :ivar numbers: the last number of each worker that the engine has accepted; empty unless a worker joins.
    :ivar members: each claimed name, and ``[worker, info]`` as JSON; empty unless a worker joins, or reads from 0 on.
    """

    position: Position
    entries: list[tuple[int, str]]
    numbers: dict[str, int]
    members: dict[str, str]


#: The suffix of the key with the name of the worker that has taken a text.
TAKER: Final = ":at"


class Taken(NamedTuple):
    """
    The result of :meth:`Link.take`.

    :ivar text: the text that was kept; None if there is none.
    :ivar taker: the name of the worker that has taken the text before; empty if that is unknown.
    """

    text: str | None
    taker: str


class Link(Protocol):
    """A connection to an engine, for commands and for notifications, which call ``EngineUser.notified``."""

    def subscribe(self, room: str) -> Deferred[Any]:
        """:return: fires when the engine will notify of each entry that is appended from then on."""

    def unsubscribe(self, room: str) -> None:
        """Get no more notifications for this room."""

    def read(self, room: str, since: int | None) -> Deferred[Log]:
        """
        Read entries.

        :param since: the number of the first. None to join: only the last entry is read.
        """

    def positions(self, rooms: list[str]) -> Deferred[list[Position]]:
        """Read the positions of these rooms."""

    def append(self, room: str, worker: str, number: int, text: str) -> Deferred[bool]:
        """Append an entry, unless this number of the worker, or a larger one, was accepted before."""

    def claim(
        self, room: str, worker: str, number: int, name: str, member: str, text: str, was: str = ""
    ) -> Deferred[bool]:
        """
        Let a member enter, unless the name is claimed by a worker with a lease.

        :param member: ``[worker, info]`` as JSON.
        :param text: the entry to append then.
        :param was: a worker from which the name may be taken over.
        :return: fires with whether the name is claimed by this worker.
        """

    def release(self, room: str, worker: str, number: int, name: str, text: str) -> Deferred[bool]:
        """Let a member leave, if the name is claimed by this worker."""

    def sweep(self, room: str, worker: str, number: int, attempt: int) -> Deferred[bool]:
        """
        Let the members of workers without a lease leave.

        :param attempt: how often this was requested, this time included.
        """

    def renew(self, worker: str, seconds: float) -> Deferred[frozenset[str]]:
        """
        Renew the lease of a worker.

        :return: fires with the workers that have one.
        """

    def keep(self, key: str, text: str, seconds: float) -> Deferred[Any]:
        """Keep a text for so long, until :meth:`take`."""

    def take(self, key: str, name: str, seconds: float) -> Deferred[Taken]:
        """
        Take a text that was kept, and leave the name of this worker in its place for so long.

        :param name: empty for a worker that has none, which leaves nothing.
        :return: fires with the text, for the first caller only; for later ones with the name.
        """

    def end(self, worker: str) -> Deferred[Any]:
        """End the lease of a worker."""

    def lose(self, reason: str) -> None:
        """Drop the link. The engine connects again."""


class EngineUser(Protocol):
    """What an engine calls."""

    def engineConnected(self, link: Link) -> None:
        """There is a link."""

    def engineDisconnected(self, link: Link, reason: str) -> None:
        """The link is lost. There will be another one."""

    def notified(self, link: Link, room: str, position: Position, text: str) -> None:
        """An entry was appended, at this position."""


class Engine(Protocol):
    """What connects a worker to a store that others are connected to, as long as it takes and as often as needed."""

    def connect(self, user: EngineUser, clock: Any, log: Any) -> None:
        """Connect, and connect again whenever a link is lost."""

    def disconnect(self) -> Deferred[Any]:
        """Drop the link and do not connect again. :return: fires when that is done."""
