"""The simulated browser of athenalite.testing."""
