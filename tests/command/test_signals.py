# -*- test-case-name: tests.command.test_signals -*-
"""Signals stop the server once, and pages have a reason."""

import contextlib
import os
import signal
import time
from unittest import TestCase

from twisted.internet.testing import MemoryReactor
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.signals import StopSignals
from harness.rawsocket import RawSocket
from harness.server import Server


class Reactor(MemoryReactor):
    """A reactor that runs what signals ask for at once."""

    def __init__(self):
        super().__init__()
        self.stops = 0

    def callFromThread(self, function, *args, **kwargs):
        function(*args, **kwargs)

    def stop(self):
        self.stops += 1

    def sigTerm(self, number, frame):
        self.stop()


class StopSignalsTests(SynchronousTestCase):
    """One server's handlers, in this process."""

    def setUp(self):
        for number in (signal.SIGHUP, signal.SIGTERM):
            self.addCleanup(signal.signal, number, signal.getsignal(number))
        self.logged = []
        self.reactor = Reactor()
        self.signals = StopSignals(self.reactor, Logger("tests", observer=self.logged.append))

    def test_hangUp(self):
        """SIGHUP stops the server, once."""
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        self.signals.install()
        signal.raise_signal(signal.SIGHUP)
        self.assertEqual(self.reactor.stops, 1)
        self.signals.stopping()
        signal.raise_signal(signal.SIGHUP)
        self.assertEqual((self.reactor.stops, [event["name"] for event in self.logged]), (1, ["SIGHUP"]))

    def test_ignored(self):
        """Under nohup SIGHUP stays ignored."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.signals.install()
        self.assertIs(signal.getsignal(signal.SIGHUP), signal.SIG_IGN)

    def test_again(self):
        """A second SIGTERM is one line of the log; a handler of the application stays."""
        signal.signal(signal.SIGTERM, self.reactor.sigTerm)
        signal.signal(signal.SIGHUP, handler := lambda number, frame: None)
        self.signals.install()
        self.signals.stopping()
        signal.raise_signal(signal.SIGTERM)
        self.assertEqual((self.reactor.stops, len(self.logged)), (0, 1))
        self.assertIs(signal.getsignal(signal.SIGHUP), handler)


class ServerTests(TestCase):
    """A real server."""

    def test_hangUp(self):
        """After SIGHUP the browser gets the reason, and after two SIGTERM more the log is quiet."""
        # Under nohup this process ignores it, and so would the server.
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL))
        server = Server("tests.pages.Plain")
        server.start()
        self.addCleanup(server.kill)
        with RawSocket.connected(server.port) as socket:
            os.kill(server.process.pid, signal.SIGHUP)
            self.assertEqual(socket.closed(), (4000, "the server is shutting down"))
            for _ in range(2):
                time.sleep(0.1)
                # On a busy machine it may have ended by now.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(server.process.pid, signal.SIGTERM)
        server.process.wait(60)
        server.stop()
        server.assertQuiet()
