# -*- test-case-name: tests.test_memo -*-
"""
The same call to a thousand pages is encoded once.

``for chatter in chatters: chatter.callRemote("hear", who, what)`` says the same a thousand times, and as the numbers of
messages are not sent, it is the same bytes. An application need not say that it broadcasts: it is enough to notice.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Any, Final, TypeAlias

from .wire import Made, asCall, encodeNotify

#: What cannot change between two calls. A list could.
_IMMUTABLE: Final = frozenset((str, int, float, bool, type(None)))

Convert: TypeAlias = Callable[[Any], tuple[Any, Made]]


class CallMemo:
    """
    One per site: the last call that was encoded in this turn. Whoever says a call may look at it first: the message is
    :attr:`message`, if object and method are the same, the arguments *equal* :attr:`args`, and there are no others.

    :ivar objectID: what was called.
    :ivar methodName: and by which name.
    :ivar args: with which arguments, if all are strings; otherwise None. Other values can be equal and yet be different
        texts: True, 1 and 1.0.
    :ivar message: the call, as ``notify``.
    """

    __slots__ = ("_asCall", "_remembers", "_said", "args", "message", "methodName", "objectID")

    def __init__(self, remembers: bool = True) -> None:
        """
        :param remembers: False to have each call encoded by itself.
        """
        self._remembers = remembers
        self.forget()

    def forget(self) -> None:
        """The turn has ended: nothing of it is kept."""
        self.objectID = 0
        self.methodName = ""
        self.args: tuple[str, ...] | None = None
        self.message = b""
        self._said: tuple[Any, ...] | None = None
        self._asCall: bytes | None = None

    def encode(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert) -> bytes:
        """
        :param convert: makes JSON of what is none, see :meth:`athenalite.values.Values.convert`.
        :return: the call, as ``notify``.
        :raise TypeError: if an argument cannot be sent.
        """
        if self._isLast(objectID, methodName, args, kwargs):
            return self.message
        message = _encode(objectID, methodName, args, kwargs, convert)
        if self._remembers and not kwargs and type(args) is tuple and _IMMUTABLE.issuperset(map(type, args)):
            self.objectID, self.methodName, self.message = objectID, methodName, message
            self.args = args if all(type(one) is str for one in args) else None
            self._said = args
            self._asCall = None
        return message

    def _isLast(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any]) -> bool:
        last = self._said
        return (
            last is not None
            and not kwargs
            and objectID == self.objectID
            and methodName == self.methodName
            and len(args) == len(last)
            # Not if they are equal: True == 1 == 1.0, and each is another text.
            and all(map(is_, args, last))
        )

    def asCall(self, message: bytes) -> bytes:
        """
        :param message: from :meth:`encode`.
        :return: the same with a wish for its answer; again the same bytes for all pages.
        """
        if message is not self.message:
            return asCall(message)
        if self._asCall is None:
            self._asCall = asCall(message)
        return self._asCall


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
