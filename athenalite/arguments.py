# -*- test-case-name: tests.test_arguments -*-
"""
What a browser gives to an exposed method is what the method's annotations say, before its body runs.

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
from types import FunctionType
from typing import Any, Final, get_type_hints

import msgspec

from .errors import ArgumentError

#: Where a function keeps what was found out about it: that follows from the function alone, so whoever calls it may
#: use it, and it goes when the function goes.
_KEPT: Final = "checkedThrough"
#: A stranger's word in an error's text.
_QUOTED: Final = 100

if sys.version_info >= (3, 14):
    from annotationlib import Format

    # An annotation that has no value now, as that of the result may, is nobody's business yet.
    _signature = partial(signature, annotation_format=Format.FORWARDREF)
else:
    _signature = signature


def checked(method: Callable[..., Any]) -> Callable[..., Any]:
    """
    :param method: a function or a method.
    :return: what to call in its stead: it raises :class:`ArgumentError` if the arguments are not
        those that are annotated. If none is, ``method`` itself.
    :raise TypeError: if an annotation cannot be resolved. Asked again, it is tried again.
    """
    function = getattr(method, "__func__", method)
    if type(function) is not FunctionType:
        return method
    # One function can be called both ways, and has one parameter less as a method.
    kept = function.__dict__.setdefault(_KEPT, {})
    isMethod = function is not method
    if isMethod not in kept:
        kept[isMethod] = _parametersOf(method, function)
    parameters: Parameters | None = kept[isMethod]
    return method if parameters is None else partial(parameters.call, method)


def _parametersOf(method: Callable[..., Any], function: FunctionType) -> Parameters | None:
    try:
        found = _signature(method)
        hints = _resolve(found, function)
    except Exception as error:
        raise TypeError(f"the annotations of {_name(function)} cannot be resolved: {error}") from error
    return Parameters(found, hints, _name(function)) if hints else None


def _name(function: FunctionType) -> str:
    return f"{function.__module__}.{function.__qualname__}"


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


class Parameters:
    """The parameters of one function, some of them annotated."""

    def __init__(self, found: Signature, hints: dict[str, Any], function: str) -> None:
        parameters = found.parameters.values()
        checks = {one.name: _Check(one.name, hints.get(one.name, Any), function) for one in parameters}

        def ofKind(*kinds: Any) -> dict[str, _Check]:
            return {one.name: checks[one.name] for one in parameters if one.kind in kinds}

        positional = ofKind(Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        self._positions = list(positional)
        self._positional = list(positional.values())
        self._named = ofKind(Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
        self._others = next(iter(ofKind(Parameter.VAR_KEYWORD).values()), None)
        self._more = next(iter(ofKind(Parameter.VAR_POSITIONAL).values()), None)
        variable = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
        # So many, and no more, are right for certain.
        self._exactly = len(positional)
        self._required = [one.name for one in parameters if one.default is one.empty and one.kind not in variable]
        if any(name not in positional for name in self._required):
            self._exactly = -1

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

    def _count(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = self._positions[: len(args)]
        for name in self._required:
            if name not in given and name not in kwargs:
                raise ArgumentError(f"{name}: it is missing", name)
        if len(args) > len(self._positions) and self._more is None:
            raise ArgumentError(f"{len(args)} arguments were given, and {len(self._positions)} are the most")
        for name in kwargs:
            if name in given and name in self._named:
                raise ArgumentError(f"{name}: it was given twice", name)
            if name not in self._named and self._others is None:
                raise ArgumentError(f"{name[:_QUOTED]}: there is no such argument", name[:_QUOTED])


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
