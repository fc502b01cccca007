# -*- test-case-name: tests.project.test_figures -*-
"""
What was found, as texts and drawings: of ``README.rst`` and ``docs/performance.rst``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from . import plots
from .chat import NOTE
from .figures import Curve, Table, columns, publish

#: The rows that README shows, in this order.
SHORT: Final = (
    "broadcast to 1000 pages",
    "broadcast to 1000 pages, 8 in flight",
    "latency to the last of 1000 pages, p99",
    "call answered, 50 pages x 8",
    "opening a page, up to 1000",
    "memory of a page, of 1000",
)
#: And the columns that it leaves to ``docs/performance.rst``.
DETAILS: Final = ("spread", "to reach")
PLACES: Final = {"README.rst": ("short",), "docs/performance.rst": ("chat", "curves")}


def _source(part: dict[str, Any]) -> str:
    """When, where and how it was found: what belongs to every figure."""
    hasty = " A short run: read differences below 0.2 as none." if part["quick"] else ""
    return f"{part['when']}, ``{part['command']}``; {part['machine']}.{hasty}"


def short(table: Table) -> list[str]:
    """The rows of README."""
    few = Table(table.base, table.ours)
    few.rows = {name: table.rows[name] for name in SHORT if name in table.rows}
    head, *rows = few.cells()
    shown = [index for index, name in enumerate(head) if name not in DETAILS]
    return columns([[row[index] for index in shown] for row in (head, *rows)])


def texts(figures: dict[str, Any]) -> dict[str, list[str]]:
    """
    :return: what goes between the comments, by the names of these.
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
    Put it all into the documents of the tree.

    :raise ValueError: if a document has no place for something.
    """
    draw(figures, root / "docs")
    shown = texts(figures)
    for document, names in PLACES.items():
        publish(document, {name: shown[name] for name in names if name in shown}, root)
