"""Tests of the command ``athena-widget``; those of its service are in tests/test_tap.py."""
