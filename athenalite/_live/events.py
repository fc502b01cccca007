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
from twisted.python.failure import Failure

from .._awaiting.results import driven
from .._core.expose import expose, noSuchMethod
from ..errors import ArgumentError
from .fields import converted
from .forms import FieldError, FormType
from .sentences import Refused

#: Names of fields with their values: texts, or of a checkbox whether it is checked.
Pairs: TypeAlias = list[tuple[str, str | bool]]

#: The parameter that gets the key of the item that the control is in.
_KEY: Final = "key"
_NAMED: Final = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
_SEVERAL: Final = (list, set, frozenset, tuple)
#: How much of a name that a browser sent is quoted, in characters.
_QUOTED: Final = 40

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
        :return: a Deferred, or None: the browser gets no result; or the errors of fields.
        """
        try:
            method = None if methodName.startswith("_") else self.locateMethod(None, methodName)
        except AttributeError:
            method = None
        if not callable(method):
            raise noSuchMethod(self, self.athenaID, methodName)
        try:
            result = driven(method(**argumentsOf(method, pairs, key, self._athenaSentence)))
        except FieldError as error:
            return {"errors": error.errors}
        return result.addCallbacks(_nothing, _errorsOf) if isinstance(result, Deferred) else None

    def _athenaSentence(self, refused: Refused) -> str:
        page: Any = getattr(self, "page", None)
        return refused.sentence(getattr(page, "pageLang", "en"), getattr(page, "pageTexts", {}))


def argumentsOf(
    method: Callable[..., Any], pairs: Pairs, key: str | None, sentence: Callable[[Refused], str] = Refused.sentence
) -> dict[str, Any]:
    """
    :param key: for the parameter ``key``, if the method has one.
    :param sentence: says what is wrong with a field.
    :return: the arguments for ``method``, by its parameters' names.
    :raise FieldError: for all fields that are missing or cannot be converted.
    :raise ArgumentError: for a field that the method does not take, or that was given twice.
    :raise TypeError: if the annotations of the method cannot be resolved.
    """
    taken = Taken(method)
    given: dict[str, list[str | bool]] = {}
    for name, value in pairs:
        known = taken.nameOf(name)
        if known is None or (known == _KEY and key is not None):
            raise _refused(name, f"{_nameOf(method)} does not take it")
        given.setdefault(known, []).append(value)
    if key is not None and _KEY in taken.hints:
        given[_KEY] = [key]
    arguments: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for name in [*given, *(one for one in taken.required if one not in given)]:
        try:
            arguments[name] = _valueOf(name, given.get(name, []), taken.hints[name])
        except Refused as error:
            errors.append((name, sentence(error)))
    if errors:
        raise FieldError(*errors)
    return taken.arguments(arguments)


class Taken:
    """
    The fields that a method takes: its parameters, or those of its one parameter that is a dataclass or a Struct.

    :ivar hints: their annotations.
    :ivar required: the names of those without a default.
    """

    def __init__(self, method: Callable[..., Any]) -> None:
        parameters, hints = _parametersOf(method)
        self.hints = {name: hints.get(name, Any) for name in parameters}
        self.required = [name for name, one in parameters.items() if one.default is Parameter.empty]
        forms = {name: form for name, hint in self.hints.items() if (form := FormType.of(hint)) is not None}
        self._form: tuple[str, FormType] | None = None
        if len(forms) == 1:
            name, form = self._form = next(iter(forms.items()))
            del self.hints[name]
            self.hints = {**form.hints, **self.hints}
            self.required = [*form.required, *(one for one in self.required if one != name)]
            self._others = frozenset(parameters)
        # The names of attributes have no capitals in a browser.
        self._lower = {name.lower(): name for name in self.hints}

    def nameOf(self, name: str) -> str | None:
        """
        :return: the name of the parameter for the field ``name``; None if there is none.
        """
        return name if name in self.hints else self._lower.get(name)

    def arguments(self, values: dict[str, Any]) -> dict[str, Any]:
        """
        :return: the arguments for the method of the values of fields.
        """
        if self._form is None:
            return values
        name, form = self._form
        fields = {one: value for one, value in values.items() if one in form.hints}
        return {name: form.make(fields), **{one: values[one] for one in values if one in self._others - {name}}}


def _valueOf(name: str, values: list[str | bool], annotation: Any) -> Any:
    if not _takesSeveral(annotation):
        if len(values) > 1:
            raise _refused(name, "it was given twice")
        if not values:
            raise Refused("missing")
        return converted(values[0], annotation)
    kind = get_origin(annotation) or annotation
    inner = next(iter(get_args(annotation)), Any)
    return kind(converted(value, inner) for value in values)


def _refused(name: str, why: str) -> ArgumentError:
    return ArgumentError(f"{name[:_QUOTED]}: {why}", name[:_QUOTED])


def _errorsOf(failure: Failure) -> dict[str, Any]:
    failure.trap(FieldError)
    error: Any = failure.value
    return {"errors": error.errors}


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
