# -*- test-case-name: tests.awaiting.test_checks -*-
"""
Checks of an application's methods whose results cannot be awaited, or that would not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import getattr_static, isasyncgenfunction, iscoroutine, iscoroutinefunction, isgeneratorfunction
from typing import Any, Final

from twisted.internet.defer import Deferred

#: What to do instead of a generator.
NO_GENERATOR: Final = (
    "decorate it with twisted.internet.defer.inlineCallbacks, or write it as 'async def' without 'yield'"
)


def atOnce(value: Any, what: str, remedy: str = "") -> Any:
    """
    :param what: the method that has returned ``value``, for the error's text.
    :param remedy: what to do instead.
    :return: ``value``.
    :raise TypeError: if it must be awaited; it is not run then.
    """
    if isinstance(value, Deferred) or hasattr(type(value), "__await__"):
        discard(value)
        instead = f"; {remedy}" if remedy else ""
        raise TypeError(f"{what} returned a {type(value).__name__}: its result is needed at once{instead}")
    return value


def argumentsAtOnce(value: Any, what: str) -> list[Any]:
    """
    :param what: the method that has returned ``value``, for the error's text.
    :return: the arguments that it gives.
    :raise TypeError: if it must be awaited; or if it is no series of arguments, such as a text or a mapping, of
        which the characters or keys would be arguments.
    """
    atOnce(value, what)
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{what} returned a {type(value).__name__}; return a list or a tuple of arguments")
    return list(value)


def discard(value: Any) -> None:
    """Close a coroutine that will not run: Python would warn that it was never awaited. Ignore anything else."""
    if iscoroutine(value):
        value.close()


def mustAnswerAtOnce(cls: type, *names: str) -> None:
    """
    Check that an application's class does not make these methods asynchronous.

    :param names: methods whose results are used at once.
    :raise TypeError: if the class defines or inherits one of them as a coroutine or an asynchronous generator.
    """
    for name in names:
        method = _defined(cls, name)
        if iscoroutinefunction(method) or isasyncgenfunction(method):
            raise TypeError(f"{cls.__qualname__}.{name} cannot be 'async def': its result is needed at once")


def mustNotYield(cls: type, *names: str) -> None:
    """
    Check that an application's class does not make generators of these methods, which would never run.

    :param names: methods whose results are ignored, or waited for.
    :raise TypeError: if the class defines or inherits one of them as a generator.
    """
    for name in names:
        method = _defined(cls, name)
        if isgeneratorfunction(method) or isasyncgenfunction(method):
            raise TypeError(f"{cls.__qualname__}.{name} is a generator, which would not run: {NO_GENERATOR}")


def _defined(cls: type, name: str) -> Any:
    method = getattr_static(cls, name, None)
    return method.__func__ if isinstance(method, (classmethod, staticmethod)) else method
