"""The browser that athenalite.testing plays."""
