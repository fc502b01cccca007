"""Tests of a class that mostly wait, run at the same time."""

import unittest
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ClassVar

SIDE_BY_SIDE = 4
"""How many tests of a class run at the same time. More would only slow down what they wait for."""


class SideBySideTestCase(unittest.TestCase):
    """
    A test case whose tests are run in threads, some at the same time, when the first one is asked for. Each reports its
    own result.

    For tests that share nothing, and wait for seconds to pass. ``setUp``, the test and its cleanups are run in the
    thread, by another instance of the class; of several subtests that fail the first one is reported.
    """

    _started: ClassVar[dict[str, Future[None]]] = {}

    def run(self, result: Any = None) -> Any:
        """Run the test as any other, with :meth:`result` in its place."""
        vars(self).update({"setUp": lambda: None, self._testMethodName: self.result})
        return super().run(result)

    def _runInThread(self) -> None:
        try:
            self.debug()
        finally:
            # debug() leaves them out where a test fails.
            self.doCleanups()

    def result(self) -> None:
        """
        Wait until the test has ended in its thread.

        :raises Exception: what it raised, :class:`unittest.SkipTest` included.
        """
        cls = type(self)
        if "_started" not in vars(cls):
            names = unittest.defaultTestLoader.getTestCaseNames(cls)
            pool = ThreadPoolExecutor(SIDE_BY_SIDE)
            cls._started = {name: pool.submit(cls(name)._runInThread) for name in names}
            pool.shutdown(wait=False)
        cls._started[self._testMethodName].result()
