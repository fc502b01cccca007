# -*- test-case-name: tests.core.test_callresult -*-
"""The result of ``callRemote`` behaves like a Deferred, and costs less."""

import gc

from twisted.internet.defer import CancelledError, Deferred, gatherResults, getDebugging, setDebugging
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.broadcast import Broadcast
from athenalite._core.callresult import CallResult
from athenalite.errors import ConnectionLost
from tests.memory import outcome


class CallResultTests(SynchronousTestCase):
    """``CallResult``."""

    def test_bare(self):
        """A result that is not used has no attributes."""
        self.assertEqual(vars(CallResult()), {})

    def test_fires(self):
        """It fires like any Deferred, with callbacks that are added before or after, and in coroutines."""

        async def wait(result):
            return await result

        for use in (lambda one: one, lambda one: gatherResults([one]), lambda one: Deferred.fromCoroutine(wait(one))):
            for early in (True, False):
                result = CallResult()
                found = outcome(use(result)) if early else None
                result.callback("value")
                found = found if early else outcome(use(result))
                self.assertIn(found, (["value"], [["value"]]))

    def test_fails(self):
        """It fails like any Deferred; an unhandled failure is logged."""
        result = CallResult()
        result.errback(ValueError("x"))
        del result
        gc.collect()
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_cancelled(self):
        """It can be cancelled, also before any other use."""
        result = CallResult()
        result.cancel()
        [failure] = outcome(result)
        self.assertIs(failure.type, CancelledError)

    def test_paused(self):
        """It can be paused."""
        result = CallResult()
        result.pause()
        found = outcome(result)
        result.callback(1)
        self.assertEqual(found, [])
        result.unpause()
        self.assertEqual(found, [1])

    def test_lostIsQuiet(self):
        """The loss of a page is not logged as an unhandled error; an errback receives it."""
        self.addCleanup(setDebugging, getDebugging())
        for debugging in (True, False):
            setDebugging(debugging)
            CallResult.lost("gone")
            gc.collect()
        [failure] = outcome(CallResult.lost("gone"))
        self.assertEqual((failure.type, str(failure.value)), (ConnectionLost, "gone"))

    def test_lostTwice(self):
        """The loss of the page changes nothing of a result that the application has fired or cancelled."""
        result = CallResult()
        result.callback("mine")
        result.connectionLost(Failure(ConnectionLost("gone")))
        self.assertEqual(outcome(result), ["mine"])

    def test_kept(self):
        """It adds itself to ``keptIn`` once, when it is awaited."""
        for wait in (
            lambda one: one.addCallback(len),
            lambda one: one.addBoth(len),
            lambda one: one.addCallbacks(len, len),
            lambda one: one.chainDeferred(Deferred()),
            lambda one: Deferred().addCallback(lambda _: one).callback(None),
        ):
            result = CallResult()
            result.keptIn, result.position = keeper, _ = Broadcast(b"", 1, "", None), 0
            wait(result)
            wait(result)
            self.assertEqual(keeper.awaited, [result])

    def test_reported(self):
        """A failure that no errback handles is reported once in the log of the page, whenever it happens."""

        def fail(result):
            raise ValueError("x")

        def resumed(result):
            result.pause()
            result.addCallback(fail)
            result.answered("value", log)
            result.unpause()

        def failsLater(result):
            later = Deferred()
            result.addCallback(lambda value: later).answered("value", log)
            later.errback(ValueError("x"))

        def addedMeanwhile(result):
            result.addCallback(lambda value: result.addCallback(fail) and None).answered("value", log)

        def added(result):
            result.answered("value", log)
            result.addCallback(fail)

        logged = []
        log = Logger("tests", observer=logged.append)
        self.addCleanup(setDebugging, getDebugging())
        for debugging in (False, True):
            setDebugging(debugging)
            for number, use in enumerate(
                (
                    lambda result: result.answered(Failure(ValueError("x")), log),
                    lambda result: result.addCallback(fail).answered("value", log),
                    failsLater,
                    resumed,
                    added,
                    lambda result: (added(result), result.addErrback(fail)),
                    addedMeanwhile,
                ),
                1,
            ):
                use(CallResult())
                gc.collect()
                self.assertEqual((number, len(logged), self.flushLoggedErrors()), (number, number, []))
            logged.clear()

    def test_handled(self):
        """Nothing is reported of a success, nor of a failure that an errback handles."""
        logged = []
        log = Logger("tests", observer=logged.append)
        for value in ("value", Failure(ValueError("x"))):
            for early in (True, False):
                result = CallResult()
                found = outcome(result) if early else None
                result.answered(value, log)
                self.assertEqual(found or outcome(result), [value])
                del result
        gc.collect()
        self.assertEqual((logged, self.flushLoggedErrors()), ([], []))

    def test_traced(self):
        """It records where it got its first callback, if Twisted's debugging of Deferreds is on."""
        self.addCleanup(setDebugging, getDebugging())
        setDebugging(True)
        result = CallResult().addCallback(lambda value: value)
        self.assertIn("test_traced", "".join(result._debugInfo.creator))

    def test_unknown(self):
        """An attribute that no Deferred has raises AttributeError."""
        self.assertRaises(AttributeError, getattr, CallResult(), "noSuchThing")
