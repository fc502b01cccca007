# -*- test-case-name: tests.server.test_incomplete -*-
"""
Bounds the number of messages that have begun to arrive, on all sockets of a site: :class:`IncompleteMessages`.
"""

from __future__ import annotations

from typing import Protocol

from .._core.peers import Peers
from ..errors import CLOSE_TRY_AGAIN


class ISocket(Protocol):
    """What is needed of a socket: see :class:`athenalite._server.closing.ClosesInTime`."""

    peerPath: tuple[str, ...]

    def closeSocket(self, code: int, reason: str) -> None: ...


class IncompleteMessages:
    """
    The sockets on which a message is incomplete. Each holds at most ``Limits.maxMessageSize`` bytes of it. Beyond the
    limit, the peer that has most of these sockets loses the oldest of them; its page may resume at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sockets: Peers[ISocket] = Peers()

    def __len__(self) -> int:
        return len(self._sockets)

    def add(self, socket: ISocket) -> None:
        """A message on ``socket`` is incomplete."""
        self._sockets.add(str(id(socket)), socket, socket.peerPath)
        if len(self._sockets) > self._limit:
            self._sockets.takeFromLargest().closeSocket(CLOSE_TRY_AGAIN, "too many incomplete messages")

    def remove(self, socket: ISocket) -> None:
        """The message is complete, or the socket is lost."""
        self._sockets.remove(str(id(socket)))
