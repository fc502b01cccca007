"""An application whose methods do real work, and tests of it, which ``tests/testing/test_realwork.py`` runs."""
