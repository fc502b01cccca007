"""Tests of :mod:`athenalite._new`."""
