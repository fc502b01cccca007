# -*- test-case-name: tests.live.test_forms -*-
"""
Forms: errors at their fields, and whole forms as one argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_type_hints

import msgspec

from ..errors import LivePageError


class FieldError(LivePageError):
    """
    What a person has typed is refused: ``raise FieldError("name", "This name is taken.")`` in a method for an event.
    The text is shown at the field; one that is about no field has an empty name, and is shown at the form. Several
    errors: ``raise FieldError(("name", "..."), ("date", "..."))``.

    :ivar errors: names of fields with texts.
    """

    jsClass = ""

    def __init__(self, *errors: Any) -> None:
        if len(errors) == 2 and isinstance(errors[0], str):
            errors = (errors,)
        self.errors: list[tuple[str, str]] = [(name, text) for name, text in errors]
        super().__init__("; ".join(f"{name}: {text}" if name else text for name, text in self.errors))


class FormType:
    """
    A Struct of msgspec or a dataclass, the fields of which are those of a form.

    :ivar hints: the annotations of its fields.
    :ivar required: the fields without a default.
    """

    def __init__(self, cls: type) -> None:
        self._cls = cls
        self.hints = get_type_hints(cls, include_extras=True)
        self.required = frozenset(_required(cls))
        self.hints = {name: hint for name, hint in self.hints.items() if name in _namesOf(cls)}

    @staticmethod
    def of(annotation: Any) -> FormType | None:
        """
        :return: that of the annotation, if it is such a type.
        """
        isForm = isinstance(annotation, type) and (
            is_dataclass(annotation) or (issubclass(annotation, msgspec.Struct) and annotation is not msgspec.Struct)
        )
        return FormType(annotation) if isForm else None

    def make(self, values: dict[str, Any]) -> Any:
        """
        :return: the object with these fields.
        :raise FieldError: with the text of a ``ValueError`` of its ``__post_init__``.
        """
        try:
            return self._cls(**values)
        except FieldError:
            raise
        except ValueError as error:
            raise FieldError("", str(error)) from None


def _namesOf(cls: Any) -> Iterable[str]:
    if is_dataclass(cls):
        return [field.name for field in fields(cls) if field.init]
    return list(cls.__struct_fields__)


def _required(cls: Any) -> Iterable[str]:
    if is_dataclass(cls):
        return [
            field.name
            for field in fields(cls)
            if field.init and field.default is MISSING and field.default_factory is MISSING
        ]
    return [field.name for field in msgspec.structs.fields(cls) if field.required]
