"""Tests of athenalite.livetrial."""
