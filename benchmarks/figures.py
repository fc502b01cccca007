# -*- test-case-name: tests.project.test_figures -*-
"""
The results of the benchmarks: a table's rows and curves, as text and as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

_SCALE: Final = {"us": 1e6, "ms": 1e3, "KiB": 1 / 1024}


@dataclass
class Row:
    """
    The costs of one kind of work.

    :ivar name: the kind of work.
    :ivar target: the ratio to reach, if there is one.
    :ivar unit: the unit of the text; ``found`` has seconds, or bytes.
    :ivar base: the server that all are compared with.
    :ivar found: the cost for each server in each round.
    """

    name: str
    target: float | None = None
    unit: str = "us"
    base: str = ""
    found: dict[str, list[float]] = field(default_factory=dict)

    def ratios(self, name: str) -> list[float]:
        """Return a server's ratio to the base in each round."""
        return [one / base for one, base in zip(self.found[name], self.found[self.base], strict=True)]

    def amount(self, name: str) -> str:
        """Return the median, in its unit."""
        return f"{median(self.found[name]) * _SCALE[self.unit]:.1f} {self.unit}"

    def ratio(self, name: str) -> str:
        """Return the median of the ratios; empty if nothing was measured."""
        return f"{median(self.ratios(name)):.2f}" if name in self.found else ""

    def spread(self, name: str) -> str:
        """Return the smallest and the largest ratio."""
        ratios = self.ratios(name)
        return f"{min(ratios):.2f} to {max(ratios):.2f}"


class Table:
    """
    Rows by their names, in the order in which they were added.
    """

    def __init__(self, base: str, ours: str) -> None:
        """
        :param base: the server that all others are compared with.
        :param ours: the server that has the goals.
        """
        self.base = base
        self.ours = ours
        self.rows: dict[str, Row] = {}

    def add(self, name: str, target: float | None, found: dict[str, float], unit: str = "us") -> None:
        """Add the results of one round."""
        row = self.rows.setdefault(name, Row(name, target, unit, self.base))
        for server, value in found.items():
            row.found.setdefault(server, []).append(value)

    def others(self) -> list[str]:
        """Return the other servers that were measured."""
        servers = dict.fromkeys(server for row in self.rows.values() for server in row.found)
        return [server for server in servers if server not in (self.base, self.ours)]

    def cells(self) -> list[list[str]]:
        """Return the rows of the table, the head first."""
        others = self.others()
        head = ["", self.base, self.ours, "ratio", "spread", "to reach", *others]
        return [
            head,
            *(
                [
                    row.name,
                    row.amount(self.base),
                    row.amount(self.ours),
                    row.ratio(self.ours),
                    row.spread(self.ours),
                    "" if row.target is None else f"{row.target:.2f}",
                    *(row.ratio(other) for other in others),
                ]
                for row in self.rows.values()
            ),
        ]

    def kept(self) -> dict[str, Any]:
        """Return what JSON can hold; :meth:`read` reads it."""
        return {"base": self.base, "ours": self.ours, "rows": [vars(row) for row in self.rows.values()]}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Table:
        """Make one from what :meth:`kept` returned."""
        table = cls(kept["base"], kept["ours"])
        table.rows = {row["name"]: Row(**row) for row in kept["rows"]}
        return table


@dataclass
class Curve:
    """
    The cost of one thing as another grows.

    :ivar title: what is measured.
    :ivar grows: what grows, with its unit.
    :ivar costs: the cost, with its unit.
    :ivar lines: by their names, the points measured, each with the figures of all rounds.
    """

    title: str
    grows: str
    costs: str
    lines: dict[str, dict[float, list[float]]] = field(default_factory=dict)

    def add(self, line: str, at: float, value: float) -> None:
        """Add the result of one round."""
        self.lines.setdefault(line, {}).setdefault(at, []).append(value)

    def medians(self) -> dict[str, list[tuple[float, float]]]:
        """Return the points of each line."""
        return {
            name: [(at, median(values)) for at, values in sorted(points.items())] for name, points in self.lines.items()
        }

    def cells(self) -> list[list[str]]:
        """Return the rows of a table, the head first, then one for each line."""
        medians = self.medians()
        places = sorted({at for points in medians.values() for at, _ in points})
        return [
            [f"{self.grows}:", *(f"{at:g}" for at in places)],
            *(
                [name, *(f"{found[at]:.1f}" if at in found else "" for at in places)]
                for name, found in ((name, dict(points)) for name, points in medians.items())
            ),
        ]

    def kept(self) -> dict[str, Any]:
        """Return what JSON can hold; :meth:`read` reads it."""
        return {**vars(self), "lines": {name: list(points.items()) for name, points in self.lines.items()}}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Curve:
        """Make one from what :meth:`kept` returned."""
        return cls(**{**kept, "lines": {name: dict(points) for name, points in kept["lines"].items()}})
