# -*- test-case-name: tests.command.test_parent -*-
"""The parent passes connections on, and its workers are processes: in memory, and in reality."""

import contextlib
import os
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest import TestCase
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command import parent
from athenalite._command.door import ADMIN, ALIVE, DRAINING, READY, VISITOR
from athenalite._command.parent import Doormen, WorkerProcess
from athenalite._command.workers import Worker
from harness.ports import freePorts
from harness.server import TWIST
from tests.command.visiting import Transport, connect
from tests.memory import recordingLog

PATIENCE = 180
PATIENT = (sys.executable, "-m", "tests.patient", "-n", "--pidfile=")


class FakeProcess:
    """Takes connections, or not."""

    def __init__(self, takes=True):
        self.takes, self.taken = takes, []

    def take(self, descriptor, received, kind):
        if self.takes:
            self.taken.append((descriptor, received))
            self.kind = kind
        return self.takes


class DoormanTests(SynchronousTestCase):
    """``Doorman``"""

    def setUp(self):
        self.clock = Clock()
        self.processes, self.names = [], []
        self.events, log = recordingLog()
        self.doormen = Doormen(self.choose, self.clock, log)

    def choose(self, name):
        """Return the processes, and record the name."""
        self.names.append(name)
        return self.processes

    def connect(self, *parts):
        """Open a connection, and send these."""
        return connect(self.doormen, *parts)

    def test_pass(self):
        """When the first line is there, the connection is passed on with all that was received."""
        self.processes = [FakeProcess(False), FakeProcess()]
        transport = self.connect(b"GET /_athena/at/w2/tr", b"ansport HTTP/1.1\r\nHost: x")
        self.assertEqual(self.names, ["w2"])
        self.assertEqual(self.processes[1].taken, [(7, b"GET /_athena/at/w2/transport HTTP/1.1\r\nHost: x")])
        self.assertEqual((transport.disconnecting, transport._shouldShutdown), (True, False))
        self.assertEqual((self.processes[1].kind, self.clock.getDelayedCalls()), (VISITOR, []))

    def test_operator(self):
        """An operator may choose the worker; what the connection is for is passed with it."""
        self.processes = [FakeProcess()]
        self.connect(b"GET /?worker=w2 HTTP/1.1\r\n")
        self.doormen = Doormen(self.choose, self.clock, Logger(), ADMIN)
        self.connect(b"GET /?worker=w2 HTTP/1.1\r\n")
        self.assertEqual((self.names, self.processes[0].kind), (["", "w2"], ADMIN))

    def test_wait(self):
        """If no worker takes it, it waits for one that is ready, for a bounded time."""
        transports = [self.connect(b"GET / HTTP/1.1\r\n") for _ in range(2)]
        self.clock.advance(14)
        self.processes = [FakeProcess()]
        self.doormen.waiting[0].pass_()
        self.assertTrue(transports[0].disconnecting)
        self.processes = []
        self.clock.advance(1)
        self.assertEqual((transports[1].disconnecting, transports[1]._shouldShutdown), (True, True))
        self.assertEqual(len(self.doormen.waiting), 0)

    def test_again(self):
        """When a worker is ready, all that wait are passed on."""
        for _ in range(3):
            self.connect(b"GET / HTTP/1.1\r\n")
        self.connect(b"GET")
        self.processes = [FakeProcess()]
        self.doormen.again()
        self.assertEqual((len(self.processes[0].taken), len(self.doormen.waiting)), (3, 1))

    def test_silent(self):
        """A connection that sends nothing is closed, and so are the oldest of too many."""
        transports = [self.connect() for _ in range(1010)]
        self.assertEqual([one.disconnecting for one in transports].index(False), 10)
        self.assertEqual(len(self.doormen.waiting), 1000)
        self.clock.advance(15)
        self.assertTrue(all(one.disconnecting for one in transports))

    def test_descriptors(self):
        """Half of the descriptors stay free for those that send their first line; the log has it once a minute."""
        self.patch(parent, "mostDescriptors", lambda: 64)
        self.processes = [FakeProcess()]
        for _ in range(300):
            self.connect()
        self.assertEqual(len(self.doormen.waiting), 32)
        self.connect(b"GET / HTTP/1.1\r\n")
        self.assertEqual((len(self.processes[0].taken), [event["most"] for event in self.events]), (1, [32]))

    def test_flood(self):
        """While no worker takes it, not more is read than fits into one message."""
        transport = self.connect(b"x" * 50_000)
        self.assertEqual(transport.producerState, "paused")

    def test_lost(self):
        """One that is closed meanwhile is forgotten."""
        doorman = self.doormen.buildProtocol(None)
        doorman.makeConnection(Transport())
        doorman.connectionLost(None)
        doorman.dataReceived(b"GET / HTTP/1.1\r\n")
        self.assertEqual((len(self.doormen.waiting), self.names), (0, []))


class WorkerProcessTests(SynchronousTestCase):
    """``WorkerProcess``"""

    def test_read(self):
        """Each message is a sign of life, which says whether it drains; without its door it gets no connections."""
        happened, worker = [], Worker("w1")
        process = WorkerProcess(None, worker, Logger(), lambda: happened.append("ready"), happened.append)
        self.addCleanup(process.pair.close)
        for message in (READY, ALIVE, DRAINING, ALIVE):
            process.theirs.send(message)
            worker.silence = 3
            self.assertIsNone(process.doRead())
            self.assertEqual((worker.silence, worker.isDraining), (0, message == DRAINING))
        self.assertEqual(happened, ["ready"])
        worker.isReady = True
        process.theirs.close()
        self.assertIsInstance(process.doRead(), Failure)
        self.assertFalse(worker.isReady)


class Parent:
    """A parent in a process of its own, for tests."""

    def setUp(self):
        super().setUp()
        self.port, self.metricsPort, self.adminPort = freePorts(3)
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.log = self.directory / "log"
        self.pids = []

    def start(self, *options, element="tests.applications.roomthing.lobby.page", command=PATIENT):
        """Start a parent, and wait for a page."""
        listen = f"--listen=tcp:{self.port}:interface=127.0.0.1"
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
        with open(self.log, "wb") as log:
            self.parent = subprocess.Popen(
                [*command, "athena-widget", f"--element={element}", listen, *options],
                cwd=self.directory,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self.addCleanup(self.end)

    def end(self):
        """End the parent, and what may be left of its workers."""
        self.parent.kill()
        self.parent.wait()
        for pid in self.pids:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def text(self):
        """Return the log."""
        return self.log.read_text("utf-8", "replace")

    def until(self, condition):
        """Wait until something holds."""
        till = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), till, self.text())
            time.sleep(0.05)

    def waitReady(self, count):
        """Wait until so many workers have been ready."""
        self.until(lambda: self.text().count("the worker is ready") >= count)
        self.pids = self.children()

    def children(self):
        """Return the processes of the workers."""
        path = Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def worker(self, path=""):
        """Return the name in the address of a page's socket."""
        return re.search("_athena/at/(w[0-9]+)/transport", self.get(path))[1]

    def get(self, path, port=None):
        """Return what is at a path."""
        with urlopen(f"http://127.0.0.1:{port or self.port}/{path}", timeout=60) as response:
            return response.read().decode("utf-8")


class ProcessTests(Parent, TestCase):
    """``twistd athena-widget --workers``"""

    def test_life(self):
        """Pages are of all workers; one that dies is replaced, HUP replaces all, and TERM ends all."""
        address = f"tcp:{self.metricsPort}:interface=127.0.0.1"
        unix, six = self.directory / "socket", f"--listen=tcp:{self.port}:interface=\\:\\:1"
        sides = f"--metrics={address}", f"--admin=tcp:{self.adminPort}:interface=127.0.0.1"
        self.start("--workers=2", "--drain=2", *sides, f"--listen=unix:{unix}", six)
        self.waitReady(2)
        self.assertEqual({self.worker() for _ in range(4)}, {"w1", "w2"})
        self.assertIn("the application's 1 rooms are not shared", self.text())
        self.flood(str(unix))
        first = self.children()
        os.kill(first[0], signal.SIGKILL)
        self.waitReady(3)
        self.assertIn("the worker has ended", self.text())
        self.assertEqual({self.worker() for _ in range(4)}, {"w1", "w2"})
        before = self.children()
        self.parent.send_signal(signal.SIGHUP)
        self.until(lambda: len(self.children()) == 2 and not set(self.children()) & set(before))
        self.waitReady(5)
        self.assertEqual({self.worker() for _ in range(4)}, {"w1", "w2"})
        metrics = self.get("metrics", self.metricsPort)
        for line in ('pages{worker="w1",state="rendered"} 2.0', 'worker_up{worker="w2"} 1', 'build_info{worker="w1",'):
            self.assertIn(f"athenalite_{line}", metrics)
        self.assertEqual(sum(map(int, re.findall(r"worker_starts_total.* ([0-9]+)", metrics))), 5)
        self.assertEqual(self.get("_athena/health"), "ok\n")
        for name, other in (("w1", "w2"), ("w2", "w1")):
            operators = self.get(f"?worker={name}", self.adminPort)
            for text in (f"Open pages of {name}", f'href="?worker={other}"', f"_athena/at/{name}/transport"):
                self.assertIn(text, operators)
        for family, place in ((socket.AF_UNIX, str(unix)), (socket.AF_INET6, ("::1", self.port))):
            with socket.socket(family) as connection:
                connection.connect(place)
                connection.sendall(b"GET /_athena/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
                self.assertIn(b" 200 ", connection.recv(1000))
        self.parent.terminate()
        # At once, because it soon stops listening. A worker may not have got the signal yet.
        self.until(lambda: self.health() == (503, "draining\n"))
        # twistd ends by the signal that has stopped it.
        self.assertEqual(self.parent.wait(PATIENCE), -signal.SIGTERM)
        self.assertEqual(self.text().count("draining for"), 4)
        self.assertNotIn("Traceback", self.text())
        for pid in self.pids:
            self.assertFalse(Path(f"/proc/{pid}").exists())

    def flood(self, path):
        """Open as many silent connections as this process may, up to 10,000: pages are served, and most are closed."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        resource.prlimit(self.parent.pid, resource.RLIMIT_NOFILE, (600, 600))
        with contextlib.ExitStack() as silent:
            for _ in range(min(10_000, hard - 300) if hard > 0 else 10_000):
                connection = silent.enter_context(socket.socket(socket.AF_UNIX))
                # With a timeout of Python's, it would not wait for a place in the queue.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", PATIENCE, 0))
                connection.connect(path)
            self.assertEqual({self.worker() for _ in range(4)}, {"w1", "w2"})
            opened = Path(f"/proc/{self.parent.pid}/fd")
            self.until(lambda: len(os.listdir(opened)) < 400)
        self.until(lambda: "300 connections wait for a worker" in self.text())

    def health(self):
        """Return the status and the text of an answer about the site's health."""
        try:
            return 200, self.get("_athena/health")
        except HTTPError as error:
            return error.code, error.read().decode("utf-8")

    def test_parentKilled(self):
        """A worker that hangs writes its stack, and is replaced. If the parent is killed, its workers end."""
        hanging = "tests.applications.roomthing.hanging.page"
        # By twist: as to workers, it has other options than twistd.
        self.start("--workers=2", "--hung-after=3", element=hanging, command=TWIST)
        self.waitReady(2)
        (self.directory / "hang").touch()
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            self.until(lambda: "the worker has hung, with no sign of life for 3" in self.text())
            self.until(lambda: re.search(r"w[12]: +File .*hanging.py\", line [0-9]+ in page", self.text()))
            self.until(lambda: "signal 6" in self.text())
            self.waitReady(3)
        self.parent.kill()
        self.parent.wait()
        self.until(lambda: not any(Path(f"/proc/{pid}/fd").exists() for pid in self.pids))
        self.assertRaises(URLError, self.worker)

    def test_broken(self):
        """An application that cannot be imported: each worker says so, and is tried again; the parent stays."""
        self.start("--workers=2", element="tests.no_such_module.page")
        self.until(lambda: self.text().count("the worker has ended") >= 3)
        self.assertIn("athena-widget: --element: there is no 'tests.no_such_module.page'", self.text())
        self.assertIsNone(self.parent.poll())
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
