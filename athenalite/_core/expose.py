# -*- test-case-name: tests.core.test_expose -*-
"""
Marks and finds the methods that a browser may call. It can call no others, by any name.

Athena's rules: a subclass that overrides an exposed method hides it, until it exposes its own; a function that was
exposed counts on an instance too. The name is looked up without running anything (no property, no ``__getattr__``),
because a browser chose it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial
from inspect import getattr_static
from types import FunctionType, MethodType
from typing import Any, Final, TypeVar, cast

from ..errors import NoSuchMethod

F = TypeVar("F", bound=Callable[..., Any])
_MISSING: Final[Any] = object()


class Expose:
    """The type of :data:`expose`. An application may make its own, for another kind of peer."""

    def __call__(self, function: F, *functions: Callable[..., Any]) -> F:
        """
        Let a browser call these functions, as methods of an object that it has a number of. Use it as a decorator, as
        ``name = expose(name)``, or with several functions as a statement in a class body. What is annotated of their
        arguments is checked before they run; see :mod:`athenalite._core.arguments`.

        :return: the first function.
        :raise TypeError: for what is not a function.
        """
        for candidate in (function, *functions):
            try:
                exposures = candidate.__dict__.setdefault("exposedThrough", [])
            except AttributeError:
                raise TypeError(f"only functions can be exposed, not {candidate!r}") from None
            exposures.append(self)
        return function

    def get(self, instance: object, methodName: str, default: Any = _MISSING) -> Any:
        """
        :return: the exposed method of ``instance`` by this name, or ``default``.
        :raise AttributeError: if there is none and no ``default``; also for names that are not exposed.
        """
        if self._isMarkedFunction(instance, methodName) or self._isExposed(getattr_static(instance, methodName, None)):
            return getattr(instance, methodName)
        if default is _MISSING:
            raise AttributeError(f"{type(instance).__name__} exposes no method {methodName!r}")
        return default

    def exposedMethodNames(self, instance: object) -> Iterator[str]:
        """The names that :meth:`get` answers, sorted."""
        names = {*dir(type(instance)), *getattr(instance, "__dict__", ())}
        return (name for name in sorted(names) if self._isExposed(getattr_static(instance, name, None)))

    def _isMarkedFunction(self, instance: object, methodName: str) -> bool:
        # Nearly always it is a plain function of the class, and getattr_static, for every other case, takes ten
        # times as long to find it as to run it.
        for cls in type(instance).__mro__:
            attribute = cls.__dict__.get(methodName)
            if attribute is not None:
                break
        else:
            return False
        if type(attribute) is not FunctionType or self not in attribute.__dict__.get("exposedThrough", ()):
            return False
        try:
            return methodName not in object.__getattribute__(instance, "__dict__")
        except AttributeError:
            return True

    def _isExposed(self, attribute: object) -> bool:
        # Class and static methods may be exposed before they are made, or after.
        candidates = [attribute]
        # isinstance would read the attribute's __class__.
        if issubclass(type(attribute), (classmethod, staticmethod, MethodType)):
            candidates.append(cast(MethodType, attribute).__func__)
        return any(self._isMarked(candidate) for candidate in candidates)

    def _isMarked(self, candidate: object) -> bool:
        # Statically again: what stands under the name may be anything, and run code for any question.
        marks = getattr_static(candidate, "exposedThrough", ())
        return type(marks) is list and self in marks


#: Let the browser call a method: a decorator, also to be used as ``name = expose(name)``, or with several functions as
#: a statement in a class body. What is annotated of its arguments is checked before it runs. A subclass that overrides
#: the method hides it, until it exposes its own.
#:
#: ``expose.get(instance, name)`` is the exposed method of that name, or raises ``AttributeError``, and
#: ``expose.exposedMethodNames(instance)`` are the names of all. To expose what is no function is a ``TypeError``.
expose: Final = Expose()


def noSuchMethod(target: object, objectID: int, methodName: str) -> NoSuchMethod:
    """
    :param target: the object of this number; None if there is none.
    :return: the error for a method that the browser may not call.
    """
    error = NoSuchMethod(objectID, methodName[:100])
    error.remedy = partial(remedyFor, target, error.methodName)
    return error


def remedyFor(target: object, methodName: str) -> str:
    """
    :param target: the object of a method that the browser may not call; None if there is none.
    :return: what its author does about that.
    """
    if target is None:
        return f"There is no object for {methodName!r}: it was detached, or is not on the page yet."
    owner = type(target).__qualname__
    if callable(getattr_static(target, methodName, None)):
        return f"{owner}.{methodName} is not exposed: write @expose above it, also where it overrides one that is."
    similar = get_close_matches(methodName, expose.exposedMethodNames(target), 1)
    return f"{owner} exposes no method {methodName!r}" + (f"; did you mean {similar[0]!r}?" if similar else ".")
