# -*- test-case-name: tests.livetrial.test_livetest -*-
"""
A JavaScript test method as a test for trial and pytest: :class:`LiveTest`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from twisted.internet.defer import Deferred, TimeoutError
from twisted.python.failure import Failure
from twisted.trial import unittest

from .._core.jsstack import CLIENT, tracebackOf
from ..errors import JSException
from ._chromium import chromium
from ._testmethods import PACKAGE
from ._testpage import BrowserTest, TestPage, TestSite

#: Seconds for a page to be loaded and to connect.
CONNECTED: Final = 30.0
#: Seconds after the page's own timeout until the server's: the page may be in an endless loop.
_PATIENCE: Final = 5.0
#: Modules that run each test, and are left out of stacks.
_AROUND: Final = (f"/{CLIENT}-", *(f"/{name}.js:" for name in (CLIENT, *PACKAGE.mapping)))


async def runTest(page: TestPage, methodName: str, clock: Any) -> None:
    """
    Run a test on a page that a browser is about to load.

    :raise Exception: if it fails; :func:`explained` makes the report.
    """
    case = page.case
    name, seconds = case.jsTests[methodName], float(case.timeout)
    await page.connected.addTimeout(CONNECTED, clock, _late("The page has not come alive"))
    await _checkNames(case, name)
    running = case.callRemote("_runTest", name, seconds)
    await running.addTimeout(seconds + _PATIENCE, clock, _late(f"{name} has not finished, and the page not answered,"))


def _late(text: str) -> Any:
    def late(result: Any, seconds: float) -> Any:
        raise TimeoutError(f"{text} after {seconds:g} seconds")

    return late


async def _checkNames(case: BrowserTest, name: str) -> None:
    """Compare the names read from the script with those in the browser, so that no test is left out silently."""
    try:
        existing = await case.callRemote("getTestMethodNames")
    except JSException as error:
        if error.type != "NoSuchMethod":
            raise
        raise AssertionError(
            f"The widget {case.jsClass} could not be made, or is not a Nevow.Athena.Test.TestCase"
        ) from None
    unknown = sorted(set(existing) - set(case.jsTests.values()))
    if unknown:
        raise AssertionError(
            f"{case.jsClass} has tests that were not found by reading its script, and are not run: "
            f"{', '.join(unknown)}. Write each as a function with a name in {case.jsClass}.methods(...)."
        )
    if name not in existing:
        raise AssertionError(f"{case.jsClass} has no {name}; its tests are: {', '.join(existing) or 'none'}")


def explained(failure: Failure, page: TestPage, logged: Iterable[Failure], console: Iterable[str]) -> AssertionError:
    """
    :param failure: of a test.
    :param logged: the errors that Python has logged meanwhile.
    :param console: the messages on the page's console.
    :return: one error with all of this, because a runner may show only one. Its traceback names the scripts.
    """
    error: Any = failure.value
    expected = isinstance(error, (JSException, AssertionError, TimeoutError))
    parts = [str(error) if expected else f"In Python:\n{failure.getTraceback()}"]
    parts += [f"In Python:\n{one.getTraceback()}" for one in logged]
    parts += [f"In the browser's console: {message}" for message in console]
    stack = error.stack if isinstance(error, JSException) else ""
    own = "\n".join(line for line in stack.splitlines() if not any(name in line for name in _AROUND))
    fileOf = page.factory.packages.scripts.mapping.get
    return unittest.FailTest("\n\n".join(parts)).with_traceback(tracebackOf(own, fileOf) if own else None)


class LiveTest(unittest.TestCase):
    """
    Runs a JavaScript test in Chromium. ``TestCase("test_name")`` makes one.

    A name that is not a test of the JavaScript class runs nothing: runners also find the names of helpers, and of tests
    that only the Python class has inherited.

    :ivar case: the class of the test case.
    :ivar methodName: the name of the test.
    """

    #: A module that imports this class has no test by that.
    __test__ = False

    def __init__(self, case: type[BrowserTest], methodName: str) -> None:
        self.methodName = methodName
        self.case = case
        if methodName != "runTest":
            method = partial(self._inTheBrowser)
            # Trial compares this with the class when a test is given by its name.
            method.__dict__["__func__"] = getattr(case, methodName, None)
            setattr(self, methodName, method)
        # As trial does for any test: an attribute that is not on the class may be on its module.
        for owner in (sys.modules.get(case.__module__), case):
            for name in ("skip", "todo", "suppress"):
                if hasattr(owner, name):
                    setattr(self, name, getattr(owner, name))
        super().__init__(methodName)

    def id(self) -> str:
        return f"{self.case.__module__}.{self.case.__qualname__}.{self.methodName}"

    __str__ = id

    def __repr__(self) -> str:
        # Trial takes suites for equal if the representations of their tests are.
        return f"<LiveTest {self.id()}>"

    def countTestCases(self) -> int:
        return int(self.methodName in self.case.jsTests)

    def run(self, result: Any = None) -> Any:
        return super().run(result) if self.countTestCases() else result

    def getTimeout(self) -> float:
        # Later than the timeouts of runTest, whose messages say more.
        return CONNECTED + float(self.case.timeout) + 3 * _PATIENCE

    def _inTheBrowser(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._openAndRun())

    async def _openAndRun(self) -> None:
        from twisted.internet import reactor

        # For pytest: the frames of this module are of no interest.
        __tracebackhide__ = True
        case: Any = self.case()
        # The test case uses those of this test.
        case.addCleanup, case.flushLoggedErrors = self.addCleanup, self.flushLoggedErrors
        page = TestPage(case)
        site = TestSite(page, reactor)
        port: Any = reactor.listenTCP(0, site, interface="127.0.0.1")  # type: ignore[arg-type]
        self.addCleanup(lambda: Deferred.fromCoroutine(site.close(port)))
        shown = chromium().open(f"http://127.0.0.1:{port.getHost().port}/")
        self.addCleanup(shown.close)
        try:
            await runTest(page, self.methodName, reactor)
        except Exception:
            raise explained(Failure(), page, self.flushLoggedErrors(), shown.console()) from None
