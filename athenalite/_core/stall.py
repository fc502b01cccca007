# -*- test-case-name: tests.core.test_stall -*-
"""
Finds a page that is connected and does not read: more is kept for it than the bounds allow, and nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall

from ..interfaces import IClock
from .delivery import Delivery


class StallTimer:
    """Runs only while more is kept than the bounds allow."""

    __slots__ = ("_clock", "_delivery", "_stalled", "_timeout", "_timer")

    def __init__(self, clock: IClock, timeout: float, delivery: Delivery, stalled: Callable[[], None]) -> None:
        """
        :param timeout: how long the page may acknowledge nothing, and its socket carry nothing, in seconds.
        :param stalled: called once when that has passed.
        """
        self._clock = clock
        self._timeout = timeout
        self._delivery = delivery
        self._stalled = stalled
        self._timer: IDelayedCall | None = None

    @property
    def isWatching(self) -> bool:
        """Whether more is kept than the bounds allow, or was a moment ago."""
        return self._timer is not None

    def start(self) -> None:
        """Watch, as long as too much is kept. Does nothing if it watches already."""
        if self._timer is None and self._delivery.overflows:
            self._timer = self._clock.callLater(self._timeout, self._look, self._delivery.progress)

    def restart(self) -> None:
        """There is a new socket, which has all of the time."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Do not watch any more."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _look(self, before: tuple[int, int]) -> None:
        self._timer = None
        if self._delivery.overflows and self._delivery.progress == before:
            self._stalled()
        else:
            self.start()
