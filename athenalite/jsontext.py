# -*- test-case-name: tests.test_jsontext -*-
"""
JSON as it crosses the wire: what both sides can read, and nothing else.

Python's ``json`` says and takes more than that: NaN, other encodings, values nested as deep as memory goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Any, Final

#: Deeper than any application's data, far shallower than the recursion limit.
MAX_DEPTH: Final = 64


class TooDeep(ValueError):
    """A text that is JSON, and nested deeper than the other side would take."""


# Saying


def _encoder(ascii: bool) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=ascii, allow_nan=False, separators=(",", ":"))


# An encoder holds no state; making one costs as much as using it.
_plain = _encoder(False).encode
_escaped = _encoder(True).encode

#: A string as JSON. An encoder takes as long to begin as this takes for a short one.
quoted: Final[Callable[[str], str]] = json.encoder.encode_basestring


def encode(value: Any) -> bytes:
    """
    :return: ``value``, in UTF-8.
    :raise TypeError: if it is not a JSON value that a browser can read; the text says what is wrong.
    """
    try:
        text = _plain(value)
        _refuseUnreadable(text)
    except RecursionError:
        raise TypeError("nested too deep to send") from None
    except ValueError as error:
        # json's word for NaN, the infinities and circular references; none of them is JSON.
        raise TypeError(f"cannot be sent: {error}") from None
    return utf8(text)


def utf8(text: str) -> bytes:
    """
    :param text: JSON.
    :return: the same in UTF-8.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # A lone surrogate is no Unicode text, but JavaScript has such strings and JSON can spell them.
        return _escaped(json.loads(text)).encode("ascii")


# A number of so many digits may be too large for a double, which is what the browser makes of it.
_HUGE: Final = 309
_hugeNumber: Final = re.compile(f"[0-9]{{{_HUGE}}}").search
# To look at each character costs more than all else that is done with a long message. Every thirtieth tells as much: so
# many digits in a row have ten of those in a row.
_STRIDE: Final = 30
_maybeHuge: Final = re.compile("[0-9]{10}").search


def _refuseUnreadable(text: str) -> None:
    # What Python can say and a browser must refuse would cost the page, not the call.
    huge = len(text) >= _HUGE and _maybeHuge(text[::_STRIDE]) and _hugeNumber(text)
    if huge or text.count("[") + text.count("{") > MAX_DEPTH:
        value = json.loads(text, parse_int=_double)
        if _isTooDeep(value):
            raise TooDeep("nested too deep")


def _double(digits: str) -> float:
    try:
        return float(int(digits))
    except OverflowError:
        raise ValueError("a number too large for a browser") from None


# Reading


def parse(text: str) -> Any:
    """
    :return: the value that ``text`` is.
    :raise TooDeep: if it is nested too deep.
    :raise ValueError: if it is not JSON.
    """
    try:
        value = _parse(text)
    except RecursionError:
        raise TooDeep("nested too deep") from None
    # Most messages have fewer brackets than the limit, and then none is too deep.
    if text.count("[") + text.count("{") > MAX_DEPTH and _isTooDeep(value):
        raise TooDeep("nested too deep")
    return value


def _parse(text: str) -> Any:
    # Only somebody else's client writes blanks around its messages; to look for them takes longer than all the rest.
    if text[:1] == "[":
        value, end = _decoder.raw_decode(text)
        if end == len(text):
            return value
    return _decoder.decode(text)


def _refuseConstant(name: str) -> Any:
    raise ValueError(name)


def _finite(digits: str) -> float | int:
    number = float(digits)
    if not isfinite(number):
        raise ValueError(digits)
    # JavaScript writes 1e21 for an integer; it has no other way to say it.
    return int(number) if number.is_integer() and "." not in digits else number


_decoder: Final = json.JSONDecoder(parse_constant=_refuseConstant, parse_float=_finite)


def _isTooDeep(value: Any) -> bool:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _children(outer)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    if type(value) not in (list, dict):
        return []
    values = value.values() if type(value) is dict else value
    return [inner for inner in values if type(inner) in (list, dict)]
