# -*- test-case-name: tests.core.test_json -*-
"""
Encodes and decodes JSON, strictly: only what Python and JavaScript read alike.

Python's ``json`` writes and reads more than that: NaN, other encodings, values nested as deep as memory allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite
from sys import getsizeof
from typing import Any, Final

#: Deeper than any application's data, far shallower than the recursion limit.
MAX_DEPTH: Final = 64


class TooDeep(ValueError):
    """A text that is JSON, and nested deeper than the other side would take."""


# Encoding


#: A string as JSON. An encoder takes as long to begin as this takes for a short one.
quoted: Final[Callable[[str], str]] = json.encoder.encode_basestring


def _encoder(make: Any) -> Callable[[Any], str]:
    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        # JSONEncoder.encode makes this object for each value. Without markers, a circular reference is nested too deep.
        chunks = make(None, encoder.default, quoted, None, ":", ",", False, False, False)
        if "".join(chunks([{"a": [1.5, None]}, "b"], 0)) == '[{"a":[1.5,null]},"b"]':
            return lambda value: "".join(chunks(value, 0))
    except TypeError:
        # A Python without this encoder, or with another one.
        pass
    return encoder.encode


_plain: Final = _encoder(getattr(json.encoder, "c_make_encoder", None))


def encode(value: Any) -> bytes:
    """
    :return: ``value``, in UTF-8.
    :raise TypeError: if it is not a JSON value that a browser can read; its text names the reason.
    """
    try:
        text = _plain(value)
        _refuseUnreadable(text, value)
    except RecursionError:
        raise TypeError("nested too deep to send") from None
    except ValueError as error:
        # json's word for NaN, the infinities and circular references; none of them is JSON.
        raise TypeError(f"cannot be sent: {error}") from None
    return utf8(text)


def utf8(text: str) -> bytes:
    """
    :param text: JSON.
    :return: the same in UTF-8, with U+FFFD for lone surrogates.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return wellFormed(text).encode("utf-8")


def wellFormed(text: str) -> str:
    """
    :return: ``text`` with U+FFFD for each lone surrogate, which is no character and has no UTF-8. A pair in two
        halves becomes its character.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _withoutSurrogates(value: Any) -> Any:
    """
    :param value: from ``json``, and not nested too deep.
    :return: the same with :func:`wellFormed` strings and keys.
    """
    if type(value) is str:
        return wellFormed(value)
    if type(value) is list:
        return [_withoutSurrogates(one) for one in value]
    if type(value) is dict:
        return {wellFormed(key): _withoutSurrogates(one) for key, one in value.items()}
    return value


#: A number of so many digits may be too large for a double, which is what the browser makes of it.
HUGE: Final = 309
_hugeNumber: Final = re.compile(f"[0-9]{{{HUGE}}}").search
# To look at each character costs more than all else that is done with a long message. Every thirtieth tells as much: so
# many digits in a row have ten of those in a row.
_STRIDE: Final = 30
_maybeHuge: Final = re.compile("[0-9]{10}").search
_maybeHugeBytes: Final = re.compile(b"[0-9]{10}").search


def _refuseUnreadable(text: str, value: Any) -> None:
    # A message that a browser must refuse would cost the page, not only the call.
    if len(text) >= HUGE and _maybeHuge(text[::_STRIDE]) and _hugeNumber(text):
        json.loads(text, parse_int=_double)
    if text.count("[") + text.count("{") > MAX_DEPTH and isTooDeep(value):
        raise TooDeep("nested too deep")


def maybeHuge(payload: bytes) -> bool:
    """Whether an integer in ``payload``, which has at least :data:`HUGE` bytes, may be too large for a double."""
    return _maybeHugeBytes(payload[::_STRIDE]) is not None


def _integer(digits: str) -> int:
    value = int(digits)
    if len(digits) >= HUGE:
        _double(digits)
    return value


def _double(digits: str) -> float:
    try:
        return float(int(digits))
    except OverflowError:
        raise ValueError("a number too large for a browser") from None


# Reading


def parse(text: str, ofFloat: Callable[[str], float] | None = None) -> Any:
    """
    :param ofFloat: makes a number of one that is written with a fraction or an exponent; :func:`numberOf` by default.
    :return: the value that ``text`` is, with U+FFFD for lone surrogates.
    :raise TooDeep: if it is nested too deep.
    :raise ValueError: if it is not JSON.
    """
    try:
        value = _DECODER.decode(text) if ofFloat is None else _decoder(ofFloat).decode(text)
    except RecursionError:
        raise TooDeep("nested too deep") from None
    if text.count("[") + text.count("{") > MAX_DEPTH and isTooDeep(value):
        raise TooDeep("nested too deep")
    # Only these can have surrogates.
    return _withoutSurrogates(value) if "\\u" in text or not text.isascii() else value


def _decoder(ofFloat: Callable[[str], float]) -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_refuseConstant, parse_float=ofFloat, parse_int=_integer)


def _refuseConstant(name: str) -> Any:
    raise ValueError(name)


def numberOf(digits: str) -> float:
    """
    :param digits: a JSON number that is written with a fraction or an exponent.
    :return: a float; of one without a fraction, the integer that it is: JavaScript writes 1e21 for an integer, and has
        no other way to express it.
    :raise ValueError: if it is too large for a double.
    """
    value = float(digits)
    if not isfinite(value):
        # Not with the digits: the text may reach a log.
        raise ValueError("a number too large for a double")
    return int(value) if value.is_integer() and "." not in digits else value


# To make one costs as much as to read a short text.
_DECODER: Final = _decoder(numberOf)

#: What json writes as an array or an object.
_NESTED: Final = (list, tuple, dict)
#: What most values in these are, which is faster to look up.
_LEAVES: Final = frozenset((str, int, float, bool, type(None)))


def isTooDeep(value: Any) -> bool:
    """Whether lists and dicts stand in each other more than :data:`MAX_DEPTH` deep in ``value``, itself counted."""
    level: list[Any] = [[value]]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if type(inner) not in _LEAVES and isinstance(inner, _NESTED)
        ]
        if not level:
            return False
    return True


def memoryOf(value: Any) -> int:
    """
    :return: how much memory a JSON value occupies, in bytes, about: an array of empty arrays needs twenty times as much
        as its text.
    """
    size, left = 0, [value]
    while left:
        one = left.pop()
        size += getsizeof(one)
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            left += one
            left += one.values()
    return size
