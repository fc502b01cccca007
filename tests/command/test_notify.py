# -*- test-case-name: tests.command.test_notify -*-
"""Notifications for systemd."""

import os
import socket
import tempfile
from pathlib import Path
from unittest import TestCase

from twisted.internet.task import Clock
from twisted.logger import globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.notify import Notifier
from harness.server import Server


def manager(testCase, address):
    """Return a socket of a service manager at this address."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    testCase.addCleanup(receiver.close)
    receiver.bind(address)
    receiver.settimeout(60)
    return receiver


class NotifierTests(SynchronousTestCase):
    """``Notifier``"""

    def setUp(self):
        # The path of a socket is short.
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = str(Path(directory.name) / "notify")
        self.clock = Clock()

    def received(self, receiver):
        """Return the datagrams that have come."""
        receiver.settimeout(0)
        found = []
        while True:
            try:
                found.append(receiver.recv(1000).decode())
            except BlockingIOError:
                return found

    def test_ready(self):
        """A server that is ready says so, with the process, and that it stops."""
        receiver = manager(self, self.path)
        notifier = Notifier(self.clock, {"NOTIFY_SOCKET": self.path})
        self.assertEqual(self.received(receiver), [])
        notifier.ready("serving")
        self.assertEqual(self.received(receiver), [f"READY=1\nSTATUS=serving\nMAINPID={os.getpid()}"])
        notifier.stopping(7.5)
        self.assertEqual(self.received(receiver), ["STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=7500000"])
        notifier.stopped()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_watchdog(self):
        """It sends a sign of life twice as often as it is asked to, until the process ends."""
        receiver = manager(self, self.path)
        notifier = Notifier(self.clock, {"NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": "4000000"})
        notifier.ready("serving")
        self.assertEqual(self.received(receiver)[1:], ["WATCHDOG=1"])
        self.clock.advance(1.9)
        self.assertEqual(self.received(receiver), [])
        self.clock.pump([0.1, 2])
        self.assertEqual(self.received(receiver), ["WATCHDOG=1"] * 2)
        notifier.stopping(1)
        self.clock.advance(2)
        self.assertEqual(self.received(receiver)[1:], ["WATCHDOG=1"])
        notifier.stopped()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_notAsked(self):
        """Other processes of the service, and settings that make no sense, have no watchdog."""
        for environment in (
            {"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "1"},
            {"WATCHDOG_USEC": "0"},
            {"WATCHDOG_USEC": "soon"},
            {"WATCHDOG_USEC": "\u0664"},
            {},
        ):
            receiver = manager(self, self.path)
            Notifier(self.clock, {"NOTIFY_SOCKET": self.path, **environment}).ready("serving")
            self.assertEqual(len(self.received(receiver)), 1, environment)
            os.unlink(self.path)

    def test_abstract(self):
        """The socket may have an abstract name."""
        name = f"athenalite-{os.getpid()}"
        receiver = manager(self, f"\0{name}")
        Notifier(self.clock, {"NOTIFY_SOCKET": f"@{name}"}).ready("serving")
        self.assertEqual(len(self.received(receiver)), 1)

    def test_nobody(self):
        """Without a service manager nothing is sent; one that does not take it is a warning."""
        notifier = Notifier(self.clock, {"WATCHDOG_USEC": "4000000"})
        notifier.ready("serving")
        notifier.stopping(1)
        notifier.stopped()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        events = []
        globalLogPublisher.addObserver(events.append)
        self.addCleanup(globalLogPublisher.removeObserver, events.append)
        for address in (self.path, "x" * 200, "\0"):
            Notifier(self.clock, {"NOTIFY_SOCKET": address}).ready("serving")
        self.assertEqual([event["log_level"].name for event in events], ["warn"] * 3)


class CommandTests(TestCase):
    """``athena-widget`` as a service of systemd."""

    def test_service(self):
        """It is ready when it listens, lives, and says that it stops."""
        directory = self.enterContext(tempfile.TemporaryDirectory())
        receiver = manager(self, f"{directory}/notify")
        environment = {"NOTIFY_SOCKET": f"{directory}/notify", "WATCHDOG_USEC": "400000"}
        with Server("tests.pages.Plain", "--drain=0.3", environment=environment) as server:
            first = receiver.recv(1000).decode()
            self.assertIn("READY=1\nSTATUS=serving http://", first)
            self.assertEqual([receiver.recv(1000) for _ in range(3)], [b"WATCHDOG=1"] * 3)
            server.stop()
        rest = []
        receiver.settimeout(0)
        while True:
            try:
                rest.append(receiver.recv(1000).decode())
            except BlockingIOError:
                break
        [stopping] = [one for one in rest if one != "WATCHDOG=1"]
        self.assertTrue(stopping.startswith("STOPPING=1\n"))
        server.assertQuiet()
