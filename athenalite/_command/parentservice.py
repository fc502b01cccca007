# -*- test-case-name: tests.command.test_parentservice -*-
"""
The service of ``twistd athena-widget --workers``: :class:`ParentService`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from ..clock import useMonotonicTime
from .door import ADMIN, VISITOR
from .doormen import Doormen
from .importcheck import checkImport
from .listening import ADMIN_AT, METRICS_AT, Ports, metricsSite
from .notify import Notifier
from .options import NAME, CannotServe, Options
from .ownengine import OwnEngine, directoryOf
from .parent import commandOf, spawnerOf
from .signals import StopSignals
from .workermetrics import WorkersMetrics
from .workeroptions import CHECK_IMPORT, argumentsOfWorker
from .workers import Workers


class ParentService(Service):
    """
    The parent of several workers: it listens, and passes each connection to one of them.
    """

    def __init__(self, reactor: Any, options: Options) -> None:
        """
        :raise CannotServe: for an invalid endpoint.
        """
        # A server's factory does this for a worker.
        useMonotonicTime(reactor)
        self._log = Logger(namespace=NAME)
        self._engine = _engine(reactor, options, self._log)
        doormen: dict[bytes, Any] = {}
        spawn = spawnerOf(reactor, partial(argumentsOfWorker, options), self._log, doormen)
        self._patience = options["limits"].shutdownTimeout + options["drain"] + 5.0
        self._workers = Workers(
            options["workers"],
            spawn,
            reactor,
            self._log,
            self._workerReady,
            patience=self._patience,
            hungAfter=options["hung-after"],
        )
        choose, isExpected = self._workers.choose, self._workers.isExpected
        self._doormen = doormen[VISITOR] = Doormen(choose, isExpected, reactor, self._log)
        self._operators = doormen[ADMIN] = Doormen(choose, isExpected, reactor, self._log, ADMIN)
        metrics = metricsSite(WorkersMetrics(reactor, self._workers), options["limits"], reactor)
        sites: list[tuple[str, str, Any]] = [("open", description, self._doormen) for description in options["listen"]]
        sites += [(METRICS_AT, description, metrics) for description in options["metrics"]]
        sites += [(ADMIN_AT, description, self._operators) for description in options["admin"]]
        self._ports = Ports(reactor, self._log, sites)
        self._reactor = reactor
        self._drain = options["drain"]
        self._signals = StopSignals(reactor, self._log, self._workers.roll)
        self._notifier = Notifier(reactor)
        self._isServing = False
        self._checkImport = lambda: checkImport(*commandOf([*argumentsOfWorker(options, "w1"), CHECK_IMPORT]))

    def startService(self) -> None:
        """
        :raise CannotServe: for an address that cannot be listened on, or an element that no worker can import.
        """
        super().startService()
        self._checkImport()
        self._signals.install()
        if self._engine is not None:
            _serves(self._engine.start)
        self._ports.open()
        self._workers.start()

    def _workerReady(self) -> None:
        self._again()
        if not self._isServing:
            self._isServing = True
            self._notifier.ready("serving " + ", ".join(self._ports.opened))

    def _again(self) -> None:
        self._doormen.again()
        self._operators.again()

    async def _stop(self) -> None:
        self._notifier.stopping(self._patience)
        ended = self._workers.stop()
        self._again()
        if self._drain:
            # Meanwhile the workers answer, also those that ask for their health.
            await deferLater(self._reactor, self._drain)
        await self._ports.close()
        await ended
        if self._engine is not None:
            await self._engine.stop()
        self._notifier.stopped()

    def stopService(self) -> Deferred[Any]:
        """
        Let all workers stop. Until they have drained, they get connections.

        :return: fires when they have ended.
        """
        super().stopService()
        self._signals.stopping()
        return Deferred.fromCoroutine(self._stop())


_Result = TypeVar("_Result")


def _serves(function: Callable[[], _Result]) -> _Result:
    try:
        return function()
    except ValueError as error:
        raise CannotServe(f"--engine=embedded: {error}") from None


def _engine(reactor: Any, options: Options, log: Logger) -> OwnEngine | None:
    directory = None if options["engine"] is None else directoryOf(options["engine"])
    if directory is None:
        return None
    engine = _serves(lambda: OwnEngine(reactor, directory, log))
    # What the workers get.
    options["engine"] = engine.address
    return engine
