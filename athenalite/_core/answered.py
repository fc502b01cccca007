# -*- test-case-name: tests.core.test_answered -*-
"""
The set of messages that the peer has answered, or must not answer: :class:`Answered`.
"""

from __future__ import annotations

from typing import Final

#: How many message numbers are remembered, counted back from the highest that was added.
WINDOW: Final = 2048


class Answered:
    """
    A set of message numbers in bounded memory: at most about 300 bytes. Numbers that lie :data:`WINDOW` or more behind
    the highest one are forgotten.
    """

    __slots__ = ("_bits", "_floor")

    def __init__(self) -> None:
        # Bit 0 stands for the number above the floor.
        self._bits = 0
        self._floor = 0

    def __contains__(self, number: int) -> bool:
        return number > self._floor and bool(self._bits >> (number - self._floor - 1) & 1)

    def isForgotten(self, number: int) -> bool:
        """Whether ``number`` is too old to be remembered."""
        return number <= self._floor

    def add(self, number: int, count: int = 1) -> None:
        """Remember ``number``, and so many numbers up to it, if they are not too old."""
        behind = number - WINDOW - self._floor
        if behind > 0:
            self._bits >>= behind
            self._floor += behind
        first = max(number - count, self._floor)
        if number > first:
            self._bits |= ((1 << (number - first)) - 1) << (first - self._floor)
