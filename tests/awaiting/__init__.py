"""Tests of athenalite._awaiting."""
