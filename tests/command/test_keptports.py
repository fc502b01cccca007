# -*- test-case-name: tests.command.test_keptports -*-
"""Ports that stay open while a server restarts; tests/browser/test_reload.py restarts one."""

import socket

from twisted.internet.endpoints import serverFromString
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.keptports import KeptPorts


class Reactor(MemoryReactorClock):
    """Records what it adopts."""

    def __init__(self):
        super().__init__()
        self.adopted = []

    def adoptStreamPort(self, fileDescriptor, addressFamily, factory):
        self.adopted.append((fileDescriptor, addressFamily, factory))


class KeptPortsTests(SynchronousTestCase):
    """``KeptPorts``"""

    def setUp(self):
        self.kept, self.reactor = KeptPorts(), Reactor()
        self.addCleanup(self.kept.close)

    def listen(self, description):
        """Let a server listen."""
        factory = Factory()
        self.successResultOf(serverFromString(self.kept.adopting(self.reactor), description).listen(factory))
        return factory

    def test_kept(self):
        """One server after the other adopts a socket, which accepts connections before, between and after them."""
        description = "tcp:0:interface=127.0.0.1"
        self.kept.open([description])
        [listening] = self.kept._sockets.values()
        for _ in range(2):
            with socket.create_connection(listening.getsockname(), 5):
                factory = self.listen(description)
        self.assertEqual(self.reactor.adopted[-1], (listening.fileno(), socket.AF_INET, factory))
        self.assertEqual((len(self.reactor.adopted), self.reactor.tcpServers), (2, []))

    def test_six(self):
        """So does an address of IPv6."""
        self.kept.open(["tcp6:0:interface=\\:\\:1"])
        self.listen("tcp6:0:interface=\\:\\:1")
        self.assertEqual(self.reactor.adopted[0][1], socket.AF_INET6)

    def test_others(self):
        """What is no TCP endpoint, wrong or in use is left to the server."""
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            used = f"tcp:{port}:interface=127.0.0.1"
            self.kept.open(["unix:/nowhere/at/all", "nonsense", "tcp:x", "tcp:99999", used])
            factory = self.listen(used)
        self.assertEqual((self.reactor.adopted, self.kept._sockets), ([], {}))
        self.assertEqual(self.reactor.tcpServers, [(port, factory, 50, "127.0.0.1")])
