"""Tests of :mod:`athenalite._metrics`."""
