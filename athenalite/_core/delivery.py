# -*- test-case-name: tests.core.test_delivery -*-
"""
Exactly once and in order: what each side has sent, what the other has received.

Messages are numbered by counting, separately in each direction, and the number is never sent (``docs/protocol.rst``,
"Implicit message numbers"); so the same message to a thousand pages is the same ``bytes`` object, and a thousand
queues hold references to it. The model is a ship's log: everything is kept until the peer says that it has it, and
offered again on every new socket.

This module knows no socket, clock, or session.
"""

from __future__ import annotations

from typing import Final

from ..errors import AthenaError, ProtocolError
from .wire import MAX_NUMBER

#: What a message that is kept costs besides its bytes: the object, and the reference to it.
OVERHEAD: Final = 64


class Overflow(AthenaError):
    """More is kept for the peer than the bounds allow. A page without a socket cannot go on then."""


class Delivery:
    """
    Both directions of one session's numbered messages.

    :ivar received: how many it has received, the number of the last.
    :ivar ackPending: how many of these the peer does not know to be received.
    :ivar bytesUnacknowledged: the size of what is kept for the peer, in bytes.
    """

    __slots__ = (
        "_acknowledged",
        "_unsent",
        "_unacknowledged",
        "bytesUnacknowledged",
        "maxBytes",
        "maxMessages",
        "received",
        "ackPending",
    )

    def __init__(self, maxMessages: int, maxBytes: int) -> None:
        """
        :param maxMessages: how many unacknowledged messages are kept at most.
        :param maxBytes: how many bytes of them.
        """
        self.maxMessages = maxMessages
        self.maxBytes = maxBytes
        self.received = 0
        self.ackPending = 0
        self.bytesUnacknowledged = 0
        # Of 64 references a deque would be half the size of all else that a page costs here.
        self._unacknowledged: list[bytes] = []
        self._acknowledged = 0
        # How many of them the present socket has not carried yet.
        self._unsent = 0

    def addMessage(self, message: bytes) -> int:
        """
        Keep ``message`` until it is acknowledged. :meth:`takeUnsent` has it next.

        :return: its number.
        :raise Overflow: see :meth:`addMessages`.
        """
        self.addMessages([message], len(message), False)
        return self.sent

    def addMessages(self, messages: list[bytes], size: int, carried: bool) -> None:
        """
        Keep ``messages``, in their order, until they are acknowledged.

        :param size: of all of them, in bytes.
        :param carried: whether the present socket carries them now, as it has carried all that was kept before.
            Otherwise :meth:`takeUnsent` has them.
        :raise Overflow: if more is kept now than the bounds allow. ``messages`` are kept all the same, but count as not
            carried.
        """
        kept = self._unacknowledged
        kept += messages
        self.bytesUnacknowledged = size = self.bytesUnacknowledged + size
        if size > self.maxBytes or len(kept) > self.maxMessages:
            self._unsent += len(messages)
            raise Overflow(f"{len(kept)} messages ({size} bytes) are not acknowledged")
        if not carried:
            self._unsent += len(messages)

    @property
    def weight(self) -> int:
        """What all that is kept for the peer costs, in bytes of memory."""
        return self.bytesUnacknowledged + OVERHEAD * len(self._unacknowledged)

    def isWithin(self, most: int) -> bool:
        """Whether :attr:`weight` is ``most`` or less."""
        return self.bytesUnacknowledged + OVERHEAD * len(self._unacknowledged) <= most

    @property
    def overflows(self) -> bool:
        """Whether more is kept than the bounds allow."""
        return self.bytesUnacknowledged > self.maxBytes or len(self._unacknowledged) > self.maxMessages

    @property
    def progress(self) -> tuple[int, int]:
        """What changes when the peer acknowledges something, or its socket carries something."""
        return self._acknowledged, self.sent - self._unsent

    @property
    def sent(self) -> int:
        """How many numbered messages this side has said."""
        return self._acknowledged + len(self._unacknowledged)

    def acknowledged(self, number: int) -> None:
        """
        The peer has received everything up to ``number``.

        :raise ProtocolError: if so much was never sent.
        """
        if number > self.sent:
            raise ProtocolError("an acknowledgement of what was never sent")
        count = number - self._acknowledged
        if count > 0:
            self._acknowledged = number
            self.bytesUnacknowledged -= sum(map(len, self._unacknowledged[:count]))
            del self._unacknowledged[:count]

    def resume(self, number: int) -> None:
        """
        Start on a new socket, whose peer has received all up to ``number``. :meth:`takeUnsent` begins after that.

        :raise ProtocolError: if ``number`` is more than was sent, or less than was acknowledged before.
        """
        if number < self._acknowledged:
            raise ProtocolError("what was acknowledged is asked for again")
        self.acknowledged(number)
        self._unsent = self.sent - number
        self.ackPending = 0

    def takeUnsent(self, size: int | None = None) -> list[bytes]:
        """
        :param size: how much to return at most, in bytes, :data:`OVERHEAD` counted; one message is always returned.
            Without it, everything.
        :return: what the present socket has not carried yet, in order, and carries now. Send it all, or give up the
            socket.
        """
        kept = self._unacknowledged
        start = len(kept) - min(self._unsent, len(kept))
        end = len(kept) if size is None else self._endOfPiece(start, size)
        self._unsent = len(kept) - end
        return kept[start:end]

    def _endOfPiece(self, start: int, size: int) -> int:
        end, last = start, len(self._unacknowledged)
        while end < last and (size > 0 or end == start):
            size -= len(self._unacknowledged[end]) + OVERHEAD
            end += 1
        return end

    def messageReceived(self) -> int:
        """
        Count a numbered message of the peer. Call this before running it.

        :return: its number.
        """
        if self.received == MAX_NUMBER:
            raise ProtocolError("a session with too many messages")
        self.received += 1
        self.ackPending += 1
        return self.received

    def responded(self, number: int) -> None:
        """A response to the peer's ``number`` is on its way; it acknowledges everything up to there."""
        self.ackPending = min(self.ackPending, self.received - number)

    def ackToSend(self) -> int:
        """
        :return: the number to acknowledge now; the peer counts as told.
        """
        self.ackPending = 0
        return self.received

    def clear(self) -> None:
        """The page is lost; what was kept for it is not needed any more."""
        self._acknowledged = self.sent
        self._unacknowledged.clear()
        self.bytesUnacknowledged = 0
