# -*- test-case-name: tests.command.test_parent -*-
"""The workers of a parent are processes: in memory, and in reality."""

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
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest import TestCase
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from twisted.internet.error import ProcessDone
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.door import ALIVE, CLOSED, DRAINING, READY, VISITOR
from athenalite._command.parent import WorkerProcess
from athenalite._command.workers import Worker
from harness.ports import freePorts
from harness.server import TWIST

PATIENCE = 180
PATIENT = (sys.executable, "-m", "tests.patient", "-n", "--pidfile=")


class WorkerProcessTests(SynchronousTestCase):
    """``WorkerProcess``"""

    def setUp(self):
        self.happened, self.worker, self.takenBack = [], Worker("w1"), []
        self.reactor = Reactor(self.takenBack)
        ready = partial(self.happened.append, "ready")
        doormen = {VISITOR: Factory.forProtocol(Protocol)}
        self.process = WorkerProcess(self.reactor, self.worker, Logger(), ready, self.happened.append, doormen)
        for end in (self.process.pair, self.process.theirs):
            self.addCleanup(end.close)
        self.worker.isReady = True

    def test_read(self):
        """Each message is a sign of life, which says whether it drains; without its door it gets no connections."""
        for message in (READY, ALIVE, DRAINING, ALIVE):
            self.process.theirs.send(message)
            self.worker.silence = 3
            self.assertIsNone(self.process.doRead())
            self.assertEqual((self.worker.silence, self.worker.isDraining), (0, message == DRAINING))
        self.assertEqual((self.happened, self.worker.isReady), (["ready"], True))
        self.process.theirs.send(CLOSED)
        self.process.doRead()
        self.assertFalse(self.worker.isReady)

    def pass_(self, text):
        """Pass a connection to the worker, which does not read it."""
        browser, connection = socket.socketpair()
        self.addCleanup(browser.close)
        self.assertTrue(self.process.take(connection.fileno(), text))
        connection.close()

    def test_takenBack(self):
        """Connections that a worker has not read when it closes its door, hangs or ends are those of others again."""
        self.pass_(b"one")
        self.pass_(b"two")
        self.process.theirs.send(CLOSED)
        self.process.doRead()
        self.assertEqual(self.takenBack, [b"one", b"two"])
        self.pass_(b"three")
        self.worker.isReady = True
        self.process.abort()
        self.assertEqual((self.takenBack[2:], self.worker.isReady), ([b"three"], False))
        self.pass_(b"four")
        self.worker.isReady = True
        self.process.processExited(Failure(ProcessDone(0)))
        self.assertEqual((self.takenBack[3:], self.worker.isReady), ([b"four"], False))
        self.assertEqual(self.happened, [])
        self.process.processEnded(Failure(ProcessDone(0)))
        self.assertEqual((self.happened, self.reactor.getDelayedCalls()), (["exit status 0"], []))
        self.assertFalse(self.process.take(0, b"five"))

    def test_held(self):
        """If a process that the worker has started holds its log open, it counts as ended soon."""
        closed = []
        self.process.transport = SimpleNamespace(loseConnection=partial(closed.append, 1), pid=None)
        self.process.processExited(Failure(ProcessDone(0)))
        self.reactor.advance(1)
        self.assertEqual(closed, [])
        self.reactor.advance(1)
        self.assertEqual(closed, [1])


class Reactor(Clock):
    """Adopts connections, and records what is received of them."""

    def __init__(self, received):
        super().__init__()
        self._received = received

    def removeReader(self, reader):
        pass

    def adoptStreamConnection(self, descriptor, family, factory):
        return SimpleNamespace(protocol=SimpleNamespace(dataReceived=self._received.append))


class Parent:
    """A parent in a process of its own, for tests."""

    def setUp(self):
        super().setUp()
        self.port, self.metricsPort, self.adminPort = freePorts(3)
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.log = self.directory / "log"
        self.pids = []
        # Under nohup this process ignores it, and so would the parent.
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL))

    def start(self, *options, element="tests.applications.roomthing.lobby.page", command=PATIENT, **more):
        """Start a parent, with more variables of the environment."""
        listen = f"--listen=tcp:{self.port}:interface=127.0.0.1"
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent), **more}
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
        """
        An application that cannot be imported any more: each worker says so, and is tried again; the parent stays.
        Visitors are told, at once. Mended, it serves when the workers are to be replaced.
        """
        module = self.directory / "newcode.py"
        module.write_text("from tests.applications.roomthing.lobby import page\n", "utf-8")
        self.start("--workers=2", element="newcode.page")
        self.waitReady(2)
        module.write_text("raise ImportError('it is broken')\n", "utf-8")
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        self.until(lambda: self.text().count("the worker has ended") >= 7)
        self.assertIn("ImportError: it is broken", self.text())
        self.assertIsNone(self.parent.poll())
        with self.assertRaises(HTTPError) as raised:
            self.get("")
        with raised.exception as error:
            self.assertEqual((error.code, error.headers["Retry-After"]), (503, "10"))
            self.assertIn(b"try again", error.read())
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"GET /_athena/transport HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n")
            self.assertEqual(connection.recv(12), b"HTTP/1.1 503")
        self.assertEqual(self.text().count("visitors get the answer 503"), 1)
        module.write_text("from tests.applications.roomthing.lobby import page\n", "utf-8")
        self.parent.send_signal(signal.SIGHUP)
        self.waitReady(4)
        self.assertIn(self.worker(), {"w1", "w2"})
        # The next version is broken again, and then another one hangs while it starts.
        module.write_text("1 / 0\n", "utf-8")
        before = self.children()
        self.parent.send_signal(signal.SIGHUP)
        self.until(lambda: "w1: the new worker does not start, so the old ones stay" in self.text())
        self.assertEqual(self.children(), before)
        module.write_text("import time; print('hanging', flush=True); time.sleep(3600)\n", "utf-8")
        self.parent.send_signal(signal.SIGHUP)
        self.until(lambda: "hanging" in self.text())
        module.write_text("from tests.applications.roomthing.lobby import page\n", "utf-8")
        self.parent.send_signal(signal.SIGHUP)
        self.until(lambda: len(self.children()) == 2 and not set(self.children()) & set(before))
        self.waitReady(6)

    def test_refused(self):
        """
        An application that cannot be imported at the start: one line, as without workers, and exit status 1; no worker
        is started, and nothing listens.
        """
        (self.directory / "newcode.py").write_text("def page(:\n", "utf-8")
        for command in PATIENT, TWIST:
            for element, line, isTraced in (
                ("nosuch.thing", "athena-widget: --element: cannot find 'nosuch.thing': ", False),
                ("newcode.page", "no worker can import it: SyntaxError: invalid syntax; see above", True),
            ):
                self.start("--workers=2", element=element, command=command)
                self.assertEqual(self.parent.wait(PATIENCE), 1)
                self.assertIn(line, self.text().splitlines()[-1])
                self.assertEqual("Traceback" in self.text(), isTraced)
                self.assertEqual("newcode.py" in self.text(), isTraced)
                self.assertNotIn("the worker", self.text())
                self.assertRaises(URLError, self.get, "")

    def test_stoppedBefore(self):
        """A parent that is stopped while the application is imported ends as one that serves does."""
        (self.directory / "newcode.py").write_text("import time\nopen('begun', 'w')\ntime.sleep(600)\n", "utf-8")
        self.start("--workers=2", element="newcode.page")
        self.until((self.directory / "begun").exists)
        self.pids = self.children()
        self.parent.terminate()
        self.assertEqual(self.parent.wait(PATIENCE), -signal.SIGTERM)
        self.assertEqual([pid for pid in self.pids if Path(f"/proc/{pid}/fd").exists()], [])

    def test_firstUse(self):
        """An element that fails when it is used: its visitors are told, the log says so, and the workers stay."""
        (self.directory / "newcode.py").write_text("def page():\n    return 1 / 0\n", "utf-8")
        self.start("--workers=2", element="newcode.page")
        self.waitReady(2)
        for _ in range(4):
            with self.assertRaises(HTTPError) as raised:
                self.get("")
            with raised.exception as error:
                self.assertEqual(error.code, 500)
        for name in ("w1", "w2"):
            self.until(lambda name=name: re.search(f"{name}: .*ZeroDivisionError|{name}.*newcode.py", self.text()))
        self.assertEqual(self.children(), self.pids)

    def test_blocked(self):
        """
        Visitors wait while all workers are blocked, also those for whom no queue has room; those that a worker has not
        read yet when it dies are those of others.
        """
        self.start("--workers=2")
        self.waitReady(2)
        for pid in self.pids:
            os.kill(pid, signal.SIGSTOP)
        opened = Path(f"/proc/{self.parent.pid}/fd")
        visitors = []
        # The parent has those for whom no queue has room.
        while len(os.listdir(opened)) < 200:
            visitors.append(socket.create_connection(("127.0.0.1", self.port), PATIENCE))
            self.addCleanup(visitors[-1].close)
            visitors[-1].sendall(b"GET /_athena/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        os.kill(self.pids[0], signal.SIGKILL)
        os.kill(self.pids[1], signal.SIGCONT)
        self.assertEqual({one.recv(12) for one in visitors}, {b"HTTP/1.1 200"})
        self.assertNotIn("503", self.text())
