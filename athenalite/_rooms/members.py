# -*- test-case-name: tests.rooms.test_members -*-
"""
The elements of this worker that are in a room: :class:`Members`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from .arriving import ARRIVING, RUNNING, Arrival

E = TypeVar("E")


class Members(Generic[E]):
    """
    Elements of this worker's pages, in the order in which they entered. To iterate gives those that are to receive the
    call that runs. Elements may enter and leave meanwhile, from the next call on.

    Use it in a room's methods instead of a list: ``for chatter in self.chatters: chatter.wall(message)``.
    """

    def __init__(self) -> None:
        # A dict is an ordered set, in which one of thousands is found at once.
        self._elements: dict[int, E] = {}
        # Those that come from other workers.
        self._arrivals: dict[int, Arrival] = {}

    def enter(self, element: E) -> None:
        """Add an element; one that is in the room already stays where it is."""
        self._elements.setdefault(id(element), element)
        arrival = ARRIVING.get()
        if arrival is not None:
            self._arrivals[id(element)] = arrival

    def leave(self, element: E) -> None:
        """Remove an element, if it is there."""
        self._elements.pop(id(element), None)
        self._arrivals.pop(id(element), None)

    def __iter__(self) -> Iterator[E]:
        running = RUNNING.get()
        if running is None or (running.only is None and not self._arrivals):
            return iter(list(self._elements.values()))
        if running.only is not None:
            return iter([element for element in running.only if element in self])
        for one, arrival in list(self._arrivals.items()):
            if arrival.until.get(running.room, 0) < running.number:
                del self._arrivals[one]
        return iter([element for one, element in self._elements.items() if one not in self._arrivals])

    def __len__(self) -> int:
        return len(self._elements)

    def __contains__(self, element: object) -> bool:
        return id(element) in self._elements

    def __repr__(self) -> str:
        return f"<Members: {len(self)} elements>"
