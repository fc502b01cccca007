# -*- test-case-name: tests.project.test_sidebyside -*-
"""``tests.sidebyside`` runs the tests of a class at the same time, and reports each of them by itself."""

import threading
import unittest
from unittest import TestCase

from tests.sidebyside import SideBySideTestCase


def example():
    """Return a new class with tests of each outcome, and a record of what they did."""
    events = []
    together = threading.Barrier(2)

    class Example(SideBySideTestCase):
        def setUp(self):
            self.addCleanup(events.append, self._testMethodName)

        def test_one(self):
            together.wait(60)

        def test_other(self):
            together.wait(60)

        def test_fails(self):
            self.fail("it does")

        def test_skipped(self):
            self.skipTest("not here")

    return Example, events


class SideBySideTests(TestCase):
    """The base class."""

    def test_results(self):
        """Tests that wait for each other pass; failures and skips are those of the test, and all cleanups are run."""
        cls, events = example()
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(cls).run(result)
        self.assertEqual((result.testsRun, result.errors), (4, []))
        [(failed, text)] = result.failures
        self.assertEqual(failed.id().rpartition(".")[2], "test_fails")
        self.assertIn("it does", text)
        self.assertEqual([reason for _, reason in result.skipped], ["not here"])
        self.assertEqual(sorted(events), ["test_fails", "test_one", "test_other", "test_skipped"])

    def test_once(self):
        """Each test is run once, however many are asked for, and a class that inherits the tests runs its own."""
        cls, events = example()
        for name in ("test_one", "test_one", "test_other"):
            self.assertTrue(cls(name)().wasSuccessful())
        heir = type("Heir", (cls,), {})
        for name in ("test_one", "test_other"):
            self.assertTrue(heir(name)().wasSuccessful())
        self.assertEqual(events.count("test_one"), 2)
