# -*- test-case-name: tests.rooms.test_members -*-
"""
The elements of this worker that are in a room: :class:`Members`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

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

    def enter(self, element: E) -> None:
        """Add an element; one that is in the room already stays where it is."""
        self._elements.setdefault(id(element), element)

    def leave(self, element: E) -> None:
        """Remove an element, if it is there."""
        self._elements.pop(id(element), None)

    def __iter__(self) -> Iterator[E]:
        return iter(list(self._elements.values()))

    def __len__(self) -> int:
        return len(self._elements)

    def __contains__(self, element: object) -> bool:
        return id(element) in self._elements

    def __repr__(self) -> str:
        return f"<Members: {len(self)} elements>"
