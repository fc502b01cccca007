"""Tests of athenalite._assets."""
