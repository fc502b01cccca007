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

from .turn import Turn
from .wire import Made, encodeCall

#: What cannot change between two calls. A list could.
_IMMUTABLE: Final = frozenset((str, int, float, bool, type(None)))

EncodeCall: TypeAlias = Callable[[int, str, Any, dict[str, Any] | None], tuple[bytes, bytes]]


def encodeConverted(
    convert: Callable[[Any], tuple[Any, Made]], objectID: int, methodName: str, args: Any, kwargs: dict[str, Any] | None
) -> tuple[bytes, bytes]:
    """
    :param convert: makes JSON of what is none, see :meth:`athenalite.values.Values.convert`.
    :return: as :func:`athenalite.wire.encodeCall`.
    :raise TypeError: if an argument cannot be sent.
    """
    args, made = convert(args)
    kwargs, unsayable = convert(kwargs or {})
    if unsayable:
        raise TypeError("an instance of a JavaScript class cannot be a keyword argument") from None
    return encodeCall(objectID, methodName, args, kwargs, made)


class CallMemo:
    """One per site: the last call that was encoded in this turn."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._objectID = 0
        self._methodName = ""
        self._args: tuple[Any, ...] | None = None
        self._forms = (b"", b"")

    def encodeCall(
        self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any] | None = None
    ) -> tuple[bytes, bytes]:
        """See :func:`athenalite.wire.encodeCall`."""
        last = self._args
        if (
            last is not None
            and not kwargs
            and objectID == self._objectID
            and methodName == self._methodName
            and len(args) == len(last)
            # Not if they are equal: True == 1 == 1.0, and each is another text.
            and all(map(is_, args, last))
        ):
            return self._forms
        forms = encodeCall(objectID, methodName, args, kwargs)
        if not kwargs and type(args) is tuple and _IMMUTABLE.issuperset(map(type, args)):
            if self._args is None:
                self._turn.add(self)
            self._objectID, self._methodName, self._args, self._forms = objectID, methodName, args, forms
        return forms

    def flush(self) -> None:
        """The turn ends: nothing of it is kept."""
        self._args = None
        self._forms = (b"", b"")
