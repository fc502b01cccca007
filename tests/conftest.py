"""What pytest needs to know; trial runs the same tests without it."""

import pytest

from tests.browser import BrowserTestCase


def pytest_collection_modifyitems(items):
    """Mark the tests of every BrowserTestCase, so that ``-m "not browser"`` leaves them out."""
    for item in items:
        testCase = getattr(item, "cls", None)
        if testCase is not None and issubclass(testCase, BrowserTestCase):
            item.add_marker(pytest.mark.browser)
