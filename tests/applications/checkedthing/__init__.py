"""An application whose exposed methods are annotated, for tests/browser/test_arguments.py."""
