# -*- test-case-name: tests.livetrial.test_testpage -*-
"""
The page of one test, and a site that serves only this page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from .._assets.document import documentOf
from .._core.callresult import CallResult
from .._page.livepage import LivePage
from .._server.factory import LivePageFactory
from .._server.site import AthenaSite
from ..limits import Limits
from ._testmethods import PACKAGE, TEST_MODULE

#: When a test is over, its page has no calls to wait for.
_LIMITS = Limits(shutdownTimeout=0.001)


class BrowserTest(Protocol):
    """
    What running a test uses of its :class:`athenalite.livetrial.testcase.TestCase`, which makes the tests and imports
    what runs them.
    """

    jsClass: str
    jsTests: ClassVar[Mapping[str, str]]
    timeout: ClassVar[float]

    def callRemote(self, methodName: str, *args: Any, **kwargs: Any) -> CallResult:
        """See :meth:`athenalite.LiveElement.callRemote`."""

    def setFragmentParent(self, fragmentParent: Any) -> None:
        """See :meth:`athenalite.LiveElement.setFragmentParent`."""

    def head(self) -> Any:
        """See :meth:`athenalite.livetrial.testcase.TestCase.head`."""


class TestPage(LivePage):
    """
    A page with a test case.

    :ivar case: the test case.
    :ivar connected: fires when the page has connected; fails if it cannot be rendered.
    """

    #: Test runners read this: it is not a test.
    __test__ = False

    def __init__(self, case: BrowserTest, factory: LivePageFactory | None = None) -> None:
        super().__init__(factory, jsModules=PACKAGE)
        # Nevow's own tests do not import it.
        self._athenaRequirements.first = (TEST_MODULE,)
        self.case = case
        self.connected: Deferred[None] = Deferred()
        case.setFragmentParent(self)
        self.docFactory = documentOf(case, type(case).__name__, case.head() or ())

    def connectionMade(self) -> None:
        self.connected.callback(None)

    def renderingFailed(self, failure: Failure) -> bool:
        super().renderingFailed(failure)
        self.connected.errback(failure)
        return True


class TestSite(AthenaSite):
    """A site that leaves nothing in the reactor when it is closed."""

    __test__ = False

    def __init__(self, page: TestPage, reactor: Any) -> None:
        super().__init__(page, _LIMITS, reactor)
        self.livePageFactory = LivePageFactory(reactor, _LIMITS, debug=True)
        self._clock = reactor
        self._transports: list[Any] = []

    def buildProtocol(self, addr: Any) -> Any:
        protocol: Any = super().buildProtocol(addr)
        makeConnection = protocol.makeConnection

        def connect(transport: Any) -> None:
            self._transports.append(transport)
            makeConnection(transport)

        protocol.makeConnection = connect
        return protocol

    async def close(self, port: Any) -> None:
        """
        Stop listening, abort all connections, and close the page.

        :param port: the listening port of this site.
        :return: when nothing of it is left in the reactor.
        """
        await port.stopListening()
        for transport in self._transports:
            transport.abortConnection()
        # An aborted connection is lost in the next reactor iteration.
        await deferLater(self._clock, 0)
        await self.livePageFactory.close("the test is over")
