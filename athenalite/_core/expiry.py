# -*- test-case-name: tests.core.test_expiry -*-
"""
How long a page may be without a socket: :class:`Expiry`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall

from ..errors import ConnectFailed, ConnectionLost
from ..interfaces import IClock
from ..limits import Limits
from .admission import Admission
from .states import LEFT

#: Called with the reason, and an exception with it, when the time is up.
Expired: TypeAlias = Callable[[str, Exception], None]


class Expiry:
    """A timer that ends a page without a socket. While it is stopped, it has no reference to the page."""

    __slots__ = ("_admission", "_clock", "_limits", "_timer")

    def __init__(self, clock: IClock, limits: Limits, admission: Admission) -> None:
        """
        :param admission: while it is pending, the page is not ended: the application is slow, and not the page.
        """
        self._clock = clock
        self._limits = limits
        self._admission = admission
        self._timer: IDelayedCall | None = None

    def rendered(self, expired: Expired) -> None:
        """Wait for the page's first socket."""
        self._start(expired, self._limits.connectTimeout, "the page never connected", ConnectFailed)

    def disconnected(self, expired: Expired) -> None:
        """Wait for the page's next socket."""
        seconds = self._limits.transportlessTimeout
        self._start(expired, seconds, f"the page was away for more than {seconds:g} s", ConnectionLost)

    def left(self, expired: Expired) -> None:
        """Wait for less time, because the browser has closed the socket as it does when a page is left."""
        self._start(expired, self._limits.leavingTimeout, LEFT, ConnectionDone)

    def stop(self) -> None:
        """Stop the timer."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _start(self, expired: Expired, seconds: float, reason: str, error: type[Exception]) -> None:
        self.stop()
        self._timer = self._clock.callLater(seconds, self._timeIsUp, expired, reason, error)

    def _timeIsUp(self, expired: Expired, reason: str, error: type[Exception]) -> None:
        self._timer = None
        if self._admission.pending:
            self._start(expired, self._limits.authorizeTimeout, reason, error)
        else:
            expired(reason, error(reason))
