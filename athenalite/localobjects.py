# -*- test-case-name: tests.test_localobjects -*-
"""
The objects of one page that its browser knows, by their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from twisted.logger import Logger

from .arguments import checked
from .errors import NoSuchMethod
from .expose import expose


class LocalObjects:
    """The page itself is number 0; the numbers of others count up from 1, and are never used again."""

    def __init__(self, page: Any) -> None:
        self._objects: dict[int, Any] = {0: page}
        self._next = 1
        self._closed = False

    def add(self, obj: Any) -> int:
        """
        :return: the number of ``obj``. After :meth:`close` it has one, and is not kept.
        """
        number = self._next
        self._next += 1
        if not self._closed:
            self._objects[number] = obj
        return number

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
        """Forget them all."""
        self._closed = True
        self._objects.clear()

    def locateMethod(self, objectID: int, methodName: str) -> Callable[..., Any]:
        """
        :return: the method that a browser may call by this number and name. Called with what its annotations do not
            allow, it raises :class:`ArgumentError`.
        :raise NoSuchMethod: if there is none.
        :raise TypeError: if its annotations cannot be resolved.
        """
        try:
            target = self._objects[objectID]
            locate = getattr(target, "locateMethod", None)
            method: Callable[..., Any] = expose.get(target, methodName) if locate is None else locate(None, methodName)
        except (KeyError, AttributeError):
            raise NoSuchMethod(objectID, methodName[:100]) from None
        return checked(method)

    def tell(self, log: Logger, hook: str, *args: Any) -> None:
        """Call the method ``hook`` of all that have it. One that fails stops no other."""
        for one in self:
            method = getattr(one, hook, None)
            if method is not None:
                safely(log, method, *args)


def safely(log: Logger, hook: Callable[..., Any], *args: Any) -> None:
    """Call an application's hook; if it raises, that is logged."""
    try:
        hook(*args)
    except Exception:
        log.failure("{hook} failed", hook=getattr(hook, "__qualname__", repr(hook)))
