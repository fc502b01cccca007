# -*- test-case-name: tests.metrics.test_prometheus -*-
"""The metrics as Prometheus reads them."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from twisted.internet.address import UNIXAddress
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.http_headers import Headers
from twisted.web.resource import getChildForRequest
from twisted.web.test.requesthelper import DummyRequest

from athenalite._core.meter import Meter
from athenalite._metrics.prometheus import SiteCollector, metricsResource
from athenalite._metrics.watchdog import PERIOD, Pulse, Watchdog
from athenalite._text.version import VERSION
from tests.memory import Site, encoded, recordingLog


class CollectorTests(SynchronousTestCase):
    """``SiteCollector``"""

    def setUp(self):
        self.site = Site()
        self.meter = Meter(self.site.clock)
        self.site.sessions.measure(self.meter)
        self.pulse = Pulse(self.site.clock)
        self.watchdog = Watchdog(self.pulse, 1, recordingLog()[1])
        self.collector = SiteCollector(self.site.sessions, self.meter, self.pulse, self.watchdog)
        self.registry = CollectorRegistry()
        self.registry.register(self.collector)

    def values(self):
        """Return all values, as Prometheus parses them, by name and labels, in the order of their names."""
        self.collector.take()
        families = text_string_to_metric_families(generate_latest(self.registry).decode())
        return {
            (sample.name.removeprefix("athenalite_"), *dict(sorted(sample.labels.items())).values()): sample.value
            for family in families
            for sample in family.samples
        }

    def test_empty(self):
        """A site without pages has its values, of zero; nothing is there before they are taken."""
        self.assertEqual(generate_latest(self.registry), b"")
        values = self.values()
        for name in ("sockets", "messages_waiting", "bytes_waiting", "pages_rendered_total", "calls_running"):
            self.assertEqual(values[name,], 0)
        for state in ("rendered", "connected", "disconnected"):
            self.assertEqual(values["pages", state], 0)
        self.assertEqual(values["build_info", VERSION], 1)

    def test_pages(self):
        """Pages by state, sockets, and what waits for an acknowledgement."""
        self.site.add()
        session, *_ = self.site.opened()
        self.site.opened()[2].connectionLost()
        self.site.add()[0].close("enough")
        session.callRemote(1, "show", ["hello"])
        self.site.flush()
        values = self.values()
        self.assertEqual([values["pages", one] for one in ("rendered", "connected", "disconnected")], [1, 1, 1])
        self.assertEqual((values["sockets",], values["messages_waiting",]), (1, 1))
        self.assertEqual(values["bytes_waiting",], session.outbox.waiting[1])
        self.assertEqual((values["pages_rendered_total",], values["pages_connected_total",]), (4, 2))
        self.assertEqual((values["disconnects_total",], values["reconnects_total",]), (1, 0))
        self.assertEqual(values["pages_lost_total", "closed"], 1)

    def test_calls(self):
        """Calls, errors by kind, and times, by method."""
        _, page, connection, _ = self.site.opened()
        for name in ("crash", "fail", "later", "later", "nothing"):
            connection.textReceived(encoded("call", 1, name, []))
        self.site.clock.advance(2)
        page.target.waiting[0].callback(None)
        values = self.values()
        self.assertEqual((values["calls_total", "later"], values["calls_running",]), (2, 1))
        self.assertEqual((values["call_seconds_count", "later"], values["call_seconds_sum", "later"]), (1, 2))
        self.assertEqual(values["call_errors_total", "failed", "crash"], 1)
        self.assertEqual(values["call_errors_total", "refused", "fail"], 1)
        self.assertEqual(values["call_errors_total", "refused", "(unknown)"], 1)

    def test_reactor(self):
        """Delays of the reactor are a histogram; the longest is that since the last time."""
        self.pulse.start()
        for delay in (9, 0, 0.3):
            self.site.clock.advance(PERIOD + delay)
        values = self.values()
        name = "reactor_delay_seconds"
        self.assertEqual([values[f"{name}_bucket", bound] for bound in ("0.001", "0.25", "0.5", "+Inf")], [1, 1, 2, 2])
        self.assertAlmostEqual(values["reactor_longest_delay_seconds",], 0.3)
        self.assertEqual(self.values()["reactor_longest_delay_seconds",], 0)
        self.assertEqual(values["reactor_blocked_total",], 0)

    def request(self, **headers):
        """Return the answer to a request, on any kind of socket; the resource needs no watchdog."""
        resource = metricsResource(self.site.sessions, self.meter, self.pulse)
        request = DummyRequest([])
        request.method, request.client = b"GET", UNIXAddress(None)
        request.requestHeaders = Headers({name: [value] for name, value in headers.items()})
        return request, getChildForRequest(resource, request).render(request)

    def test_resource(self):
        """It is in the text format, with what prometheus_client knows of the process."""
        request, text = self.request()
        self.assertIn("text/plain", request.responseHeaders.getRawHeaders("content-type")[0])
        for name in (b"athenalite_sockets 0.0", b"process_cpu_seconds_total", b"python_info"):
            self.assertIn(name, text)

    def test_asked(self):
        """Prometheus may ask for another format."""
        request, text = self.request(accept="application/openmetrics-text; version=1.0.0")
        self.assertIn("openmetrics", request.responseHeaders.getRawHeaders("content-type")[0])
        self.assertIn(b"athenalite_sockets 0.0\n", text)
        self.assertTrue(text.endswith(b"# EOF\n"))
