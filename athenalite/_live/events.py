# -*- test-case-name: tests.live.test_events -*-
"""
Calls exposed methods for events of the browser, which a template names: ``<athena:handler event="onclick"
remote="toggle" />``. The arguments are texts, which are converted as the method's annotations say.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from inspect import Parameter, signature, unwrap
from typing import Any, Final, TypeAlias, get_args, get_origin, get_type_hints

from twisted.internet.defer import Deferred

from .._awaiting.results import driven
from .._core.expose import expose
from ..errors import ArgumentError, NoSuchMethod
from .fields import converted, refused

#: Names of fields with their values: texts, or of a checkbox whether it is checked.
Pairs: TypeAlias = list[tuple[str, str | bool]]

#: The parameter that gets the key of the item that the control is in.
_KEY: Final = "key"
_NAMED: Final = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
_SEVERAL: Final = (list, set, frozenset, tuple)

if sys.version_info >= (3, 14):
    from annotationlib import Format

    _signature = partial(signature, annotation_format=Format.FORWARDREF)
else:
    _signature = signature


class EventTarget:
    """The method of an element that the browser calls for its template's ``remote`` handlers."""

    @property
    def athenaID(self) -> int:
        """The number of the element."""
        raise NotImplementedError

    def locateMethod(self, ctx: Any, methodName: str) -> Callable[..., Any]:
        """See :meth:`athenalite._page.element.LiveElement.locateMethod`."""
        raise NotImplementedError

    @expose
    def _athenaEvent(self, methodName: str, pairs: Pairs, key: str | None) -> Any:
        """
        Call an exposed method; one that begins with an underscore cannot be called.

        :param key: of the item that the control is in, or None.
        :return: a Deferred, or None: the browser gets no result.
        """
        try:
            method = None if methodName.startswith("_") else self.locateMethod(None, methodName)
        except AttributeError:
            method = None
        if not callable(method):
            raise NoSuchMethod(self.athenaID, methodName[:100])
        result = driven(method(**argumentsOf(method, pairs, key)))
        return result.addCallback(_nothing) if isinstance(result, Deferred) else None


def argumentsOf(method: Callable[..., Any], pairs: Pairs, key: str | None) -> dict[str, Any]:
    """
    :param key: for the parameter ``key``, if the method has one.
    :return: the arguments for ``method``, by its parameters' names.
    :raise ArgumentError: for a field that the method does not take, one that is missing, or one that cannot be
        converted.
    :raise TypeError: if the annotations of the method cannot be resolved.
    """
    parameters, hints = _parametersOf(method)
    given: dict[str, list[str | bool]] = {}
    # The names of attributes have no capitals in a browser.
    lower = {name.lower(): name for name in parameters}
    for name, value in pairs:
        known = name if name in parameters else lower.get(name)
        if known is None or (known == _KEY and key is not None):
            raise refused(name, f"{_nameOf(method)} does not take it")
        given.setdefault(known, []).append(value)
    if key is not None and _KEY in parameters:
        given[_KEY] = [key]
    missing = [name for name, one in parameters.items() if name not in given and one.default is Parameter.empty]
    arguments = {name: _valueOf(name, values, hints.get(name, Any)) for name, values in given.items()}
    for name in missing:
        if not _takesSeveral(hints.get(name)):
            raise ArgumentError(f"{name}: it is missing", name)
        arguments[name] = _valueOf(name, [], hints[name])
    return arguments


def _valueOf(name: str, values: list[str | bool], annotation: Any) -> Any:
    if not _takesSeveral(annotation):
        if len(values) > 1:
            raise refused(name, "it was given twice")
        return converted(name, values[0], annotation)
    kind = get_origin(annotation) or annotation
    inner = next(iter(get_args(annotation)), Any)
    return kind(converted(name, value, inner) for value in values)


def _takesSeveral(annotation: Any) -> bool:
    return (get_origin(annotation) or annotation) in _SEVERAL


def _parametersOf(method: Callable[..., Any]) -> tuple[dict[str, Parameter], dict[str, Any]]:
    found = {one.name: one for one in _signature(method).parameters.values() if one.kind in _NAMED}
    inside: Any = unwrap(getattr(method, "__func__", method))
    try:
        hints = get_type_hints(inside, include_extras=True) if found else {}
    except Exception as error:
        raise TypeError(f"the annotations of {_nameOf(method)} cannot be resolved: {error}") from error
    return found, hints


def _nameOf(method: Callable[..., Any]) -> str:
    return getattr(method, "__name__", "the method")


def _nothing(result: Any) -> None:
    """The result of a method is not sent."""
