"""The applications of tests/browser/test_athena*.py, in the style of Athena's own browser tests."""
