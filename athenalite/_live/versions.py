# -*- test-case-name: tests.live.test_versions -*-
"""
Differences between two renderings: pieces of markup, and the order of keyed items. ``js/live/pieces.js`` applies them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, TypeAlias

#: A piece of markup ends at one of these, so that text, a tag's name or an attribute's value can be replaced alone.
_PIECE: Final = re.compile(r'[^"<>]*["<>]|[^"<>]+')
#: About what a piece costs in a message besides its text: its index, quotes and commas.
OVERHEAD: Final = 8

#: Indices and texts in turn: ``[3, "new", 7, "text"]``.
Pieces: TypeAlias = list[int | str]
#: Keys, each with the key that it is put before; None for the end.
Moves: TypeAlias = list[tuple[str | None, str | None]]


def split(markup: str) -> list[str]:
    """
    :return: the pieces of ``markup``; joined, they are ``markup`` again.
    """
    return _PIECE.findall(markup)


def difference(old: str, new: str) -> Pieces | None:
    """
    :return: the pieces of ``new`` that differ, with their indices; None if ``new`` itself is shorter.
    """
    before, after = split(old), split(new)
    if len(before) != len(after):
        return None
    pieces: Pieces = []
    size = 0
    for index, (one, other) in enumerate(zip(before, after, strict=True)):
        if one != other:
            pieces += [index, other]
            size += len(other) + OVERHEAD
    return pieces if size < len(new) else None


def applied(pieces: Pieces, old: str) -> str:
    """
    :return: the text of which ``pieces`` is the :func:`difference` to ``old``.
    """
    parts = split(old)
    for index, piece in zip(pieces[::2], pieces[1::2], strict=True):
        assert isinstance(index, int) and isinstance(piece, str)
        parts[index] = piece
    return "".join(parts)


def moves(old: Sequence[str | None], new: Sequence[str | None]) -> Moves:
    """
    :param old: the keys in their order, without those that are gone.
    :param new: the keys in their new order, with those that were added.
    :return: what to do, one after the other, for the new order. The fewest keys move: a longest run of keys whose order
        is right stays.
    """
    if old == new:
        return []
    positions = {key: index for index, key in enumerate(old)}
    stays = _longestRun([positions.get(key, -1) for key in new])
    found: Moves = []
    before: str | None = None
    for index in range(len(new) - 1, -1, -1):
        if index not in stays:
            found.append((new[index], before))
        before = new[index]
    return found


def _longestRun(positions: Sequence[int]) -> set[int]:
    """Return the indices of a longest rising subsequence, without negative positions."""
    lasts: list[int] = []
    ends: list[int] = []
    previous: dict[int, int] = {}
    for index, position in enumerate(positions):
        if position < 0:
            continue
        length = bisect_left(lasts, position)
        if length:
            previous[index] = ends[length - 1]
        lasts[length : length + 1] = [position]
        ends[length : length + 1] = [index]
    run: set[int] = set()
    at = ends[-1] if ends else None
    while at is not None:
        run.add(at)
        at = previous.get(at)
    return run
