"""Tests of athenalite._templates."""
