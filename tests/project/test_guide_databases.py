"""docs/databases.rst: its listings run, and what it states about them holds."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.python.failure import Failure

from athenalite import ConnectionLost
from athenalite.limits import Limits
from athenalite.testing import RemoteCall, RemoteError, renderLivePage
from tests.listings import GuideTestCase


class SameThread:
    """A reactor and its thread pool, which call everything at once."""

    def callFromThread(self, function, *args, **kwargs):
        """Call it."""
        function(*args, **kwargs)

    def callInThreadWithCallback(self, onResult, function, *args, **kwargs):
        """Call it, and pass on its result."""
        try:
            onResult(True, function(*args, **kwargs))
        except Exception:
            onResult(False, Failure())


class NotesTests(GuideTestCase):
    """A database."""

    guide = "databases"

    def setUp(self):
        super().setUp()
        path = str(self.directory / "notes.sqlite")
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE notes (text)")
        connection.close()
        module = self.load("notes")
        pool = module.connect(path)
        self.assertFalse(pool.connkw["check_same_thread"])
        pool._reactor = pool.threadpool = SameThread()
        self.addCleanup(lambda: [connection.close() for connection in pool.connections.values()])
        self.element = module.Notes(pool)
        self.page = renderLivePage(self.element)

    def call(self, *arguments):
        """Return the result of a call."""
        return self.successResultOf(self.page.call(self.element, *arguments))

    def test_notes(self):
        """Added notes are found, whatever characters they have."""
        self.assertEqual([self.call("add", text) for text in ("buy tea", "'); DROP TABLE notes; --")], [1, 2])
        self.assertEqual(self.call("search", "tea"), ["buy tea"])
        self.assertEqual(self.call("search", "DROP"), ["'); DROP TABLE notes; --"])

    def test_refused(self):
        """An error names the refused argument."""
        error = self.failureResultOf(self.page.call(self.element, "add", " "), RemoteError).value
        self.assertEqual((error.type, error.argument), ("ArgumentError", "text"))


class ThreadTests(GuideTestCase):
    """Blocking code."""

    guide = "databases"

    def test_count(self):
        """The result arrives when the thread has it."""
        waiting = Deferred()
        element = self.load("reports").Report(lambda function, *args: waiting.addCallback(lambda _: function(*args)))
        page = renderLivePage(element)
        result = page.call(element, "count", "one two three")
        self.assertNoResult(result)
        waiting.callback(None)
        page.advance()
        self.assertEqual(self.successResultOf(result), 3)
        self.assertEqual(page.calls, [RemoteCall(element, "show", (3,))])

    def test_gone(self):
        """When the page is lost, the method runs to its end, and nothing fails."""
        waiting, ran = Deferred(), []
        element = self.load("reports").Report(lambda function, *args: waiting)
        page = renderLivePage(element)
        result = page.call(element, "count", "one")
        page.leave()
        self.failureResultOf(result, ConnectionLost)
        element.callRemote = lambda *args: ran.append(args)
        waiting.callback(1)
        page.advance()
        self.assertEqual(ran, [("show", 1)])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_tooMany(self):
        """There is a limit of unfinished calls."""
        element = self.load("reports").Report(lambda function, *args: Deferred())
        page = renderLivePage(element, limits=Limits(maxPendingCalls=1))
        self.assertNoResult(page.call(element, "count", "one"))
        error = self.failureResultOf(page.call(element, "count", "two"), RemoteError).value
        self.assertEqual(error.type, "TooManyCalls")


class Store:
    """A value that is read and written with a delay."""

    def __init__(self):
        self.value = 0
        self.waiting = []

    def get(self):
        """Return, later, the value at the time of the call."""
        self.waiting.append((Deferred(), self.value))
        return self.waiting[-1][0]

    async def put(self, value):
        """Change it."""
        self.value = value


class CounterTests(GuideTestCase):
    """State across awaits."""

    guide = "databases"

    def test_locked(self):
        """With the lock no increase is lost, though the second call comes before the first has its value."""
        store = Store()
        element = self.load("counter").Counter(store)
        page = renderLivePage(element)
        results = [page.call(element, "increase") for _ in range(2)]
        for _ in range(2):
            deferred, value = store.waiting.pop()
            deferred.callback(value)
            page.advance()
        self.assertEqual([self.successResultOf(result) for result in results], [1, 2])


class AsyncioTests(GuideTestCase):
    """Libraries for asyncio."""

    guide = "databases"

    def test_ask(self):
        """Within asyncio's loop, the exposed coroutine gets the result of an asyncio coroutine."""
        element = self.load("weather").Weather()

        async def main():
            page = renderLivePage(element)
            result = maybeDeferred(page.call, element, "ask", "Rome").asFuture(asyncio.get_running_loop())
            for _ in range(10):
                await asyncio.sleep(0)
                page.advance()
            return await asyncio.wait_for(result, 10)

        # In a thread of its own, because a browser of an earlier test may keep a loop running in this one.
        with ThreadPoolExecutor(1) as executor:
            self.assertEqual(executor.submit(lambda: asyncio.run(main())).result(), 31)
