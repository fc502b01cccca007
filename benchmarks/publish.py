# -*- test-case-name: tests.test_figures -*-
"""
What was found, put where people read it: tables in ``README.rst`` and ``docs/performance.rst``, drawings in ``docs``.

A place for a table is between two comments, ``.. figures NAME begin`` and ``.. figures NAME end``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from . import plots
from .chat import NOTE
from .figures import Curve, Table, columns

#: The rows that README shows, in this order.
SHORT: Final = (
    "say heard by 1000 pages",
    "say heard by 1000 pages, 8 in flight",
    "latency to the last of 1000, p99",
    "call answered, 50 pages x 8",
    "opening a page, up to 1000",
    "memory of a page, of 1000",
)
#: And the columns that it leaves to ``docs/performance.rst``.
DETAILS: Final = ("spread", "to reach")


def replaced(text: str, name: str, lines: Sequence[str]) -> str:
    """
    :return: the text, with these lines between the two comments of that name.
    :raise ValueError: if they are not there.
    """
    found = re.compile(rf"(?ms)^(\.\. figures {name} begin[^\n]*\n).*?^(\.\. figures {name} end)$")
    if len(found.findall(text)) != 1:
        raise ValueError(f"there is not one place for {name}")
    return found.sub(lambda match: "\n".join([match[1], *lines, "", match[2]]), text)


def source(part: dict[str, Any]) -> str:
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


def soaked(found: dict[str, Any]) -> list[str]:
    """What a soak has found."""
    happened = ", ".join(f"{name} {times:,}" for name, times in found["happened"].items())
    return [*found["table"], "", f"What happened, and how often: {happened}."]


def write(figures: dict[str, Any], directory: Path) -> list[Path]:
    """
    Write the drawings.

    :return: where.
    """
    written = []
    if "chat" in figures:
        written.append(directory / "performance-ratios.svg")
        written[-1].write_text(plots.ratios(Table.read(figures["chat"]["found"])), "utf-8")
    if "curves" in figures:
        written.append(directory / "performance-curves.svg")
        found = [Curve.read(kept) for kept in figures["curves"]["found"].values()]
        written[-1].write_text(plots.curves(found), "utf-8")
    return written


def texts(figures: dict[str, Any]) -> dict[str, list[str]]:
    """
    :return: what goes between the comments, by the names of these.
    """
    found: dict[str, list[str]] = {}
    for name, part in figures.items():
        shown = _SHOWN[name](part["found"])
        found[name] = [source(part), "", *shown]
    if "chat" in figures:
        found["short"] = [source(figures["chat"]), "", *short(Table.read(figures["chat"]["found"]))]
    return found


def _curves(kept: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for curve in (Curve.read(one) for one in kept.values()):
        lines += [f"{curve.title}, {curve.costs}:", "", *columns(curve.cells()), ""]
    return lines[:-1]


_SHOWN: Final[dict[str, Any]] = {
    "chat": lambda kept: [*columns(Table.read(kept).cells()), "", NOTE + "."],
    "curves": _curves,
    "waiting": lambda kept: [f"{kept}."],
    "soak": soaked,
    "loading": columns,
}
PLACES: Final = {
    "README.rst": ("short",),
    "docs/performance.rst": ("chat", "curves", "waiting", "soak", "loading"),
}


def publish(figures: dict[str, Any], root: Path) -> None:
    """
    Put it all into the documents of the tree.

    :raise ValueError: if a document has no place for something.
    """
    write(figures, root / "docs")
    shown = texts(figures)
    for path, names in PLACES.items():
        text = (root / path).read_text("utf-8")
        for name in names:
            if name in shown:
                text = replaced(text, name, shown[name])
        (root / path).write_text(text, "utf-8")
