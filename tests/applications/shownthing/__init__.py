"""A page that a browser renders in advance, for tests/browser/test_prerendering.py."""
