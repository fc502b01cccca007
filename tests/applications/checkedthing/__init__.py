"""An application whose exposed methods are annotated, for tests/test_browser_arguments.py."""
