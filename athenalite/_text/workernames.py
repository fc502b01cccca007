# -*- test-case-name: tests.text.test_workernames -*-
"""
The names of workers, which are a segment of their addresses.
"""

from typing import Final

#: A segment of dots alone would stand for another address (RFC 3986 section 5.2.4).
WORKER_NAME: Final = r"(?=\.*[A-Za-z0-9_-])[A-Za-z0-9_.-]{1,50}"
