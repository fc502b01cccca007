# -*- test-case-name: tests.core.test_stall -*-
"""
Detects a slow consumer: a connected page that exceeds the bounds on unacknowledged messages and makes no progress.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall

from ..interfaces import IClock
from .delivery import Delivery


class StallTimer:
    """A timer that runs only while the unacknowledged messages exceed a bound."""

    __slots__ = ("_clock", "_delivery", "_timeout", "_timer")

    def __init__(self, clock: IClock, timeout: float, delivery: Delivery) -> None:
        """
        :param timeout: how long the page may make no progress, in seconds: acknowledge nothing, and be sent nothing.
        """
        self._clock = clock
        self._timeout = timeout
        self._delivery = delivery
        self._timer: IDelayedCall | None = None

    @property
    def isWatching(self) -> bool:
        """Whether the timer runs: a bound is exceeded, or was a moment ago."""
        return self._timer is not None

    def start(self, stalled: Callable[[], None]) -> None:
        """
        Start the timer, if a bound is exceeded and it does not run already.

        :param stalled: called once, when the page has made no progress for that time.
        """
        if self._timer is None and self._delivery.overflows:
            self._timer = self._clock.callLater(self._timeout, self._look, self._delivery.progress, stalled)

    def restart(self, stalled: Callable[[], None]) -> None:
        """Start the timer anew, for a new socket."""
        self.stop()
        self.start(stalled)

    def stop(self) -> None:
        """Stop the timer."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _look(self, before: tuple[int, int], stalled: Callable[[], None]) -> None:
        self._timer = None
        if self._delivery.overflows and self._delivery.progress == before:
            stalled()
        else:
            self.start(stalled)
