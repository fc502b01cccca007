# -*- test-case-name: tests.porting.test_unused -*-
"""
Warns, when an application is run, of what its classes have for Nevow and nothing uses here, and refuses what its tags
have.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from types import FunctionType, MappingProxyType
from typing import Any, Final

from .uses import ATTRIBUTES, METHODS, isOfNevow

_NO_DATA: Final = "a renderer gets its data itself"
#: Keywords of tags that were no attributes, with what to do instead.
_REMEDIES: Final = MappingProxyType(
    {
        "data": _NO_DATA,
        "key": _NO_DATA,
        "macro": "write a renderer that returns the markup",
        "remember": "there is no chain of contexts; give objects what they need",
    }
)
SPECIALS: Final = frozenset(_REMEDIES)


def warnOfUnused(cls: type) -> None:
    """
    Warn once of each attribute without effect, and of each method with a context and data that is never called.

    :param cls: a new page or fragment; called in its ``__init_subclass__``.
    """
    for name, value in cls.__dict__.items():
        kind, _, rest = name.partition("_")
        if name in ATTRIBUTES:
            remedy = f"has no effect: {ATTRIBUTES[name]}"
        elif rest and isinstance(value, FunctionType) and isOfNevow(kind, _parametersOf(value)):
            remedy = f"is never called: {METHODS[kind].format(name=rest)}"
        else:
            continue
        warnings.warn(f"{cls.__module__}.{cls.__qualname__}.{name} {remedy}", stacklevel=_levelOfClass())


def _parametersOf(function: FunctionType) -> list[str]:
    return list(function.__code__.co_varnames[: function.__code__.co_argcount])


def _levelOfClass() -> int:
    # The class statement is behind those of all base classes.
    level, frame = 2, sys._getframe(2)
    while frame.f_code.co_name == "__init_subclass__" and frame.f_back is not None:
        level, frame = level + 1, frame.f_back
    return level


def refuseSpecials(tagName: Any, attributes: Mapping[str, Any]) -> None:
    """
    :param tagName: of a tag. ``object`` and elements of applications, with a dash in their names, have any attributes.
    :raise TypeError: if one of the attributes had a meaning of its own for Nevow: it would be shown as an attribute.
    """
    if SPECIALS.isdisjoint(attributes) or (isinstance(tagName, str) and (tagName == "object" or "-" in tagName)):
        return
    for name in SPECIALS & attributes.keys():
        if attributes[name] is not None:
            raise TypeError(f"tags have no {name}=, which Nevow's had: {_REMEDIES[name]} (see docs/porting.rst)")
