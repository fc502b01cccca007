# -*- test-case-name: tests.command.test_parentservice -*-
"""The service of a parent, in memory; tests/command/test_parent.py starts one."""

import os
import signal
import sys
from pathlib import Path

from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.notify import Notifier
from athenalite._command.parentservice import ParentService
from athenalite.tap import Options
from tests.command.test_notify import manager

ADMIN = "--admin=tcp:83:interface=127.0.0.1"


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
        options.parseOptions(
            ["--element=no.such.element", "--workers=2", "--listen=tcp:81", "--metrics=tcp:82", "--drain=3", ADMIN]
        )
        reactor = Reactor()
        receiver = manager(self, str(Path(self.mktemp()).absolute()))
        self.patch(os, "environ", {**os.environ, "NOTIFY_SOCKET": receiver.getsockname()})
        service = ParentService(reactor, options)
        service._checkImport = list
        service._notifier = Notifier(reactor, os.environ)
        service.startService()
        self.assertEqual([server[0] for server in reactor.tcpServers], [81, 82, 83])
        self.assertEqual(len(reactor.spawned), 2)
        for number, (protocol, (_, command, environment, *_), spawnOptions) in enumerate(reactor.spawned, 1):
            self.assertIn(f"--name=w{number}", command)
            self.assertEqual(sorted(spawnOptions["childFDs"]), [0, 1, 2, 3])
            protocol.childDataReceived(1, b"hello\nrest")
            self.assertNotIn("NOTIFY_SOCKET", environment)
            protocol._ready()
        self.assertIn(b"READY=1\nSTATUS=serving http://localhost:81/\n", receiver.recv(1000))
        stopped = service.stopService()
        self.assertIn(b"STOPPING=1", receiver.recv(1000))
        self.assertEqual(len(service._ports._ports), 3)
        reactor.advance(3)
        self.assertEqual(service._ports._ports, [])
        self.assertNoResult(stopped)
        for protocol, *_ in reactor.spawned:
            protocol.pair.close()
            protocol.theirs.close()
            protocol._ended("exit status 0")
        self.successResultOf(stopped)
