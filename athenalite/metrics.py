# -*- test-case-name: tests.test_metrics -*-
"""
Metrics of a site for Prometheus. ``athena-widget`` has them with ``--metrics``; a site of your own has them so::

    factory = LivePageFactory(reactor)
    metrics = Metrics(reactor, factory)
    reactor.callWhenRunning(metrics.start)
    reactor.addSystemEventTrigger("before", "shutdown", metrics.stop)

and serves ``metrics.resource`` at an address that only Prometheus can reach. It needs the extra
``athenalite[metrics]``; ``docs/deploying.rst`` describes the metrics. A site without this counts nothing.
"""

from __future__ import annotations

from twisted.logger import Logger
from twisted.web.resource import Resource

from ._core.meter import Meter
from ._metrics.watchdog import Pulse, Watchdog
from ._server.factory import LivePageFactory
from .interfaces import IClock


class Metrics:
    """
    Counts what happens on the pages of one site, and watches the reactor.

    :ivar resource: the ``Resource`` for Prometheus: ``/metrics``, by custom.
    """

    resource: Resource

    def __init__(self, reactor: IClock, factory: LivePageFactory, blockedAfter: float = 1.0) -> None:
        """
        Make it before the first page is made: only pages after that are counted.

        :param reactor: the reactor that serves the site.
        :param blockedAfter: for how long one iteration of the reactor may run before the log has its stack, in seconds.
        :raise ValueError: unless that is positive.
        :raise ModuleNotFoundError: without prometheus_client; install ``athenalite[metrics]``.
        """
        if not blockedAfter > 0:
            raise ValueError("blockedAfter must be positive")
        # Here, because it is an extra, and imports the reactor.
        from ._metrics.prometheus import metricsResource

        meter = Meter(reactor)
        self._pulse = Pulse(reactor)
        # Not the factory's, which belongs to the reactor's thread.
        self._watchdog = Watchdog(self._pulse, blockedAfter, Logger(namespace="athenalite"))
        factory.sessions.measure(meter)
        self.resource = metricsResource(factory.sessions, meter, self._pulse, self._watchdog)

    def start(self) -> None:
        """Begin to watch the reactor. The rest is counted in any case."""
        self._pulse.start()
        self._watchdog.start()

    def stop(self) -> None:
        """End the watch, at shutdown."""
        self._watchdog.stop()
        self._pulse.stop()
