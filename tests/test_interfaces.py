# -*- test-case-name: tests.test_interfaces -*-
"""Providers of an interface have all its methods, the tests' stand-ins included."""

from twisted.internet.interfaces import IReactorTime
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyClass, verifyObject

from athenalite._page.livepage import LivePage
from athenalite._server.websocket import AthenaProtocol
from athenalite.interfaces import IClock, IPage, ITransport
from tests.memory import FakePage, MemoryTransport


class InterfaceTests(SynchronousTestCase):
    """Each interface, against its providers."""

    def test_transport(self):
        """The Autobahn protocol and the socket in memory are transports, with the same signatures."""
        self.assertTrue(verifyClass(ITransport, AthenaProtocol))
        self.assertTrue(verifyObject(ITransport, MemoryTransport()))

    def test_page(self):
        """LivePage and the tests' page are pages."""
        self.assertTrue(verifyClass(IPage, LivePage))
        self.assertTrue(verifyObject(IPage, FakePage()))

    def test_clock(self):
        """Every provider of IReactorTime provides IClock."""
        self.assertLessEqual(set(IClock.names()), set(IReactorTime.names()))
