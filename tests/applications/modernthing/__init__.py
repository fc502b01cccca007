"""Widgets of both kinds on one page, for tests/browser/test_modules.py."""
