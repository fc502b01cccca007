# -*- test-case-name: tests.test_clock -*-
"""
Makes a reactor's clock independent of steps of the system's clock: :func:`useMonotonicTime`.

Twisted's reactors measure delays with ``time.time()``. When the system's clock is set forward, every armed
``DelayedCall`` that falls into the skipped time fires at once; when it is set back, none fires until that time has
passed again.
"""

from __future__ import annotations

from time import monotonic, time
from typing import Any

from twisted.internet.base import DelayedCall, ReactorBase


def useMonotonicTime(reactor: Any) -> bool:
    """
    Make ``reactor.seconds()`` monotonic. :class:`LivePageFactory` calls this for its reactor; call it yourself, as
    early as you like, if your process needs it without a factory.

    At the moment of this call ``reactor.seconds()`` keeps its value, seconds since the epoch; from then on it advances
    with ``time.monotonic()``. So calls that are scheduled keep their delay, and code that takes ``reactor.seconds()``
    for the time of day is right until the system's clock is set (or the machine has slept); from then on it differs
    from ``time.time()`` by that step. The clock's slow adjustment by NTP is in both. The known code of that kind is the
    date in ``twisted.web``'s access log, which :class:`athenalite._server.site.AthenaSite` takes from ``time.time()``.
    Log observers use ``time.time()`` anyway.

    A clock that is no ``ReactorBase`` (such as ``twisted.internet.task.Clock``), or whose ``seconds`` has been replaced
    already, is left alone: a clock of your own must be monotonic by itself.

    :return: whether the clock was changed; False the second time.
    """
    if not isinstance(reactor, ReactorBase) or reactor.seconds is not ReactorBase.seconds:
        return False
    # The same scale as before, so that scheduled calls keep their times.
    offset = time() - monotonic()

    def seconds() -> float:
        return offset + monotonic()

    reactor.seconds = seconds
    for call in reactor.getDelayedCalls():
        if isinstance(call, DelayedCall):
            # It computes a new time with this when it is reset.
            call.seconds = seconds
    return True
