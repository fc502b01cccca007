# -*- test-case-name: tests.porting.test_strings -*-
"""
Nevow's names in strings of Python: those that an application imports by name.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from .lookup import OLD, Fate, isModule, lookUp

_DOTTED: Final = re.compile(rf"(?:{'|'.join(OLD)})(?:\.[A-Za-z_]\w*)+")
_BEGINS: Final = re.compile(rf"((?:{'|'.join(OLD)})(?:\.[A-Za-z_]\w*)*)(?!\w)\S*")
#: Functions that import what a string names.
_IMPORTERS: Final = frozenset(("__import__", "import_module", "namedAny", "namedModule", "requireModule"))


class InString(NamedTuple):
    """A finding in a string; ``old`` is to be replaced by ``new``, if it is not empty."""

    code: str
    message: str
    old: str = ""
    new: str = ""


def importedBy(function: str, value: Any) -> InString | None:
    """
    :param function: the dotted name of one that is called.
    :param value: its first argument, if that is a string.
    :return: a finding if it imports Nevow's package itself.
    """
    if value not in OLD or function.rpartition(".")[2] not in _IMPORTERS:
        return None
    found = lookUp(value)
    if found.fate is Fate.GONE:
        return InString("N102", f"{value} is gone: {found.advice}")
    return InString("N105", f"{value} is {found.new} now: rename it by hand")


def inString(value: str, written: str) -> InString | None:
    """
    :param value: of a string, or the beginning of one.
    :param written: how it is written in the file, if that is the whole string and in one piece.
    """
    if _DOTTED.fullmatch(value):
        found = lookUp(value)
        if found.fate is Fate.GONE:
            return InString("N102", f"{value} is gone: {found.advice}")
        if found.fate is Fate.KEPT and found.new != value and value in written:
            return InString("N101", f"{value} becomes {found.new}", value, found.new)
        if found.fate is Fate.KEPT:
            return InString("N105", f"{value} is {found.new} now, but is not written in one piece: rename it by hand")
        return None
    begins = _BEGINS.fullmatch(value)
    if begins and (isModule(begins[1]) or value == f"{OLD[0]}."):
        return InString("N105", f"{value} begins with a name of Nevow's: if it is imported, rename it by hand")
    return None
