# -*- test-case-name: tests.porting.test_unused -*-
"""
Warns, when an application is run, of what its classes have for Nevow and nothing uses here.
"""

from __future__ import annotations

import sys
import warnings
from types import FunctionType

from .uses import ATTRIBUTES, METHODS, isOfNevow


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
