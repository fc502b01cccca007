# -*- test-case-name: tests.core.test_acknowledgements -*-
"""
When a session acknowledges what it has received: :class:`Acknowledgements`.
"""

from __future__ import annotations

from twisted.internet.interfaces import IDelayedCall

from ..interfaces import IClock
from ..limits import Limits
from .delivery import Delivery
from .outbox import Outbox
from .wire import encodeAck


class Acknowledgements:
    """
    Sends an acknowledgement at the end of the batch after ``limits.ackEvery`` messages, and after ``limits.ackDelay``
    seconds, unless a response has acknowledged the messages by then (``docs/protocol.rst``).
    """

    __slots__ = ("_clock", "_delay", "_delivery", "_every", "_outbox", "_timer")

    def __init__(self, clock: IClock, delivery: Delivery, outbox: Outbox, limits: Limits) -> None:
        self._clock = clock
        self._delivery = delivery
        self._outbox = outbox
        self._every = limits.ackEvery
        self._delay = limits.ackDelay
        self._timer: IDelayedCall | None = None

    def due(self) -> None:
        """A message has been received, or the socket accepts data again: acknowledge soon if that is necessary."""
        pending = self._delivery.ackPending
        if not pending:
            return
        if pending >= self._every:
            self._outbox.acknowledgeLater()
        elif self._timer is None and self._outbox.transport is not None:
            self._timer = self._clock.callLater(self._delay, self._timedOut)

    def send(self) -> None:
        """Acknowledge now, unless the socket accepts no data."""
        if not self._outbox.paused:
            self._outbox.sendNow([encodeAck(self._delivery.ackToSend())])

    def stop(self) -> None:
        """The socket is lost or replaced: the next one begins with what has been received."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _timedOut(self) -> None:
        self._timer = None
        if self._delivery.ackPending:
            self.send()
