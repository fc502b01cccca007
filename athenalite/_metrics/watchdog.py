# -*- test-case-name: tests.metrics.test_watchdog -*-
"""
Watching the reactor: how late it is, and what blocks it.

A reactor runs one piece of code at a time. While a method computes, reads a large file or waits for a database, no
page is served. :class:`Pulse` measures that from inside, and :class:`Watchdog`, a thread, sees it from outside and
logs the stack.
"""

from __future__ import annotations

import sys
import threading
from bisect import bisect_left
from collections.abc import Callable
from time import monotonic
from traceback import extract_stack, format_list
from types import FrameType
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from ..interfaces import IClock

#: How often the reactor is asked for a sign of life, in seconds.
PERIOD: Final = 0.25
#: The upper bounds of the counted delays, in seconds.
BOUNDS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: How many frames of the stack are logged: the innermost ones.
_FRAMES: Final = 30


class Pulse:
    """
    A timer of the reactor. By how much it is late, as all others are, is the time that the iteration before has taken.

    :ivar beat: when the timer was called last, by ``time.monotonic``.
    :ivar counts: how many delays were within each of :data:`BOUNDS`, and how many were longer.
    :ivar delays: the sum of all delays, in seconds.
    :ivar longest: the longest delay since it was last taken.
    :ivar thread: the number of the reactor's thread, once it runs.
    """

    def __init__(self, clock: IClock) -> None:
        self._clock = clock
        self._timer: IDelayedCall | None = None
        self._due = 0.0
        self.beat: float | None = None
        self.counts = [0] * (len(BOUNDS) + 1)
        self.delays = self.longest = 0.0
        self.thread: int | None = None

    def start(self) -> None:
        """Begin. The reactor need not run yet."""
        # Before anything else that it runs, which may block it.
        self._schedule(0.0)

    def stop(self) -> None:
        """End."""
        self.beat = None
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _schedule(self, seconds: float = PERIOD) -> None:
        self._due = self._clock.seconds() + seconds
        self._timer = self._clock.callLater(seconds, self._called)

    def _called(self) -> None:
        delay = max(self._clock.seconds() - self._due, 0.0)
        # The first delay is that of a reactor that did not run yet.
        if self.beat is not None:
            self.counts[bisect_left(BOUNDS, delay)] += 1
            self.delays += delay
            self.longest = max(self.longest, delay)
        self.thread = threading.get_ident()
        self.beat = monotonic()
        self._schedule()


class Watchdog:
    """
    Reports a reactor that is blocked, with the stack of what blocks it: once, when it is, and again when it is over.

    :ivar blocked: how many times it was.
    """

    def __init__(self, pulse: Pulse, limit: float, log: Logger) -> None:
        """
        :param limit: for how long one iteration may run, in seconds.
        :param log: must be safe to use in a thread: a reactor that is blocked cannot be asked to log.
        """
        self._pulse = pulse
        self._limit = limit
        self._log = log
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="athenalite watchdog", daemon=True)
        self._since: float | None = None
        self.blocked = 0

    def start(self) -> None:
        """Begin to watch, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for that."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(min(self._limit / 4, PERIOD)):
            self.look(monotonic(), sys._current_frames)

    def look(self, now: float, frames: Callable[[], dict[int, FrameType]]) -> None:
        """
        Compare the time with the last sign of life.

        :param frames: returns the innermost frame of each thread.
        """
        beat, thread = self._pulse.beat, self._pulse.thread
        if beat is None or thread is None:
            return
        if self._since is not None:
            if beat != self._since:
                seconds = round(beat - self._since - PERIOD, 1)
                self._log.warn("The reactor runs again. It was blocked for {seconds} s.", seconds=seconds)
                self._since = None
        elif now - beat > PERIOD + self._limit:
            frame = frames().get(thread)
            # It may run again by now.
            if frame is not None and self._pulse.beat == beat:
                self._since = beat
                self._report(round(now - beat - PERIOD, 1), frame)

    def _report(self, seconds: float, frame: FrameType) -> None:
        self.blocked += 1
        stack = extract_stack(frame)
        place: Any = stack[-1]
        self._log.error(
            "The reactor is blocked: for {seconds} s, no page has been served because of {function} "
            "({file}, line {line}). Move what takes so long to a thread (deferToThread) or a process.\n{stack}",
            seconds=seconds,
            function=place.name,
            file=place.filename,
            line=place.lineno,
            stack="".join(format_list(stack[-_FRAMES:])),
        )
