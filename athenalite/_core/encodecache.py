# -*- test-case-name: tests.core.test_encodecache -*-
"""
The same call to a thousand pages is encoded once.

``for chatter in chatters: chatter.callRemote("hear", who, what)`` says the same a thousand times, and as the numbers of
messages are not sent, it is the same bytes. An application need not say that it broadcasts: it is enough to notice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from ..errors import MessageTooLarge
from .wire import Made, asCall, encodeNotify

#: What cannot change between two calls, and is written so that nothing else is. A list could change.
_IMMUTABLE: Final = frozenset((str, int, float, bool, type(None)))

Convert: TypeAlias = Callable[[Any], tuple[Any, Made]]


class CallMemo:
    """
    One per site: the calls that were encoded in this turn.

    :ivar remembers: whether it remembers any.
    """

    def __init__(self, maxSize: int, remembers: bool = True) -> None:
        """
        :param maxSize: how large a call may be, in bytes.
        :param remembers: False to have each call encoded by itself.
        """
        self._maxSize = maxSize
        self.remembers = remembers
        self._messages: dict[tuple[Any, ...], bytes] = {}
        self._asked: dict[bytes, bytes] = {}

    def forget(self) -> None:
        """The turn has ended: nothing of it is kept."""
        self._messages.clear()
        self._asked.clear()

    def encode(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert) -> bytes:
        """
        :param convert: makes JSON of elements and other objects, see
            :meth:`athenalite._page.serialize.Serializer.convert`. It is called only for what is not JSON by itself.
        :return: the call, as ``notify``; of the same call in the same turn, the same object.
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
        :return: the same with a wish for its answer; again the same object for all pages.
        """
        call = self._asked.get(message)
        if call is None:
            call = self._asked[message] = asCall(message)
        return call


def allStrings(args: Any) -> bool:
    """Whether arguments that are equal to these are the same text. True, 1 and 1.0 are equal, and three texts."""
    return type(args) is tuple and all(type(one) is str for one in args)


def _key(objectID: int, methodName: str, args: Any) -> tuple[Any, ...] | None:
    if allStrings(args):
        return objectID, methodName, args
    if type(args) is tuple and _IMMUTABLE.issuperset(map(type, args)):
        # Of numbers, what is equal may be another text: -0.0 is 0.0.
        return objectID, methodName, repr(args)
    return None


def _encode(objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert) -> bytes:
    try:
        return encodeNotify(objectID, methodName, args, kwargs)
    except TypeError:
        # Most calls say nothing but JSON, and need no second look.
        args, made = convert(args)
        kwargs, unsayable = convert(kwargs)
    if unsayable:
        raise TypeError("an instance of a JavaScript class cannot be a keyword argument")
    return encodeNotify(objectID, methodName, args, kwargs, made)
