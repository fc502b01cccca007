# -*- test-case-name: tests.assets.test_compact -*-
"""
Minifies a script: removes comments, indentation, empty lines, and blanks between tokens that are separate without them.
Names are kept, and line ends except those before closing brackets, so that an error still names a function and a line
with one statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from .jstokens import Token

#: Two characters that would mean something else side by side. The last two begin and end a comment in classic scripts.
_APART: Final = frozenset(("++", "--", "<!", "->"))
_CLOSING: Final = frozenset((")", "]", "}"))
#: Stands before and behind a marked token.
MARK: Final = "\0"


def compact(text: str, tokens: Iterable[Token], marked: Collection[int] = ()) -> str:
    """
    :param text: a script.
    :param tokens: those of its tokens that are to stay.
    :param marked: where tokens begin that get a :data:`MARK` on either side.
    :return: these in the same order, with an end of line wherever there was one between them, but not before a closing
        bracket.
    """
    parts: list[str] = []
    end = 0
    for token in tokens:
        between = text[end : token.start]
        if "\n" in between and end:
            # A line of closing brackets alone has no statement that an error could name.
            if token.text not in _CLOSING or token.kind != "punctuation":
                parts.append("\n")
        elif between and end and _isNeeded(text[end - 1], text[token.start]):
            parts.append(" ")
        parts.append(f"{MARK}{token.text}{MARK}" if token.start in marked else token.text)
        end = token.end
    return "".join([*parts, "\n"]) if parts else ""


def _isNeeded(before: str, after: str) -> bool:
    if "/" in (before, after):
        return True
    if _isInName(before):
        # 1 .x, and 1.x, differ.
        return _isInName(after) or (after == "." and before.isdigit())
    return before + after in _APART


def _isInName(character: str) -> bool:
    return character.isalnum() or character in "_$\\" or not character.isascii()
