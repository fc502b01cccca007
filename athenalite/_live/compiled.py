# -*- test-case-name: tests.live.test_compiled -*-
"""
Patterns that are flattened once, and items that are such a pattern with text in its slots: two of them differ in the
texts, so that their markup is neither written nor split to find what has changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from .versions import OVERHEAD, Pieces, difference, split

#: Characters that no text has, around the name of a slot in the markup of a pattern.
_MARK: Final = "\ufdd1"
_MARKS: Final = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")

#: A piece of the markup: its index, how it begins, and the indices of the texts in it, each with what is behind it.
_Piece: TypeAlias = tuple[int, str, list[tuple[int, str]]]


def mark(name: str) -> str:
    """
    :return: what stands for the slot ``name`` in the markup of a pattern.
    """
    return f"{_MARK}{name}{_MARK}"


class Compiled:
    """
    The markup of a pattern with slots.

    :ivar size: how many characters it has without them.
    :ivar order: of the texts in the slots, by their indices.
    :ivar pieces: those with slots.
    """

    def __init__(self, markup: str) -> None:
        """
        :param markup: with the :func:`mark` of each slot.
        """
        #: The texts, each once: the name of its slot, and whether it is in an attribute, where more is escaped.
        self._texts: list[tuple[str, bool]] = []
        # Markup and names in turn; texts are put into a copy.
        self._parts: list[str] = _MARKS.split(markup)
        self.order: list[int] = []
        before = ""
        for part, name in zip(self._parts[::2], [*self._parts[1::2], None], strict=True):
            before += part
            if name is not None:
                self.order.append(self._text(name, before.rfind("<") > before.rfind(">")))
        self.size = len(before)
        indices = iter(self.order)
        self.pieces: list[_Piece] = [
            (at, statics[0], [(next(indices), static) for static in statics[2::2]])
            for at, statics in enumerate(map(_MARKS.split, split(markup)))
            if len(statics) > 1
        ]

    def _text(self, name: str, isQuoted: bool) -> int:
        text = name, isQuoted
        if text not in self._texts:
            self._texts.append(text)
        return self._texts.index(text)

    def filled(self, values: Mapping[str, Any]) -> Filled | None:
        """
        :param values: by the names of the slots.
        :return: the pattern with these; None unless all are text that no parser changes.
        """
        texts: list[str] = []
        for name, isQuoted in self._texts:
            value = values.get(name)
            if type(value) is not str:
                return None
            if not value.isalnum():
                # An HTML parser needs another character.
                if "\0" in value:
                    return None
                if not value.isascii():
                    # A lone surrogate is an error in later renderings too.
                    value.encode("utf-8")
                # As Twisted's flattener escapes, in text and in attributes: an item that is rendered in the usual way
                # must have equal markup. Here it is text; in _text/markup.py it is the markup of a document, as bytes.
                value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                if isQuoted:
                    value = value.replace('"', "&quot;")
            texts.append(value)
        return Filled(self, tuple(texts))

    def markup(self, texts: tuple[str, ...]) -> str:
        """Return the markup with these, escaped, in the slots."""
        parts = self._parts.copy()
        parts[1::2] = map(texts.__getitem__, self.order)
        return "".join(parts)


class Filled(NamedTuple):
    """
    A pattern with text in its slots. Equal ones have equal markup, which is the same for Twisted's flattener and for an
    HTML parser.

    :ivar texts: escaped.
    """

    pattern: Compiled
    texts: tuple[str, ...]

    @property
    def markup(self) -> str:
        """The markup."""
        return self.pattern.markup(self.texts)

    @property
    def size(self) -> int:
        """How many characters it has, where each text is counted once."""
        return self.pattern.size + len("".join(self.texts))

    def since(self, old: Filled) -> Pieces | None:
        """
        :return: the :func:`athenalite._live.versions.difference` between the markup of ``old`` and of this.
        """
        if old.pattern is not self.pattern or '"' in "".join(old.texts + self.texts):
            # A quote in text is the end of a piece.
            return difference(old.markup, self.markup)
        before, after = old.texts, self.texts
        pieces: Pieces = []
        size = 0
        for at, piece, rest in self.pattern.pieces:
            isChanged = False
            for index, static in rest:
                isChanged = isChanged or before[index] != after[index]
                piece += after[index] + static
            if isChanged:
                pieces += at, piece
                size += len(piece) + OVERHEAD
        return pieces if size < self.size or size < len(self.markup) else None


def flatMarkup(markup: bytes | Filled) -> bytes:
    """
    :return: the markup of an item as Twisted writes it.
    """
    return markup.markup.encode("utf-8") if isinstance(markup, Filled) else markup


def since(old: str | Filled, new: str | Filled) -> Pieces | str:
    """
    :return: what is sent for ``new`` where the browser has ``old``: the pieces that differ, or the whole.
    """
    if isinstance(old, Filled) and isinstance(new, Filled):
        return new.since(old) or new.markup
    return difference(textOf(old), textOf(new)) or textOf(new)


def textOf(markup: str | Filled) -> str:
    """
    :return: the markup for an HTML parser.
    """
    return markup if isinstance(markup, str) else markup.markup
