# -*- test-case-name: tests.rooms.test_carrier -*-
"""
What carries the calls of a room to its workers, and runs those that arrive: the base class :class:`Carrier`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple
from weakref import ref

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from .._text.printable import printable
from .entries import ENTERED, LEFT, WAS, Entry, decodeArguments, encodeArguments
from .everywhere import bodyOf, check, run

#: Of how many members that have left the information is kept.
_MAX_GONE: Final = 1000


class Member(NamedTuple):
    """A name in a room, with the information that was given when it was claimed, and the worker that claimed it."""

    info: Any
    worker: str


class Carrier:
    """
    Runs the entries of one room, in their order, and keeps who is present.

    :ivar isDelivering: whether an entry is being run.
    :ivar members: who is present, by name.
    """

    def __init__(self, room: Any, log: Logger) -> None:
        """
        :param room: it is not kept: a room that an application has dropped is not called any more.
        """
        self.name: str = room.name
        self.isDelivering = False
        self.members: dict[str, Member] = {}
        self.log = log
        self._room = ref(room)
        self._reported: set[str] = set()
        # Those who have left last, with their information.
        self._gone: dict[str, Any] = {}

    def call(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Deferred[None]:
        """
        Send a call to all workers.

        :return: see :func:`everywhere`.
        """
        raise NotImplementedError

    def claim(self, name: str, info: Any) -> Deferred[bool]:
        """See :meth:`Room.claim`."""
        raise NotImplementedError

    def release(self, name: str) -> Deferred[None]:
        """See :meth:`Room.release`."""
        raise NotImplementedError

    def prepare(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Entry]:
        """
        Check the arguments of a call, as they will arrive.

        :return: the end of its entry, and the entry without a worker and a number.
        """
        ending = encodeArguments(method, args, kwargs)
        entry = decodeArguments(ending)
        check(bodyOf(self._room(), method), entry.args, entry.kwargs)
        return ending, entry

    def deliver(self, entry: Entry) -> None:
        """Run an entry in this worker."""
        room = self._room()
        if room is None:
            return
        if entry.method == ENTERED:
            name, info, worker = entry.args
            self._enter(room, name, Member(info, worker))
        elif entry.method == LEFT:
            for name in entry.args[0]:
                self._leave(room, name)
        else:
            self._call(room, entry)

    def _call(self, room: Any, entry: Entry) -> None:
        try:
            body = bodyOf(room, entry.method)
        except TypeError:
            self.log.failure("{room}: {method} cannot be called", room=room, method=entry.method)
            return
        if body is None:
            self.report(f"it names {entry.method[:100]!r}, which does not run everywhere")
            return
        self._within(run, room, entry.method, body, entry.args, entry.kwargs, self.log)

    def _enter(self, room: Any, name: str, member: Member) -> None:
        known = self.members.get(name)
        self.members[name] = member
        if known is None:
            self._hook(room, room.entered, name, member.info)

    def _leave(self, room: Any, name: str) -> None:
        member = self.members.pop(name, None)
        if member is not None:
            self._gone[name] = member.info
            if len(self._gone) > _MAX_GONE:
                del self._gone[next(iter(self._gone))]
            self._hook(room, room.left, name, member.info)

    def repeat(self, entry: Entry) -> None:
        """Run an entry again, for an element that has missed it."""
        room = self._room()
        if room is None:
            return
        if entry.method == ENTERED:
            if WAS not in entry.kwargs:
                self._hook(room, room.entered, *entry.args[:2])
        elif entry.method == LEFT:
            for name in entry.args[0]:
                if name in self._gone:
                    self._hook(room, room.left, name, self._gone[name])
        else:
            self._call(room, entry)

    def found(self, members: dict[str, Member]) -> None:
        """The engine has these members, which may differ from those known here after calls were missed."""
        room = self._room()
        for name in [] if room is None else [one for one in self.members if one not in members]:
            self._leave(room, name)
        for name, member in () if room is None else members.items():
            self._enter(room, name, member)

    def taken(self, name: str) -> None:
        """Call the room's hook for a name that this worker had claimed, and that a member of another worker has now."""
        room = self._room()
        if room is not None:
            self._hook(room, room.taken, name)

    def missed(self, count: int | None) -> None:
        """Entries were lost: tell the room."""
        room = self._room()
        if room is not None:
            self.log.warn("{room}: {count} calls were missed", room=room, count="some" if count is None else count)
            self._hook(room, room.missed, count)

    def _hook(self, room: Any, hook: Callable[..., Any], *args: Any) -> None:
        self._within(run, room, hook.__name__, hook, args, {}, self.log)

    def _within(self, function: Callable[..., None], *args: Any) -> None:
        outer, self.isDelivering = self.isDelivering, True
        try:
            function(*args)
        finally:
            self.isDelivering = outer

    def report(self, reason: str) -> None:
        """Log that an entry is skipped, once for each reason: the engine may have many of them."""
        if reason not in self._reported and len(self._reported) < 100:
            self._reported.add(reason)
            self.log.error(
                "room {name}: an entry of the engine is skipped: {reason}", name=self.name, reason=printable(reason)
            )
