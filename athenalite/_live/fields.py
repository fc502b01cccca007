# -*- test-case-name: tests.live.test_fields -*-
"""
Converts the texts of attributes and form fields by annotations.

A browser has only texts for what JSON has types for, so the conversion is lax: ``"5"`` is an ``int``. What a person can
type, and what would surprise a method, is handled before: see ``docs/live-templates.rst``, "Conversion".
"""

from __future__ import annotations

import re
from datetime import datetime, time
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec

from .sentences import Refused

#: How an integer, and any number, is written; msgspec also takes "5.0" as an int, and "nan" as a float.
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_MAX_INTEGER: Final = 2**63
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_WITHOUT_SECONDS: Final = re.compile(r"(.*T)?[0-9]{2}:[0-9]{2}", re.ASCII)
_YES: Final = ("on", "true", "1")
_NO: Final = ("", "off", "false", "0")


def converted(value: str | bool, annotation: Any) -> Any:
    """
    :param value: a text; or whether a checkbox is checked.
    :return: the value that ``annotation`` describes. Without one, the text.
    :raise Refused: if the text is none of it.
    """
    if isinstance(value, str) and _SURROGATES.search(value):
        raise Refused("other")
    if annotation is Any:
        return value
    types = _typesOf(annotation)
    try:
        return msgspec.convert(_prepared(value, types), annotation, strict=False)
    except msgspec.ValidationError as error:
        raise Refused.of(str(error)) from None


def _typesOf(annotation: Any) -> list[Any]:
    """Return the types of which the value may be one."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _typesOf(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [one for inner in get_args(annotation) for one in _typesOf(inner)]
    return [annotation]


def _prepared(value: str | bool, types: list[Any]) -> Any:
    if isinstance(value, bool) or str in types:
        # A text may be any, and so also an empty one.
        return value
    text = value.strip()
    if not text and type(None) in types:
        return None
    if not text and bool not in types:
        raise Refused("missing")
    if bool in types and text.lower() in _YES + _NO:
        return text.lower() in _YES
    if int in types and float not in types:
        if not _INTEGER.fullmatch(text) or abs(int(text)) >= _MAX_INTEGER:
            raise Refused("integer")
        return int(text)
    if float in types:
        if not _NUMBER.fullmatch(text):
            raise Refused("number")
        return float(text) if int not in types or not _INTEGER.fullmatch(text) else int(text)
    if (datetime in types or time in types) and _WITHOUT_SECONDS.fullmatch(text):
        # As <input type="datetime-local"> and <input type="time"> write it.
        return f"{text}:00"
    return text
