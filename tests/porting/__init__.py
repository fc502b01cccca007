"""Tests of athenalite._porting."""
