# -*- test-case-name: tests.project.test_waiting -*-
"""Wait for a condition, with a limit, and measure how busy the machine is."""

import os
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 60.0
"""The default limit in seconds. Generous, because a busy machine must not fail a test that only waits."""

#: The seconds between two checks, at first and at last.
_SHORTEST, _LONGEST = 0.01, 0.1


def waitUntil(
    condition: Callable[[], object],
    message: str | Callable[[], object] = "",
    *,
    limit: float = LIMIT,
    pause: Callable[[float], object] = time.sleep,
    interval: float | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """
    Wait until ``condition()`` is true; return at once if it is.

    :param message: the error's text; a callable is called when the limit is reached.
    :param limit: seconds after which to give up.
    :param pause: waits for some seconds; playwright's pages need ``lambda s: page.wait_for_timeout(1000 * s)``.
    :param interval: seconds between two checks; by default they become longer, because each has its cost.
    :param clock: returns the time in seconds.
    :raises AssertionError: if the condition is still false after ``limit`` seconds.
    """
    deadline = clock() + limit
    between = _SHORTEST if interval is None else interval
    while not condition():
        if clock() >= deadline:
            reason = message() if callable(message) else message
            raise AssertionError(f"not within {limit:g} seconds: {reason or condition}")
        pause(between)
        if interval is None:
            between = min(1.5 * between, _LONGEST)


def demand() -> float:
    """Return the number of runnable threads per core, this one included; at least 1."""
    try:
        running = float(Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")[0])
    except OSError:
        running = os.getloadavg()[0]
    return max(1.0, running / (os.cpu_count() or 1))


class SharedTime:
    """
    The clock of a test whose limit is that of a quiet machine: where several threads share a core, time passes as
    slowly as each of them runs. Call it often, because each call looks at the machine as it is then.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._passed = 0.0

    def __call__(self) -> float:
        """Return the seconds that have passed."""
        now = self._clock()
        self._passed += (now - self._last) / demand()
        self._last = now
        return self._passed
