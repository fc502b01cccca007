# -*- test-case-name: tests.command.test_workermetrics -*-
"""Metrics of several workers at one address, in memory; tests/command/test_parent.py asks real ones."""

import os
import socket

from prometheus_client.parser import text_string_to_metric_families
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.test.requesthelper import DummyRequest

from athenalite._command.door import METRICS
from athenalite._command.workermetrics import WorkersMetrics, merged
from athenalite._command.workers import Workers

TEXT = """# HELP pages Pages, "open".
# TYPE pages gauge
pages{state="lost, or {so}"} 2.0
pages{state="open"} 1.0
# HELP sockets Sockets.
# TYPE sockets gauge
sockets 3.0
"""


class Process:
    """A worker that records requests."""

    def __init__(self, takes=True):
        self.takes, self.asked = takes, []

    def take(self, descriptor, received, kind):
        if self.takes:
            self.asked.append((socket.socket(fileno=os.dup(descriptor)), received, kind))
        return self.takes


class Transport:
    """Is aborted."""

    def __init__(self, protocol):
        self.protocol = protocol

    def abortConnection(self):
        self.protocol.connectionLost(Failure(ConnectionAbortedError()))


class Reactor(Clock):
    """Adopts connections: they end when a test lets them."""

    def __init__(self):
        super().__init__()
        self.protocols = []

    def adoptStreamConnection(self, descriptor, family, factory):
        protocol = factory.buildProtocol(None)
        protocol.makeConnection(Transport(protocol))
        self.protocols.append(protocol)

    def answer(self, index, *parts):
        """A worker answers, and closes the connection."""
        for part in parts:
            self.protocols[index].dataReceived(part)
        self.protocols[index].connectionLost(None)


class WorkersMetricsTests(SynchronousTestCase):
    """``WorkersMetrics``"""

    def setUp(self):
        self.reactor, self.processes = Reactor(), []
        self.workers = Workers(3, self.spawn, self.reactor, Logger(), lambda: None, patience=10)
        self.workers.start()
        self.resource = WorkersMetrics(self.reactor, self.workers)
        self.addCleanup(lambda: [asked[0].close() for process in self.processes for asked in process.asked])

    def spawn(self, worker, ready, ended):
        """Start a worker."""
        process = Process()
        process.ready = ready
        self.processes.append(process)
        return process

    def request(self):
        """Ask for the metrics."""
        request = DummyRequest([b"metrics"])
        request.method = b"GET"
        self.resource.render(request)
        return request

    def values(self, request):
        """Return all values of an answer."""
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(b"".join(request.written).decode())
            for sample in family.samples
        }

    def test_all(self):
        """Workers that are ready are asked; the answers are read as Prometheus does, with the workers' names."""
        for process in self.processes[:2]:
            process.ready()
        request = self.request()
        [(_, received, kind)] = self.processes[0].asked
        self.assertEqual((received, kind), (b"GET /metrics HTTP/1.0\r\n\r\n", METRICS))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r"
        self.reactor.answer(0, head, b"\n" + TEXT.encode())
        self.assertEqual(request.finished, 0)
        self.reactor.answer(1, head + b"\n", TEXT.encode())
        self.assertEqual(request.finished, 1)
        values = self.values(request)
        self.assertEqual(values["pages", "w1", "lost, or {so}"], 2)
        self.assertEqual(values["sockets", "w2"], 3)
        self.assertEqual([values["athenalite_worker_up", f"w{one}"] for one in (1, 2, 3)], [1, 1, 0])
        self.assertEqual(values["athenalite_worker_starts_total", "w3"], 1)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_blocked(self):
        """A worker that does not answer in time, has no metrics, or takes no connections counts as down."""
        for process in self.processes:
            process.ready()
        self.processes[2].takes = False
        request = self.request()
        self.reactor.answer(0, b"HTTP/1.1 503 Service Unavailable\r\n\r\n" + TEXT.encode())
        self.reactor.advance(1.9)
        self.assertEqual(request.finished, 0)
        self.reactor.advance(0.1)
        self.assertEqual(request.finished, 1)
        values = self.values(request)
        self.assertEqual([values["athenalite_worker_up", f"w{one}"] for one in (1, 2, 3)], [0, 0, 0])
        self.assertNotIn(("sockets", "w1"), values)

    def test_gone(self):
        """If the one who has asked goes, nothing is written."""
        self.processes[0].ready()
        request = self.request()
        request.processingFailed(Failure(ConnectionResetError()))
        self.reactor.answer(0)
        self.assertEqual((request.written, request.finished), ([], 0))

    def test_groups(self):
        """All lines of one metric follow each other, after its one description."""
        lines = merged({"w1": TEXT, "w2": TEXT}, {}).splitlines()
        self.assertEqual(lines[:2], ['# HELP pages Pages, "open".', "# TYPE pages gauge"])
        self.assertEqual(
            [line.split("{")[0] for line in lines[2:8]],
            ["pages"] * 4 + ["# HELP sockets Sockets."] + ["# TYPE sockets gauge"],
        )
