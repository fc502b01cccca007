"""The tests: one module for each of athenalite's, and those that need a whole server, browser or wheel."""

import os

from hypothesis import HealthCheck, settings

# A busy machine makes no example wrong. The examples are the same in each run, so that a change is judged by what it
# changes; with EXPLORE in the environment they are new ones.
settings.register_profile(
    "athenalite", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="EXPLORE" not in os.environ
)
settings.load_profile("athenalite")
