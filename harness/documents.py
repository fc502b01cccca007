# -*- test-case-name: tests.project.test_figures -*-
"""Tables of figures, and the places of the documents where they are published."""

from __future__ import annotations

import os
import platform
import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from .server import ROOT


def columns(cells: Sequence[Sequence[str]]) -> list[str]:
    """
    :param cells: rows of the same length, the first of them the head.
    :return: a simple table of reST, which is readable as plain text.
    """
    widths = [max(1, *(len(row[column]) for row in cells)) for column in range(len(cells[0]))]
    rule = "  ".join("=" * width for width in widths)
    # A cell of the first column that is empty would continue the row above.
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [rule, lines[0], rule, *lines[1:], rule]


def replaced(text: str, name: str, lines: Sequence[str]) -> str:
    """
    :return: the text, with these lines between ``.. figures NAME begin`` and ``.. figures NAME end``.
    :raise ValueError: if these comments are not there.
    """
    found = re.compile(rf"(?ms)^(\.\. figures {name} begin[^\n]*\n).*?^(\.\. figures {name} end)$")
    if len(found.findall(text)) != 1:
        raise ValueError(f"there is not one place for {name}")
    return found.sub(lambda match: "\n".join([match[1], *lines, "", match[2]]), text)


def publish(document: str, texts: Mapping[str, Sequence[str]], root: Path = ROOT) -> None:
    """
    Write texts into a document of the tree, by the names of their places.

    :raise ValueError: if the document has no such place.
    """
    path = root / document
    text = path.read_text("utf-8")
    for name, lines in texts.items():
        text = replaced(text, name, lines)
    path.write_text(text, "utf-8")


def prose(text: str) -> list[str]:
    """Return the text in lines as long as those of the documents."""
    return textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False)


def show(name: str, command: str, lines: Sequence[str], isPublished: bool, where: str = "") -> None:
    """
    Print the lines after the date, the command and the machine. If they are published, put all of this into
    ``docs/performance.rst``, at the place of this name.

    :param where: the conditions, if they are more than the machine.
    """
    shown = [*prose(f"{today()}, ``{command}``; {where or machine()}."), "", *lines]
    print("\n".join(shown))
    if isPublished:
        publish("docs/performance.rst", {name: shown})


def machine() -> str:
    """Describe the machine."""
    about = Path("/proc/cpuinfo")
    models = re.findall(r"(?m)^model name\s*: (.*)$", about.read_text("utf-8")) if about.exists() else []
    name = models[0] if models else platform.machine()
    return f"{os.cpu_count()} cores ({name}), Linux {platform.release()}, Python {platform.python_version()}"


def today() -> str:
    """Return the date, in UTC."""
    return f"{datetime.now(UTC):%Y-%m-%d}"
