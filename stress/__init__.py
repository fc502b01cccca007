"""Long runs that prove promises: each is a command whose exit status is 1 if a promise was broken. See README.rst."""
