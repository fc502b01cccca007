"""What pytest needs to know; trial runs the same tests without it."""

import pytest

from harness.browser import BrowserTestCase

#: Other modules whose tests start a browser.
BROWSERS = ("test_livetrial_chromium", "test_livetrial_livetest")


def pytest_collection_modifyitems(items):
    """Mark the tests of every BrowserTestCase, and of live tests, so that ``-m "not browser"`` leaves them out."""
    for item in items:
        testCase = getattr(item, "cls", None)
        if item.path.stem in BROWSERS or (testCase is not None and issubclass(testCase, BrowserTestCase)):
            item.add_marker(pytest.mark.browser)
