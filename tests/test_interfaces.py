# -*- test-case-name: tests.test_interfaces -*-
"""Whoever plays a part has all its lines, the tests' stand-ins included."""

from twisted.internet.interfaces import IReactorTime
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyClass, verifyObject

from athenalite._page.livepage import LivePage
from athenalite._server.websocket import AthenaProtocol
from athenalite.interfaces import IClock, IPage, ITransport
from tests.memory import FakePage, MemoryTransport


class InterfaceTests(SynchronousTestCase):
    """Each interface, against what provides it."""

    def test_transport(self):
        """The Autobahn protocol and the socket in memory are transports, with the same signatures."""
        self.assertTrue(verifyClass(ITransport, AthenaProtocol))
        self.assertTrue(verifyObject(ITransport, MemoryTransport()))

    def test_page(self):
        """LivePage and the tests' page are pages."""
        self.assertTrue(verifyClass(IPage, LivePage))
        self.assertTrue(verifyObject(IPage, FakePage()))

    def test_clock(self):
        """Whatever a reactor is asked for by us, every provider of IReactorTime has."""
        self.assertLessEqual(set(IClock.names()), set(IReactorTime.names()))
