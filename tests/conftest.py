"""What pytest needs to know; trial runs the same tests without it."""

import gc
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from hypothesis import is_hypothesis_test

from harness.browser import BrowserTestCase
from harness.firefox import FirefoxTestCase
from tools.unittests import isUnitTest

ROOT = Path(__file__).parent.parent

#: The packages whose coverage is measured.
MEASURED = ("athenalite", "chatthing")
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
    config.addinivalue_line("markers", "no_cover: what it reaches does not count (pytest-cov's)")
    config.addinivalue_line("markers", "unit: stays in this process, by a clock of its own")


def groupOf(testCase, nodeid):
    """
    Return the name of the group of a test: all of a group run in one process of pytest-xdist.

    :param testCase: its class, or ``None``.
    """
    if getattr(testCase, "timed", False):
        return TIMED
    if testCase is not None and issubclass(testCase, FirefoxTestCase):
        return FIREFOX
    return nodeid.rpartition("::")[0]


def testCaseOf(nodeid):
    """Import the class of a test, or return ``None`` if it has none, or if a class of unit tests is its group."""
    path, *names, _ = nodeid.split("::")
    if not names or isUnitTest(ROOT / path):
        return None
    return getattr(import_module(path.removesuffix(".py").replace("/", ".")), names[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep the tests of a group in one process, in the order of collection, with ``--dist loadscope``."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return groupOf(testCaseOf(nodeid), nodeid)

    return Scheduler(config, log)


def isMeasured(item):
    """
    Return whether the coverage counts what a test reaches: what somebody wrote down, in this process.

    Random examples reach now this, now that; and coverage doubles the time that models take. Tests of a class that has
    ``isMeasured = False`` repeat what others reach, a thousand times.
    """
    testCase = getattr(item, "cls", None)
    browser = testCase is not None and issubclass(testCase, BrowserTestCase)
    repeats = not getattr(testCase, "isMeasured", True)
    return not (browser or repeats or is_hypothesis_test(getattr(item, "obj", None)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """
    Mark each test by its kind, for ``-m unit``, ``-m load`` and ``-m "not browser"``.

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
        if not isMeasured(item):
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda item: (groupOf(item.cls, item.nodeid) not in (TIMED, FIREFOX), isUnitTest(item.path)))


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """
    Import what the coverage counts, and let it pause while the tests are imported: with it, that takes half as long
    again.

    The process of pytest-xdist that only distributes the tests reaches nothing that counts.
    """
    plugin = session.config.pluginmanager.getplugin("_cov")
    controller = None if plugin is None else plugin.cov_controller
    if controller is None or not controller.started:
        return (yield)
    for package in map(import_module, MEASURED):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    controller.pause()
    try:
        return (yield)
    finally:
        if session.config.getvalue("dist") == "no" or hasattr(session.config, "workerinput"):
            controller.resume()


def pytest_collection_finish():
    """
    Spare the garbage collector what has been imported and collected, which stays until the process ends.

    A full collection takes a tenth of a second with it; models collect after each example. Automatic collections can
    be rare, because a process does not run for long.
    """
    _spare()
    gc.set_threshold(100_000, 20, 50)


def pytest_runtest_teardown(item, nextitem):
    """Spare it what the tests of a module leave, such as what Hypothesis and coverage remember, too."""
    if nextitem is None or nextitem.path != item.path:
        _spare()


def _spare():
    gc.collect()
    gc.freeze()
