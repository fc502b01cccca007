# -*- test-case-name: tests.command.test_parentservice -*-
"""
The service of ``twistd athena-widget --workers``: :class:`ParentService`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger

from .listening import Ports
from .options import NAME, Options
from .parent import Doormen, spawnerOf
from .signals import StopSignals
from .workeroptions import argumentsOfWorker
from .workers import Workers


class ParentService(Service):
    """
    The parent of several workers: it listens, and passes each connection to one of them.
    """

    def __init__(self, reactor: Any, options: Options) -> None:
        """
        :raise CannotServe: for an invalid endpoint.
        """
        self._log = Logger(namespace=NAME)
        spawn = spawnerOf(reactor, partial(argumentsOfWorker, options), self._log)
        self._workers = Workers(options["workers"], spawn, reactor, self._log, lambda: self._doormen.again())
        self._doormen = Doormen(self._workers.choose, reactor)
        self._ports = Ports(
            reactor, self._log, [("open", description, self._doormen) for description in options["listen"]]
        )
        self._patience = options["limits"].shutdownTimeout + options["drain"] + 5.0
        self._signals = StopSignals(reactor, self._log, self._workers.roll)

    def startService(self) -> None:
        """
        :raise CannotServe: for an address that cannot be listened on.
        """
        super().startService()
        self._signals.install()
        self._ports.open()
        self._workers.start()

    def stopService(self) -> Deferred[Any]:
        """
        Stop accepting connections, and let all workers stop.

        :return: fires when they have ended.
        """
        super().stopService()
        self._signals.stopping()
        return DeferredList([self._ports.close(), self._workers.stop(self._patience)], consumeErrors=True)
