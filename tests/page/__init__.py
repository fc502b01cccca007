"""Tests of athenalite._page."""
