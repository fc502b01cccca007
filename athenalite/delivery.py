# -*- test-case-name: tests.test_delivery -*-
"""
Exactly once and in order: what each side has sent, what the other has received.

Messages are numbered by counting, separately in each direction, and the number is never sent (``docs/protocol.rst``,
"Numbers, without saying them"); so the same message to a thousand pages is the same ``bytes`` object, and a thousand
queues hold references to it. The model is a ship's log: everything is kept until the peer says that it has it, and
offered again on every new socket.

This module knows no socket, clock, or session.
"""

from __future__ import annotations

from collections import deque
from itertools import islice

from .errors import AthenaError, ProtocolError
from .wire import MAX_NUMBER


class Overflow(AthenaError):
    """The peer has fallen further behind than the bounds allow; its page cannot go on."""


class Delivery:
    """
    Both directions of one session's numbered messages.

    :ivar sent: how many numbered messages this side has said.
    :ivar received: how many it has received, the number of the last.
    :ivar bytesKept: the size of what is kept for the peer, in bytes.
    """

    __slots__ = (
        "_acknowledged",
        "_kept",
        "_offered",
        "_told",
        "bytesKept",
        "maxBytes",
        "maxMessages",
        "received",
        "sent",
    )

    def __init__(self, maxMessages: int, maxBytes: int) -> None:
        """
        :param maxMessages: how many unacknowledged messages are kept at most.
        :param maxBytes: how many bytes of them.
        """
        self.maxMessages = maxMessages
        self.maxBytes = maxBytes
        self.sent = 0
        self.received = 0
        self.bytesKept = 0
        self._kept: deque[bytes] = deque()
        self._acknowledged = 0
        self._offered = 0
        self._told = 0

    def addMessage(self, message: bytes) -> int:
        """
        Keep ``message`` until it is acknowledged. :meth:`toOffer` has it next.

        :return: its number.
        :raise Overflow: if more is kept now than the bounds allow. The session must end.
        """
        self._kept.append(message)
        self.bytesKept += len(message)
        self.sent += 1
        if self.bytesKept > self.maxBytes or len(self._kept) > self.maxMessages:
            raise Overflow(f"{len(self._kept)} messages ({self.bytesKept} bytes) are not acknowledged")
        return self.sent

    def acknowledged(self, number: int) -> None:
        """
        The peer has received everything up to ``number``.

        :raise ProtocolError: if so much was never sent.
        """
        if number > self.sent:
            raise ProtocolError("an acknowledgement of what was never sent")
        for _ in range(number - self._acknowledged):
            self.bytesKept -= len(self._kept.popleft())
        self._acknowledged = max(number, self._acknowledged)

    def resume(self, number: int) -> None:
        """
        There is a new socket, whose peer has received everything up to ``number``. :meth:`toOffer` begins behind that.

        :raise ProtocolError: if ``number`` is more than was sent, or less than was acknowledged before.
        """
        if number < self._acknowledged:
            raise ProtocolError("what was acknowledged is asked for again")
        self.acknowledged(number)
        self._offered = number
        self._told = self.received

    def toOffer(self) -> list[bytes]:
        """
        :return: what the present socket has not carried yet, in order. Send it all, or give up the socket.
        """
        count = min(self.sent - self._offered, len(self._kept))
        self._offered = self.sent
        if count == 1:
            return [self._kept[-1]]
        newest = list(islice(reversed(self._kept), count))
        newest.reverse()
        return newest

    def messageReceived(self) -> int:
        """
        Count a numbered message of the peer. Call this before running it.

        :return: its number.
        """
        if self.received == MAX_NUMBER:
            raise ProtocolError("a session with too many messages")
        self.received += 1
        return self.received

    def responded(self, number: int) -> None:
        """A response to the peer's ``number`` is on its way; it acknowledges everything up to there."""
        if number > self._told:
            self._told = number

    @property
    def untold(self) -> int:
        """How many received messages the peer does not know to be received."""
        return self.received - self._told

    def ackToSend(self) -> int:
        """
        :return: the number to acknowledge now; the peer counts as told.
        """
        self._told = self.received
        return self.received

    def clear(self) -> None:
        """The page is lost; what was kept for it is not needed any more."""
        self._kept.clear()
        self.bytesKept = 0
