"""What pytest needs to know; trial runs the same tests without it."""

import gc

import pytest

from harness.browser import BrowserTestCase
from harness.firefox import FirefoxTestCase
from tools.unittests import isUnitTest

#: Other modules whose tests start a browser.
BROWSERS = ("tests/livetrial/test_chromium.py", "tests/livetrial/test_livetest.py")
#: The group of the tests that measure time or CPU: one process of pytest-xdist runs them, one after the other.
TIMED = "timed"
#: The group of the tests in Firefox, which takes as much CPU time to start as some of them need together.
FIREFOX = "firefox"


def pytest_configure(config):
    """Name the marks here, for these modules are also run with another configuration, as users run theirs."""
    config.addinivalue_line("markers", "browser: needs a real browser")
    config.addinivalue_line("markers", "load: a server under load or attack, for minutes, on a machine of its own")
    config.addinivalue_line("markers", "unit: stays in this process, by a clock of its own")


def isTimed(item):
    """Return whether the test case measures seconds: it says so by the attribute ``timed = True``."""
    return bool(getattr(getattr(item, "cls", None), "timed", False))


def groupOf(item):
    """Return the name of the group of a test: all of a group run in one process of pytest-xdist."""
    testCase = getattr(item, "cls", None)
    if isTimed(item):
        return TIMED
    if testCase is not None and issubclass(testCase, FirefoxTestCase):
        return FIREFOX
    return item.parent.nodeid


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """
    Mark each test by its kind, for ``-m unit``, ``-m load`` and ``-m "not browser"``, and group the tests of a class
    for pytest-xdist.

    The groups of many classes start first and the unit tests last, so that no process is left alone with a long one.
    """
    for item in items:
        testCase = getattr(item, "cls", None)
        if item.path.as_posix().endswith(BROWSERS) or (testCase is not None and issubclass(testCase, BrowserTestCase)):
            item.add_marker(pytest.mark.browser)
        if getattr(testCase, "underLoad", False):
            item.add_marker(pytest.mark.load)
        if isUnitTest(item.path):
            item.add_marker(pytest.mark.unit)
        # What a process of pytest-xdist knows of --dist loadgroup.
        if getattr(config.option, "loadgroup", False):
            item.add_marker(pytest.mark.xdist_group(groupOf(item)))
    items.sort(key=lambda item: (groupOf(item) not in (TIMED, FIREFOX), isUnitTest(item.path)))


def pytest_collection_finish():
    """
    Spare the garbage collector what has been imported and collected, which stays until the process ends.

    A full collection takes a tenth of a second with it; models collect after each example.
    """
    gc.collect()
    gc.freeze()
