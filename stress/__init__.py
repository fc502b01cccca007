"""Long runs that prove guarantees: commands whose exit status is 1 if a guarantee was broken. See README.rst."""
