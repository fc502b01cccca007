# -*- test-case-name: tests.server.test_frames -*-
"""
Encodes a server's text frames (RFC 6455 section 5.2), once for all pages that are sent the same messages.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

from .._core.wire import NOOP

#: The first byte of a text frame that is a whole message.
TEXT: Final = 0x81
#: A payload that is longer has a longer header.
SHORT: Final = 125
_SHORT_HEADERS: Final = tuple(bytes((TEXT, length)) for length in range(SHORT + 1))
_medium: Final = Struct("!BBH").pack
_long: Final = Struct("!BBQ").pack
#: The largest result that :class:`Frames` keeps, in bytes.
_KEPT: Final = 64 * 1024


def frame(message: bytes) -> bytes:
    """A message of the server as one text frame (RFC 6455 section 5.2), which servers do not mask."""
    length = len(message)
    if length <= SHORT:
        return _SHORT_HEADERS[length] + message
    return headed(TEXT, message)


def headed(first: int, payload: bytes) -> bytes:
    """A frame with this first byte, as servers send it."""
    length = len(payload)
    if length <= SHORT:
        return bytes((first, length)) + payload
    return (_medium(first, 126, length) if length <= 0xFFFF else _long(first, 127, length)) + payload


def framed(messages: list[bytes]) -> bytes:
    """Each message as a frame, one behind the other."""
    return b"".join(map(frame, messages))


#: A keep-alive: a message, and a ping without a payload.
KEEP_ALIVE: Final = frame(NOOP) + b"\x89\x00"


class Frames:
    """Keeps the last result of :func:`framed`: in a broadcast, the next page is sent the same messages."""

    __slots__ = ("_data", "_messages")

    def __init__(self) -> None:
        # Comparing lists of the same objects compares their pointers only.
        self._messages: list[bytes] = []
        self._data = b""

    def of(self, messages: list[bytes]) -> bytes:
        """See :func:`framed`."""
        if messages == self._messages:
            return self._data
        frames = self.framed(messages)
        if len(frames) <= _KEPT:
            self._messages, self._data = messages, frames
        return frames

    def framed(self, messages: list[bytes]) -> bytes:
        """See :func:`framed`."""
        return framed(messages)
