"""Tests of athenalite._core."""
