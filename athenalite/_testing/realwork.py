# -*- test-case-name: tests.testing.test_realwork -*-
"""
Waits, in tests, for work that the simulated clock does not control: threads, the reactor's timers and sockets, asyncio.

A reactor may run (in trial's asynchronous tests) or not (in synchronous tests, and functions under pytest), and be that
of asyncio; or a loop of asyncio runs alone.
"""

from __future__ import annotations

import asyncio
import sys
from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from twisted.internet.base import DelayedCall
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from .._awaiting.deferreds import follow
from .._awaiting.results import driven


class StillRunning(AssertionError):
    """Real work has not ended within the time that the test allows for it."""


class _Call(DelayedCall):
    """One that tells its clock when its time changes."""

    clock: BrowserClock

    def reset(self, secondsFromNow: float) -> None:
        self.clock.isSorted = False
        super().reset(secondsFromNow)

    def delay(self, secondsLater: float) -> None:
        self.clock.isSorted = False
        super().delay(secondsLater)


class BrowserClock(Clock):
    """
    A clock that notices what is due at once. It makes the same calls as Twisted's, in the same order, but does not sort
    all of them whenever one is added or made.

    :ivar isSorted: whether no call has another time than when it was added.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        """
        :param changed: called when something is due.
        """
        super().__init__()
        self.isSorted = True
        self._changed = changed

    def callLater(self, delay: float, callable: Callable[..., object], *args: object, **kw: object) -> IDelayedCall:
        """See ``IReactorTime``."""
        call = _Call(self.rightNow + delay, callable, args, kw, self.calls.remove, _nothing, self.seconds)
        call.clock = self
        if self.isSorted:
            # Behind those of the same time.
            insort(self.calls, call, key=DelayedCall.getTime)
        else:
            self.calls.append(call)
            self._sortCalls()
        if delay <= 0:
            self._changed()
        return call

    def _sortCalls(self) -> None:
        if not self.isSorted:
            super()._sortCalls()
            self.isSorted = True


def _nothing(call: DelayedCall) -> None:
    """The time of a call has changed."""


class Deliveries:
    """Delivers messages by itself when real work has caused them, in the next iteration of the reactor that runs."""

    def __init__(self, deliver: Callable[[], None]) -> None:
        self._deliver = deliver
        self._scheduled = False
        self._paused = 0

    @contextmanager
    def paused(self) -> Iterator[None]:
        """
        Deliver nothing meanwhile, because the test does it itself: also what was to be delivered later. Coroutines can
        use asyncio although its reactor does not run yet, as in the first part of a test of trial's: they go on when
        it does.
        """
        self._paused += 1
        try:
            with _loopBeforeItRuns():
                yield
        finally:
            self._paused -= 1
            self._scheduled = False

    def changed(self) -> None:
        """Something is to be delivered. Without a reactor that runs, the test does it."""
        if self._paused or self._scheduled:
            return
        loop = asyncio._get_running_loop()
        if isRunning():
            # Not callLater: a test may end before, and trial would report the call that is left.
            _reactor().callFromThread(self._run)
        elif loop is not None:
            loop.call_soon(self._run)
        else:
            return
        self._scheduled = True

    def _run(self) -> None:
        # Otherwise the test has delivered it, and may be over: in the loop of another one, errors would be of that.
        if self._scheduled:
            self._scheduled = False
            self._deliver()


def _reactor() -> Any:
    # Importing it would install the default one.
    return sys.modules.get("twisted.internet.reactor")


def isRunning() -> bool:
    """Return whether Twisted's reactor runs."""
    reactor = _reactor()
    return reactor is not None and bool(reactor.running)


@contextmanager
def _loopBeforeItRuns() -> Iterator[None]:
    loop = getattr(_reactor(), "_asyncioEventloop", None)
    if loop is None or asyncio._get_running_loop() is not None:
        yield
        return
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


def limit(deferred: Deferred[Any], seconds: float, text: Callable[[], str]) -> None:
    """
    Let ``deferred`` fail with :class:`StillRunning` after so many seconds of real time, unless it fires before.

    :param text: the error's text.
    """

    def expired() -> None:
        if not deferred.called:
            deferred.errback(StillRunning(text()))

    loop, reactor = asyncio._get_running_loop(), _reactor()
    if loop is not None and not isRunning():
        call = loop.call_later(seconds, expired)
        follow(deferred, lambda result: call.cancel())
    elif reactor is not None:
        delayed = reactor.callLater(seconds, expired)
        follow(deferred, lambda result: delayed.cancel() if delayed.active() else None)


def waitFor(awaited: Any, seconds: float, text: Callable[[], str]) -> Any:
    """
    Run the reactor until ``awaited`` has a result.

    :param awaited: a Deferred, or anything else that can be awaited.
    :param text: the text of the error if it has none after so many seconds of real time.
    :return: the result. If it is a failure, its exception is raised.
    :raise StillRunning: if there is no result in time.
    :raise RuntimeError: if the reactor runs already.
    """
    if isRunning() or asyncio._get_running_loop() is not None:
        raise RuntimeError("the reactor runs already, as in a test that is 'async def': await the Deferred instead")
    from twisted.internet import reactor as installed

    reactor: Any = installed
    results: list[Any] = []

    def start() -> None:
        deferred = driven(awaited)
        if isinstance(deferred, Deferred):
            follow(deferred, ended)
        else:
            ended(deferred)

    def ended(result: Any) -> None:
        results.append(result)
        reactor.crash()

    if isinstance(awaited, Deferred) and awaited.called and not awaited.paused:
        follow(awaited, results.append)
    if not results:
        timer = reactor.callLater(seconds, reactor.crash)
        reactor.callFromThread(start)
        reactor.run(installSignalHandlers=False)
        if timer.active():
            timer.cancel()
        _stopThreads(reactor)
    if not results:
        raise StillRunning(text())
    if isinstance(results[0], Failure):
        results[0].raiseException()
    return results[0]


def _stopThreads(reactor: Any) -> None:
    # As trial does it after each class: Python would wait for the pool's threads at the end of the process. They end
    # when their work does, which is not waited for here: it may take any time.
    if reactor.threadpool is not None:
        reactor.threadpool.threads.clear()
        reactor._stopThreadPool()
