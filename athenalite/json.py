# -*- test-case-name: tests.test_json -*-
"""
``nevow.json``: JSON as text, for data that an application sends by other means than ``callRemote``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ._porting.missing import absent

__all__ = ["ParseError", "parse", "serialize"]


class ParseError(ValueError):
    """The text is not JSON."""


def serialize(value: Any) -> str:
    """
    :param value: text, numbers, booleans, None, and lists, tuples and dicts of them.
    :return: JSON.
    :raise TypeError: for anything else, ``NaN`` included, as for the arguments of ``callRemote``.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise TypeError(str(error)) from None


def parse(text: str | bytes) -> Any:
    """
    :param text: JSON.
    :raise ParseError: if it is not.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise ParseError(str(error)) from None


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
