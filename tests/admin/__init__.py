"""Tests of :mod:`athenalite._admin`."""
