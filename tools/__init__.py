"""Small programs behind the Makefile's targets; nothing here is installed."""
