# -*- test-case-name: tests.core.test_fastpaths -*-
"""
Which short ways a site takes. All change what things cost, and nothing else; ``docs/performance.rst`` says how much.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import Final


class FastPath(Flag):
    """To go without one: ``LivePageFactory(reactor, shortcuts=EVERY_FAST_PATH & ~FastPath.SEND_AT_ONCE)``."""

    #: A call that is said to many pages in one turn is encoded once.
    ENCODE_ONCE = auto()
    #: And framed once.
    FRAME_ONCE = auto()
    #: The Deferred that a call returns is that of the next page as well, if nobody holds it by then.
    DEFER_ONCE = auto()
    #: What the kernel takes is sent when the turn ends, without waiting for the reactor to say that it would.
    SEND_AT_ONCE = auto()
    #: Text frames that have come whole are taken apart here, and not by Autobahn's parser.
    RECEIVE_WHOLE = auto()
    #: Of the heads of pages, only the token is new each time.
    FLATTEN_ONCE = auto()
    #: Autobahn's options are attributes of the sockets' class, and not copied to each socket.
    CONFIGURE_ONCE = auto()


EVERY_FAST_PATH: Final = ~FastPath(0)
NO_FAST_PATH: Final = FastPath(0)
