"""What comes to a page later, for tests/test_browser_dynamic.py."""
