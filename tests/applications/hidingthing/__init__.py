"""Pages whose elements hide what documents and forms have, for tests/browser/test_hiding.py."""
