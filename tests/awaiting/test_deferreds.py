# -*- test-case-name: tests.awaiting.test_deferreds -*-
"""Deferreds that several callers wait for."""

import gc
from weakref import ref

from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite._awaiting.deferreds import branch, follow


class SharedTests(SynchronousTestCase):
    """Each caller gets the result, and the Deferred keeps it."""

    def test_value(self):
        """Three that wait before it fires and three that wait later all get the value, and so do its own callbacks."""
        shared, got, own = Deferred(), [], []
        for _ in range(3):
            branch(shared).addCallback(got.append)
        shared.addCallback(lambda value: own.append(value) or value + 1)
        shared.callback(7)
        for _ in range(3):
            branch(shared).addCallback(got.append)
        self.assertEqual((got, own, self.successResultOf(shared)), ([7, 7, 7, 8, 8, 8], [7], 8))

    def test_failure(self):
        """Each gets the failure; it is not reported as unhandled, because those that got it handle it."""
        for shared in (Deferred(), fail(ZeroDivisionError())):
            got = []
            for _ in range(3):
                branch(shared).addErrback(got.append)
            if not shared.called:
                shared.errback(ZeroDivisionError())
            branch(shared).addErrback(got.append)
            self.assertEqual([failure.type for failure in got], [ZeroDivisionError] * 4)
            self.assertEqual(len({id(failure.value) for failure in got}), 1)
            del shared, got
            gc.collect()
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_otherFailure(self):
        """A new error in a callback that the application adds is still reported, once."""
        shared = fail(ZeroDivisionError())
        follow(shared, lambda result: None)
        shared.addErrback(lambda failure: {}["missing"])
        del shared
        gc.collect()
        self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)

    def test_unhandledBranch(self):
        """A failure that no caller handles is reported once."""
        shared = fail(ZeroDivisionError())
        branch(shared)
        del shared
        gc.collect()
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_debugging(self):
        """With Twisted's debugging of Deferreds it is the same."""
        before = Deferred.debug
        Deferred.debug = True
        self.addCleanup(setattr, Deferred, "debug", before)
        self.test_failure()

    def test_cancel(self):
        """Cancelling a branch cancels the Deferred only where that was asked for."""
        shared = Deferred()
        kept = branch(shared)
        kept.addErrback(lambda failure: None)
        kept.cancel()
        self.assertFalse(shared.called)
        ended = branch(shared, cancel=True)
        ended.cancel()
        self.failureResultOf(ended, CancelledError)
        self.assertTrue(shared.called)

    def test_noCycle(self):
        """A Deferred that never fires is freed without the garbage collector."""
        gc.disable()
        self.addCleanup(gc.enable)
        shared = Deferred()
        waiting = branch(shared, cancel=True)
        weak = ref(shared)
        del shared
        self.assertIsNone(weak())
        waiting.addErrback(lambda failure: None)
        waiting.cancel()

    def test_freedBefore(self):
        """The result of a Deferred that only its branch references arrives."""
        self.assertEqual(self.successResultOf(branch(succeed(3))), 3)
