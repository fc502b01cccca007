# -*- test-case-name: tests.core.test_objects -*-
"""
The objects of one page that its browser may call, by their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import isasyncgen, isgenerator
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from .._awaiting.checks import NO_GENERATOR, discard
from .._awaiting.deferreds import follow
from .._awaiting.results import driven, explained
from ..errors import ConnectionLost
from .arguments import checked
from .expose import expose, noSuchMethod


class ObjectTable:
    """A table of objects. The page itself is number 0; others are numbered from 1, and no number is used twice."""

    def __init__(self, page: Any) -> None:
        self._objects: dict[int, Any] = {0: page}
        self._next = 1
        self._closed = False

    def add(self, obj: Any) -> int:
        """
        :return: the number of ``obj``. After :meth:`close` it gets a number, but is not kept.
        """
        number = self._next
        self._next += 1
        if not self._closed:
            self._objects[number] = obj
        return number

    @property
    def numbers(self) -> list[int]:
        """The numbers of all objects, and at the end the next one."""
        return [*self._objects, self._next]

    def goOn(self, following: int) -> None:
        """Give the next object this number: the page comes from another worker."""
        self._next = following

    def restore(self, number: int, obj: Any) -> None:
        """Give an object the number that it has in a page that comes from another worker."""
        self._objects[number] = obj

    def remove(self, objectID: int) -> None:
        """
        :raise KeyError: if there is no such object.
        """
        del self._objects[objectID]

    def __getitem__(self, objectID: int) -> Any:
        return self._objects[objectID]

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._objects.values()))

    def close(self) -> None:
        """Forget all objects."""
        self._closed = True
        self._objects.clear()

    def locateMethod(self, objectID: int, methodName: str) -> Callable[..., Any]:
        """
        :return: the method that a browser may call by this number and name. It raises :class:`ArgumentError` for
            arguments that its annotations do not allow.
        :raise NoSuchMethod: if there is none.
        :raise TypeError: if its annotations cannot be resolved, or if ``locateMethod`` returns no method.
        """
        target: Any = None
        try:
            target = self._objects[objectID]
            locate = getattr(target, "locateMethod", None)
            method: Any = expose.get(target, methodName) if locate is None else locate(None, methodName)
        except (KeyError, AttributeError):
            raise noSuchMethod(target, objectID, methodName) from None
        if not callable(method):
            discard(method)
            raise TypeError(
                f"locateMethod of {type(target).__name__} must return a method, not {type(method).__name__}"
            )
        return checked(method)

    def callHook(self, log: Logger, hook: str, *args: Any) -> None:
        """Call the method ``hook`` of all objects that have it. A failure is logged, and affects no other object."""
        for one in self:
            method = getattr(one, hook, None)
            if method is not None:
                safely(log, method, *args)


def safely(log: Logger, hook: Callable[..., Any], *args: Any) -> None:
    """
    Call an application's hook, which may return a Deferred or a coroutine; it is not waited for. If it fails, that is
    logged, except that its page is lost (:class:`ConnectionLost`) while it waits.
    """

    def failed(failure: Failure) -> None:
        log.failure("{hook} failed", failure, hook=getattr(hook, "__qualname__", repr(hook)))

    def fired(result: Any) -> None:
        if isinstance(result, Failure) and not result.check(ConnectionLost):
            failed(result)

    try:
        value = driven(hook(*args))
        if isgenerator(value) or isasyncgen(value):
            raise TypeError(f"it is a generator, which does not run: {NO_GENERATOR}")
    except Exception:
        failed(explained(Failure()))
        return
    if isinstance(value, Deferred):
        follow(value, fired)
