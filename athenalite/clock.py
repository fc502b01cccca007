# -*- test-case-name: tests.test_clock -*-
"""
A reactor clock that steps of the system's clock do not move: :func:`useMonotonicTime`.

Twisted's reactors measure delays with ``time.time()``. When somebody sets the system's clock forward, every armed
``DelayedCall`` that falls into the skipped time fires at once; when it is set back, none fires until that time has
passed again.
"""

from __future__ import annotations

from time import monotonic, time
from typing import Any

from twisted.internet.base import DelayedCall, ReactorBase


def useMonotonicTime(reactor: Any) -> bool:
    """
    Make ``reactor.seconds()`` monotonic. :class:`LivePageFactory` calls this for the reactor that it is given; call it
    yourself, as early as you like, if other parts of your process should have it without a factory.

    ``reactor.seconds()`` stays what it was, seconds since the epoch, at the moment of this call, and goes on from there
    by ``time.monotonic()``. So what is armed already keeps its delay, and code that takes ``reactor.seconds()`` for the
    time of day is right until the system's clock is set (or the machine has slept); from then on it differs from
    ``time.time()`` by that step. The clock's slow adjustment by NTP is in both. The known user of that kind is the date
    in ``twisted.web``'s access log, which :class:`athenalite._server.site.AthenaSite` takes from ``time.time()``. Log
    observers use ``time.time()`` anyway.

    A clock that is no ``ReactorBase`` (such as ``twisted.internet.task.Clock``), or whose ``seconds`` somebody has
    replaced already, is left alone: a clock of your own must be monotonic by itself.

    :return: whether the clock was changed; False the second time.
    """
    if not isinstance(reactor, ReactorBase) or reactor.seconds is not ReactorBase.seconds:
        return False
    # The same scale as before, so that calls that are armed already need no new time.
    offset = time() - monotonic()

    def seconds() -> float:
        return offset + monotonic()

    reactor.seconds = seconds
    for call in reactor.getDelayedCalls():
        if isinstance(call, DelayedCall):
            # It computes a new time when it is reset.
            call.seconds = seconds
    return True
