# -*- test-case-name: tests.command.test_parentservice -*-
"""The service of a parent, in memory; tests/command/test_parent.py starts one."""

import signal
import sys

from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.parentservice import ParentService
from athenalite.tap import Options


class Reactor(MemoryReactorClock):
    """Starts processes that do nothing."""

    def __init__(self):
        super().__init__()
        self.spawned = []

    def spawnProcess(self, protocol, *arguments, **options):
        self.spawned.append((protocol, arguments, options))

    def addReader(self, reader):
        pass

    def removeReader(self, reader):
        pass


class ParentTests(SynchronousTestCase):
    """``ParentService``"""

    def test_start(self):
        """It listens, starts its workers with a door each, and stops when they have ended."""
        self.patch(sys, "path", list(sys.path))
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            self.addCleanup(signal.signal, number, signal.getsignal(number))
        options = Options()
        options.parseOptions(["--element=no.such.element", "--workers=2", "--listen=tcp:81"])
        reactor = Reactor()
        service = ParentService(reactor, options)
        service.startService()
        self.assertEqual([server[0] for server in reactor.tcpServers], [81])
        self.assertEqual(len(reactor.spawned), 2)
        for number, (protocol, (_, command, *_), spawnOptions) in enumerate(reactor.spawned, 1):
            self.assertIn(f"--name=w{number}", command)
            self.assertEqual(sorted(spawnOptions["childFDs"]), [0, 1, 2, 3])
            protocol.childDataReceived(1, b"2026-01-01T00:00:00+0000 [-] hel")
            protocol.childDataReceived(2, b"lo\nrest")
            protocol._ready()
        stopped = service.stopService()
        self.assertNoResult(stopped)
        for protocol, *_ in reactor.spawned:
            protocol.pair.close()
            protocol._ended("exit status 0")
        self.successResultOf(stopped)
