"""Tests of real servers under load and attack."""
