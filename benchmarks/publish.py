# -*- test-case-name: tests.project.test_figures -*-
"""
Write the results into ``README.rst`` and ``docs/performance.rst``, as tables and drawings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from harness.documents import columns, publish

from . import plots
from .chat import NOTE
from .figures import Curve, Table

#: The rows of the table in README, in this order.
SHORT: Final = (
    "1000 pages, a say in 6 s, a string",
    "say to 1000: an object of five fields",
    "say to 1000: a string, with addErrback",
    "say to 1000: a string, TLS",
    "call answered, 50 pages x 8: a string",
    "1000 pages resume at once; CPU of a page",
)
#: The columns that only ``docs/performance.rst`` has.
DETAILS: Final = ("spread", "to reach")
PLACES: Final = {"README.rst": ("short",), "docs/performance.rst": ("pace", "chat", "curves")}


def _source(part: dict[str, Any]) -> str:
    """Return the conditions: date, command and machine."""
    hasty = " A short run: differences below 0.2 mean nothing." if part["quick"] else ""
    return f"{part['when']}, ``{part['command']}``; {part['machine']}.{hasty}"


def short(*tables: Table) -> list[str]:
    """Return the table of README."""
    few = Table(tables[0].base, tables[0].ours)
    found = {name: row for table in tables for name, row in table.rows.items()}
    few.rows = {name: found[name] for name in SHORT if name in found}
    head, *rows = few.cells()
    shown = [index for index, name in enumerate(head) if name not in DETAILS]
    return columns([[row[index] for index in shown] for row in (head, *rows)])


def texts(figures: dict[str, Any]) -> dict[str, list[str]]:
    """
    :return: the texts between the comments, by the names of these.
    """
    found: dict[str, list[str]] = {}
    tables = {name: Table.read(figures[name]["found"]) for name in ("pace", "chat") if name in figures}
    if "pace" in tables:
        found["pace"] = [_source(figures["pace"]), "", *columns(tables["pace"].cells())]
    if tables:
        found["short"] = [" ".join(_source(figures[name]) for name in tables), "", *short(*tables.values())]
    if "chat" in tables:
        table = tables["chat"]
        found["chat"] = [_source(figures["chat"]), "", *columns(table.cells()), "", NOTE + "."]
    if "curves" in figures:
        found["curves"] = [_source(figures["curves"])]
        for curve in map(Curve.read, figures["curves"]["found"].values()):
            found["curves"] += ["", f"{curve.title}, {curve.costs}:", "", *columns(curve.cells())]
    return found


def draw(figures: dict[str, Any], directory: Path) -> None:
    """Write the drawings."""
    if "chat" in figures:
        plots.ratios(Table.read(figures["chat"]["found"]), directory / "performance-ratios.svg")
    if "curves" in figures:
        found = [Curve.read(kept) for kept in figures["curves"]["found"].values()]
        plots.curves(found, directory / "performance-curves.svg")


def publishAll(figures: dict[str, Any], root: Path) -> None:
    """
    Write tables and drawings into the documents of the tree.

    :raise ValueError: if a document has no place for a table.
    """
    draw(figures, root / "docs")
    shown = texts(figures)
    for document, names in PLACES.items():
        publish(document, {name: shown[name] for name in names if name in shown}, root)
