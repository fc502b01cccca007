# -*- test-case-name: tests.project.test_waiting -*-
"""Wait for a condition, with a limit, and tell how busy the machine is."""

import os
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 30.0
"""Seconds. Generous, because a busy machine must not fail a test that only waits for what it expects."""


def waitUntil(
    condition: Callable[[], object],
    message: str | Callable[[], object] = "",
    *,
    limit: float = LIMIT,
    pause: Callable[[float], object] = time.sleep,
    interval: float = 0.02,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """
    Wait until ``condition()`` is true, and return at once if it is.

    :param message: what the error says; a callable is called when the time is over.
    :param limit: seconds after which to give up.
    :param pause: lets seconds pass; playwright's pages need their own, ``lambda s: page.wait_for_timeout(1000 * s)``.
    :param interval: seconds between two looks.
    :param clock: tells seconds.
    :raises AssertionError: if the condition is still false after ``limit`` seconds.
    """
    deadline = clock() + limit
    while not condition():
        if clock() >= deadline:
            reason = message() if callable(message) else message
            raise AssertionError(f"not within {limit:g} seconds: {reason or condition}")
        pause(interval)


def demand() -> float:
    """Return how many threads there are for each core that run now or could, this one included; at least 1."""
    try:
        running = float(Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")[0])
    except OSError:
        running = os.getloadavg()[0]
    return max(1.0, running / (os.cpu_count() or 1))
