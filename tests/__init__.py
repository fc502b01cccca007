"""The tests: one module for each of athenalite's, and those that need a whole server, browser or wheel."""
