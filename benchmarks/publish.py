# -*- test-case-name: tests.project.test_figures -*-
"""Write the results into ``README.rst`` and ``docs/performance.rst``, as tables, and as SVG, which matplotlib draws."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any, Final

from harness.documents import columns, prose, publish

from .chat import NOTE
from .figures import Curve, Table
from .servers import RAW

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
#: Distinguishable by people with colour blindness.
_COLOURS: Final = ("#777777", "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7")


def _source(*parts: dict[str, Any]) -> list[str]:
    """Return the conditions: date, command and machine."""
    hasty = {True: " A short run: differences below 0.2 mean nothing.", False: ""}
    found = [f"{one['when']}, ``{one['command']}``; {one['machine']}.{hasty[one['quick']]}" for one in parts]
    return prose(" ".join(found))


def short(*tables: Table) -> list[str]:
    """Return the table of README."""
    found = {name: row for table in tables for name, row in table.rows.items()}
    few = Table(tables[0].base, tables[0].ours, {name: found[name] for name in SHORT if name in found})
    head, *rows = few.cells()
    shown = [index for index, name in enumerate(head) if name not in DETAILS]
    return columns([[row[index] for index in shown] for row in (head, *rows)])


def texts(figures: dict[str, Any]) -> dict[str, list[str]]:
    """
    :return: the texts between the comments, by the names of these.
    """
    tables = {name: Table.read(figures[name]["found"]) for name in ("pace", "chat") if name in figures}
    found = {str(name): [*_source(figures[name]), "", *columns(table.cells())] for name, table in tables.items()}
    if "chat" in tables:
        found["chat"] += ["", NOTE + "."]
    if tables:
        found["short"] = [*_source(*(figures[name] for name in tables)), "", *short(*tables.values())]
    if "curves" in figures:
        found["curves"] = _source(figures["curves"])
        for curve in map(Curve.read, figures["curves"]["found"].values()):
            found["curves"] += ["", f"{curve.title}, {curve.costs}:", "", *columns(curve.cells())]
    return found


def _figure(width: float, height: float) -> Any:
    import matplotlib
    from matplotlib.figure import Figure

    # The same figures make the same file, and text stays text.
    matplotlib.rcParams.update({"svg.hashsalt": "athenalite", "svg.fonttype": "none"})
    return Figure(figsize=(width, height), layout="constrained")


def drawCurves(found: Sequence[Curve], path: Path) -> None:
    """Draw all curves side by side: a logarithmic axis for what grows, and the cost from zero."""
    rows = ceil(len(found) / 2)
    figure = _figure(9, 3.3 * rows)
    for number, curve in enumerate(found):
        axes = figure.add_subplot(rows, 2, number + 1)
        for name, points in curve.medians().items():
            server, _, way = name.partition(",")
            colour = _COLOURS[server != RAW]
            axes.plot(*zip(*points.items(), strict=True), ".--" if way else ".-", color=colour, label=name)
        axes.set(title=f"{curve.title}: {curve.costs}", xlabel=curve.grows, xscale="log")
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(path, format="svg", metadata={"Date": None})


def drawRatios(table: Table, path: Path) -> None:
    """
    Draw all rows: a dot for each server, relative to the base. Ours has its spread, and its goal as a dotted line.
    """
    rows = list(table.rows.values())[::-1]
    figure = _figure(9, 1.2 + 0.28 * len(rows))
    axes = figure.add_subplot()
    for name, colour in zip([table.ours, *table.others()], _COLOURS[1:], strict=False):
        found = [(median(row.ratios(name)), at) for at, row in enumerate(rows) if name in row.found]
        axes.plot(*zip(*found, strict=True), "o", color=colour, label=name)
    for at, row in enumerate(rows):
        axes.hlines(at, min(row.ratios(table.ours)), max(row.ratios(table.ours)), color=_COLOURS[1])
        if row.target is not None:
            axes.vlines(row.target, at - 0.35, at + 0.35, color=_COLOURS[1], linestyle=":")
    axes.axvline(1, color=_COLOURS[0], label=table.base)
    axes.set(xscale="log", yticks=range(len(rows)), yticklabels=[row.name for row in rows])
    axes.set_title(f"CPU, time and memory, where {table.base} is 1; less is better, and a dotted line is the goal")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, format="svg", metadata={"Date": None})


def draw(figures: dict[str, Any], directory: Path) -> None:
    """Write the drawings."""
    if "chat" in figures:
        drawRatios(Table.read(figures["chat"]["found"]), directory / "performance-ratios.svg")
    if "curves" in figures:
        found = [Curve.read(kept) for kept in figures["curves"]["found"].values()]
        drawCurves(found, directory / "performance-curves.svg")


def publishAll(figures: dict[str, Any], root: Path) -> None:
    """
    Write tables and drawings into the documents of the tree.

    :raise ValueError: if a document has no place for a table.
    """
    draw(figures, root / "docs")
    shown = texts(figures)
    for document, names in PLACES.items():
        publish(document, {name: shown[name] for name in names if name in shown}, root)
