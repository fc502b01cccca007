# -*- test-case-name: tests.core.test_fastpaths -*-
"""
The fast paths that a benchmark can switch off. They change the cost and nothing else, see ``docs/performance.rst``.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import Final


class FastPath(Flag):
    """A set of fast paths. Private: ``harness/without.py`` measures what each is worth."""

    #: Encode a call once for all pages that it is sent to in one batch.
    ENCODE_ONCE = auto()
    #: Write to the kernel when the batch ends, without waiting for the reactor to report the socket as writable.
    SEND_AT_ONCE = auto()
    #: Parse text frames that have arrived whole here and not in Autobahn.
    RECEIVE_WHOLE = auto()
    #: Make Autobahn's options attributes of the class of sockets, instead of copying them to each socket.
    CONFIGURE_ONCE = auto()
    #: Do not call the methods of Autobahn that only format a debug message, which is not logged, before they go on.
    FORMAT_NOTHING = auto()
    #: Take the usual handshake of a socket from the headers that ``twisted.web`` has parsed.
    PARSE_ONCE = auto()


EVERY_FAST_PATH: Final = ~FastPath(0)
NO_FAST_PATH: Final = FastPath(0)
