# -*- test-case-name: tests.command.test_doormen -*-
"""Connections are passed on by their first line; they wait for a worker, or are refused."""

from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command import doormen
from athenalite._command.door import ADMIN, VISITOR
from athenalite._command.doormen import Doormen
from tests.command.visiting import Transport, connect
from tests.memory import recordingLog


class FakeProcess:
    """Takes connections, or not."""

    def __init__(self, takes=True):
        self.takes, self.taken, self.asked = takes, [], 0

    def take(self, descriptor, received, kind):
        self.asked += 1
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
        self.isExpected = True
        self.doormen = Doormen(self.choose, lambda: self.isExpected, self.clock, log)

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
        self.doormen = Doormen(self.choose, bool, self.clock, Logger(), ADMIN)
        self.connect(b"GET /?worker=w2 HTTP/1.1\r\n")
        self.assertEqual((self.names, self.processes[0].kind), (["", "w2"], ADMIN))

    def test_wait(self):
        """If no worker takes it, it waits for one that is ready, for a bounded time, and is answered then."""
        transports = [self.connect(b"GET / HTTP/1.1\r\n") for _ in range(2)]
        self.clock.advance(14)
        self.processes = [FakeProcess()]
        self.doormen.waiting[0].pass_(doormen._Round())
        self.assertTrue(transports[0].disconnecting)
        self.processes = []
        self.clock.advance(15)
        self.assertEqual((transports[1].disconnecting, transports[1].value()), (False, b""))
        self.clock.advance(1)
        self.assertEqual((transports[1].disconnecting, transports[1]._shouldShutdown), (True, True))
        self.assertEqual((transports[0].value(), transports[1].value()[:12]), (b"", b"HTTP/1.1 503"))
        self.assertEqual((len(self.doormen.waiting), self.doormen.held), (0, 0))
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(1)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_full(self):
        """One that a full worker has not taken is passed on soon after the worker has read its queue."""
        self.processes = [FakeProcess(False)]
        transport = self.connect(b"GET / HTTP/1.1\r\n")
        self.clock.advance(1)
        self.assertFalse(transport.disconnecting)
        self.processes[0].takes = True
        self.clock.advance(0.1)
        self.assertEqual((len(self.processes[0].taken), self.clock.getDelayedCalls()), (1, []))

    def test_round(self):
        """
        While many wait, a full worker is asked once in a tenth of a second, and not once for each; those of other
        workers are passed on.
        """
        full, free = FakeProcess(False), FakeProcess()
        self.processes = [full]
        for number in range(100):
            self.connect(b"GET /_athena/at/w%d/transport HTTP/1.1\r\n" % (number % 2))
        self.connect(b"GET ")
        full.asked, self.names = 0, []
        self.clock.advance(0.1)
        self.assertEqual((full.asked, self.names), (1, ["w0", "w1"]))
        self.doormen.choose = lambda name: [full, free] if name == "w1" else [full]
        self.clock.advance(0.1)
        self.assertEqual((full.asked, free.asked, len(free.taken), len(self.doormen.waiting)), (2, 50, 50, 51))
        full.takes = True
        self.clock.advance(0.1)
        self.assertEqual((len(full.taken), len(self.doormen.waiting)), (50, 1))

    def test_notExpected(self):
        """If no worker is expected, those that wait, and each visitor, are answered at once; the log has one line."""
        waiting = self.connect(b"GET / HTTP/1.1\r\n")
        self.isExpected = False
        self.clock.advance(0.1)
        for transport in (waiting, self.connect(b"HEAD / HTTP/1.1\r\n"), self.connect(b"POST / HTTP/1.0\n")):
            self.assertEqual((transport.disconnecting, transport.value()[:12]), (True, b"HTTP/1.1 503"))
        nonsense = self.connect(b"\x16\x03\x01\n")
        self.assertEqual((nonsense.disconnecting, nonsense.value()), (True, b""))
        [event] = self.events
        self.assertIn("no worker runs", event["why"])

    def test_held(self):
        """What waiting connections have sent is bounded in bytes, too: the oldest get an answer."""
        transports = [self.connect(b"GET / HTTP/1.1\r\n" + b"x" * 65_000) for _ in range(100)]
        answered = [one.disconnecting for one in transports].index(False)
        self.assertEqual(answered, 100 - 4 * 1024 * 1024 // 65_016)
        self.assertEqual({one.value()[:12] for one in transports[:answered]}, {b"HTTP/1.1 503"})

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
        self.patch(doormen, "mostDescriptors", lambda: 64)
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
