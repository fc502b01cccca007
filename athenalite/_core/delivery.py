# -*- test-case-name: tests.core.test_delivery -*-
"""
Reliable delivery, exactly once and in order: numbers, acknowledges and resends messages.

Messages are numbered by counting, separately in each direction, and the number is never sent (``docs/protocol.rst``,
"Implicit message numbers"); so the same message to a thousand pages is the same ``bytes`` object, and a thousand queues
hold references to it. Each message is kept until the peer acknowledges it, and resent on every new socket.

This module uses no socket, clock, or session.
"""

from __future__ import annotations

from typing import Final

from ..errors import AthenaError, ProtocolError
from .wire import MAX_NUMBER

#: The memory of an unacknowledged message besides its bytes: the object, and the reference to it.
OVERHEAD: Final = 64


class Overflow(AthenaError):
    """The unacknowledged messages exceed a bound. A page without a socket is lost then."""


class Delivery:
    """
    Both directions of one session's numbered messages.

    :ivar received: how many messages this side has received, which is the number of the last one.
    :ivar ackPending: how many of these have not been acknowledged yet.
    :ivar lastAcknowledged: the number of the last message that the peer has acknowledged.
    :ivar bytesUnacknowledged: the size of the sent messages that the peer has not acknowledged, in bytes.
    """

    __slots__ = (
        "lastAcknowledged",
        "_unsent",
        "_unacknowledged",
        "bytesUnacknowledged",
        "maxBytes",
        "maxMessages",
        "received",
        "ackPending",
        "window",
    )

    def __init__(self, maxMessages: int, maxBytes: int, window: int = 0) -> None:
        """
        :param maxMessages: how many unacknowledged messages are kept at most.
        :param maxBytes: how many bytes of them.
        :param window: see :meth:`isWithinWindow`.
        """
        self.window = window
        self.maxMessages = maxMessages
        self.maxBytes = maxBytes
        self.received = 0
        self.ackPending = 0
        self.bytesUnacknowledged = 0
        # Of 64 references a deque would be half the size of all else that a page costs here.
        self._unacknowledged: list[bytes] = []
        self.lastAcknowledged = 0
        # How many of them have not been sent on the current socket yet: the last ones.
        self._unsent = 0

    def addMessage(self, message: bytes) -> int:
        """
        Keep ``message`` until it is acknowledged. It is unsent, see :meth:`takeUnsent`.

        :return: its number.
        :raise Overflow: see :meth:`addMessages`.
        """
        self.addMessages([message], len(message), False)
        return self.sent

    def addMessages(self, messages: list[bytes], size: int, carried: bool) -> None:
        """
        Keep ``messages``, in their order, until they are acknowledged.

        :param size: of all of them, in bytes.
        :param carried: whether the caller sends them on the current socket now, as all messages before them. Otherwise
            they are unsent, see :meth:`takeUnsent`.
        :raise Overflow: if the unacknowledged messages exceed a bound now. ``messages`` are kept all the same, and are
            unsent.
        """
        kept = self._unacknowledged
        kept += messages
        self.bytesUnacknowledged = size = self.bytesUnacknowledged + size
        if size > self.maxBytes or len(kept) > self.maxMessages:
            self._unsent += len(messages)
            raise Overflow(f"{len(kept)} messages ({size} bytes) are not acknowledged")
        if not carried:
            self._unsent += len(messages)

    def restore(self, received: int, acknowledged: int, messages: list[bytes]) -> None:
        """Begin where another one has ended: with these counts, and these messages unacknowledged and unsent."""
        self.received, self.lastAcknowledged = received, acknowledged
        self._unacknowledged = list(messages)
        self._unsent = len(messages)
        self.bytesUnacknowledged = sum(map(len, messages))

    @property
    def unacknowledged(self) -> list[bytes]:
        """The messages that the peer has not acknowledged, in order."""
        return list(self._unacknowledged)

    @property
    def weight(self) -> int:
        """The memory of all unacknowledged messages, in bytes."""
        return self.bytesUnacknowledged + OVERHEAD * len(self._unacknowledged)

    @property
    def messagesUnacknowledged(self) -> int:
        """How many sent messages the peer has not acknowledged."""
        return len(self._unacknowledged)

    def isWithin(self, most: int) -> bool:
        """Whether :attr:`weight` is ``most`` or less."""
        return self.bytesUnacknowledged + OVERHEAD * len(self._unacknowledged) <= most

    def isWithinWindow(self) -> bool:
        """Whether :attr:`weight` is at most the window, beyond which more of the peer's calls are not run."""
        return self.bytesUnacknowledged + OVERHEAD * len(self._unacknowledged) <= self.window

    @property
    def overflows(self) -> bool:
        """Whether the unacknowledged messages exceed a bound."""
        return self.bytesUnacknowledged > self.maxBytes or len(self._unacknowledged) > self.maxMessages

    @property
    def progress(self) -> tuple[int, int]:
        """A value that changes when a message is acknowledged, or sent on a socket."""
        return self.lastAcknowledged, self.sent - self._unsent

    @property
    def sent(self) -> int:
        """How many numbered messages this side has added, sent or unsent."""
        return self.lastAcknowledged + len(self._unacknowledged)

    def acknowledged(self, number: int) -> None:
        """
        Forget the messages up to ``number``, which the peer has received.

        :raise ProtocolError: if so many were never sent.
        """
        if number > self.sent:
            raise ProtocolError("an acknowledgement of what was never sent")
        count = number - self.lastAcknowledged
        if count > 0:
            kept = self._unacknowledged
            self.lastAcknowledged = number
            # Mostly fewer are left than acknowledged.
            left = len(kept) - count
            if left < count:
                del kept[:count]
                self.bytesUnacknowledged = sum(map(len, kept))
            else:
                self.bytesUnacknowledged -= sum(map(len, kept[:count]))
                del kept[:count]

    def resume(self, number: int) -> None:
        """
        Start on a new socket, whose peer has received all up to ``number``. :meth:`takeUnsent` begins after that.

        :raise ProtocolError: if ``number`` is more than was sent, or less than was acknowledged before.
        """
        if number < self.lastAcknowledged:
            raise ProtocolError("what was acknowledged is asked for again")
        self.acknowledged(number)
        self._unsent = self.sent - number
        self.ackPending = 0

    def takeUnsent(self, size: int | None = None) -> list[bytes]:
        """
        :param size: how many bytes to return at most, :data:`OVERHEAD` counted for each message, but at least one
            message. None for all messages.
        :return: the next unsent messages, in order; they count as sent. Send them all, or abort the socket.
        """
        if not self._unsent:
            return []
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
        """Note that a response to the peer's ``number`` is sent, which acknowledges all messages up to it."""
        left = self.received - number
        if left < self.ackPending:
            self.ackPending = left

    def ackToSend(self) -> int:
        """
        :return: the number to acknowledge now; no acknowledgement is pending afterwards.
        """
        self.ackPending = 0
        return self.received

    def clear(self) -> int:
        """
        Forget all messages: the page is lost.

        :return: the number of the last one that was acknowledged.
        """
        acknowledged, self.lastAcknowledged = self.lastAcknowledged, self.sent
        self._unacknowledged.clear()
        self.bytesUnacknowledged = 0
        return acknowledged
