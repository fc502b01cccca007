# -*- test-case-name: tests.rooms.test_queue -*-
"""
What a worker sends to the engine for one room, numbered, until the engine has answered: :class:`SendQueue`.

What was not answered is sent again on each new link, in order and with its numbers (rule 6): the engine answers a
number that it has accepted already, and does not carry it out again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twisted.internet.defer import Deferred

from .link import Link

#: Counted for each item besides its text.
_OVERHEAD: Final = 64


class Budget:
    """
    The operations in all queues of a worker.

    :ivar size: in bytes.
    """

    def __init__(self) -> None:
        self.size = 0


class Item:
    """
    One operation.

    :ivar attempt: how often it was sent.
    :ivar size: in bytes, as it counts for ``Limits.maxBytesForEngine``.
    :ivar result: fires with the engine's answer, or fails.
    """

    __slots__ = ("attempt", "deadline", "isSent", "number", "operation", "result", "size")

    def __init__(
        self, number: int, operation: Callable[[Link, Item], Deferred[bool]], size: int, deadline: float | None
    ) -> None:
        self.number = number
        self.attempt = 0
        self.operation = operation
        self.size = size + _OVERHEAD
        self.deadline = deadline
        self.isSent = False
        self.result: Deferred[bool] = Deferred()


class SendQueue:
    """The operations of one room that the engine has not answered, in order."""

    def __init__(self, budget: Budget) -> None:
        """
        :param budget: counts them.
        """
        self._budget = budget
        self._items: dict[int, Item] = {}
        self._number = 0

    def __len__(self) -> int:
        return len(self._items)

    def add(self, operation: Callable[[Link, Item], Deferred[bool]], size: int, deadline: float | None) -> Item:
        """
        :param operation: sends it over a link, with its number and attempt.
        :param deadline: when it fails; None for never.
        """
        self._number += 1
        item = self._items[self._number] = Item(self._number, operation, size, deadline)
        self._budget.size += item.size
        return item

    def toSend(self) -> list[Item]:
        """
        :return: the items that were not sent on this link, in order. They count as sent now.
        """
        items = [item for item in self._items.values() if not item.isSent]
        for item in items:
            item.isSent = True
            item.attempt += 1
        return items

    def disconnected(self) -> None:
        """The link is lost: all items will be sent again."""
        for item in self._items.values():
            item.isSent = False

    def remove(self, item: Item) -> bool:
        """
        :return: whether it was here: an answer may come for one that has failed.
        """
        if self._items.pop(item.number, None) is None:
            return False
        self._budget.size -= item.size
        return True

    def expired(self, now: float) -> list[Item]:
        """
        :return: the items whose time is over. They are removed, and never sent again.
        """
        items = [item for item in self._items.values() if item.deadline is not None and item.deadline <= now]
        for item in items:
            self.remove(item)
        return items

    def restart(self, deadline: float) -> None:
        """Time begins to count now: let all items that can fail do so at this time."""
        for item in self._items.values():
            item.deadline = None if item.deadline is None else deadline

    def nextDeadline(self) -> float | None:
        """
        :return: when the next item fails.
        """
        # All have the same time: the first one fails first.
        return next((item.deadline for item in self._items.values() if item.deadline is not None), None)
