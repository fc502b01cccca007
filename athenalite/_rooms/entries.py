# -*- test-case-name: tests.rooms.test_entries -*-
"""
Entries of a room's log, as the engine keeps them: JSON, such as ``["w1-3f9a",7,"wall",["hello"]]``.

The third item is the name of a method that is ``everywhere``, or one of two signs that no method can have for a name:
:data:`ENTERED` and :data:`LEFT`. A fifth item has keyword arguments. An entry that is sent again has the number and the
attempt in the number's place, such as ``[7,2]``: so no two entries are equal, even if the engine has forgotten the
first. An engine may contain anything, so :func:`decodeEntry` checks all of it.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from .._core.json import encode, parse
from ..errors import MessageTooLarge

#: A member has entered: its name, its information, and its worker are the arguments. If it has come from another worker
#: with its page, that is the keyword argument :data:`WAS`.
ENTERED: Final = "+"
WAS: Final = "was"
#: Members have left: the list of their names is the argument.
LEFT: Final = "-"

#: The largest entry that is sent, or run, in bytes.
MAX_BYTES: Final = 256 * 1024


class BadEntry(ValueError):
    """A text in a room's log that is no entry. The message says why."""


class Entry(NamedTuple):
    """
    One entry. The worker and the number together identify it: a worker numbers what it sends to a room from 1.

    :ivar at: its own number in the log; 0 if that is not known.
    """

    worker: str
    number: int
    method: str
    args: list[Any]
    kwargs: dict[str, Any]
    at: int = 0


def encodeArguments(method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """
    :return: the end of an entry, from the method on; see :func:`encodeEntry`.
    :raise TypeError: if an argument is not a JSON value.
    :raise MessageTooLarge: if they are larger than :data:`MAX_BYTES`.
    """
    payload = encode([method, args, kwargs] if kwargs else [method, args])
    if len(payload) > MAX_BYTES:
        raise MessageTooLarge(f"the arguments of {method} have {len(payload)} bytes, and {MAX_BYTES} are the most")
    return payload[1:].decode("utf-8")


def decodeArguments(ending: str) -> Entry:
    """
    :param ending: from :func:`encodeArguments`.
    :return: the entry, of no worker.
    """
    method, args, *kwargs = parse(f"[{ending}")
    return Entry("", 0, method, args, kwargs[0] if kwargs else {})


def encodeEntry(worker: str, number: int, ending: str, attempt: int = 1) -> str:
    """
    :param ending: from :func:`encodeArguments`.
    :param attempt: how often it was sent, this time included.
    :return: the entry's text.
    """
    return f'["{worker}",{number if attempt == 1 else f"[{number},{attempt}]"},{ending}'


def decodeEntry(text: str) -> Entry:
    """
    :raise BadEntry: for what no worker sends.
    """
    if len(text) > MAX_BYTES + 200:
        raise BadEntry(f"it has {len(text)} characters")
    try:
        value = parse(text)
    except ValueError:
        raise BadEntry("it is not JSON") from None
    if not isinstance(value, list) or len(value) not in (4, 5):
        raise BadEntry("it is not a list of 4 or 5 items")
    worker, number, method, args, kwargs = value if len(value) == 5 else [*value, {}]
    if isinstance(number, list) and len(number) == 2 and type(number[1]) is int:
        number = number[0]
    if not isinstance(worker, str) or type(number) is not int or number < 1:
        raise BadEntry("it has no worker and number")
    if not isinstance(method, str) or not isinstance(args, list) or not isinstance(kwargs, dict):
        raise BadEntry("it has no method and arguments")
    if (method == ENTERED and not _isEntering(args)) or (method == LEFT and not _isLeaving(args)):
        raise BadEntry("it has no members")
    return Entry(worker, number, method, args, kwargs)


def _isEntering(args: list[Any]) -> bool:
    return len(args) == 3 and isinstance(args[0], str) and isinstance(args[2], str)


def _isLeaving(args: list[Any]) -> bool:
    return len(args) == 1 and isinstance(args[0], list) and all(isinstance(name, str) for name in args[0])
