# -*- test-case-name: tests.porting.test_lookup -*-
"""
Looks up what became of a dotted name of Nevow's.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final, NamedTuple

from .names import MODULES, NAMES

#: The packages whose names are looked up.
OLD: Final = ("nevow", "formless")
NEW: Final = "athenalite"
_ROWS: Final = MappingProxyType({row.old: row for row in NAMES})
_MODULES: Final = frozenset(row.old for row in MODULES)
#: Modules whose names are those of applications.
_OPEN: Final = frozenset(("nevow.plugins",))


class Fate(Enum):
    """What became of a name."""

    #: It has a new name.
    KEPT = auto()
    #: It is not here, and there is advice.
    GONE = auto()
    #: It is in no table.
    UNKNOWN = auto()


class Found(NamedTuple):
    """The answer for a name."""

    fate: Fate
    #: The new name, whole; empty unless it is kept.
    new: str = ""
    #: What to use instead.
    advice: str = ""
    #: How many parts of the old name the row of the table stands for, and how many of the new one replace them.
    parts: tuple[int, int] = (0, 0)


@lru_cache(maxsize=4096)
def lookUp(name: str) -> Found:
    """
    :param name: a dotted name of Nevow's, and perhaps of what is in it; or what it became when only its package was
        renamed, so that a file that was renamed by hand is looked at, too.
    """
    parts = name.split(".")
    ours = parts[0] == NEW
    if ours:
        parts[0] = OLD[0]
    for count in range(len(parts), 0, -1):
        row = _ROWS.get(".".join(parts[:count]))
        if row is None:
            continue
        rest = parts[count:]
        if row.new is None:
            return Found(Fate.GONE, "", row.advice, (count, 0))
        new = ".".join([row.new, *rest])
        unknown = rest and row.old in _MODULES and row.old not in _OPEN and not _has(row.new, rest[0])
        there = ".".join([OLD[0], *new.split(".")[1:]])
        if unknown and there != ".".join(parts):
            # nevow.flat.ten.serialize was nevow.flat.serialize, too.
            return lookUp(there)
        return Found(Fate.UNKNOWN) if unknown else Found(Fate.KEPT, new, row.advice, (count, row.new.count(".") + 1))
    return Found(Fate.UNKNOWN)


def isModule(name: str) -> bool:
    """
    :return: whether a dotted name is that of a module of Nevow's below its package.
    """
    return name in _MODULES and name not in OLD


def isMissing(name: str) -> bool:
    """
    :param name: a dotted name below ``athenalite``, which has modules that Nevow had not.
    :return: whether there is no such module, nor such a name in one. What is in the name is not looked at.
    """
    module = NEW
    for part in name.split(".")[1:]:
        if module.replace(NEW, OLD[0], 1) in _OPEN:
            return False
        if not _isModule(f"{module}.{part}"):
            return not _hasName(module, part)
        module += f".{part}"
    return False


def _isModule(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:
        return False


def _hasName(module: str, name: str) -> bool:
    try:
        return hasattr(import_module(module), name)
    except ImportError:
        return False


def _has(module: str, name: str) -> bool:
    # Of the package itself only what every package has: its names are not those of Nevow's.
    if module == NEW:
        return name.startswith("__")
    return _hasName(module, name)


def rootOf(name: str) -> str:
    """
    :return: the first part of a dotted name.
    """
    return name.partition(".")[0]


def isMoved(name: str, found: Found) -> bool:
    """
    :return: whether a name has another place now than the one in the module of the same name.
    """
    return found.new != ".".join([NEW, *name.split(".")[1:]])


def importedOf(name: str, written: str) -> str:
    """
    :param name: what ``written`` stands for.
    :return: what its first part stands for.
    """
    return ".".join(name.split(".")[: name.count(".") - written.count(".") + 1])


def keptOf(name: str) -> str:
    """
    :param name: one that is gone, or elsewhere.
    :return: its longest part that is in athenalite.
    """
    while (name := name.rpartition(".")[0]) and not lookUp(name).new.startswith(NEW):
        pass
    return name or OLD[0]


def within(name: str, modules: Iterable[str]) -> bool:
    """
    :return: whether a dotted name is one of these modules, or in one.
    """
    return any(name == module or name.startswith(f"{module}.") for module in modules)
