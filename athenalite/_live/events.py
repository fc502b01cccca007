# -*- test-case-name: tests.live.test_events -*-
"""
Calls exposed methods for events of the browser, which a template names: ``<athena:handler event="onclick"
remote="toggle" />``. The arguments are texts, which are converted as the method's annotations say.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from inspect import Parameter, signature, unwrap
from typing import Any, Final, TypeAlias, get_args, get_origin, get_type_hints

from msgspec.structs import replace
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .._awaiting.results import driven
from .._core.expose import expose, noSuchMethod
from ..errors import ArgumentError
from .fields import converted
from .forms import FieldError, FormType
from .receiving import Elsewhere, Receiving
from .sentences import Refused
from .uploads import SEVERAL, FileField, Offer, Upload

#: Names of fields with their values: texts, or of a checkbox whether it is checked.
Pairs: TypeAlias = list[tuple[str, str | bool]]
#: Of a field for files, by its name: takes the ids that the browser has sent, or what it offers.
Claim: TypeAlias = Callable[[str, FileField, list[Any]], Any]

#: The parameter that gets the key of the item that the control is in.
_KEY: Final = "key"
_NAMED: Final = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
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
        :return: a Deferred, or None: the browser gets no result; or the errors of fields; or that it must send the
            files again.
        """
        method = self._athenaMethodNamed(methodName)
        files: list[Upload] = []
        claim = partial(self._athenaClaim, methodName, files)
        result: Any = None
        try:
            result = driven(method(**argumentsOf(method, pairs, key, self._athenaSentence, claim)))
        except FieldError as error:
            return {"errors": error.errors}
        except Elsewhere:
            return {"again": True}
        finally:
            if files and not isinstance(result, Deferred):
                _close(None, files)
        return result.addBoth(_close, files).addCallbacks(_nothing, _errorsOf) if isinstance(result, Deferred) else None

    @expose
    def _athenaUpload(self, methodName: str, pairs: Pairs, key: str | None, offers: list[Offer]) -> dict[str, Any]:
        """
        Accept files for a method, if all that the form has is right.

        :return: the ids of the files, and the size of the pieces in which they come; or the errors of fields.
        """
        method = self._athenaMethodNamed(methodName)
        taken = Taken(method)
        try:
            valuesOf(taken, [*pairs, *((one.field, one) for one in offers)], key, self._athenaSentence, _check)
        except FieldError as error:
            return {"errors": error.errors}
        known = [replace(one, field=taken.nameOf(one.field)) for one in offers]
        try:
            ids = self._athenaReceiving.begin((self.athenaID, methodName), known)
        except Refused as error:
            return {"errors": [(offers[0].field, self._athenaSentence(error))]}
        return {"ids": ids, "size": self._athenaReceiving.pieceSize}

    @expose
    def _athenaPiece(self, number: str, text: str) -> Any:
        """
        Receive a piece of a file, in base64.

        :return: what is wrong; None, or a Deferred of it, when the next may come; False if the browser must begin
            again.
        """
        try:
            return self._athenaReceiving.receive(number, text)
        except Elsewhere:
            return False
        except Refused as error:
            return self._athenaSentence(error)

    @expose
    def _athenaCancel(self, numbers: list[str]) -> str:
        """
        Remove files.

        :return: what to show if it is not the person that wants it.
        """
        self._athenaReceiving.cancel(numbers)
        return self._athenaSentence(Refused("incomplete"))

    def _athenaMethodNamed(self, methodName: str) -> Callable[..., Any]:
        try:
            method = None if methodName.startswith("_") else self.locateMethod(None, methodName)
        except AttributeError:
            method = None
        if not callable(method):
            raise noSuchMethod(self, self.athenaID, methodName)
        return method

    def _athenaClaim(
        self, methodName: str, claimed: list[Upload], name: str, field: FileField, ids: list[Any]
    ) -> list[Upload]:
        files: list[Upload] = self._athenaReceiving.claim((self.athenaID, methodName, name), ids)
        claimed += files
        field.checkCount(len(files))
        return files

    @property
    def _athenaReceiving(self) -> Receiving:
        page: Any = getattr(self, "page", None)
        receiving: Receiving = page._athenaReceiving
        return receiving

    def _athenaSentence(self, refused: Refused) -> str:
        page: Any = getattr(self, "page", None)
        return refused.sentence(getattr(page, "pageLang", "en"), getattr(page, "pageTexts", {}))


def _check(name: str, field: FileField, offers: list[Any]) -> list[Any]:
    if not all(isinstance(one, Offer) for one in offers):
        raise _refused(name, "it takes files")
    field.check(offers)
    return offers


def _close(result: Any, files: list[Upload]) -> Any:
    for one in files:
        one.close()
    return result


def argumentsOf(
    method: Callable[..., Any],
    pairs: Pairs,
    key: str | None,
    sentence: Callable[[Refused], str] = Refused.sentence,
    claim: Claim = _check,
) -> dict[str, Any]:
    """
    :param key: for the parameter ``key``, if the method has one.
    :param sentence: says what is wrong with a field.
    :param claim: gets the files that belong to ids; by default none are known.
    :return: the arguments for ``method``, by its parameters' names.
    :raise FieldError: for all fields that are missing or cannot be converted.
    :raise ArgumentError: for a field that the method does not take, or that was given twice.
    :raise TypeError: if the annotations of the method cannot be resolved.
    """
    taken = Taken(method)
    return taken.arguments(valuesOf(taken, pairs, key, sentence, claim))


def valuesOf(
    taken: Taken, pairs: Iterable[tuple[str, Any]], key: str | None, sentence: Callable[[Refused], str], claim: Claim
) -> dict[str, Any]:
    """
    The same for the fields that are ``taken``.

    :return: their values, by their names.
    """
    given: dict[str, list[Any]] = {}
    for name, value in pairs:
        known = taken.nameOf(name)
        if known is None or (known == _KEY and key is not None):
            raise _refused(name, f"{taken.methodName} does not take it")
        given.setdefault(known, []).append(value)
    if key is not None and _KEY in taken.hints:
        given[_KEY] = [key]
    values: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for name in [*given, *(one for one in taken.required if one not in given)]:
        try:
            values[name] = _valueOf(name, given.get(name, []), taken.hintOf(name), claim)
        except Refused as error:
            errors.append((name, sentence(error)))
    if errors:
        raise FieldError(*errors)
    return values


class Taken:
    """
    The fields that a method takes: its parameters, or those of its one parameter that is a dataclass or a Struct; and
    all others, if it has ``**others``.

    :ivar hints: their annotations.
    :ivar required: the names of those without a default.
    :ivar methodName: the name of the method.
    """

    def __init__(self, method: Callable[..., Any]) -> None:
        self.methodName = _nameOf(method)
        parameters, hints = _parametersOf(method)
        self.hints = {name: hints.get(name, Any) for name, one in parameters.items() if one.kind in _NAMED}
        self.required = [name for name in self.hints if parameters[name].default is Parameter.empty]
        forms = {name: form for name, hint in self.hints.items() if (form := FormType.of(hint)) is not None}
        self._form: tuple[str, FormType] | None = None
        if len(forms) == 1:
            name, form = self._form = next(iter(forms.items()))
            self._named = frozenset(self.hints) - {name}
            del self.hints[name]
            self.hints = {**form.hints, **self.hints}
            self.required = [*form.required, *(one for one in self.required if one != name)]
        # The annotation of **others, if the method has it, and the names that a field for it cannot have.
        others = [name for name, one in parameters.items() if one.kind is Parameter.VAR_KEYWORD]
        self._others = [hints.get(name, Any) for name in others]
        self._own = _namesIn(method) if others else frozenset()
        # The names of attributes have no capitals in a browser.
        self._lower = {name.lower(): name for name in self.hints}

    def nameOf(self, name: str) -> str | None:
        """
        :return: the name of the parameter for the field ``name``; None if there is none.
        """
        if name in self.hints or (self._others and name not in self._own and name not in self._lower):
            return name
        return self._lower.get(name)

    def hintOf(self, name: str) -> Any:
        """
        :param name: that :meth:`nameOf` has returned.
        :return: the annotation.
        """
        return self.hints[name] if name in self.hints else self._others[0]

    def arguments(self, values: dict[str, Any]) -> dict[str, Any]:
        """
        :return: the arguments for the method of the values of fields.
        """
        if self._form is None:
            return values
        name, form = self._form
        fields = {one: value for one, value in values.items() if one in form.hints}
        others = {one: value for one, value in values.items() if one in self._named or one not in form.hints}
        return {name: form.make(fields), **others}


def _valueOf(name: str, values: list[Any], annotation: Any, claim: Claim) -> Any:
    field = FileField.of(annotation)
    if field is not None:
        return field.valueOf(claim(name, field, values))
    if any(isinstance(one, Offer) for one in values):
        raise _refused(name, "it takes no files")
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
    return (get_origin(annotation) or annotation) in SEVERAL


def _parametersOf(method: Callable[..., Any]) -> tuple[dict[str, Parameter], dict[str, Any]]:
    found = dict(_signature(method).parameters)
    inside: Any = unwrap(getattr(method, "__func__", method))
    try:
        hints = get_type_hints(inside, include_extras=True) if found else {}
    except Exception as error:
        raise TypeError(f"the annotations of {_nameOf(method)} cannot be resolved: {error}") from error
    return found, hints


def _namesIn(method: Any) -> frozenset[str]:
    """Return the names that ``**others`` cannot have: those of parameters, ``self`` and decorators' too."""
    inside = getattr(method, "__func__", method)
    found = _signature(inside, follow_wrapped=False).parameters.values()
    names = {one.name for one in found if one.kind in _NAMED}
    return frozenset(names | _namesIn(inside.__wrapped__) if hasattr(inside, "__wrapped__") else names)


def _nameOf(method: Callable[..., Any]) -> str:
    return getattr(method, "__name__", "the method")


def _nothing(result: Any) -> None:
    """The result of a method is not sent."""
