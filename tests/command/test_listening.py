# -*- test-case-name: tests.command.test_listening -*-
"""Ports are opened and closed; tests/test_tap.py has their addresses and errors."""

from functools import partial

from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from athenalite._command.listening import Ports
from athenalite._command.options import CannotServe
from tests.memory import recordingLog


class PortsTests(SynchronousTestCase):
    """``Ports``"""

    def test_open(self):
        """Each endpoint is listened on, with its own factory, and logged by its name."""
        reactor, (events, log) = MemoryReactorClock(), recordingLog()
        factories = [Factory(), Factory()]
        ports = Ports(reactor, log, [("open", "tcp:81", factories[0]), ("metrics at", "tcp:82", factories[1])])
        self.assertEqual(reactor.tcpServers, [])
        ports.open()
        self.assertEqual([server[:2] for server in reactor.tcpServers], [(81, factories[0]), (82, factories[1])])
        self.assertEqual([event["address"].rpartition("/")[2] for event in events], ["", "metrics"])
        self.successResultOf(ports.close())

    def test_hold(self):
        """Connections wait where a port can be told not to read."""
        reactor, happened = MemoryReactorClock(), []
        listen = reactor.listenTCP

        @implementer(IReadDescriptor)
        class Port:
            startReading = staticmethod(partial(happened.append, "start"))
            stopReading = staticmethod(partial(happened.append, "stop"))

            def __init__(self, port):
                self.getHost = port.getHost

        reactor.listenTCP = lambda *args, **options: Port(listen(*args, **options))
        ports = Ports(reactor, recordingLog()[1], [("open", "tcp:81", Factory()), ("open", "unix:x", Factory())])
        ports.open()
        ports.hold()
        self.assertEqual(happened, ["stop"])
        ports.accept()
        self.assertEqual(happened, ["stop", "start"])

    def test_wrong(self):
        """An endpoint that is none is refused, and one at which nothing can listen; the error names the option."""
        reactor = MemoryReactorClock()
        reactor.listenTCP = self.cannotListen
        for what, option, advice in (
            ("open", "--listen", "--port or --listen"),
            ("metrics at", "--metrics", "--metrics"),
            ("operators at", "--admin", "--admin"),
        ):
            error = self.assertRaises(CannotServe, Ports, reactor, None, [(what, "x", Factory())])
            self.assertIn(f"athena-widget: {option}: 'x' is not a valid endpoint", str(error))
            error = self.assertRaises(CannotServe, Ports(reactor, None, [(what, "tcp:1", Factory())]).open)
            self.assertTrue(str(error).endswith(f"choose another with {advice}"), error)

    def cannotListen(self, port, factory, **options):
        """Refuse."""
        raise CannotListenError("", port, OSError("taken"))
