# -*- test-case-name: tests.server.test_compression -*-
"""
permessage-deflate (RFC 7692): which offers are accepted, and messages that are compressed once for many sockets.

A socket without context takeover needs no compressor between two messages, which would be 256 KiB; and the bytes of a
message are the same for all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from inspect import signature
from typing import Any, Final

from .autobahn import PerMessageDeflate, PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from .frames import TEXT, Frames, frame, headed

#: The value of the option ``compress`` with which each socket keeps a compressor.
CONTEXT: Final = "context"
#: RSV1, the bit of a compressed message (RFC 7692 section 6).
_COMPRESSED: Final = 0x40
#: The largest window, which every receiver has that does not ask for another: 32 KiB.
_LARGEST: Final = 15
#: The window of browsers that let the server choose: 2 KiB, because they send little.
_OF_BROWSERS: Final = 11
#: A shorter message, in bytes, is sent as it is: alone, it hardly becomes smaller.
_SHORTEST: Final = 256
#: For a message of up to so many bytes, a window of as many, and a compressor of 32 KiB instead of 256 KiB.
_SMALL: Final = 4096

#: Whether Autobahn stops inflating a message that becomes too large; 24.4 does not.
BOUNDS_INFLATION: Final = "max_output_len" in signature(PerMessageDeflate.decompress_message_data).parameters


def acceptance(compress: bool | str) -> Callable[[Iterable[Any]], Any]:
    """
    :param compress: see :class:`athenalite.LivePageFactory`.
    :return: what Autobahn calls with a browser's offers, of which the first of permessage-deflate is accepted.
    """
    noContext = True if compress != CONTEXT else None

    def accept(offers: Iterable[Any]) -> Any:
        # maxMessagePayloadSize bounds the size of an inflated message.
        for offer in offers:
            if isinstance(offer, PerMessageDeflateOffer):
                bits = _OF_BROWSERS if noContext and offer.accept_max_window_bits else 0
                return PerMessageDeflateOfferAccept(offer, no_context_takeover=noContext, request_max_window_bits=bits)
        return None

    return accept


def isShared(deflate: Any) -> bool:
    """Whether a socket with this agreement may be sent what :class:`DeflatedFrames` makes."""
    return bool(deflate.server_no_context_takeover) and deflate.server_max_window_bits == _LARGEST


def _deflated(message: bytes) -> bytes:
    """A message as one frame: compressed, unless it is short or becomes no smaller."""
    size = len(message)
    if size < _SHORTEST:
        return frame(message)
    bits, memory = (12, 5) if size <= _SMALL else (_LARGEST, 8)
    compressor = zlib.compressobj(wbits=-bits, memLevel=memory)
    # The last four bytes are the same always, and left out (section 7.2.1).
    payload = (compressor.compress(message) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]
    return headed(TEXT | _COMPRESSED, payload) if len(payload) < size else frame(message)


class DeflatedFrames(Frames):
    """Frames for sockets with permessage-deflate that keep no context."""

    __slots__ = ()

    def framed(self, messages: list[bytes]) -> bytes:
        """Each message as a frame, compressed by itself."""
        return b"".join(map(_deflated, messages))
