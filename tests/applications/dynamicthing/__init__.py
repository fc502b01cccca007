"""Elements sent to a page later, for tests/browser/test_dynamic.py."""
