# -*- test-case-name: tests.page.test_lifecycle -*-
"""The life of a page, and the hooks that follow it."""

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite import LiveElement, LivePage
from athenalite.athena import ConnectFailed
from athenalite.testing import renderLivePage
from tests.page.test_livepage import OpenPageTestCase
from tests.pages import Plain


class Waiting(LiveElement):
    """
    Its hooks wait. ``make types`` fails if one that is annotated may not be a coroutine, return a Deferred, or neither.
    """

    docFactory = Plain.docFactory

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []
        self.ready = Deferred[None]()

    async def connectionMade(self) -> None:
        await self.ready
        self.events.append("made")

    def disconnected(self) -> Deferred[None]:
        return self.ready

    def resumed(self) -> None:
        self.events.append("resumed")

    async def detached(self) -> None:
        self.events.append("detached")

    async def connectionLost(self, reason: object) -> None:
        self.events.append("lost")


class WaitingPage(LivePage):
    """So do those of a page."""

    async def connectionMade(self) -> None:
        await Deferred[None]()

    async def connectionLost(self, reason: Failure) -> None:
        await Deferred[None]()


class HookTests(SynchronousTestCase):
    """Hooks that are coroutines."""

    def test_awaited(self) -> None:
        """They run to their ends, and nothing waits for them."""
        element = Waiting()
        page = renderLivePage(element)
        self.assertEqual(element.events, [])
        element.ready.callback(None)
        page.cut()
        page.reconnect()
        page.leave()
        self.assertEqual(element.events, ["made", "resumed", "lost"])


class LifecycleTests(OpenPageTestCase):
    """A page that records its hooks."""

    def test_events(self):
        """connectionMade is called, and connectionLost with the reason."""
        self.open().close(4000)
        self.assertEqual(self.page.events, ["made", ConnectionDone])

    def test_neverConnected(self):
        """A page that never connects is lost after some time; no hook is called, because it was never connected."""
        self.site.request()
        notified = self.page.notifyOnDisconnect()
        self.site.clock.advance(self.site.factory.limits.connectTimeout - 1)
        self.assertNoResult(notified)
        self.site.clock.advance(2)
        self.failureResultOf(notified, ConnectFailed)
        self.assertEqual(self.page.events, [])

    def test_notifyOnDisconnect(self):
        """notifyOnDisconnect fails when the page is lost, and if it is called later."""
        socket = self.open()
        before = self.page.notifyOnDisconnect()
        self.assertNoResult(before)
        socket.close(4000)
        self.failureResultOf(before, ConnectionDone)
        self.failureResultOf(self.page.notifyOnDisconnect(), ConnectionDone)

    def test_lastThings(self):
        """First notifyOnDisconnect fails, then the calls fail, then connectionLost is called: Athena's order."""
        socket = self.open()
        events = self.page.events = []
        self.page.notifyOnDisconnect().addErrback(lambda failure: events.append("notified"))
        self.page.callRemote("f").addErrback(lambda failure: events.append("failed"))
        socket.close(4000)
        self.assertEqual(events, ["notified", "failed", ConnectionDone])

    def test_failingHook(self):
        """An exception of a hook is logged, and the hooks of other objects are called."""
        page = self.page

        class Failing(Plain):
            def connectionMade(self):
                raise ZeroDivisionError

        for element in (Failing(), Plain()):
            element.setFragmentParent(page)
            page.addElement(element)
        heard = []
        element.connectionMade = lambda: heard.append("made")
        self.open()
        self.assertEqual(heard, ["made"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
