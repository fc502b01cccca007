"""An element that counts calls in both directions, for tests/browser/test_firefox_leaving.py."""
