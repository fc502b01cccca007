# -*- test-case-name: tests.core.test_arguments -*-
"""
Validates the arguments of an exposed method against its annotations, before its body runs.

The types are msgspec's to check: what JSON has is not converted (``"7"`` and ``True`` are no ``int``), what it has not
is made of what it has (a tuple or a set of an array, a dataclass of an object, a date of a string). Methods without
annotations get whatever came, as Athena's did.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from inspect import Parameter, Signature, signature, unwrap
from itertools import chain, repeat
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final, cast, get_type_hints

import msgspec
from twisted.internet.defer import inlineCallbacks

from ..errors import ArgumentError

#: Where a function keeps what was found out about it: that follows from the function alone, so any caller may
#: use it, and it goes when the function goes.
_KEPT: Final = "checkedThrough"
#: How much of a name that a browser sent is quoted in an error, in characters.
_QUOTED: Final = 100

if sys.version_info >= (3, 14):
    from annotationlib import Format

    # An annotation that has no value now, such as that of the result, is not used yet.
    _signature = partial(signature, annotation_format=Format.FORWARDREF)
else:
    _signature = signature


def checked(method: Callable[..., Any]) -> Callable[..., Any]:
    """
    :param method: a function or a method.
    :return: what to call in its stead: it raises :class:`ArgumentError` if there are too few or too many arguments, or
        not those that are annotated. If ``method`` takes any, ``method`` itself.
    :raise TypeError: if an annotation cannot be resolved. Another call tries again.
    """
    function = getattr(method, "__func__", method)
    if type(function) is not FunctionType:
        return method if isinstance(method, BuiltinFunctionType) else partial(_call, method)
    # One function can be called both ways, and has one parameter less as a method.
    isMethod = function is not method
    try:
        call = function.__dict__[_KEPT][isMethod]
    except KeyError:
        call = function.__dict__.setdefault(_KEPT, {})[isMethod] = _callOf(method, function)
    return method if call is None else partial(call, method)


def _callOf(method: Callable[..., Any], function: FunctionType) -> Callable[..., Any] | None:
    try:
        found = _signature(method)
        hints = _resolve(found, function)
    except Exception as error:
        raise TypeError(f"the annotations of {_name(function)} cannot be resolved: {error}") from error
    if hints:
        return Parameters(found, hints, _name(function), _instanceOf(method)).call
    arity = _arityOf(method, function)
    return None if arity is None or arity.any else arity.call


def _arityOf(method: Callable[..., Any], function: FunctionType) -> Arity | None:
    # A decorator may pass more or fewer arguments than it gets, without a sign of it; this one does not.
    while function.__code__ is _INLINE_CALLBACKS and hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    isMethod = hasattr(method, "__func__")
    try:
        found = _signature(MethodType(function, object()) if isMethod else function, follow_wrapped=False)
        return Arity(found, _instanceOf(MethodType(function, object()) if isMethod else function))
    except (TypeError, ValueError):
        # Such as a method without self; the call raises the error.
        return None


def _instanceOf(method: Callable[..., Any]) -> str | None:
    """
    :return: the name by which a method gets its instance, and so no argument; None if it is not passed by name.
    """
    code: Any = getattr(getattr(method, "__func__", None), "__code__", None)
    return code.co_varnames[0] if code is not None and code.co_argcount > code.co_posonlyargcount == 0 else None


def _call(method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    # For what is no function, such as a partial: to ask for its signature at each call takes longer than most calls.
    try:
        return method(*args, **kwargs)
    except TypeError as error:
        # With a second frame, something of it has run, and the error is its own.
        if error.__traceback__ is None or error.__traceback__.tb_next is not None or _fits(method, args, kwargs):
            raise
        raise ArgumentError(str(error)[:_QUOTED]) from None


def _fits(method: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        found = signature(method)
    except (TypeError, ValueError):
        return True
    try:
        found.bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _name(function: FunctionType) -> str:
    return f"{function.__module__}.{function.__qualname__}"


#: The code of what inlineCallbacks makes of any function: it passes all arguments on.
_INLINE_CALLBACKS: Final = cast(FunctionType, inlineCallbacks(cast(Any, _name))).__code__


def _resolve(found: Signature, function: FunctionType) -> dict[str, Any]:
    # Decorated functions have the signature, and the names, of the one that is inside. The annotation of the result is
    # left alone: it often names what is imported for type checkers only.
    inside: Any = unwrap(function)
    holder: Any = lambda: None  # noqa: E731
    holder.__annotations__ = {
        name: one.annotation for name, one in found.parameters.items() if one.annotation is not Parameter.empty
    }
    return get_type_hints(holder, inside.__globals__, _classScope(found, inside), include_extras=True)


def _classScope(found: Signature, function: Any) -> dict[str, Any]:
    # An annotation may name what stands beside the method in its class, and type parameters of PEP 695.
    scope: Any = sys.modules.get(function.__module__)
    for name in function.__qualname__.split(".")[:-1]:
        scope = getattr(scope, name, None)
    names = dict(vars(scope)) if isinstance(scope, type) else {}
    return {**names, **{one.__name__: one for one in getattr(function, "__type_params__", ())}}


class Arity:
    """
    How many arguments a function takes, and of which names.

    :ivar any: whether it takes any.
    """

    def __init__(self, found: Signature, instance: str | None = None) -> None:
        """
        :param instance: see :func:`_instanceOf`.
        """
        parameters = found.parameters.values()

        def ofKind(*kinds: Any) -> list[str]:
            return [one.name for one in parameters if one.kind in kinds]

        variable = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
        self._positions = ofKind(Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        self._names = frozenset(ofKind(Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY))
        self._morePositions = bool(ofKind(Parameter.VAR_POSITIONAL))
        self._moreNames = bool(ofKind(Parameter.VAR_KEYWORD))
        self._required = [one.name for one in parameters if one.default is one.empty and one.kind not in variable]
        # So many, and no more, are right for certain.
        self._exactly = len(self._positions)
        if any(name not in self._positions for name in self._required):
            self._exactly = -1
        # Without other names than its own, its name is refused as any other is.
        self._instance = instance if self._moreNames else None
        takesAny = self._morePositions and self._moreNames and self._instance is None
        self.any = takesAny and not self._positions and not self._names

    def call(self, method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """
        :return: what ``method`` returns for these arguments.
        :raise ArgumentError: if it does not take so many, or not by these names; ``method`` is not called.
        """
        if kwargs or len(args) != self._exactly:
            self._count(args, kwargs)
        return method(*args, **kwargs)

    def _count(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = self._positions[: len(args)]
        for name in self._required:
            if name not in given and (name not in kwargs or name not in self._names):
                raise ArgumentError(f"{name}: it is missing", name)
        if len(args) > len(self._positions) and not self._morePositions:
            raise ArgumentError(f"{len(args)} arguments were given, and {len(self._positions)} are the most")
        for name in kwargs:
            if name in given and name in self._names:
                raise ArgumentError(f"{name}: it was given twice", name)
            if name == self._instance or (name not in self._names and not self._moreNames):
                raise ArgumentError(f"{name[:_QUOTED]}: there is no such argument", name[:_QUOTED])


class Parameters(Arity):
    """The parameters of one function, some of them annotated."""

    def __init__(self, found: Signature, hints: dict[str, Any], function: str, instance: str | None) -> None:
        super().__init__(found, instance)
        parameters = found.parameters.values()
        checks = {one.name: _Check(one.name, hints.get(one.name, Any), function) for one in parameters}
        self._positional = [checks[name] for name in self._positions]
        self._named = {name: checks[name] for name in self._names}
        variable = {one.kind: checks[one.name] for one in parameters}
        self._others = variable.get(Parameter.VAR_KEYWORD)
        self._more = variable.get(Parameter.VAR_POSITIONAL)

    def call(self, method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """
        :return: what ``method`` returns for these arguments.
        :raise ArgumentError: if they are not what is annotated; ``method`` is not called.
        """
        if kwargs or len(args) != self._exactly:
            self._count(args, kwargs)
        checks: Any = self._positional if self._more is None else chain(self._positional, repeat(self._more))
        positional = [check(value) for check, value in zip(checks, args, strict=False)]
        if not kwargs:
            return method(*positional)
        named = {name: self._named.get(name, self._others)(value, name) for name, value in kwargs.items()}  # type: ignore[misc]
        return method(*positional, **named)


class _Check:
    """One parameter: called with a value, it returns the one that the method gets."""

    def __init__(self, name: str, annotation: Any, function: str) -> None:
        self._name = name
        self._function = function
        # msgspec remembers what it has found out about a Struct, and about other types looks at each value anew.
        self._box = None if annotation is Any else msgspec.defstruct("Box", [("value", annotation)], array_like=True)

    def __call__(self, value: Any, name: str | None = None) -> Any:
        if self._box is None:
            return value
        try:
            box: Any = msgspec.convert([value], self._box, str_keys=True)
        except msgspec.ValidationError as error:
            raise _argumentError(str(error), (name or self._name)[:_QUOTED]) from None
        except Exception as error:
            # No fault of the caller: msgspec has no such type.
            raise TypeError(f"{self._name} of {self._function} cannot be checked: {error}") from error
        return box.value


def _argumentError(text: str, name: str) -> ArgumentError:
    # Where it is wrong: in the box, the argument is the first.
    text = text.removesuffix(" - at `$[0]`").replace(" - at `$[0]", f" - at `{name}")
    return ArgumentError(f"{name}: {text}", name)
