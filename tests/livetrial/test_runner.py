# -*- test-case-name: tests.livetrial.test_runner -*-
"""The page on which tests are watched."""

from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._page.livepage import LivePage
from athenalite.livetrial._livetest import CONNECTED
from athenalite.livetrial._runner import RunnerRoot, _Watched, loadTests
from athenalite.livetrial.testcase import TestCase
from athenalite.testing import RemoteCall, StubBrowser
from tests.livetrial.test_testcase import APPLICATIONS

FIRST = "livething.livetest_counting.CounterTests.test_await"
SECOND = "livething.livetest_counting.OldTests.test_run"


class LoadTests(SynchronousTestCase):
    """The tests that are listed."""

    def idsOf(self, *names):
        """Return the names of the tests that are found for these arguments."""
        return [test.id() for test in loadTests(names)]

    def test_names(self):
        """Tests, test cases and modules can be named, and files."""
        self.assertEqual(self.idsOf(FIRST, "livething.livetest_counting.OldTests"), [FIRST, SECOND])
        inModule = self.idsOf("livething.livetest_counting")
        self.assertEqual(len(inModule), 4)
        self.assertEqual(self.idsOf(str(APPLICATIONS / "livething" / "livetest_counting.py")), inModule)

    def test_package(self):
        """Of a package, the modules livetest_... are used."""
        ids = self.idsOf("livething")
        self.assertIn(FIRST, ids)
        self.assertIn("livething.livetest_failing.NoTests.test_none", ids)

    def test_nothing(self):
        """A name without tests is an error; one that cannot be imported is an error with a traceback."""
        with self.assertRaisesRegex(LookupError, "there are no live tests in tests.pages"):
            loadTests(["tests.pages"])
        with self.assertRaisesRegex(LookupError, "(?s)Traceback.*nowhere"):
            loadTests([FIRST, "nowhere.livetest_nothing"])


class RunnerTests(SynchronousTestCase):
    """The page, in memory: no browser requests the pages of its tests."""

    def setUp(self):
        self.browser = StubBrowser()
        self.root = RunnerRoot(loadTests([FIRST, SECOND]), self.browser.clock)
        self.root.factory = self.browser.factory

    def open(self):
        """Return the runner and its page."""
        page = self.root.getChild(b"", _Request())
        return page.liveFragmentChildren[0], self.browser.open(page)

    def test_html(self):
        """The page lists all tests."""
        html = self.open()[1].html
        self.assertIn(f"<li><code>{FIRST}</code><pre></pre></li><li><code>{SECOND}</code>", html)
        self.assertIn("LiveTrial.mjs", html)

    def test_run(self):
        """Tests run one after the other. A page that does not connect is reported; it has an address only meanwhile."""
        runner, shown = self.open()
        finished = shown.call(runner, "runTests")
        self.assertEqual(shown.calls, [RemoteCall(runner, "started", (0, "./test-1"))])
        self.assertIn(b"test-1", self.root.listNames())
        shown.advance(CONNECTED)
        [_, over, started] = shown.calls
        self.assertEqual(over, RemoteCall(runner, "finished", (0, "The page has not come alive after 30 seconds")))
        self.assertEqual(started, RemoteCall(runner, "started", (1, "./test-2")))
        self.assertNotIn(b"test-1", self.root.listNames())
        shown.advance(CONNECTED)
        self.successResultOf(finished)
        self.assertEqual(len(shown.calls), 4)

    def test_left(self):
        """When the page is left while tests run, the rest is not run, and nothing of the running one is left."""
        runner, shown = self.open()
        shown.call(runner, "runTests")
        shown.leave()
        shown.advance(CONNECTED)
        self.assertEqual(len(shown.calls), 1)
        self.assertNotIn(b"test-1", self.root.listNames())

    def test_notFound(self):
        """Nothing else is served."""
        self.assertNotIsInstance(self.root.getChild(b"nothing", _Request()), LivePage)


class WatchedTests(SynchronousTestCase):
    """A watched test has trial's checks and cleanups."""

    def test_errors(self):
        """Errors logged meanwhile are reported, unless the test flushes them; so are those of cleanups."""
        case = TestCase()
        watched = _Watched(case)
        for error in (KeyError("flushed"), ValueError("left")):
            try:
                raise error
            except Exception:
                Logger().failure("logged")
        self.assertEqual([str(one.value) for one in case.flushLoggedErrors(KeyError)], ["'flushed'"])
        done = []
        case.addCleanup(done.append, "last")
        case.addCleanup(self.fail, "in a cleanup")
        case.addCleanup(done.append, "first")
        self.cleanUp(watched)
        self.assertEqual(done, ["first", "last"])
        self.assertEqual([str(one.value) for one in watched.errors], ["left", "in a cleanup"])
        self.flushLoggedErrors()

    def cleanUp(self, watched):
        """Run the cleanups, none of which waits here."""
        with self.assertRaises(StopIteration):
            watched.cleanUp().send(None)


class _Request:
    """A request for the named child, and nothing below it."""

    postpath = ()
