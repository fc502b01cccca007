"""``tests/conftest.py`` has the tests of a class run in one process, and counts the coverage of some tests only."""

from types import SimpleNamespace
from unittest import TestCase, mock

from hypothesis import given
from hypothesis import strategies as st

from tests import conftest
from tests.browser import test_policy


class SchedulerTests(TestCase):
    """The scheduler that pytest-xdist asks for."""

    def groupOf(self, nodeid):
        """The group of a test by its node id, as the scheduler sees it."""
        config = mock.Mock()
        config.getvalue = {"dist": "loadscope", "tx": ["popen"]}.get
        scheduler = conftest.pytest_xdist_make_scheduler(config, mock.Mock())
        return scheduler._split_scope(nodeid)

    def test_class(self):
        """A class is a group, so that one process starts its servers."""
        for name in ("tests/core/test_inbox.py::InboxTests", "tests/browser/test_policy.py::PolicyTests"):
            self.assertEqual(self.groupOf(f"{name}::test_default"), name)

    def test_firefox(self):
        """All classes in Firefox are one group."""
        self.assertEqual(self.groupOf("tests/browser/test_policy.py::FirefoxTests::test_default"), conftest.FIREFOX)
        self.assertEqual(self.groupOf("tests/browser/test_firefox.py::ApplicationTests::test_x"), conftest.FIREFOX)

    def test_timed(self):
        """All classes that measure time are one group."""
        self.assertEqual(self.groupOf("tests/project/test_soak.py::RunTests::test_run"), conftest.TIMED)

    def test_otherwise(self):
        """Other ways to distribute are pytest-xdist's own."""
        config = mock.Mock()
        config.getvalue.return_value = "load"
        self.assertIsNone(conftest.pytest_xdist_make_scheduler(config, mock.Mock()))


class CoverageTests(TestCase):
    """Whose coverage is counted."""

    def test_measured(self):
        """Examples that somebody wrote count; random ones, repetitions, and what a browser does do not."""

        @given(st.integers())
        def random(number):
            pass

        class RepeatingTests(TestCase):
            isMeasured = False

        def counts(testCase, function):
            return conftest.isMeasured(SimpleNamespace(cls=testCase, obj=function))

        self.assertTrue(counts(SchedulerTests, self.test_measured))
        self.assertFalse(counts(SchedulerTests, random))
        self.assertFalse(counts(RepeatingTests, self.test_measured))
        self.assertFalse(counts(test_policy.PolicyTests, self.test_measured))
        self.assertFalse(counts(test_policy.FirefoxTests, self.test_measured))
