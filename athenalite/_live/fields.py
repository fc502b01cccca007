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

from ..errors import ArgumentError

#: How an integer, and any number, is written; msgspec also takes "5.0" as an int, and "nan" as a float.
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_MAX_INTEGER: Final = 2**63
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_WITHOUT_SECONDS: Final = re.compile(r"(.*T)?[0-9]{2}:[0-9]{2}", re.ASCII)
_YES: Final = ("on", "true", "1")
_NO: Final = ("", "off", "false", "0")
#: How much of a name that a browser sent is quoted, in characters.
_QUOTED: Final = 40


def converted(name: str, value: str | bool, annotation: Any) -> Any:
    """
    :param name: of the field, for the error.
    :param value: a text; or whether a checkbox is checked.
    :return: the value that ``annotation`` describes. Without one, the text.
    :raise ArgumentError: if the text is none of it.
    """
    if isinstance(value, str) and _SURROGATES.search(value):
        raise refused(name, "it is no text")
    if annotation is Any:
        return value
    types = _typesOf(annotation)
    try:
        return msgspec.convert(_prepared(name, value, types), annotation, strict=False)
    except msgspec.ValidationError as error:
        raise refused(name, str(error)) from None


def refused(name: str, why: str) -> ArgumentError:
    """
    :return: the error for the field ``name``, whose text a browser has sent.
    """
    return ArgumentError(f"{name[:_QUOTED]}: {why}", name[:_QUOTED])


def _typesOf(annotation: Any) -> list[Any]:
    """Return the types of which the value may be one."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _typesOf(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [one for inner in get_args(annotation) for one in _typesOf(inner)]
    return [annotation]


def _prepared(name: str, value: str | bool, types: list[Any]) -> Any:
    if isinstance(value, bool) or str in types:
        # A text may be any, and so also an empty one.
        return value
    text = value.strip()
    if not text and type(None) in types:
        return None
    if bool in types and text.lower() in _YES + _NO:
        return text.lower() in _YES
    if int in types and float not in types:
        if not _INTEGER.fullmatch(text) or abs(int(text)) >= _MAX_INTEGER:
            raise refused(name, "it is no integer, or too large")
        return int(text)
    if float in types:
        if not _NUMBER.fullmatch(text):
            raise refused(name, "it is no number")
        return float(text) if int not in types or not _INTEGER.fullmatch(text) else int(text)
    if (datetime in types or time in types) and _WITHOUT_SECONDS.fullmatch(text):
        # As <input type="datetime-local"> and <input type="time"> write it.
        return f"{text}:00"
    return text
