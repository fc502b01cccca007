# -*- test-case-name: tests.project.test_prose -*-
"""
Wrap the paragraphs of the documents: ``python -m tools.prose``.

A paragraph, or an item of a list, that has a line longer than 120 columns is filled again. All others stay as they are,
and so do tables, literals, comments, and directives that are not listed here, whose content may not be prose.
"""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
WIDTH = 120
#: Directives whose content is paragraphs.
_PROSE = {"admonition", "glossary", "important", "list-table", "note", "seealso", "tip", "warning"}
_DIRECTIVE = re.compile(r" *\.\. ([\w-]+)::")
_OPTION = re.compile(r" +:[\w-]+:( |$)")
_RULE = re.compile(r" *(=+( +=+)+|\+[-=+]+\+) *$")
#: The mark of an item, or of several that begin in one line, with the blanks behind it.
_ITEM = re.compile(r" *(([*+-]|\d+\.|#\.) +)+(?=\S)")
#: An item that is one literal, as a message that is quoted in full.
_QUOTED = re.compile(rf"{_ITEM.pattern}``[^`]+``$")


def documents(root: Path = ROOT) -> list[Path]:
    """Return all documents of the tree, of the news and of the examples."""
    folders = ("", "docs", "benchmarks", "examples", "newsfragments", "stress", "tests/vectors")
    return sorted(path for folder in folders for path in (root / folder).glob("*.rst"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _start(line: str) -> int:
    """Return where the text of a line begins, behind the mark of an item."""
    item = _ITEM.match(line)
    return item.end() if item else _indent(line)


def _isProse(lines: list[str]) -> Iterator[bool]:
    """Generate for each line whether it belongs to a paragraph."""
    #: Lines that are indented more than this are no prose, for as long as there are such.
    outer: int | None = None
    isTable = isOption = False
    for number, line in enumerate(lines):
        if not line.strip():
            # A simple table may have empty lines; it ends with a rule.
            isTable = isTable and not _RULE.match(lines[number - 1])
            isOption = False
            yield False
            continue
        if outer is not None and _indent(line) > outer:
            yield False
            continue
        outer = None
        isOption = isOption and bool(_OPTION.match(line))
        isTable = isTable or bool(_RULE.match(line))
        directive = _DIRECTIVE.match(line)
        if directive and directive[1] in _PROSE:
            isOption = True
        elif line.lstrip().startswith(".."):
            outer = _indent(line)
        elif line.endswith("::") and not any(lines[number + 1 : number + 2]):
            outer = _start(line)
        yield not (isTable or isOption or line.lstrip().startswith(("..", "| ")) or _QUOTED.match(line))


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Generate the first line of each paragraph, and the one behind its last."""
    prose = [*_isProse(lines), False]
    begin = 0
    while begin < len(lines):
        end, start = begin + 1, _start(lines[begin])
        while prose[begin] and prose[end] and not _ITEM.match(lines[end]) and _indent(lines[end]) == start:
            end += 1
        if prose[begin]:
            yield begin, end
        begin = end


def tooLong(text: str) -> list[int]:
    """Return the numbers of the lines of prose that are too long."""
    lines = text.split("\n")
    pairs = enumerate(zip(lines, _isProse(lines), strict=True), 1)
    return [number for number, (line, isProse) in pairs if isProse and len(line) > WIDTH]


def wrapped(text: str) -> str:
    """Return the text with those paragraphs wrapped that are too wide."""
    lines = text.split("\n")
    for begin, end in reversed([*_paragraphs(lines)]):
        if any(len(line) > WIDTH for line in lines[begin:end]):
            start = _start(lines[begin])
            words = " ".join([lines[begin][start:], *(line.strip() for line in lines[begin + 1 : end])])
            filler = textwrap.TextWrapper(break_long_words=False, break_on_hyphens=False)
            filler.initial_indent, filler.subsequent_indent = lines[begin][:start], " " * start
            for width in range(WIDTH, 0, -1):
                filler.width = width
                filled = filler.wrap(words)
                # A word at the beginning of a line may look as if an item began there.
                if not any(map(_ITEM.match, filled[1:])):
                    break
            lines[begin:end] = filled
    return "\n".join(lines)


def main() -> None:
    """Wrap all documents."""
    for path in documents():
        text = path.read_text("utf-8")
        if tooLong(text):
            path.write_text(wrapped(text), "utf-8")


if __name__ == "__main__":
    main()
