# -*- test-case-name: tests.livetrial.test_livetest -*-
"""Tests in JavaScript run in a real Chromium, under pytest and trial, and failures are reported in full."""

import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest
from importlib import import_module
from pathlib import Path
from unittest import mock

from harness.server import IMPORTED, ROOT
from tests.livetrial.test_testcase import APPLICATIONS, livetest_counting, livetest_failing

JS = APPLICATIONS / "livething" / "js" / "LiveThing"


def run(*tests):
    """Run live tests in this process, and return their result."""
    from twisted.internet import reactor

    # Autobahn's timers use the process's reactor, also where other tests had given it a clock. It never ran for them.
    for timer in reactor.getDelayedCalls():
        timer.cancel()
    result = unittest.TestResult()
    unittest.TestSuite(tests).run(result)
    return result


@functools.cache
def texts():
    """Return the report of each failed test, by its name; all tests are run once."""
    cases = (
        livetest_failing.FailingTests,
        livetest_failing.LateTests,
        livetest_failing.BusyTests,
        livetest_failing.UnreadTests,
        livetest_failing.NoTests,
        livetest_failing.ThrowingTests,
        livetest_failing.UnrenderedTests,
        livetest_failing.WrittenTests,
    )
    result = run(*(case(name) for case in cases for name in case.jsTests))
    reported = {}
    for test, text in (*result.failures, *result.errors):
        reported[test.id().rpartition("livetest_failing.")[2]] = text
    return reported


class PassingTests(unittest.TestCase):
    """The tests of an Athena application, with its imports renamed."""

    def test_pass(self):
        """Each runs on a page of its own, with the content and the exposed methods of its Python half."""
        cases = (livetest_counting.CounterTests, livetest_counting.InheritedTests, livetest_counting.OldTests)
        result = run(*(case(name) for case in cases for name in case.jsTests))
        self.assertEqual(result.failures + result.errors, [])
        self.assertEqual(result.testsRun, 4)

    def test_assertions(self):
        """The assertions pass and fail where they should, as checked in JavaScript."""
        case = import_module("livething.livetest_assertions").AssertionTests
        result = run(*(case(name) for name in case.jsTests))
        self.assertEqual(result.failures + result.errors, [])
        self.assertEqual(result.testsRun, 9)


class FailingTests(unittest.TestCase):
    """The reports of tests that fail."""

    def assertReported(self, name, *patterns):
        """Assert that the report of this test matches these regular expressions."""
        for pattern in patterns:
            self.assertRegex(texts()[name], pattern)

    def assertPlace(self, name, line, function, code):
        """Assert that the innermost place of the report's traceback is this."""
        places = re.findall(r'  File "(.*)", line (\d+), in (.*)\n    (.*)\n', texts()[name].partition("FailTest")[0])
        self.assertEqual(places[-1], (str(JS / "Failing.js"), str(line), function, code))

    def test_assertion(self):
        """A failed assertion is reported with its text and the line of the test, and not those of the assertion."""
        self.assertReported(
            "FailingTests.test_assertion", r'AssertionError: "what is" !== "what should be": a message\n'
        )
        self.assertPlace(
            "FailingTests.test_assertion",
            5,
            "LiveThing.Failing.FailingTests.test_assertion",
            'self.assertEqual("what is", "what should be", "a message");',
        )

    def test_deferred(self):
        """So is one in a callback of the Deferred that the test returns, and it is not reported as unhandled."""
        self.assertReported("FailingTests.test_deferred", "AssertionError: 1 !== 2")
        self.assertPlace("FailingTests.test_deferred", 10, "later", "self.assertIdentical(result, 2);")
        self.assertNotIn("unhandled", texts()["FailingTests.test_deferred"])

    def test_thrown(self):
        """Any value that a test throws fails it."""
        self.assertReported("FailingTests.test_thrown", r"TypeError: Cannot read properties of undefined")
        self.assertPlace(
            "FailingTests.test_thrown",
            15,
            "LiveThing.Failing.FailingTests.test_thrown",
            "return self.there.is.no.such.thing;",
        )

    def test_uncaught(self):
        """So does an uncaught error on the page meanwhile, from any source, and at once."""
        self.assertReported("FailingTests.test_uncaught", "FailTest: Error: thrown where nobody catches")
        self.assertPlace("FailingTests.test_uncaught", 20, "handler", 'throw new Error("thrown where nobody catches");')
        self.assertReported("FailingTests.test_unhandled", "FailTest: Error: rejected where nobody catches")

    def test_python(self):
        """A helper that fails in Python fails the test that called it; the one report has both halves."""
        self.assertReported(
            "FailingTests.test_python",
            r"Divmod.Error: FailTest: 3 != 4\n\nIn Python:\nTraceback",
            r'livetest_failing.py", line \d+, in compare\n    self.assertEqual\(a, b\)',
        )

    def test_logged(self):
        """An error that Python has logged fails a test that has passed in JavaScript."""
        self.assertReported("FailingTests.test_logged", "in log\n.*\n.*RuntimeError: logged by Python")

    def test_expected(self):
        """A test that flushes an expected logged error passes."""
        self.assertNotIn("FailingTests.test_expected", texts())

    def test_timeout(self):
        """A test that does not finish is reported after its timeout, with the messages of its page's console."""
        self.assertReported(
            "LateTests.test_never",
            r"AssertionError: test_never has not finished after 0.2 seconds\n",
            r'In the browser\'s console: "said in vain", source: .*/LiveThing.Failing.js \(\d+\)',
        )

    def test_busy(self):
        """A test with an endless loop is reported too, and the next test runs nevertheless."""
        self.assertReported(
            "BusyTests.test_busy", r"test_busy has not finished, and the page not answered, after 5.2 seconds"
        )

    def test_unread(self):
        """A test that was not found in the script fails those that were found, so that it is not left out silently."""
        self.assertReported(
            "UnreadTests.test_read", r"UnreadTests has tests that were not found .*, and are not run: test_unread\."
        )

    def test_none(self):
        """A test case without tests fails."""
        self.assertReported("NoTests.test_none", r"LiveThing.Failing.NoTests has no test_none; its tests are: none")

    def test_noWidget(self):
        """If the widget cannot be made, the report has the error and the browser's messages."""
        self.assertReported(
            "ThrowingTests.test_nothing",
            "The widget LiveThing.Failing.ThrowingTests could not be made",
            "In the browser's console: .*thrown by the constructor",
        )
        self.assertReported("WrittenTests.test_nothing", "In the browser's console: .*SyntaxError")

    def test_notRendered(self):
        """If the document cannot be rendered, the report has the Python traceback."""
        self.assertReported("UnrenderedTests.test_nothing", "(?s)In Python:\nTraceback.*MissingRenderMethod")


class CommandTests(unittest.TestCase):
    """The runners, as users call them. Each has a process of its own."""

    def command(self, *command, cwd=None):
        """Run a command in an empty directory; return its status and output."""
        directory = cwd or self.enterContext(tempfile.TemporaryDirectory())
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-m", *command],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((IMPORTED, str(APPLICATIONS)))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        return ran.returncode, ran.stdout

    def test_trial(self):
        """trial runs them, and the reactor is unchanged afterwards."""
        status, text = self.command(
            "twisted.trial", "livething.livetest_counting", "livething.livetest_failing.NoTests"
        )
        self.assertEqual(status, 1, text)
        self.assertRegex(text, r"test_increment \.\.\. +\[OK\]")
        self.assertRegex(text, r"test_none \.\.\. +\[FAIL\]")
        self.assertIn("FAILED (failures=1, successes=4)", text)

    def test_pytest(self):
        """pytest runs them, by the file's name, and shows the line of JavaScript."""
        directory = APPLICATIONS / "livething"
        status, text = self.command(
            *("pytest", "-q", "-p", "no:cacheprovider", "-W", "error", f"--rootdir={directory}", "-c", os.devnull),
            str(directory / "livetest_counting.py"),
            f"{directory / 'livetest_failing.py'}::FailingTests::test_thrown",
        )
        self.assertEqual(status, 1, text)
        self.assertIn("1 failed, 4 passed", text)
        self.assertRegex(text, r">   return self\.there\.is\.no\.such\.thing;\nE   .*TypeError")

    def test_documented(self):
        """The example of docs/testing.rst is a test of the example of the echo, and passes."""
        documented = (ROOT / "docs" / "testing.rst").read_text("utf-8").partition("In a real browser\n====")[2]
        python, javascript = re.findall(r"code-block:: \w+\n\n((?:    .*\n|\n)+)", documented)
        application = Path(self.enterContext(tempfile.TemporaryDirectory())) / "echothing"
        shutil.copytree(ROOT / "examples" / "echo" / "echothing", application)
        for name in ("test", "js/EchoThing"):
            (application / name).mkdir()
        (application / "test" / "__init__.py").touch()
        (application / "test" / "livetest_echo.py").write_text(textwrap.dedent(python))
        (application / "js" / "EchoThing" / "Tests.js").write_text(textwrap.dedent(javascript))
        status, text = self.command("twisted.trial", "echothing.test.livetest_echo", cwd=application.parent)
        self.assertEqual(status, 0, text)
        self.assertIn("PASSED (successes=1)", text)

    def test_noBrowser(self):
        """Without a browser, tests are errors with advice."""
        with mock.patch.dict("os.environ", CHROMIUM=str(Path("nowhere") / "chromium")):
            status, text = self.command("twisted.trial", "livething.livetest_counting.OldTests")
        self.assertEqual(status, 1, text)
        self.assertIn("BrowserError: Chromium is missing: install it", text)
        self.assertIn("FAILED (errors=1)", text)
