# -*- test-case-name: tests.command.test_workers -*-
"""
The workers of a parent: which one takes a connection, and when one is started, replaced and ended. :class:`Workers`.

It has no sockets and processes, but those that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from .backoff import Backoff
from .door import SIGNS, VISITOR

#: Visitors wait for one that would be started again within so many seconds, if it ended.
_SOON: Final = 5.0
#: A hung worker has so long to write its stack, in seconds.
_LAST_WORDS: Final = 5.0


class Process(Protocol):
    """A worker's process."""

    def take(self, descriptor: int, received: bytes, kind: bytes = VISITOR) -> bool:
        """Pass a connection to it. :return: False if it does not take it."""

    def terminate(self) -> None:
        """Let it stop: it answers running calls and closes its pages."""

    def abort(self) -> None:
        """Let it write what it does to the log, and end, if it can."""

    def kill(self) -> None:
        """End it at once."""


class Worker:
    """
    :ivar name: of its place, which the next process in it has, too.
    :ivar isReady: whether it takes connections.
    :ivar isDraining: whether new visitors are to go to others.
    :ivar silence: how many times in a row it was found to have sent no sign of life. The process sets it to 0.
    :ivar killing: the timer that ends the process.
    :ivar ended: fires when the process has ended.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.process: Process | None = None
        self.isReady = False
        self.isDraining = False
        self.isStopping = False
        self.readyAt: float | None = None
        self.silence = 0
        self.killing: IDelayedCall | None = None
        self.ended: Deferred[None] = Deferred()


class Workers:
    """
    :ivar places: each name, and the worker that has it now.
    :ivar starts: how many processes each name has had.
    """

    def __init__(
        self,
        count: int,
        spawn: Callable[[Worker, Callable[[], None], Callable[[str], None]], Process],
        clock: Any,
        log: Logger,
        isReady: Callable[[], None],
        *,
        patience: float,
        hungAfter: float = 0.0,
    ) -> None:
        """
        :param spawn: starts a process for a worker. It calls the functions when it is ready, and with the reason when
            it has ended.
        :param isReady: is called when a worker takes connections.
        :param patience: how long a worker may take to stop, in seconds.
        :param hungAfter: a worker that is silent for so long, in seconds, has hung; 0 for never.
        """
        self.places: dict[str, Worker | None] = {f"w{number}": None for number in range(1, count + 1)}
        self.starts = dict.fromkeys(self.places, 0)
        self._spawn = spawn
        self._clock = clock
        self._log = log
        self._isReady = isReady
        self._patience = patience
        self._hungAfter = hungAfter
        self._checking: IDelayedCall | None = None
        self._backoffs = {name: Backoff() for name in self.places}
        self._timers: dict[str, Any] = {}
        self._alive: list[Worker] = []
        self._rolling: list[str] = []
        self._replacing: Worker | None = None
        self._turn = 0
        self._isStopping = False

    def start(self) -> None:
        """Start them all."""
        for name in self.places:
            self.places[name] = self._start(name)
        self._checkLater()

    def choose(self, name: str) -> list[Process]:
        """
        :param name: in the first line of a connection.
        :return: the processes to which it may be passed, the best first: the one of that name; without a name, or if it
            has none now, the others in turn.
        """
        ready = [worker for worker in self.places.values() if worker is not None and worker.isReady]
        self._turn += 1
        turn = self._turn % len(ready) if ready else 0
        ready = ready[turn:] + ready[:turn]
        named = [worker for worker in ready if worker.name == name]
        serving = [worker for worker in ready if not worker.isDraining]
        return [worker.process for worker in named or serving or ready if worker.process is not None]

    def isExpected(self) -> bool:
        """
        :return: whether a worker takes connections, or is to do so soon: one that starts, or starts again, and has not
            failed too often.
        """
        isReady = any(worker.isReady for worker in self._alive)
        return isReady or (not self._isStopping and min(one.delay for one in self._backoffs.values()) <= _SOON)

    def _start(self, name: str) -> Worker:
        worker = Worker(name)
        self.starts[name] += 1
        self._alive.append(worker)
        worker.process = self._spawn(worker, lambda: self._ready(worker), lambda reason: self._ended(worker, reason))
        return worker

    def _ready(self, worker: Worker) -> None:
        if worker.isStopping:
            return
        worker.isReady, worker.readyAt = True, self._clock.seconds()
        before = self.places[worker.name]
        self.places[worker.name] = worker
        self._log.info("{name}: the worker is ready", name=worker.name)
        restarting = self._timers.pop(worker.name, None)
        if restarting is not None:
            # The old one has ended while it was replaced, and need not be started again.
            restarting.cancel()
            self._rollNext()
        elif before is not None and before is not worker:
            # The new one is here first, so that there is always one.
            before.ended.addCallback(lambda _: self._rollNext())
            before.isReady = False
            # There is no hurry: it has the time to hang, too.
            self._stop(before, self._patience + self._hungAfter if self._hungAfter else None)
        self._isReady()

    def _stop(self, worker: Worker, patience: float | None) -> None:
        worker.isStopping = True
        if patience is not None:
            self._killLater(worker, patience)
        if worker.process is not None:
            worker.process.terminate()

    def _killLater(self, worker: Worker, seconds: float) -> None:
        self._spare(worker)
        worker.killing = self._clock.callLater(seconds, self._kill, worker)

    def _spare(self, worker: Worker) -> None:
        if worker.killing is not None and worker.killing.active():
            worker.killing.cancel()

    def _kill(self, worker: Worker) -> None:
        self._log.warn("{name}: the worker does not stop, and is killed", name=worker.name)
        if worker.process is not None:
            worker.process.kill()

    def _ended(self, worker: Worker, reason: str) -> None:
        self._alive.remove(worker)
        worker.isReady = False
        self._spare(worker)
        if not worker.isStopping and not self._isStopping:
            self._log.error("{name}: the worker has ended: {reason}", name=worker.name, reason=reason)
            if self.places[worker.name] is worker:
                self._again(worker)
            else:
                self._log.error("{name}: the new worker does not start, so the old ones stay", name=worker.name)
                self._rolling.clear()
        if worker is self._replacing and worker.readyAt is None:
            self._rollNext()
        worker.ended.callback(None)

    def _again(self, worker: Worker) -> None:
        name = worker.name
        self.places[name] = None
        served = 0.0 if worker.readyAt is None else self._clock.seconds() - worker.readyAt
        delay = self._backoffs[name].ended(served)
        self._timers[name] = self._clock.callLater(delay, self._restart, name)

    def _restart(self, name: str) -> None:
        del self._timers[name]
        self.places[name] = self._start(name)

    # Replacing

    def roll(self) -> None:
        """
        Replace one worker after the other. If that is being done already, it begins again: those that were started
        before this call have older code, maybe.
        """
        if self._isStopping:
            self._log.info("the workers are being stopped already")
            return
        self._rolling = [name for name in self.places if name not in self._timers]
        # The new code may start.
        self._backoffs = {name: Backoff() for name in self.places}
        for name, timer in list(self._timers.items()):
            timer.cancel()
            self._restart(name)
        if self._replacing is None:
            self._rollNext()
            return
        self._log.info("the workers are being replaced already; this begins again with the first")
        if self._replacing.readyAt is None:
            self._stop(self._replacing, self._patience)

    def _rollNext(self) -> None:
        self._replacing = None
        while self._rolling and not self._isStopping:
            name = self._rolling.pop(0)
            if self.places[name] is not None:
                self._replacing = self._start(name)
                return

    # Hung workers

    def _checkLater(self) -> None:
        if self._hungAfter:
            self._checking = self._clock.callLater(self._hungAfter / SIGNS, self._check)

    def _check(self) -> None:
        # Checks are counted, and not seconds: this process may have stood still itself, and have signs to read yet.
        self._checkLater()
        for worker in list(self._alive):
            # One that starts may take its time, and so may one that stops.
            if worker.isReady:
                worker.silence += 1
                if worker.silence > SIGNS:
                    self._hung(worker)

    def _hung(self, worker: Worker) -> None:
        worker.isReady = False
        self._log.error(
            "{name}: the worker has hung, with no sign of life for {seconds} s, and is replaced; it writes what its "
            "threads do, if it can",
            name=worker.name,
            seconds=self._hungAfter,
        )
        self._killLater(worker, _LAST_WORDS)
        if worker.process is not None:
            worker.process.abort()

    # Stopping

    def stop(self) -> Deferred[Any]:
        """
        Let all stop, and end those that do not.

        :return: fires when all have ended.
        """
        self._isStopping = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if self._checking is not None:
            self._checking.cancel()
        alive = list(self._alive)
        for worker in alive:
            self._stop(worker, self._patience)
        return DeferredList([worker.ended for worker in alive])
