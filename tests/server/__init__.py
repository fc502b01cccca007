"""Tests of athenalite._server."""
