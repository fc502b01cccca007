# -*- test-case-name: tests.project.test_figures -*-
"""The results of the benchmarks: a table's rows and curves, as text and as JSON."""

from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final, Self

import msgspec

_SCALE: Final = {"us": 1e6, "ms": 1e3, "KiB": 1 / 1024}


class Kept:
    """What is kept as JSON."""

    def kept(self) -> Any:
        """Return what JSON can hold; :meth:`read` reads it."""
        return msgspec.to_builtins(self, str_keys=True)

    @classmethod
    def read(cls, kept: Any) -> Self:
        """Make one from what :meth:`kept` returned."""
        # Not strict, because the keys of JSON are strings.
        return msgspec.convert(kept, cls, strict=False)


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

    def ratio(self, name: str) -> str:
        """Return the median of the ratios; empty if nothing was measured."""
        return f"{median(self.ratios(name)):.2f}" if name in self.found else ""

    def cells(self, ours: str, others: list[str]) -> list[str]:
        """Return the row of the table: our cost with its ratio, and the ratios of others."""
        amounts = [f"{median(self.found[name]) * _SCALE[self.unit]:.1f} {self.unit}" for name in (self.base, ours)]
        spread = f"{min(self.ratios(ours)):.2f} to {max(self.ratios(ours)):.2f}"
        target = "" if self.target is None else f"{self.target:.2f}"
        return [self.name, *amounts, self.ratio(ours), spread, target, *map(self.ratio, others)]


@dataclass
class Table(Kept):
    """
    Rows by their names, in the order in which they were added.

    :ivar base: the server that all others are compared with.
    :ivar ours: the server that has the goals.
    """

    base: str
    ours: str
    rows: dict[str, Row] = field(default_factory=dict)

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
        head = ["", self.base, self.ours, "ratio", "spread", "to reach", *self.others()]
        return [head, *(row.cells(self.ours, self.others()) for row in self.rows.values())]


@dataclass
class Curve(Kept):
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

    def medians(self) -> dict[str, dict[float, float]]:
        """Return the points of each line, in their order."""
        return {
            name: {at: median(values) for at, values in sorted(points.items())} for name, points in self.lines.items()
        }

    def cells(self) -> list[list[str]]:
        """Return the rows of a table, the head first, then one for each line."""
        lines = self.medians()
        places = sorted({at for points in lines.values() for at in points})
        head = [f"{self.grows}:", *(f"{at:g}" for at in places)]
        rows = []
        for name, points in lines.items():
            rows.append([name, *(f"{points[at]:.1f}" if at in points else "" for at in places)])
        return [head, *rows]
