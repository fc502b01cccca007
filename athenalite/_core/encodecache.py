# -*- test-case-name: tests.core.test_encodecache -*-
"""
Encodes equal calls of one batch once, and caches the bytes.

``for chatter in chatters: chatter.callRemote("hear", who, what)`` makes the same call to a thousand pages, and because
message numbers are not sent, its bytes are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from ..errors import MessageTooLarge
from .wire import Made, asCall, encodeNotify

#: Types whose values cannot change between two calls, and whose ``repr`` is unique.
_IMMUTABLE: Final = frozenset((str, int, float, bool, type(None)))

Convert: TypeAlias = Callable[[Any], tuple[Any, Made]]


class EncodeCache:
    """
    The calls that were encoded in the current batch of one site.

    :ivar remembers: whether calls are cached.
    """

    def __init__(self, maxSize: int, remembers: bool = True) -> None:
        """
        :param maxSize: how large a call may be, in bytes.
        :param remembers: False to encode each call by itself.
        """
        self._maxSize = maxSize
        self.remembers = remembers
        self._messages: dict[tuple[Any, ...], bytes] = {}
        self._calls: dict[bytes, bytes] = {}

    def forget(self) -> None:
        """Clear the cache, because the batch has ended."""
        self._messages.clear()
        self._calls.clear()

    def encode(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert) -> bytes:
        """
        :param convert: see :meth:`athenalite.interfaces.IPage.convertValue`. It is called only for arguments that are
            not JSON.
        :return: the call, encoded as ``notify``: the same object for equal calls of a batch.
        :raise TypeError: if an argument cannot be sent.
        :raise MessageTooLarge: if the call is larger than it may be.
        """
        key = None if kwargs or not self.remembers else _key(objectID, methodName, args)
        message = self._messages.get(key) if key is not None else None
        if message is None:
            message = _encode(objectID, methodName, args, kwargs, convert)
            if len(message) > self._maxSize:
                raise MessageTooLarge(f"the call is larger than the {self._maxSize} bytes kept for a page")
            if key is not None:
                self._messages[key] = message
        return message

    def asCall(self, message: bytes) -> bytes:
        """
        :param message: from :meth:`encode`.
        :return: the same call, encoded as ``call``: again the same object for all pages.
        """
        call = self._calls.get(message)
        if call is None:
            call = self._calls[message] = asCall(message)
        return call


def allStrings(args: Any) -> bool:
    """Whether equal arguments have the same encoding. True, 1 and 1.0 are equal, and have three encodings."""
    return type(args) is tuple and all(type(one) is str for one in args)


def _key(objectID: int, methodName: str, args: Any) -> tuple[Any, ...] | None:
    if allStrings(args):
        return objectID, methodName, args
    if type(args) is tuple and _IMMUTABLE.issuperset(map(type, args)):
        # Equal numbers may be encoded differently, such as -0.0 and 0.0.
        return objectID, methodName, repr(args)
    return None


def _encode(objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert) -> bytes:
    try:
        return encodeNotify(objectID, methodName, args, kwargs)
    except TypeError:
        # Most arguments are JSON, and need no conversion.
        args, made = convert(args)
        kwargs, madeOfKwargs = convert(kwargs)
    if madeOfKwargs:
        raise TypeError("an instance of a JavaScript class cannot be a keyword argument")
    return encodeNotify(objectID, methodName, args, kwargs, made)
