# -*- test-case-name: tests.rooms.test_follower -*-
"""
Follows the log of one room, so that each entry that is accepted after this worker has joined is run once, in order:
:class:`Follower`.

It does no I/O. Its user subscribes first, then reads, and does what :attr:`Follower.needsRead` says. The rules: a
notification is taken only if it is for the next entry (2). Any other has the log read, from the last received entry on,
which is compared with the one that was received (3): an engine that was restarted from an older state has the same
epoch and smaller numbers. An entry is identified by its worker and number, and runs once (4). The position is checked
from time to time, even without a notification, and a connection that was not notified of an entry is dropped (5).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from .entries import ENTERED, LEFT, BadEntry, Entry, decodeEntry
from .link import Log, Position

#: How many notifications wait while the log is read. Beyond it they are dropped, and the log is read again.
_MAX_WAITING: Final = 1000
#: How many workers' numbers are kept. A worker has another name after each start.
_MAX_WORKERS: Final = 10_000


class Missed(NamedTuple):
    """Entries are lost: so many, or None if that is unknown."""

    lost: int | None


class Found(NamedTuple):
    """The members that the engine has, as JSON, at joining or after entries were lost."""

    members: dict[str, str]
    isJoining: bool


class Skipped(NamedTuple):
    """An entry that cannot be run, and why."""

    reason: str


Event = Entry | Missed | Found | Skipped


class Follower:
    """
    :ivar position: the last entry that was received; None before this worker has joined.
    :ivar needsRead: whether the log is to be read, from :attr:`since` on. A read that is under way counts as none.
    """

    def __init__(self) -> None:
        self.position: Position | None = None
        self.needsRead = False
        #: The text of the last received entry; None if it is unknown.
        self._last: str | None = None
        #: The last number of each worker.
        self._seen: dict[str, int] = {}
        #: Where this worker has joined: entries up to there are not for it.
        self._joined = Position("", 0)
        self._isRecovering = False
        #: Members are known up to this entry.
        self._membersAt = 0
        self._isReading = False
        self._waiting: list[tuple[Position, str]] = []
        self._isFresh = True
        self._notified = 0
        self._due: int | None = None

    @property
    def since(self) -> int | None:
        """From where to read: the last received entry, itself included."""
        return None if self.position is None else self.position.number

    def subscribing(self) -> None:
        """There is a new link. What the old one would have brought is unknown, and what this one brings waits."""
        self._waiting.clear()
        self._isReading = self._isFresh = True
        self._due = None
        self.needsRead = False

    def subscribed(self) -> None:
        """The new link is notified from now on."""
        self._isReading = False
        self.needsRead = True

    def reading(self) -> None:
        """The log is being read."""
        self.needsRead = False
        self._isReading = True

    # Notifications

    def notified(self, position: Position, text: str) -> list[Event]:
        """
        An entry was appended.

        :return: what follows from it, to be run in this order.
        """
        self._notified = position.number
        if self._isReading or self.needsRead or self.position is None:
            if len(self._waiting) < _MAX_WAITING:
                self._waiting.append((position, text))
            else:
                self._waiting.clear()
            return []
        return self._take(position, text)

    def _take(self, position: Position, text: str) -> list[Event]:
        if self._isNext(position):
            return self._received(position, text)
        if not self._isOld(position, text):
            self.needsRead = True
        return []

    def _isNext(self, position: Position) -> bool:
        assert self.position is not None
        epoch, number = self.position
        return position.number == number + 1 and (position.epoch == epoch or (epoch, number) == ("", 0))

    def _isOld(self, position: Position, text: str) -> bool:
        # A read has overtaken the notification. Otherwise the engine was set back, and counts the same numbers again.
        assert self.position is not None
        if position.epoch != self.position.epoch or position.number > self.position.number:
            return False
        try:
            return self._isSeen(decodeEntry(text))
        except BadEntry:
            return False

    def _isSeen(self, entry: Entry) -> bool:
        return self._seen.get(entry.worker, 0) >= entry.number

    def _received(self, position: Position, text: str) -> list[Event]:
        self.position, self._last = position, text
        try:
            entry = decodeEntry(text)
        except BadEntry as error:
            return [Skipped(str(error))]
        if self._isSeen(entry):
            return []
        isBefore = position.epoch == self._joined.epoch and position.number <= self._joined.number
        if isBefore and entry.worker not in self._seen:
            return []
        self._see(entry)
        isKnown = entry.method in (ENTERED, LEFT) and position.number <= self._membersAt
        return [] if isKnown else [entry._replace(at=position.number)]

    def _see(self, entry: Entry) -> None:
        # The workers that were heard of last are at the end.
        self._seen.pop(entry.worker, None)
        self._seen[entry.worker] = entry.number
        if len(self._seen) > _MAX_WORKERS:
            del self._seen[next(iter(self._seen))]

    # Reading

    def read(self, log: Log) -> list[Event]:
        """
        The log was read, from :attr:`since` on.

        :return: what follows from it, to be run in this order.
        """
        self._isReading = False
        if self._isFresh:
            self._isFresh = False
            self._notified = log.position.number
        if self.position is None:
            events = self._join(log)
        elif self._isRecovering:
            events = self._recover(log)
        else:
            events = self._continue(log)
        return events + self._takeWaiting()

    def _takeWaiting(self) -> list[Event]:
        events: list[Event] = []
        waiting, self._waiting = self._waiting, []
        for number, (position, text) in enumerate(waiting):
            if self.needsRead:
                # The next read has an answer to these.
                self._waiting = waiting[number:]
                break
            events += self._take(position, text)
        return events

    def _join(self, log: Log) -> list[Event]:
        self.position = self._joined = log.position
        self._seen.update(log.numbers)
        self._last = next((text for number, text in log.entries if number == log.position.number), None)
        return [Found(log.members, True)]

    def _continue(self, log: Log) -> list[Event]:
        assert self.position is not None
        epoch, number = self.position
        entries = log.entries
        if epoch and log.position.epoch != epoch:
            return self._forgotten(log)
        if number == 0:
            return self._append(log, entries)
        if log.position.number < number or not entries:
            return self._forgotten(log)
        if entries[0][0] == number:
            if self._differs(entries[0][1]):
                return self._forgotten(log)
            return self._append(log, entries[1:])
        # It has been removed since, as the history is bounded: so it cannot be compared.
        lost = entries[0][0] - number - 1
        return [Missed(lost or None), *self._append(log, entries)]

    def _differs(self, text: str) -> bool:
        return self._last is not None and text != self._last

    def _append(self, log: Log, entries: list[tuple[int, str]]) -> list[Event]:
        events: list[Event] = []
        for number, text in entries:
            events += self._received(Position(log.position.epoch, number), text)
        assert self.position is not None
        if self.position.number < log.position.number:
            if entries or self.position.number:
                self.needsRead = True
            else:
                # The engine has the number of the last entry, and none of them.
                self.position = log.position
                return [Missed(log.position.number)]
        return events

    def _forgotten(self, log: Log) -> list[Event]:
        """The engine does not have what it had: read all that it has, and run what is new."""
        if log.position.epoch != self._joined.epoch:
            self._joined = Position(log.position.epoch, 0)
        self.position, self._last = Position(log.position.epoch, 0), None
        self._isRecovering = True
        self.needsRead = True
        self._membersAt = 0
        return [Missed(None)]

    def _recover(self, log: Log) -> list[Event]:
        self._isRecovering = False
        self._membersAt = log.position.number
        self.position = Position(log.position.epoch, log.entries[0][0] - 1 if log.entries else log.position.number)
        return [Found(log.members, False), *self._append(log, log.entries)]

    # Checks

    def isNotified(self, position: Position) -> bool:
        """
        The position of the room was read, whether or not there was a notification.

        :return: False if there was no notification of an entry that the previous check has seen.
        """
        if self.position is None or self._isReading:
            return True
        if position != self.position:
            self.needsRead = True
        due, self._due = self._due, position.number if position.number > self._notified else None
        return due is None or self._notified >= due


def isMember(value: Any) -> bool:
    """Whether a decoded value of :attr:`Found.members` is one."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)
