# -*- test-case-name: tests.awaiting.test_results -*-
"""
Results of an application's methods: a value, a Deferred, a coroutine, or any other awaitable.

:func:`driven` makes a Deferred of everything that can be awaited. A coroutine may await Deferreds and, under Twisted's
asyncio reactor, what asyncio awaits, in any order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from inspect import iscoroutine
from typing import Any, Final, TypeAlias

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure

from ..errors import AsyncioReactorNeeded
from .deferreds import branch
from .tasks import runAsTask

#: Types of results that cannot be awaited, to find that out fast.
PLAIN: Final = frozenset({type(None), bool, int, float, str, bytes, list, tuple, dict})

#: The result of a hook, such as ``connectionMade``, for which nothing waits.
HookResult: TypeAlias = Deferred[Any] | Coroutine[Any, Any, Any] | None

#: How errors begin that asyncio, and libraries for it, raise where no loop of it runs.
_NO_LOOP: Final = (
    "no running event loop",
    "There is no current event loop",
    "await wasn't used with future",
    "unknown async library",
    "Not currently running on any asynchronous event loop",
)


def driven(value: Any) -> Any:
    """
    :param value: what a method of the application has returned.
    :return: a Deferred for anything that can be awaited: a Deferred itself, a coroutine, which starts to run, a Future
        or a Task of asyncio. Any other value unchanged. The Deferred fails with :class:`AsyncioReactorNeeded` if a
        coroutine needs asyncio and its loop does not run. To cancel it cancels what the coroutine awaits.
    """
    if type(value) in PLAIN or isinstance(value, Deferred):
        return value
    if iscoroutine(value):
        return _drive(value)
    if hasattr(type(value), "__await__"):
        return _drive(_resultOf(value))
    return value


def called(function: Callable[..., Any], *args: Any) -> Deferred[Any]:
    """
    Call a method of the application.

    :return: a Deferred of its result or exception, to which the caller may add callbacks.
    """
    try:
        value = driven(function(*args))
    except BaseException:
        return fail(explained(Failure()))
    return branch(value) if isinstance(value, Deferred) else succeed(value)


def explained(failure: Failure) -> Failure:
    """
    :return: ``failure``, or one of :class:`AsyncioReactorNeeded` with the same traceback if that is its cause.
    """
    error = failure.value
    if isinstance(error, RuntimeError) and asyncio._get_running_loop() is None and str(error).startswith(_NO_LOOP):
        needed = AsyncioReactorNeeded(str(error)).with_traceback(error.__traceback__)
        return Failure(needed, AsyncioReactorNeeded, error.__traceback__)
    return failure


def _drive(coroutine: Coroutine[Any, Any, Any]) -> Deferred[Any]:
    loop = asyncio._get_running_loop()
    if loop is not None:
        return Deferred.fromCoroutine(runAsTask(coroutine, loop))
    result: Deferred[Any] = Deferred.fromCoroutine(coroutine)
    return result.addErrback(explained)


async def _resultOf(awaitable: Any) -> Any:
    return await awaitable
