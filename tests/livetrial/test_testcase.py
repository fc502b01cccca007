# -*- test-case-name: tests.livetrial.test_testcase -*-
"""A test case is an element, and for test runners a class with the tests of its JavaScript class."""

import sys
import unittest
from importlib import import_module
from pathlib import Path
from typing import Any

from twisted.trial import runner
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.expose import expose
from athenalite.errors import UnknownClass
from athenalite.livetrial import testcase
from athenalite.livetrial._livetest import LiveTest

APPLICATIONS = Path(__file__).parent.parent / "applications"
sys.path.append(str(APPLICATIONS))

livetest_counting: Any = import_module("livething.livetest_counting")
livetest_failing: Any = import_module("livething.livetest_failing")

#: Set on a module by one of the tests: its tests are to be skipped.
skip: str | None = None


def namesFoundByTrial(module):
    """Return the names of the tests that trial would run."""
    found = []

    def visit(suite):
        for test in suite:
            if isinstance(test, LiveTest):
                found.extend([test.id().removeprefix(f"{module.__name__}.")] * test.countTestCases())
            else:
                visit(test)

    visit(runner.TestLoader().loadModule(module))
    return found


class CollectionTests(SynchronousTestCase):
    """The tests that runners find."""

    expected = (
        "CounterTests.test_await",
        "CounterTests.test_increment",
        "InheritedTests.test_document",
        "OldTests.test_run",
    )

    def test_trial(self):
        """Trial finds one test for each of JavaScript's, and neither helpers nor tests of the base class in Python."""
        self.assertEqual(namesFoundByTrial(livetest_counting), list(self.expected))

    def test_unittest(self):
        """unittest's loader, which pytest uses, finds the same; helpers are marked so that pytest leaves them out."""
        found = []
        for name, cls in vars(livetest_counting).items():
            if isinstance(cls, type) and issubclass(cls, testcase.TestCase):
                names = unittest.TestLoader().getTestCaseNames(cls)
                found += [f"{name}.{one}" for one in names if getattr(getattr(cls, one), "__test__", True)]
        self.assertEqual(sorted(found), sorted(self.expected))

    def test_name(self):
        """A test is made by its name, and has it."""
        for name in ("test_await", "test_increment"):
            name = f"livething.livetest_counting.CounterTests.{name}"
            [test] = runner.TestLoader().loadByName(name)
            self.assertIsInstance(test, LiveTest)
            self.assertEqual((test.id(), str(test), repr(test)), (name, name, f"<LiveTest {name}>"))

    def test_noTest(self):
        """A name that is no test in JavaScript runs nothing, and counts as nothing."""
        for name in ("testLater", "runTest", "test_increment"):
            test = livetest_counting.InheritedTests(name)
            result = unittest.TestResult()
            test.run(result)
            self.assertEqual((test.countTestCases(), result.testsRun), (0, 0), name)

    def test_none(self):
        """A class without tests has one test that reports that."""
        self.assertEqual(dict(livetest_failing.NoTests.jsTests), {"test_none": "test_none"})

    def test_unknownClass(self):
        """A class that no module provides is an error when it is declared."""
        with self.assertRaisesRegex(UnknownClass, "Nowhere.Tests"):
            type("MissingTests", (testcase.TestCase,), {"jsClass": "Nowhere.Tests", "__module__": __name__})

    def test_attributes(self):
        """skip and its like work as for any test, on the class or on its module."""
        cls = type("Skipped", (livetest_counting.OldTests,), {"skip": "not now", "__module__": __name__})
        result = unittest.TestResult()
        cls("test_run").run(result)
        self.patch(sys.modules[__name__], "skip", "never")
        cls("test_run").run(result)
        type("Other", (livetest_counting.OldTests,), {"__module__": __name__})("test_run").run(result)
        self.assertEqual([reason for _, reason in result.skipped], ["not now", "not now", "never"])


class ElementTests(SynchronousTestCase):
    """A test case as an element."""

    def test_assertions(self):
        """It has the assertions of trial's test cases, with or without initial arguments."""
        case = testcase.TestCase()
        case.assertEqual(1, 1)
        case.failUnless(True)
        self.assertRaises(case.failureException, case.assertIn, 1, [2])
        self.assertEqual(testcase.TestCase(("original",)).original, ("original",))

    def test_helpers(self):
        """Helpers that are named like tests are exposed, can be called, and can be overridden."""

        class Overriding(livetest_counting.CounterTests):
            jsClass = "LiveThing.Tests.CounterTests"

            @expose
            def test_increment(self, key, count):
                return super().test_increment(key, count)

        case = Overriding()
        case.setUp("one")
        self.assertIsNone(expose.get(case, "test_increment")("one", 0))
        inherited = livetest_counting.InheritedTests()
        inherited.setUp("one")
        self.assertRaises(inherited.failureException, expose.get(inherited, "test_increment"), "one", 1)
