"""Tests of athenalite._text."""
