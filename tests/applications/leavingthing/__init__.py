"""An element that counts calls in both directions, for tests/test_firefox_leaving.py."""
