# -*- test-case-name: tests.core.test_states -*-
"""
The states of a session, the transitions between them, and the reasons for its end.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

#: The reason of a page that was left in order, as the browser reports it.
LEFT: Final = "the page was closed"
#: It goes on elsewhere.
MOVED: Final = "the page has moved to another worker"
UNAUTHORIZED: Final = "not authorized"
BEHIND: Final = "the page has fallen too far behind"
REPLACED: Final = "a newer socket of the same page has taken over"
ELSEWHERE: Final = "this page is open elsewhere"


class State(Enum):
    """The state of a session. Only ``CONNECTED`` has a socket; ``LOST`` is final."""

    RENDERED = auto()
    CONNECTED = auto()
    TRANSPORTLESS = auto()
    LOST = auto()


#: The next state, by state and event. Other events are ignored: they come late, from an earlier socket, or for a page
#: that is lost.
TRANSITIONS: Final = {
    (State.RENDERED, "socketOpened"): State.CONNECTED,
    (State.CONNECTED, "socketOpened"): State.CONNECTED,
    (State.TRANSPORTLESS, "socketOpened"): State.CONNECTED,
    (State.CONNECTED, "socketLost"): State.TRANSPORTLESS,
    (State.RENDERED, "lost"): State.LOST,
    (State.CONNECTED, "lost"): State.LOST,
    (State.TRANSPORTLESS, "lost"): State.LOST,
}
