# -*- test-case-name: tests.livetrial.test_runner -*-
"""
A site for running tests in a browser of one's own: it lists them, and shows the page of the running test in a frame.
"""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest import TestResult

from twisted.logger import ILogObserver, globalLogPublisher
from twisted.python.failure import Failure
from twisted.trial.runner import ErrorHolder, TestLoader
from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from zope.interface import implementer

from .. import tags
from .._assets.assets import PREFIX
from .._assets.document import documentOf
from .._assets.modules import CSSPackage, JSPackage
from .._awaiting.results import called
from .._core.expose import expose
from .._page.element import LiveElement
from .._page.livepage import LivePage
from .._server.factory import LivePageFactory
from ..errors import ConnectionLost
from ..loaders import stan
from ._livetest import LiveTest, explained, runTest
from ._testpage import TestPage

_DIRECTORY: Final = Path(__file__).parent
_SCRIPTS: Final = JSPackage({"LiveTrial": _DIRECTORY / "js" / "LiveTrial.mjs"})
_STYLES: Final = CSSPackage({"LiveTrial": _DIRECTORY / "css" / "LiveTrial.css"})


class LiveTestLoader(TestLoader):
    """Trial's loader, for packages whose test modules are called ``livetest_name``."""

    modulePrefix = "livetest_"


def loadTests(names: Iterable[str]) -> list[LiveTest]:
    """
    :param names: dotted names, or paths, of modules, packages, test cases and tests.
    :return: their tests.
    :raise LookupError: with a traceback, if a name cannot be imported; or if there are no tests.
    """
    tests: list[LiveTest] = []
    for test in _tests(LiveTestLoader().loadByNames(list(names), recurse=True)):
        if isinstance(test, ErrorHolder):
            result = TestResult()
            test.run(result)
            raise LookupError(result.errors[0][1])
        if isinstance(test, LiveTest) and test.countTestCases():
            tests.append(test)
    if not tests:
        raise LookupError(f"there are no live tests in {', '.join(names)}")
    return tests


def _tests(suite: Any) -> Iterator[Any]:
    if isinstance(suite, Iterable):
        for test in suite:
            yield from _tests(test)
    else:
        yield suite


@implementer(ILogObserver)
class _Watched:
    """Collects logged errors and runs cleanups, as trial does for the tests that it runs."""

    def __init__(self, case: Any) -> None:
        self.errors: list[Failure] = []
        self._cleanups: list[Callable[[], Any]] = []
        case.addCleanup, case.flushLoggedErrors = self._addCleanup, self._flushLoggedErrors
        globalLogPublisher.addObserver(self)

    def __call__(self, event: Any) -> None:
        if "log_failure" in event:
            self.errors.append(event["log_failure"])

    def _addCleanup(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self._cleanups.append(partial(function, *args, **kwargs))

    def _flushLoggedErrors(self, *types: type[BaseException]) -> list[Failure]:
        flushed = [failure for failure in self.errors if not types or failure.check(*types)]
        self.errors = [failure for failure in self.errors if failure not in flushed]
        return flushed

    async def cleanUp(self) -> None:
        """Run the cleanups at the end of the test; their failures are added to :attr:`errors`."""
        while self._cleanups:
            try:
                await called(self._cleanups.pop())
            except Exception:
                self.errors.append(Failure())
        globalLogPublisher.removeObserver(self)


class TestRunner(LiveElement):
    """Runs tests in order, each on a page in a frame of this one."""

    __test__ = False
    jsClass = "LiveTrial.TestRunner"
    cssModule = "LiveTrial"

    def __init__(self, tests: Sequence[LiveTest], root: RunnerRoot) -> None:
        super().__init__()
        self._tests = tests
        self._root = root
        self.docFactory = stan(
            tags.div(render=tags.directive("liveElement"))[
                tags.h1["Live tests"],
                tags.p[tags.button["Run"], tags.span(class_="summary")[f"{len(tests)} tests"]],
                tags.ol[[tags.li[tags.code[test.id()], tags.pre] for test in tests]],
                tags.iframe(title="the page of the test"),
            ]
        )

    @expose
    async def runTests(self) -> None:
        """Run all tests; calls ``started`` and ``finished`` of the widget for each."""
        # When the page is left, no result is needed.
        with suppress(ConnectionLost):
            for index, test in enumerate(self._tests):
                await self.callRemote("finished", index, await self._run(index, test))

    async def _run(self, index: int, test: LiveTest) -> str:
        """Return the report of a failure; empty if the test has passed."""
        case = test.case()
        watched = _Watched(case)
        page = TestPage(case, self._root.factory)
        try:
            await self.callRemote("started", index, self._root.show(page))
            failed = await _failureOf(runTest(page, test.methodName, self._root.clock))
        finally:
            self._root.hide(page)
            await watched.cleanUp()
        if failed is None:
            return "\n".join(failure.getTraceback() for failure in watched.errors)
        error = explained(failed, page, watched.errors, ())
        return "".join([*traceback.format_tb(error.__traceback__), str(error)])


async def _failureOf(running: Awaitable[None]) -> Failure | None:
    try:
        await running
    except Exception:
        return Failure()
    return None


class RunnerRoot(Resource):
    """The root of the site: a new runner at ``/`` for each request, and the pages of tests while they run."""

    def __init__(self, tests: Sequence[LiveTest], clock: Any) -> None:
        """
        :param clock: the reactor.
        """
        super().__init__()
        self.clock = clock
        self.factory = LivePageFactory(clock, debug=True)
        self._tests = tests
        self._shown: dict[TestPage, str] = {}
        self._count = 0
        self.putChild(PREFIX.encode("ascii"), self.factory.resource)

    def getChild(self, path: bytes, request: Any) -> IResource:
        if path or request.postpath:
            return notFound()
        page = LivePage(self.factory, jsModules=_SCRIPTS, cssModules=_STYLES)
        runner = TestRunner(self._tests, self)
        runner.setFragmentParent(page)
        page.docFactory = documentOf(runner, "Live tests")
        return page

    def show(self, page: TestPage) -> str:
        """
        Add the page of a test to the site.

        :return: the address of ``page``, relative to the runner.
        """
        self._count += 1
        self._shown[page] = f"test-{self._count}"
        self.putChild(self._shown[page].encode("ascii"), page)
        return f"./{self._shown[page]}"

    def hide(self, page: TestPage) -> None:
        """Remove ``page`` from the site. It stays open in the browser until the next one is shown."""
        self.delEntity(self._shown.pop(page).encode("ascii"))
