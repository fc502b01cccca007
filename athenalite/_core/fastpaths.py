# -*- test-case-name: tests.core.test_fastpaths -*-
"""
Which short ways a site takes. All change what things cost, and nothing else; ``docs/performance.rst`` says how much.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import Final


class Shortcut(Flag):
    """
    For measurements only: ``LivePageFactory(reactor, _fastPaths=EVERY_SHORTCUT & ~Shortcut.SEND_AT_ONCE)`` goes without
    one of them.
    """

    #: A call that is said to many pages in one turn is encoded once.
    ENCODE_ONCE = auto()
    #: What the kernel takes is sent when the turn ends, without waiting for the reactor to say that it would.
    SEND_AT_ONCE = auto()
    #: Text frames that have come whole are taken apart here, and not by Autobahn's parser.
    RECEIVE_WHOLE = auto()
    #: Autobahn's options are attributes of the sockets' class, and not copied to each socket.
    CONFIGURE_ONCE = auto()


EVERY_SHORTCUT: Final = ~Shortcut(0)
NO_SHORTCUT: Final = Shortcut(0)
