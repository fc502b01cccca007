# -*- test-case-name: tests.testing.test_fakepage -*-
"""What a simulated page is waiting for. ``tests/test_testing.py`` has the rest of its behaviour."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite import ConnectionLost, expose
from athenalite.testing import StubBrowser, renderLivePage
from tests.pages import Plain


class Waiting(Plain):
    """An element with a method that never ends."""

    @expose
    def never(self):
        return Deferred()


class FakePageTests(SynchronousTestCase):
    """The text of an error about it, and when it is connected."""

    def test_waitingFor(self):
        """A call that runs, with its name; a page that is cut; nothing of a page that is lost."""
        page = renderLivePage(Waiting())
        self.assertEqual(page.waitingFor(), [])
        page.call(page.page.element, "never")
        self.assertEqual(page.waitingFor(), ["'never' of <Waiting 1> is running"])
        page.cut()
        self.assertIn("not connected", page.waitingFor()[0])
        page.reconnect()
        page.leave()
        self.assertEqual(page.waitingFor(), [])

    def test_whenConnected(self):
        """It fires at once for a connected page, fails for a lost one, and follows a page that is cut."""
        page = renderLivePage(Waiting())
        self.successResultOf(page.whenConnected())
        page.cut()
        waiting = page.whenConnected()
        self.assertNoResult(waiting)
        page.reconnect()
        self.successResultOf(waiting)
        page.cut()
        waiting = page.whenConnected()
        page.leave()
        self.failureResultOf(waiting, ConnectionLost)
        self.failureResultOf(page.whenConnected(), ConnectionLost)

    def test_timeout(self):
        """A browser has the time that its pages wait."""
        self.assertEqual((StubBrowser().timeout, StubBrowser(timeout=3).timeout), (10.0, 3))
