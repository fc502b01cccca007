# -*- test-case-name: tests.command.test_door -*-
"""Connections are passed to a worker with what was received of them."""

import os
import resource
import socket

from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.door import ALIVE, CLOSED, DRAINING, METRICS, READY, VISITOR, Door, sendConnection
from tests.memory import recordingLog


class Recording(Protocol):
    """Records what it receives."""

    def dataReceived(self, data):
        self.factory.received.append(data)


class Reactor(Clock):
    """Adopts connections, without reading them."""

    def __init__(self):
        super().__init__()
        self.readers, self.adopted = [], []

    def addReader(self, reader):
        self.readers.append(reader)

    def removeReader(self, reader):
        if reader in self.readers:
            self.readers.remove(reader)

    def adoptStreamConnection(self, descriptor, family, factory):
        self.adopted.append((socket.socket(fileno=os.dup(descriptor)), family))
        protocol = factory.buildProtocol(None)

        class Transport:
            pass

        Transport.protocol = protocol
        return Transport


class DoorTests(SynchronousTestCase):
    """``Door`` and ``sendConnection``"""

    def setUp(self):
        self.pair, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(self.pair.close)
        self.factory = Factory.forProtocol(Recording)
        self.factory.received = []
        self.factory.noisy = False
        self.reactor, self.closed = Reactor(), []
        self.door = Door(self.reactor, theirs.detach(), {VISITOR: self.factory}, lambda: self.closed.append(1), 30)
        self.door.open()

    def test_pass(self):
        """A connection arrives, with its data; the parent's copy may be closed."""
        self.assertEqual(self.pair.recv(100), READY)
        browser, connection = socket.socketpair()
        self.addCleanup(browser.close)
        self.assertTrue(sendConnection(self.pair, connection.fileno(), b"GET / HTTP/1.1\r\n"))
        connection.close()
        self.door.doRead()
        [(adopted, family)] = self.reactor.adopted
        self.addCleanup(adopted.close)
        self.assertEqual((self.factory.received, family), ([b"GET / HTTP/1.1\r\n"], socket.AF_UNIX))
        adopted.sendall(b"hello")
        self.assertEqual(browser.recv(100), b"hello")
        self.assertEqual((self.reactor.readers, self.closed), ([self.door], []))
        self.assertEqual((self.door.fileno() > 0, self.door.logPrefix()), (True, "door"))
        self.door.close()

    def test_drain(self):
        """Each sign of life tells the parent whether new visitors are to go elsewhere, until the door is closed."""
        self.door.drain(True)
        self.reactor.advance(6)
        self.door.drain(False)
        self.reactor.advance(6)
        received = [self.pair.recv(100) for _ in range(5)]
        self.assertEqual(received, [READY, DRAINING, DRAINING, ALIVE, ALIVE])
        self.door.close()
        self.assertEqual(self.pair.recv(100), CLOSED)
        self.door.drain(True)

    def test_alive(self):
        """The parent gets signs of life while the reactor runs and the door is open, five in the time it allows."""
        self.assertEqual(self.pair.recv(100), READY)
        for _ in range(5):
            self.reactor.advance(6)
            self.assertEqual(self.pair.recv(100), ALIVE)
        # It may stand still, and read none.
        for _ in range(10_000):
            self.reactor.advance(6)
        self.door.close()
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_kinds(self):
        """A connection for something that this worker does not have is closed, whatever a browser sends first."""
        for kind in (METRICS, b"x"):
            browser, connection = socket.socketpair()
            self.addCleanup(browser.close)
            sendConnection(self.pair, connection.fileno(), VISITOR + b"GET", kind)
            connection.close()
            self.door.doRead()
            self.assertEqual((browser.recv(1), self.reactor.adopted), (b"", []))
        self.door.close()

    def test_close(self):
        """Connections that were passed before the door is closed are served."""
        browser, connection = socket.socketpair()
        for _ in range(3):
            sendConnection(self.pair, connection.fileno(), b"GET")
        self.door.close()
        self.assertEqual(len(self.reactor.adopted), 3)
        self.assertEqual((self.closed, self.reactor.readers), ([], []))
        for one in (browser, connection, *(adopted for adopted, _ in self.reactor.adopted)):
            one.close()
        self.door.close()

    def test_without(self):
        """A message without a connection is ignored; a connection that cannot be used is closed."""
        self.pair.send(b"x")
        self.door.doRead()
        self.assertEqual(self.factory.received, [])
        self.patch(self.reactor, "adoptStreamConnection", lambda *_: (_ for _ in ()).throw(OSError()))
        browser, connection = socket.socketpair()
        sendConnection(self.pair, connection.fileno(), b"x")
        connection.close()
        self.door.doRead()
        self.assertEqual(browser.recv(1), b"")
        browser.close()
        self.door.connectionLost(None)

    def test_descriptors(self):
        """A connection for which the process has no descriptor is dropped, and logged once a minute; others come."""
        events, self.door._log = recordingLog()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Without one for its copy only, there is an answer.
        for room, answered in ((0, b""), (1, b"HTTP/1.1 503"), (1, b"HTTP/1.1 503")):
            browser, connection = socket.socketpair()
            self.assertTrue(sendConnection(self.pair, connection.fileno(), b"GET / HTTP/1.1\r\n"))
            connection.close()
            # The next free ones.
            free = [os.dup(browser.fileno()) for _ in range(2)]
            for one in free:
                os.close(one)
            resource.setrlimit(resource.RLIMIT_NOFILE, (free[room], hard))
            try:
                self.door.doRead()
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            self.assertEqual(browser.recv(12), answered)
            browser.close()
            self.reactor.advance(31)
        self.assertEqual(len([event for event in events if "no descriptor" in event["log_format"]]), 2)
        browser, connection = socket.socketpair()
        sendConnection(self.pair, connection.fileno(), b"GET")
        self.door.doRead()
        [(adopted, _)] = self.reactor.adopted
        for one in (browser, connection, adopted):
            one.close()
        self.door.close()

    def test_full(self):
        """A worker that takes nothing is not waited for."""
        browser, connection = socket.socketpair()
        taken = 0
        while sendConnection(self.pair, connection.fileno(), b"x" * 8000):
            taken += 1
            self.assertLess(taken, 10_000)
        self.assertGreater(taken, 5)
        for one in (browser, connection):
            one.close()
        while self.reactor.readers and len(self.reactor.adopted) < taken:
            self.door.doRead()
        for adopted, _ in self.reactor.adopted:
            adopted.close()
        self.door.close()

    def test_parentEnded(self):
        """When the parent ends, the worker is notified, once."""
        self.pair.close()
        self.door.doRead()
        self.assertEqual((self.closed, self.reactor.readers), ([1], []))
        self.assertFalse(sendConnection(self.pair, 0, b"x"))
