# -*- test-case-name: tests.project.test_figures -*-
"""
Draw the figures as SVG with matplotlib, which the extra ``bench`` installs.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any, Final

from .figures import Curve, Table
from .servers import RAW

#: Distinguishable by people with colour blindness.
_COLOURS: Final = ("#777777", "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7")


def _figure(width: float, height: float) -> Any:
    import matplotlib
    from matplotlib.figure import Figure

    # The same figures make the same file, and text stays text.
    matplotlib.rcParams.update({"svg.hashsalt": "athenalite", "svg.fonttype": "none"})
    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None})


def curves(found: Sequence[Curve], path: Path) -> None:
    """Draw all curves side by side: a logarithmic axis for what grows, and the cost from zero."""
    rows = ceil(len(found) / 2)
    figure = _figure(9, 3.3 * rows)
    for number, curve in enumerate(found):
        axes = figure.add_subplot(rows, 2, number + 1)
        for name, points in curve.medians().items():
            server, _, way = name.partition(",")
            colour = _COLOURS[server != RAW]
            axes.plot(*zip(*points, strict=True), color=colour, linestyle="--" if way else "-", marker=".", label=name)
        axes.set(title=f"{curve.title}: {curve.costs}", xlabel=curve.grows, xscale="log")
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    _save(figure, path)


def ratios(table: Table, path: Path) -> None:
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
    _save(figure, path)
