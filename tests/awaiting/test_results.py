# -*- test-case-name: tests.awaiting.test_results -*-
"""Values, Deferreds, coroutines and other awaitables."""

import asyncio
import traceback

from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._awaiting.results import called, driven, explained
from athenalite.errors import AsyncioReactorNeeded
from tests.memory import withoutLoop


async def adding(deferred):
    """A coroutine of an application."""
    return await deferred + 1


class Awaitable:
    """An object that can be awaited, as libraries define them."""

    def __await__(self):
        return adding(succeed(1)).__await__()


class DrivenTests(SynchronousTestCase):
    """What can be awaited becomes a Deferred."""

    def test_values(self):
        """Other values stay as they are."""
        for value in (None, True, 1, 1.0, "text", b"", [], (), {}, object(), AsyncioReactorNeeded):
            self.assertIs(driven(value), value)

    def test_awaitables(self):
        """A Deferred is itself; a coroutine, and an object with ``__await__``, run."""
        deferred = Deferred()
        self.assertIs(driven(deferred), deferred)
        result = driven(adding(deferred))
        self.assertNoResult(result)
        deferred.callback(2)
        self.assertEqual(self.successResultOf(result), 3)
        self.assertEqual(self.successResultOf(driven(Awaitable())), 2)

    def test_cancel(self):
        """To cancel the Deferred cancels what the coroutine awaits."""
        awaited = Deferred()
        result = driven(adding(awaited))
        result.cancel()
        self.failureResultOf(result, CancelledError)
        self.assertTrue(awaited.called)


class CalledTests(SynchronousTestCase):
    """A method of an application, whatever it does."""

    def test_called(self):
        """The outcome is a Deferred of our own."""
        withoutLoop(self)
        shared = succeed(1)
        self.assertEqual(self.successResultOf(called(lambda: 1)), 1)
        self.assertEqual(self.successResultOf(called(adding, shared)), 2)
        self.assertIsNot(called(lambda: shared), shared)
        self.failureResultOf(called(lambda: {}["missing"]), KeyError)
        self.failureResultOf(called(lambda: fail(KeyError())), KeyError)
        self.failureResultOf(called(asyncio.get_running_loop), AsyncioReactorNeeded)


class WithoutLoopTests(SynchronousTestCase):
    """asyncio where its loop does not run."""

    def setUp(self):
        withoutLoop(self)
        self.loop = asyncio.new_event_loop()
        self.addCleanup(self.loop.close)

    def assertExplained(self, failure, place):
        """It is typed, says what to do, and has the traceback of the application."""
        self.assertIs(failure.type, AsyncioReactorNeeded)
        self.assertIsInstance(failure.value, RuntimeError)
        for part in ("twistd --reactor=asyncio", "trial --reactor=asyncio", "asyncioreactor.install()"):
            self.assertIn(part, str(failure.value))
        self.assertIn(place, failure.getTraceback())
        self.assertIn(place, "".join(traceback.format_exception(failure.value)))

    def test_sleep(self):
        """What needs the running loop says so."""

        async def sleeping():
            await asyncio.sleep(1)

        self.assertExplained(self.failureResultOf(driven(sleeping())), "in sleeping")

    def test_future(self):
        """A Future of a loop that does not run is never fired; to await it fails at once."""

        async def waiting():
            await self.loop.create_future()

        self.assertExplained(self.failureResultOf(driven(waiting())), "in waiting")
        self.assertExplained(self.failureResultOf(driven(self.loop.create_future())), "_resultOf")

    def test_function(self):
        """So does a method that is no coroutine."""

        def starting():
            asyncio.get_running_loop()

        self.assertExplained(self.failureResultOf(called(starting)), "in starting")

    def test_others(self):
        """Other errors are not changed; nor are these where a loop runs, as in a thread."""
        for error in (RuntimeError("other"), ValueError("no running event loop")):
            failure = Failure(error)
            self.assertIs(explained(failure), failure)
        failure = Failure(RuntimeError("no running event loop"))
        asyncio._set_running_loop(self.loop)
        self.addCleanup(asyncio._set_running_loop, None)
        self.assertIs(explained(failure), failure)
