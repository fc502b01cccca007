# -*- test-case-name: tests.core.test_states -*-
"""
Where a page may be in its life, what leads from one state to the next, and the reasons for its end.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

#: Why a page is lost that was left in order; what the browser says then.
LEFT: Final = "the page was closed"
UNAUTHORIZED: Final = "not authorized"
BEHIND: Final = "the page has fallen too far behind"
REPLACED: Final = "a newer socket of the same page has taken over"
ELSEWHERE: Final = "this page is open elsewhere"


class State(Enum):
    """Where a page is in its life. Only ``CONNECTED`` has a socket; nothing leads out of ``LOST``."""

    RENDERED = auto()
    CONNECTED = auto()
    TRANSPORTLESS = auto()
    LOST = auto()


#: What may happen in which state, and where it leads. All else is ignored: it comes from a socket, or to a page, of
#: the past.
TRANSITIONS: Final = {
    (State.RENDERED, "socketOpened"): State.CONNECTED,
    (State.CONNECTED, "socketOpened"): State.CONNECTED,
    (State.TRANSPORTLESS, "socketOpened"): State.CONNECTED,
    (State.CONNECTED, "socketLost"): State.TRANSPORTLESS,
    (State.RENDERED, "lost"): State.LOST,
    (State.CONNECTED, "lost"): State.LOST,
    (State.TRANSPORTLESS, "lost"): State.LOST,
}
