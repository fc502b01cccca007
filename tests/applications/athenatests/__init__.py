"""Athena's own browser tests, retold for tests/test_browser_athena*.py, in the style of Athena's applications."""
