"""Widgets of both kinds on one page, for tests/test_browser_modules.py."""
