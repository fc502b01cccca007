# -*- test-case-name: tests.porting.test_unused -*-
"""
Warns, when an application is run, of what its classes have for Nevow and nothing uses here, and refuses what its tags
have.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from inspect import CO_VARARGS
from types import FunctionType, MappingProxyType
from typing import Any, Final

from .members import kindsOf, meaning, uncalled
from .uses import ATTRIBUTES, METHODS, isOfNevow

_OURS: Final = "athenalite."
_RENAME: Final = "rename yours"
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


def warnOfUnused(cls: type, hasContexts: bool) -> None:
    """
    Warn once of each attribute without effect, each method that is never called, and each method whose name is one that
    is called here and was not in Nevow.

    :param cls: a new page or element of an application; called in its ``__init_subclass__``.
    :param hasContexts: whether its renderers may take a context and data.
    """
    kinds = kindsOf(base.__name__ for base in cls.__mro__[1:] if base.__module__.startswith(_OURS))
    for name, value in cls.__dict__.items() if not cls.__module__.startswith(_OURS) else ():
        text = _unused(name, value, kinds, hasContexts) or _taken(cls, name, value, kinds)
        if text is not None:
            warnings.warn(f"{cls.__module__}.{cls.__qualname__}.{name} {text}", stacklevel=_levelOfClass())


def _unused(name: str, value: Any, kinds: frozenset[str], hasContexts: bool) -> str | None:
    kind, _, rest = name.partition("_")
    if name in ATTRIBUTES:
        return f"has no effect: {ATTRIBUTES[name]}"
    parameters = _parametersOf(value) if isinstance(value, FunctionType) else None
    if rest and parameters and hasContexts and isOfNevow(kind, parameters):
        return f"is never called: {METHODS[kind].format(name=rest)}"
    remedy = uncalled(name, kinds, None if parameters is None else len(parameters))
    # A page's class may have a factory of something else.
    if remedy is None or (name == "factory" and type(value).__name__ != "LivePageFactory"):
        return None
    return f"{'has no effect' if parameters is None else 'is never called'}: {remedy}"


def _taken(cls: type, name: str, value: Any, kinds: frozenset[str]) -> str | None:
    """A method that cannot be called as ours of this name is; or one of a LiveFragment, which is in Nevow's style."""
    text = meaning(name, kinds) if isinstance(value, FunctionType) else None
    if text is None:
        return None
    ours: Any = next((base.__dict__[name] for base in cls.__mro__[1:] if name in base.__dict__), None)
    isOld = "LiveFragment" in (base.__name__ for base in cls.__mro__) and not value.__annotations__
    if isOld or (isinstance(ours, FunctionType) and not _accepts(value, len(_parametersOf(ours)))):
        return f"{text}: {_RENAME}"
    return None


def _accepts(function: FunctionType, count: int) -> bool:
    code = function.__code__
    least = code.co_argcount - len(function.__defaults__ or ())
    return least <= count and (count <= code.co_argcount or bool(code.co_flags & CO_VARARGS))


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
