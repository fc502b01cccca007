# -*- test-case-name: tests.project.test_figures -*-
"""
Write the results into ``README.rst`` and ``docs/performance.rst``, as tables and drawings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from . import plots
from .chat import NOTE
from .figures import Curve, Table, columns, publish

#: The rows of the table in README, in this order.
SHORT: Final = (
    "broadcast to 1000 pages",
    "broadcast to 1000 pages, 8 in flight",
    "latency to the last of 1000 pages, p99",
    "call answered, 50 pages x 8",
    "opening a page, up to 1000",
    "memory of a page, of 1000",
)
#: The columns that only ``docs/performance.rst`` has.
DETAILS: Final = ("spread", "to reach")
PLACES: Final = {"README.rst": ("short",), "docs/performance.rst": ("chat", "curves")}


def _source(part: dict[str, Any]) -> str:
    """Return the conditions: date, command and machine."""
    hasty = " A short run: differences below 0.2 mean nothing." if part["quick"] else ""
    return f"{part['when']}, ``{part['command']}``; {part['machine']}.{hasty}"


def short(table: Table) -> list[str]:
    """Return the table of README."""
    few = Table(table.base, table.ours)
    few.rows = {name: table.rows[name] for name in SHORT if name in table.rows}
    head, *rows = few.cells()
    shown = [index for index, name in enumerate(head) if name not in DETAILS]
    return columns([[row[index] for index in shown] for row in (head, *rows)])


def texts(figures: dict[str, Any]) -> dict[str, list[str]]:
    """
    :return: the texts between the comments, by the names of these.
    """
    found: dict[str, list[str]] = {}
    if "chat" in figures:
        table = Table.read(figures["chat"]["found"])
        found["chat"] = [_source(figures["chat"]), "", *columns(table.cells()), "", NOTE + "."]
        found["short"] = [_source(figures["chat"]), "", *short(table)]
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
