# -*- test-case-name: tests.core.test_encodecache -*-
"""
Encodes equal calls of one batch once, and caches the bytes.

``for chatter in chatters: chatter.callRemote("hear", who, what)`` makes the same call to a thousand pages, and because
message numbers are not sent, its bytes are the same for all of them.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from msgspec.msgpack import Encoder

from ..errors import MessageTooLarge
from .wire import Made, asCall, encodeNotify

#: The version of :mod:`marshal` with exact floats and without references, which depend on who else has an object.
_MARSHAL: Final = 2
_packInto: Final = Encoder().encode_into

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
        self._messages: dict[tuple[int, str, bytes | None], bytes] = {}
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
        frozen = None if kwargs or not self.remembers else freeze(args)
        key = objectID, methodName, frozen
        message = self._messages.get(key) if frozen is not None else None
        if message is None:
            message, isPlain = _encode(objectID, methodName, args, kwargs, convert)
            if len(message) > self._maxSize:
                raise MessageTooLarge(f"the call is larger than the {self._maxSize} bytes kept for a page")
            if frozen is not None and isPlain:
                self._messages[key] = message
        return message

    def frozenOf(self, objectID: int, methodName: str, args: Any) -> Frozen | None:
        """
        :return: ``args``, if they were encoded by :meth:`encode` without conversion; otherwise None.
        """
        frozen = freeze(args)
        return Frozen.of(args) if frozen and (objectID, methodName, frozen) in self._messages else None

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


def freeze(args: Any) -> bytes | None:
    """
    What ``args`` are at this moment, to compare it later: an application may change a dict, and send it again.

    :return: bytes that are equal for arguments of the same types and values only, if these are JSON: True, 1 and 1.0
        differ, and so do 0.0 and -0.0. None if there are other objects in them. A tenth of the time that JSON takes.
    """
    try:
        return marshal.dumps(args, _MARSHAL)
    except ValueError:
        return None


class Frozen:
    """
    Arguments as they were, which many others are compared with: a broadcast compares those of each page.

    MessagePack takes a sixth of the time of :func:`freeze`, and tells numbers and the order of a dict apart as well. It
    is the same for an object and a dict of its fields, so the values are compared, too.

    It equals arguments that have the same types and values.
    """

    __slots__ = ("_args", "_buffer", "_packed")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, args: Any, packed: bytes) -> None:
        self._args = args
        self._packed = packed
        # A new object for each page would take as long as the rest of its MessagePack.
        self._buffer = bytearray()

    @classmethod
    def of(cls, args: Any) -> Frozen | None:
        """
        :param args: what :func:`freeze` takes. They may be changed afterwards.
        :return: None if the arguments have no MessagePack: very large integers, or lone surrogates.
        """
        packed = bytearray()
        try:
            _packInto(args, packed)
        except _UNPACKABLE:
            return None
        return cls(_copied(args), bytes(packed))

    def __eq__(self, args: object) -> bool:
        buffer = self._buffer
        try:
            _packInto(args, buffer)
        except _UNPACKABLE:
            return False
        return buffer == self._packed and bool(args == self._args)


_UNPACKABLE: Final = (TypeError, ValueError, OverflowError, RecursionError)


def _copied(value: Any) -> Any:
    """
    Return a copy with the same strings and numbers: to compare an object with itself takes no time, and an application
    mostly sends the same ones to all pages.
    """
    kind = type(value)
    if kind is dict:
        return {key: _copied(one) for key, one in value.items()}
    return kind(map(_copied, value)) if kind is list or kind is tuple else value


def _encode(objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert) -> tuple[bytes, bool]:
    """Return the message, and whether the arguments are JSON without conversion."""
    try:
        return encodeNotify(objectID, methodName, args, kwargs), True
    except TypeError:
        # Most arguments are JSON, and need no conversion.
        args, made = convert(args)
        kwargs, madeOfKwargs = convert(kwargs)
    if madeOfKwargs:
        raise TypeError("an instance of a JavaScript class cannot be a keyword argument")
    return encodeNotify(objectID, methodName, args, kwargs, made), False
