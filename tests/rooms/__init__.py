"""Tests of athenalite._rooms."""
