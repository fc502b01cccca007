# -*- test-case-name: tests.rooms.test_backoff -*-
"""
How long a worker waits before it connects to its engine again: :class:`Backoff`.
"""

from __future__ import annotations

from random import uniform
from typing import Final

#: In seconds: at first, after a link that has worked, and at most.
FIRST: Final = 0.05
WORKED: Final = 0.25
LAST: Final = 2.0


class Backoff:
    """
    The delay grows with each attempt, so that an engine that is away, full or read-only is not asked too often. A link
    that has worked ends the growth, however short it was: an engine whose connections are cut again and again can be
    reached all the time, and calls fail after ``Limits.engineTimeout``.
    """

    def __init__(self) -> None:
        self._delay = FIRST

    def lost(self, seconds: float, hasWorked: bool) -> None:
        """
        A link is lost.

        :param seconds: how long it lasted.
        :param hasWorked: whether the engine has accepted what it was asked.
        """
        if seconds > LAST:
            self._delay = FIRST
        elif hasWorked:
            self._delay = min(self._delay, WORKED)

    def next(self) -> float:
        """
        :return: when to connect, in seconds from now; not for all workers the same.
        """
        delay, self._delay = self._delay, min(self._delay * 1.5, LAST)
        return delay * uniform(0.5, 1.0)
