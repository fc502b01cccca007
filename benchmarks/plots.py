# -*- test-case-name: tests.test_figures -*-
"""
Drawings of what was found, as SVG: small files that a diff can show, and no library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil, floor, log10
from statistics import median
from typing import Final

from .figures import Curve, Row, Table
from .servers import RAW

#: Who has which colour, in the order in which colours are given; told apart by people who see few.
_COLOURS: Final = ("#777777", "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7")
_SERVERS: Final = _COLOURS[:2]
_FONT: Final = 'font-family="sans-serif" font-size="12" fill="#222222"'
_GRID: Final = "#dddddd"
_WIDTH, _HEIGHT = 400, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 30, 82
_LABELS: Final = 290
_ROW: Final = 24
#: The axis of ratios.
_LEAST, _MOST = 0.2, 12.0


def _text(x: float, y: float, text: str, anchor: str = "start", style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, style: str = "") -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{style}/>'


def _dot(x: float, y: float, colour: str, radius: float = 3) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'


def _document(width: float, height: float, parts: Iterable[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" {_FONT}>'
    paper = f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>'
    return "\n".join([head, paper, *parts, "</svg>", ""])


def ticks(most: float) -> list[float]:
    """
    :return: about four round numbers from 0 on, the last of them no smaller than ``most``.
    """
    raw = most / 4 or 1
    unit = 10 ** floor(log10(raw))
    step = next(one * unit for one in (1, 2, 2.5, 5, 10) if one * unit >= raw * 0.999)
    return [number * step for number in range(ceil(most / step - 0.001) + 1)]


class _Panel:
    """
    One curve: what grows to the right, by the logarithm; the cost upwards, from zero, so that a cliff looks like one.
    """

    def __init__(self, curve: Curve, x: float, y: float) -> None:
        self._curve = curve
        self._lines = curve.medians()
        points = [point for line in self._lines.values() for point in line]
        self._places = sorted({at for at, _ in points})
        self._ticks = ticks(max(cost for _, cost in points))
        self._x, self._y = x, y

    def _across(self, at: float) -> float:
        first, last = log10(self._places[0]), log10(self._places[-1])
        share = (log10(at) - first) / ((last - first) or 1)
        return self._x + _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def _up(self, cost: float) -> float:
        return self._y + _HEIGHT - _BOTTOM - cost / self._ticks[-1] * (_HEIGHT - _TOP - _BOTTOM)

    def draw(self) -> list[str]:
        title = f"{self._curve.title}: {self._curve.costs}"
        parts = [_text(self._x + 8, self._y + 18, title, style=' font-weight="bold"')]
        for tick in self._ticks:
            parts.append(
                _line(self._across(self._places[0]), self._up(tick), self._x + _WIDTH - _RIGHT, self._up(tick), _GRID)
            )
            parts.append(_text(self._x + _LEFT - 6, self._up(tick) + 4, f"{tick:g}", "end"))
        parts += self._places_()
        for name, line in self._lines.items():
            colour, dashes = self._style(name)
            path = " ".join(f"{self._across(at):.1f},{self._up(cost):.1f}" for at, cost in line)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
            parts += [_dot(self._across(at), self._up(cost), colour) for at, cost in line]
        return parts + self._legend()

    def _places_(self) -> list[str]:
        parts, last = [], -100.0
        for at in self._places:
            x = self._across(at)
            # A label only where there is room for one.
            if x - last > 34:
                parts.append(_text(x, self._up(0) + 16, f"{at:g}", "middle"))
                last = x
        return [*parts, _text(self._x + (_WIDTH + _LEFT - _RIGHT) / 2, self._up(0) + 32, self._curve.grows, "middle")]

    def _style(self, name: str) -> tuple[str, str]:
        """A server has the same colour everywhere; what it does in another way is dashed."""
        server, _, way = name.partition(",")
        return _SERVERS[server != RAW], ' stroke-dasharray="5 3"' if way else ""

    def _legend(self) -> list[str]:
        parts = []
        for number, name in enumerate(self._lines):
            colour, dashes = self._style(name)
            x, y = self._x + 12 + number % 2 * _WIDTH / 2, self._y + _HEIGHT - 26 + number // 2 * 16
            parts += [_line(x, y - 4, x + 22, y - 4, colour, 2, dashes), _text(x + 28, y, name)]
        return parts


def curves(found: Sequence[Curve], columns: int = 2) -> str:
    """
    :return: a drawing of all of them, side by side.
    """
    parts: list[str] = []
    for number, curve in enumerate(found):
        parts += _Panel(curve, number % columns * _WIDTH, number // columns * _HEIGHT).draw()
    return _document(columns * _WIDTH, ceil(len(found) / columns) * _HEIGHT, parts)


def _ratioAcross(ratio: float) -> float:
    share = log10(min(max(ratio, _LEAST), _MOST) / _LEAST) / log10(_MOST / _LEAST)
    return _LABELS + share * (2 * _WIDTH - _LABELS - 20)


def ratios(table: Table) -> str:
    """
    :return: a drawing of all rows: a dot for each server, where 1 is what the base costs; to the left is less. Of ours
        there is the spread, and the goal as an upright line.
    """
    servers = [table.base, table.ours, *table.others()]
    colours = dict(zip(servers, _COLOURS, strict=False))
    rows = list(table.rows.values())
    bottom = 60 + _ROW * len(rows)
    parts = [
        _text(
            8,
            18,
            f"CPU, time and memory, where {table.base} is 1; less is better, and a dashed line is the goal",
            style=' font-weight="bold"',
        )
    ]
    for tick in (0.25, 0.5, 1, 2, 4, 8):
        x = _ratioAcross(tick)
        parts += [_line(x, 52, x, bottom, "#777777" if tick == 1 else _GRID), _text(x, 46, f"{tick:g}", "middle")]
    for number, row in enumerate(rows):
        parts += _ratioRow(row, table, 68 + _ROW * number, colours)
    for number, (name, colour) in enumerate(colours.items()):
        x = 12 + number * (2 * _WIDTH - 20) / len(colours)
        parts += [_dot(x, bottom + 20, colour, 5), _text(x + 10, bottom + 24, name)]
    return _document(2 * _WIDTH, bottom + 36, parts)


def _ratioRow(row: Row, table: Table, y: float, colours: dict[str, str]) -> list[str]:
    parts = [_text(_LABELS - 10, y + 4, row.name, "end")]
    for name, colour in colours.items():
        if name in (table.base, table.ours) or name not in row.found:
            continue
        parts.append(_dot(_ratioAcross(median(row.ratios(name))), y, colour, 4))
    own, colour = row.ratios(table.ours), colours[table.ours]
    parts.append(_line(_ratioAcross(min(own)), y, _ratioAcross(max(own)), y, colour, 2))
    parts.append(_dot(_ratioAcross(median(own)), y, colour, 5))
    if row.target is not None:
        goal = _ratioAcross(row.target)
        parts.append(_line(goal, y - 8, goal, y + 8, colour, 1, ' stroke-dasharray="3 2"'))
    return parts
