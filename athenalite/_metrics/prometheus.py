# -*- test-case-name: tests.metrics.test_prometheus -*-
"""
Metrics in Prometheus' format: :func:`metricsResource`. Only this module imports prometheus_client, which is an extra.

Nothing is computed until Prometheus asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, Final

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector
from twisted.web.resource import EncodingResourceWrapper, Resource
from twisted.web.server import GzipEncoderFactory

from .._core.meter import Meter
from .._core.registry import SessionRegistry
from .._core.states import State
from .._text.version import VERSION
from .watchdog import BOUNDS, Pulse, Watchdog

#: The states of a page, by the names that operators know from the log.
_STATES: Final = (
    (State.RENDERED, "rendered"),
    (State.CONNECTED, "connected"),
    (State.TRANSPORTLESS, "disconnected"),
)


class SiteCollector(Collector):
    """The values of one site at the time of :meth:`take`."""

    def __init__(self, sessions: SessionRegistry, meter: Meter, pulse: Pulse, watchdog: Watchdog | None) -> None:
        self._sessions = sessions
        self._meter = meter
        self._pulse = pulse
        self._watchdog = watchdog
        self._taken: list[Metric] = []

    def take(self) -> None:
        """Read all values. Call this in the reactor's thread."""
        self._taken = [*self._pages(), *self._lives(), *self._calls(), *self._reactor()]

    def describe(self) -> Iterable[Metric]:
        # The registry would otherwise collect to learn the names.
        return []

    def collect(self) -> Iterable[Metric]:
        return self._taken

    def _pages(self) -> Iterator[Metric]:
        states: Counter[State] = Counter()
        messages = size = 0
        for session in self._sessions:
            states[session.state] += 1
            more, bytes_ = session.outbox.waiting
            messages += more
            size += bytes_
        pages = GaugeMetricFamily("athenalite_pages", "Pages that are open, by state.", labels=["state"])
        for state, name in _STATES:
            pages.add_metric([name], states[state])
        yield pages
        yield _gauge("sockets", "Sockets that are open.", self._sessions.connections)
        yield _gauge("messages_waiting", "Messages to pages that are not acknowledged.", messages)
        yield _gauge("bytes_waiting", "The size of these messages, in bytes.", size)

    def _lives(self) -> Iterator[Metric]:
        meter = self._meter
        yield _counter("pages_rendered", "Pages that were rendered.", meter.rendered)
        yield _counter("pages_connected", "Pages that have connected.", meter.connected)
        yield _counter("disconnects", "Times that a page was disconnected.", meter.disconnected)
        yield _counter("reconnects", "Times that a page has reconnected.", meter.resumed)
        yield _counter("messages_resent", "Messages that were sent again after a reconnection.", meter.resent)
        lost = CounterMetricFamily("athenalite_pages_lost", "Pages that were lost, by reason.", labels=["reason"])
        for kind, count in meter.lost.items():
            lost.add_metric([kind], count)
        yield lost

    def _calls(self) -> Iterator[Metric]:
        calls = CounterMetricFamily("athenalite_calls", "Calls from browsers, by method.", labels=["method"])
        errors = CounterMetricFamily("athenalite_call_errors", "Calls that failed.", labels=["method", "kind"])
        took = SummaryMetricFamily("athenalite_call_seconds", "Time until the result of a call.", labels=["method"])
        running = 0
        for method, counts in self._meter.methods.items():
            calls.add_metric([method], counts.calls)
            errors.add_metric([method, "refused"], counts.refused)
            errors.add_metric([method, "failed"], counts.failed)
            took.add_metric([method], count_value=counts.ended, sum_value=counts.seconds)
            running += counts.calls - counts.ended
        yield from (calls, errors, took)
        yield _gauge("calls_running", "Calls that have no result yet.", running)

    def _reactor(self) -> Iterator[Metric]:
        pulse = self._pulse
        sums = list(accumulate(pulse.counts))
        bounds = [*map(str, BOUNDS), "+Inf"]
        text = "By how much the reactor's timers are late: the time that one iteration takes."
        delays = HistogramMetricFamily("athenalite_reactor_delay_seconds", text)
        delays.add_metric([], buckets=list(zip(bounds, sums, strict=True)), sum_value=pulse.delays)
        yield delays
        longest, pulse.longest = pulse.longest, 0.0
        yield _gauge("reactor_longest_delay_seconds", "The longest of these since the values were read last.", longest)
        if self._watchdog is not None:
            text = "Times that the reactor was blocked; the log has the stacks."
            yield _counter("reactor_blocked", text, self._watchdog.blocked)
        info = GaugeMetricFamily("athenalite_build_info", "The version of athenalite.", labels=["version"])
        info.add_metric([VERSION], 1)
        yield info


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"athenalite_{name}", text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"athenalite_{name}", text, value=value)


class _Metrics(Resource):
    isLeaf = True

    def __init__(self, collector: SiteCollector, registry: CollectorRegistry) -> None:
        super().__init__()
        self._collector = collector
        self._registry = registry

    def render_GET(self, request: Any) -> bytes:
        # Not prometheus_client's own resource, which is of WSGI, and fails on a UNIX socket.
        self._collector.take()
        encode, type_ = choose_encoder(request.getHeader("accept") or "")
        request.setHeader("content-type", type_)
        return encode(self._registry)


def metricsResource(
    sessions: SessionRegistry, meter: Meter, pulse: Pulse, watchdog: Watchdog | None = None
) -> Resource:
    """
    :return: a resource that answers with the metrics of a site and of the process.
    """
    registry = CollectorRegistry()
    collector = SiteCollector(sessions, meter, pulse, watchdog)
    for one in (collector, ProcessCollector(registry=None), PlatformCollector(registry=None)):
        registry.register(one)
    return EncodingResourceWrapper(_Metrics(collector, registry), [GzipEncoderFactory()])
