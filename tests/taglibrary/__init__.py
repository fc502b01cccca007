"""Tests of athenalite.taglibrary."""
