# -*- test-case-name: tests.testing.test_fakepage -*-
"""What a simulated page is waiting for. ``tests/test_testing.py`` has the rest of its behaviour."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite import ConnectionLost, JSException, expose
from athenalite import tags as T
from athenalite.loaders import stan
from athenalite.page import renderer
from athenalite.testing import RemoteError, StubBrowser, renderLivePage
from tests.pages import Plain


class Waiting(Plain):
    """An element with a method that never ends."""

    @expose
    def never(self):
        return Deferred()


class Counting(Plain):
    """An element with a method that returns its argument."""

    @expose
    def increased(self, number):
        return number + 1


class IntegerTests(SynchronousTestCase):
    """Integers that JavaScript would round are refused, as browsers refuse them."""

    def test_call(self):
        """The server's call fails and is not run, wherever the integer is; the page goes on."""
        page = renderLivePage(Counting())
        element = page.page.element
        for args, kwargs in (((2**53,), {}), (([{"n": -(2**60)}],), {}), ((), {"n": 2**53})):
            result = element.callRemote("show", *args, **kwargs)
            page.advance()
            failure = self.failureResultOf(result, JSException)
            self.assertEqual(failure.value.type, "UnsafeInteger")
            self.assertIn("send it as a string", str(failure.value))
        self.assertEqual(page.calls, [])
        result = element.callRemote("show", 2**53 - 1, "9007199254740993", 2.0**60)
        page.advance()
        self.successResultOf(result)
        self.assertEqual(len(page.calls), 1)

    def test_result(self):
        """The browser's call fails if its result has one."""
        page = renderLivePage(Counting())
        element = page.page.element
        failure = self.failureResultOf(page.call(element, "increased", 2**53 - 1), RemoteError)
        self.assertEqual(failure.value.type, "UnsafeInteger")
        self.assertEqual(self.successResultOf(page.call(element, "increased", 2**53 - 2)), 2**53 - 1)

    def test_initialArguments(self):
        """An element whose initial arguments have one has no widget in a browser: its page cannot be opened."""

        class Initial(Plain):
            """An element with initial arguments."""

            def __init__(self, number):
                super().__init__()
                self.number = number

            def getInitialArguments(self):
                return [{"n": [self.number]}]

        self.assertEqual(renderLivePage(Initial(2**53 - 1)).widgets[0].arguments, [{"n": [2**53 - 1]}])
        error = self.assertRaises(ValueError, renderLivePage, Initial(-(2**53)))
        self.assertIn("the initial arguments of Nevow.Athena.Widget (object 1): JavaScript would round", str(error))
        self.assertIn(str(-(2**53)), str(error))

    def test_initialArguments_later(self):
        """So does a page that is rendered later."""
        rendered = Deferred()

        class Later(Counting):
            """An element that is rendered later."""

            def getInitialArguments(self):
                return [2**60]

            @renderer
            def later(self, request, tag):
                return rendered

            docFactory = stan(T.div(render=T.directive("liveElement"))[T.p(render=T.directive("later"))])

        page = renderLivePage(Later())
        waiting = page.whenConnected()
        rendered.callback("text")
        page.advance()
        self.assertIn("would round", str(self.failureResultOf(waiting, ValueError).value))
        self.assertFalse(page.connected)


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
