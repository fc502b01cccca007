# -*- test-case-name: tests.rooms.test_everywhere -*-
"""
Methods of rooms that run in every worker: :func:`everywhere`, and how they are found by the names that an engine sends.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import isasyncgenfunction, isgeneratorfunction
from types import FunctionType, MethodType
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from twisted.internet.defer import Deferred, succeed

from .._awaiting.checks import NO_GENERATOR
from .._awaiting.deferreds import branch
from .._awaiting.results import driven
from .._core.arguments import checked

R = TypeVar("R")
P = ParamSpec("P")

#: Where the function that ``everywhere`` returns keeps the method itself.
_MARK: Final = "runsEverywhere"


def everywhere(method: Callable[Concatenate[R, P], object]) -> Callable[Concatenate[R, P], Deferred[None]]:
    """
    Run a method of a :class:`Room` in every worker of the site, once in each, in one order. Use it as a decorator, or
    as ``name = everywhere(name)``.

    The arguments are JSON values, and are checked against annotations like those of exposed methods, in the caller and
    before the method runs. What the method returns is ignored, and what it raises is logged. It calls this worker's
    pages, and changes nothing that exists once, such as a database: the caller does that before.

    :return: the method to call. It returns a ``Deferred`` that fires when the engine has the call, and fails with
        :class:`EngineAway` if that takes too long. It raises ``TypeError`` for an argument that is not JSON,
        ``ArgumentError`` for one that the annotations do not allow, and :class:`MessageTooLarge`.
    :raise TypeError: for what is not a function, and for a generator.
    """
    if type(method) is not FunctionType:
        raise TypeError(f"only functions can run everywhere, not {method!r}")
    if isgeneratorfunction(method) or isasyncgenfunction(method):
        raise TypeError(f"{method.__qualname__} is a generator, which would not run: {NO_GENERATOR}")
    name = method.__name__

    @wraps(method)
    def call(room: R, /, *args: P.args, **kwargs: P.kwargs) -> Deferred[None]:
        # The carrier is found by the attribute that every room has, so that this module need not import it.
        carrier = getattr(room, "_athenaCarrier", None)
        if carrier is None:
            raise TypeError(f"{type(room).__qualname__} is not a Room, or its __init__ does not call Room.__init__")
        if getattr(type(room), name, None) is not call:
            return _inherited(room, carrier, method, args, kwargs)
        return cast("Deferred[None]", carrier.call(name, args, kwargs))

    call.__dict__[_MARK] = method
    return call


def _inherited(room: Any, carrier: Any, method: Any, args: Any, kwargs: Any) -> Deferred[None]:
    # super().name(...): in a method that runs everywhere, this part of it runs here, as the rest does.
    if not carrier.isDelivering:
        raise TypeError(
            f"{type(room).__qualname__}.{method.__name__} overrides a method that runs everywhere: write "
            f"{method.__name__} = everywhere({method.__name__}) after it, too"
        )
    method(room, *args, **kwargs)
    return succeed(None)


def bodyOf(room: object, name: str) -> Callable[..., Any] | None:
    """
    :param name: from the engine. It is looked up in the classes only, without running anything.
    :return: the method of that name that runs everywhere, bound, with its arguments checked; None if there is none.
    """
    for cls in type(room).__mro__:
        if name in cls.__dict__:
            method = _methodIn(cls.__dict__[name])
            return None if method is None else checked(MethodType(method, room))
    return None


def check(body: Callable[..., Any] | None, args: Any, kwargs: Any) -> None:
    """
    :param body: from :func:`bodyOf`.
    :raise ArgumentError: if it does not take these arguments. It is not run.
    """
    # That is what checked() returns: a partial of a function that checks, and then calls its first argument.
    if isinstance(body, partial):
        body.func(_ignore, *args, **kwargs)


def _ignore(*args: Any, **kwargs: Any) -> None:
    """Stands for the method while its arguments are checked."""


def run(room: object, name: str, body: Callable[..., Any], args: Any, kwargs: Any, log: Any) -> None:
    """Run the method of a room that :func:`bodyOf` has found. What it raises is logged."""

    def failed(failure: Any) -> None:
        log.failure("{room}: {method} failed", failure, room=room, method=name)

    try:
        result = driven(body(*args, **kwargs))
    except Exception:
        log.failure("{room}: {method} failed", room=room, method=name)
        return
    if isinstance(result, Deferred):
        branch(result).addErrback(failed)


def checkMethods(cls: type) -> None:
    """
    :raise TypeError: if a method of this class that runs everywhere cannot be found by its name.
    """
    for name, attribute in vars(cls).items():
        method = _methodIn(attribute)
        if method is not None and method.__name__ != name:
            raise TypeError(
                f"{cls.__qualname__}.{name} is the method {method.__name__}: one that runs everywhere has one name"
            )


def _methodIn(attribute: object) -> FunctionType | None:
    # type() and not isinstance: an attribute may answer any question about itself with code.
    found = attribute.__dict__.get(_MARK) if type(attribute) is FunctionType else None
    return found if type(found) is FunctionType else None
