"""Tests of athenalite._testing."""
