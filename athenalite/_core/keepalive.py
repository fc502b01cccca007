# -*- test-case-name: tests.core.test_keepalive -*-
"""
Keep-alives: finds out which sockets are dead, and lets browsers find out: :class:`KeepAlive`.

A browser answers a ping (:rfc:`6455` section 5.5.2) by itself, which the server needs to see; its scripts do not see
pings, and need a message. So both are sent, in one write.
"""

from __future__ import annotations

from math import ceil
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall

from ..interfaces import IClock

#: The sockets are divided into so many groups, so that those of a thousand pages are not all written to, and do not all
#: answer, in one iteration of the reactor.
_GROUPS: Final = 20


class Peer(Protocol):
    """
    What is kept alive.

    :ivar unanswered: how many keep-alives have been sent since something was received. The peer sets it to 0 then.
    """

    unanswered: int

    def keepAlive(self) -> None:
        """Send a keep-alive, and count it as unanswered."""

    def keepAliveTimedOut(self) -> None:
        """End the connection: the other side is dead."""


class KeepAlive:
    """
    Sends a keep-alive to each socket of a site at an interval. One timer serves them all, and costs a socket nothing
    between two keep-alives.
    """

    def __init__(self, clock: IClock, interval: float, timeout: float) -> None:
        """
        :param interval: the time between two keep-alives of a socket, in seconds.
        :param timeout: for how long one may be unanswered, in seconds; it is rounded up to a twentieth of ``interval``.
        """
        self._clock = clock
        self._period = interval / _GROUPS
        self._groups: list[dict[Peer, None]] = [{} for _ in range(_GROUPS)]
        # How many keep-alives are unanswered when the time is up, and how many periods after the last of them that is.
        whole, self._late = divmod(ceil(timeout / self._period), _GROUPS)
        self._most = whole + (self._late > 0)
        # The group whose turn was last.
        self._current = 0
        self._count = 0
        self._timer: IDelayedCall | None = None

    def add(self, peer: Peer) -> int:
        """
        Keep ``peer`` alive until :meth:`remove`.

        :return: its group, for :meth:`remove`.
        """
        self._groups[self._current][peer] = None
        self._count += 1
        if self._timer is None:
            self._timer = self._clock.callLater(self._period, self._periodOver)
        return self._current

    def remove(self, peer: Peer, group: int) -> None:
        """Send ``peer`` nothing more. Does nothing the second time."""
        if self._groups[group].pop(peer, self) is None:
            self._count -= 1
            if not self._count and self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _periodOver(self) -> None:
        self._timer = self._clock.callLater(self._period, self._periodOver)
        self._current = (self._current + 1) % _GROUPS
        for peer in list(self._groups[self._current - self._late]):
            if peer.unanswered >= self._most:
                peer.keepAliveTimedOut()
        group = self._groups[self._current]
        for peer in list(group):
            # The one before may have ended it.
            if peer in group:
                peer.keepAlive()
