# -*- test-case-name: tests.project.test_porting -*-
"""
``python -m tools.portingtable`` writes the table of Nevow's names into docs/porting.rst, from the one that the command
for porting uses.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from athenalite._porting.names import MODULES, NAMES, Name

DOCUMENT = Path(__file__).parent.parent / "docs" / "porting.rst"
_BEGIN = ".. The table is made by: python -m tools.portingtable\n"
_END = "\n.. The end of the table.\n"


def _ordered() -> Iterator[Name]:
    # Each module with its names.
    for module in MODULES:
        yield module
        yield from (row for row in NAMES if row not in MODULES and row.old.rpartition(".")[0] == module.old)


def _plain(row: Name) -> str:
    # An underscore at the end of a word would be a link.
    advice = re.sub(r"_+(?!\w)", lambda match: r"\_" * len(match[0]), row.advice)
    return "; ".join(part for part in (row.new and f"``{row.new}``", advice) if part)


def table() -> str:
    """
    :return: the table, as reST.
    """
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 40 60", "", "   * - Nevow's name", "     - use"]
    for row in _ordered():
        lines += [f"   * - ``{row.old}``", f"     - {_plain(row)}"]
    return "\n".join(lines) + "\n"


def replaced(text: str) -> str:
    """
    :param text: of the document.
    :return: it, with the table of today.
    """
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{table()}{_END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(replaced(DOCUMENT.read_text("utf-8")), "utf-8")
