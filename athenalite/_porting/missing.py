# -*- test-case-name: tests.porting.test_missing -*-
"""
Imports of Nevow's modules and names that are not here: they raise an ``ImportError`` that says what to use instead,
which is a ``ModuleNotFoundError`` for a module.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import MappingProxyType, ModuleType
from typing import Any, Final

from .names import MODULES, NAMES, Name

_OURS: Final = "athenalite"


def _renamed(old: str) -> str:
    return f"{_OURS}.{old.removeprefix('nevow.')}"


def _missing(rows: Sequence[Name]) -> MappingProxyType[str, Name]:
    # What an application imports after it has renamed nevow.
    return MappingProxyType({_renamed(row.old): row for row in rows if row.new not in (_renamed(row.old), _OURS)})


# formless was a package of its own, which cannot be renamed to one of ours, nor can we install one of that name.
_MISSING_MODULES: Final = MappingProxyType(
    {**_missing(MODULES), **{row.old: row for row in MODULES if row.old == "formless"}}
)
_MISSING_NAMES: Final = _missing(NAMES[len(MODULES) :])


def explanation(name: str, row: Name) -> str:
    """
    :param name: as it was imported.
    :param row: that of Nevow's name.
    :return: the message of the error.
    """
    remedy = row.advice if row.new is None else f"use {row.new}" + (f"; {row.advice}" if row.advice else "")
    return f"athenalite has no {name.removeprefix(f'{_OURS}.')}, which Nevow had: {remedy} (see docs/porting.rst)"


class Missing(MetaPathFinder, Loader):
    """
    Finds the modules of Nevow that are missing, and ``formless`` if none is installed, to explain what to use instead
    when they are imported.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in _MISSING_MODULES else None

    def exec_module(self, module: ModuleType) -> None:
        row = _MISSING_MODULES[module.__name__]
        # By Nevow's name: "from athenalite import guard" would replace the message of an error with its own name.
        raise ModuleNotFoundError(explanation(module.__name__, row), name=row.old)


def install() -> None:
    """Have imports of missing modules explained. It is asked last, after the file system."""
    if not any(isinstance(finder, Missing) for finder in sys.meta_path):
        sys.meta_path.append(Missing())


def absent(moduleName: str) -> Callable[[str], Any]:
    """
    :param moduleName: of one of our modules that has the name of one of Nevow's.
    :return: its ``__getattr__``. For a name that Nevow's module had it raises ``ImportError``, also for ``hasattr``:
        of an ``AttributeError``, ``from ... import ...`` would replace the message.
    """

    def missing(name: str) -> Any:
        row = _MISSING_NAMES.get(f"{moduleName}.{name}")
        if row is not None:
            raise ImportError(explanation(f"{moduleName}.{name}", row), name=moduleName)
        raise AttributeError(f"module {moduleName!r} has no attribute {name!r}")

    return missing
