# -*- test-case-name: tests.test_turn -*-
"""
The end of the reactor's turn, when everything that was said in it is sent.

An application that calls a thousand pages eight times in one turn then costs a thousand writes, not eight thousand;
and by then it is plain which of the Deferreds it was given somebody still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from twisted.logger import Logger

from .interfaces import IClock


class Flushable(Protocol):
    """Whoever has something to send when the turn ends."""

    def flush(self) -> None: ...


class Turn:
    """One per site: who has something to send, and the one call that sends it."""

    def __init__(self, clock: IClock, log: Logger, ended: Callable[[], None]) -> None:
        """
        :param ended: called when all has been sent.
        """
        self._clock = clock
        self._log = log
        self._ended = ended
        self._waiting: list[Flushable] = []

    def add(self, flushable: Flushable) -> None:
        """Call ``flushable.flush()`` at the end of this turn. Add it once per turn."""
        if not self._waiting:
            self._clock.callLater(0, self.end)
        self._waiting.append(flushable)

    def end(self) -> None:
        """Flush now."""
        waiting, self._waiting = self._waiting, []
        for flushable in waiting:
            try:
                flushable.flush()
            except Exception:
                self._log.failure("A page could not be sent to")
        self._ended()
