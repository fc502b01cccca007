"""Tests of athenalite._live."""
