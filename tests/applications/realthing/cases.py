"""Tests as people write them, for a reactor that runs and for one that does not."""

import asyncio
import sys

from twisted.enterprise import adbapi
from twisted.internet import asyncioreactor
from twisted.internet.defer import inlineCallbacks
from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SynchronousTestCase, TestCase

from athenalite.testing import RemoteCall, RemoteError, StillRunning, StubBrowser, renderLivePage
from tests.applications.realthing.realbox import Box, FailingBox, GuardedPage, SlowBox, inThread


def underAsyncio():
    """Whether the reactor is asyncio's."""
    return isinstance(sys.modules["twisted.internet.reactor"], asyncioreactor.AsyncioSelectorReactor)


class AsynchronousTests(TestCase):
    """A test that is a coroutine, or returns a Deferred."""

    timeout = 20

    def setUp(self):
        self.pool = adbapi.ConnectionPool("sqlite3", ":memory:", check_same_thread=False, cp_max=1)
        self.addCleanup(self.pool.close)
        self.box = Box(self.pool)
        self.page = renderLivePage(self.box)

    async def test_thread(self):
        """A call is answered when its thread has ended."""
        self.assertEqual(await self.page.call(self.box, "thread", 7), 7)
        self.assertEqual(await self.page.call(self.box, "thread", 8), 8)

    @inlineCallbacks
    def test_inline(self):
        """The same in Twisted's older style, with adbapi, and several at once."""
        calls = [self.page.call(self.box, "thread", number) for number in range(3)]
        rows = yield self.page.call(self.box, "rows")
        self.assertEqual(rows, [1, 2])
        for number, call in enumerate(calls):
            self.assertEqual((yield call), number)

    async def test_ask(self):
        """The browser's answer may come of real work, too."""
        self.page.answer(self.box, "answer", lambda: deferToThread(inThread, "answered"))
        self.assertEqual(await self.page.call(self.box, "ask"), "answered")

    async def test_hook(self):
        """What a hook sends after its work arrives by itself."""
        made = asking = self.page.call(self.box, "ask")
        await made
        self.assertIn(RemoteCall(self.box, "made", ("made",)), self.page.calls)
        self.assertIs(made, asking)

    async def test_fail(self):
        """An error arrives, and is logged."""
        try:
            await self.page.call(self.box, "fail")
        except RemoteError as error:
            self.assertEqual(error.type, "ValueError")
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    async def test_never(self):
        """A call that is not answered fails in time, with its name."""
        page = renderLivePage(Box(), timeout=0.2)
        try:
            await page.call(page.page.element, "never")
        except StillRunning as error:
            self.assertIn("'never' of <Box 1> is running", str(error))
        else:
            self.fail("it is answered")
        page.leave()

    async def test_rendered(self):
        """A page whose renderer, or authorize, works connects by itself."""
        page = renderLivePage(SlowBox())
        await page.whenConnected()
        self.assertIn("rendered", page.html)
        browser = StubBrowser()
        guarded = browser.open(GuardedPage(factory=browser.factory))
        self.assertFalse(guarded.connected)
        await guarded.whenConnected()
        self.assertTrue(guarded.connected)

    async def test_notRendered(self):
        """One that cannot be rendered fails."""
        page = renderLivePage(FailingBox())
        try:
            await page.whenConnected()
        except RuntimeError as error:
            self.assertIn("500", str(error))
        else:
            self.fail("it is rendered")
        self.assertEqual(len(self.flushLoggedErrors()), 1)

    async def test_asyncio(self):
        """A method may use asyncio from the first line of the test on; elsewhere the error says what it needs."""
        sleeping = self.page.call(self.box, "sleep")
        if underAsyncio():
            self.assertEqual(await sleeping, "slept")
            self.assertEqual(await self.page.call(self.box, "sleep"), "slept")
            return
        try:
            await sleeping
        except RemoteError as error:
            self.assertEqual(error.type, "AsyncioReactorNeeded")
        (logged,) = self.flushLoggedErrors()
        self.assertIn("trial --reactor=asyncio", logged.getErrorMessage())

    async def test_wait(self):
        """``wait`` says what to write instead where the reactor runs."""
        await deferToThread(inThread, None)
        with self.assertRaisesRegex(RuntimeError, "await the Deferred instead"):
            self.page.wait(self.page.call(self.box, "thread", 1))
        await self.page.call(self.box, "thread", 2)


class SynchronousTests(SynchronousTestCase):
    """A test that waits in its place."""

    def test_wait(self):
        """``wait`` runs the reactor; as often as needed."""
        pool = adbapi.ConnectionPool("sqlite3", ":memory:", check_same_thread=False, cp_max=1)
        self.addCleanup(pool.close)
        box = Box(pool)
        page = renderLivePage(box)
        self.assertEqual(page.wait(page.call(box, "thread", 7)), 7)
        self.assertEqual(page.wait(page.call(box, "rows")), [1, 2])
        page.answer(box, "answer", lambda: "answered")
        self.assertEqual(page.wait(page.call(box, "ask")), "answered")
        with self.assertRaises(RemoteError):
            page.wait(page.call(box, "fail"))
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_pages(self):
        """Pages that are rendered or authorized by real work."""
        page = renderLivePage(SlowBox())
        page.wait(page.whenConnected())
        self.assertIn("rendered", page.html)
        page = renderLivePage(FailingBox())
        with self.assertRaisesRegex(RuntimeError, "500"):
            page.wait(page.whenConnected())
        self.assertEqual(len(self.flushLoggedErrors()), 1)

    def test_never(self):
        """The time is bounded, and the error has the calls that run."""
        page = renderLivePage(Box())
        with self.assertRaisesRegex(StillRunning, "after 0.2 seconds.*'never' of <Box 1> is running"):
            page.wait(page.call(page.page.element, "never"), timeout=0.2)
        page.cut()
        with self.assertRaisesRegex(StillRunning, "not connected"):
            page.wait(page.call(page.page.element, "thread", 1), timeout=0.2)

    def test_asyncio(self):
        """Under the asyncio reactor a method may use asyncio."""
        page = renderLivePage(Box())
        if underAsyncio():
            self.assertEqual(page.wait(page.call(page.page.element, "sleep")), "slept")


def test_function():
    """A function under pytest waits likewise."""
    page = renderLivePage(Box())
    assert page.wait(page.call(page.page.element, "thread", 7)) == 7


def test_asyncioAlone():
    """A test that asyncio runs may await a call, if the method uses asyncio alone."""

    class Sleeper(Box):
        """An element without threads."""

        def connectionMade(self):
            """Do nothing."""

        async def only(self):
            """Wait for asyncio."""
            await asyncio.sleep(0.05)
            return "slept"

    async def main():
        element = Sleeper()
        element.locateMethod = lambda ctx, name: element.only
        page = renderLivePage(element, timeout=5)
        return await page.call(element, "only")

    assert asyncio.run(main()) == "slept"
