"""The tests: one module for each of athenalite's, and those that need a whole server, browser or wheel."""

from hypothesis import settings

# A busy machine makes no example wrong.
settings.register_profile("athenalite", deadline=None)
settings.load_profile("athenalite")
