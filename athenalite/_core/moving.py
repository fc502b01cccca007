# -*- test-case-name: tests.core.test_moving -*-
"""
Moving a page to another worker: :func:`leave`, :func:`arrive`, what its session is in between, :class:`Moved`,
and how a socket waits for it, :class:`Search`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from ..errors import CLOSE_TRY_AGAIN, ConnectionLost
from .json import parse
from .session import Session
from .states import MOVED, State
from .watching import WatchedPage


class Moved(NamedTuple):
    """
    The session of a page, between two workers.

    :ivar received: how many messages of the browser have been run.
    :ivar acknowledged: how many messages the browser has acknowledged.
    :ivar messages: those that it has not, in their order.
    :ivar socket: the number of its newest socket.
    :ivar isConnected: whether it has ever connected.
    """

    received: int
    acknowledged: int
    messages: list[bytes]
    socket: int
    isConnected: bool

    def encode(self) -> list[Any]:
        """
        :return: JSON.
        """
        messages = [message.decode("utf-8") for message in self.messages]
        return [self.received, self.acknowledged, messages, self.socket, self.isConnected]

    @classmethod
    def decode(cls, value: Any) -> Moved:
        """
        :raise ValueError: for what :meth:`encode` does not return.
        """
        if not isinstance(value, list) or list(map(type, value)) != [int, int, list, int, bool]:
            raise ValueError("the state of its session is incomplete or of another version")
        received, acknowledged, messages, socket, isConnected = value
        if min(received, acknowledged, socket) < 0 or not all(isinstance(one, str) for one in messages):
            raise ValueError("the state of its session is incomplete or of another version")
        for one in messages:
            parse(one)
        return cls(received, acknowledged, [one.encode("utf-8") for one in messages], socket, isConnected)


def leave(session: Session) -> Moved:
    """
    End a session here, as another worker goes on with it. Calls that still run get an error. What arrives on its socket
    from now on is not counted, and so is sent again.
    """
    session._local.abandon(MOVED)
    session._batch.end()
    delivery = session._delivery
    counts = delivery.received, delivery.lastAcknowledged, delivery.unacknowledged
    moved = Moved(*counts, session._newestSocket, session._everConnected)
    session._admission.refuse((CLOSE_TRY_AGAIN, MOVED))
    session._lose(MOVED, ConnectionLost(MOVED), None)
    return moved


def arrive(session: Session, moved: Moved) -> None:
    """Let a new session go on where another worker has left the page."""
    session._delivery.restore(moved.received, moved.acknowledged, moved.messages)
    session._remote.elsewhere = session._delivery.sent
    session._newestSocket, session._everConnected = moved.socket, moved.isConnected
    if moved.isConnected:
        session.state = State.TRANSPORTLESS
        session._expiry.disconnected(session._expired)


def pageOf(session: Session) -> Any:
    """
    :return: the application's page; None if the session has ended.
    """
    page = getattr(session, "_page", None)
    return page._page if isinstance(page, WatchedPage) else page


class Search:
    """A socket waits until it is known whether another worker has left its page."""

    def __init__(self, decided: Callable[[Session | None | Failure], None]) -> None:
        """
        :param decided: called with the session, None, or why it is not known; not at all after :meth:`withdraw`.
        """
        self._decided: Callable[[Session | None | Failure], None] | None = decided

    def wait(self, found: Deferred[Any]) -> None:
        """Decide when it fires."""
        found.addBoth(self._found)

    def _found(self, result: Session | None | Failure) -> None:
        decided, self._decided = self._decided, None
        if decided is not None:
            decided(result)

    def withdraw(self) -> None:
        """The socket is gone."""
        self._decided = None
