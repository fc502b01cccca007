# -*- test-case-name: tests.text.test_markup -*-
"""
Markup that a document contains as it is, and the words of attributes that are true or false.

Twisted has no type for markup in a document: :class:`Flat` passes as bytes that need no escaping.
"""

from __future__ import annotations

import re
import sys
import warnings
from types import MappingProxyType
from typing import Any, Final, SupportsIndex

# Markup in an attribute, whose quotes and references are escaped again, once. A text in the slot of a pattern is
# escaped by _live/compiled.py, as Twisted's flattener does.
_ESCAPES: Final = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;"))
#: One that begins no reference to a character.
_AMPERSAND: Final = re.compile(rb"&(?!#?\w+;)")

#: Attributes whose values have words for False and True. Others are false if they are absent.
_WORDS: Final = MappingProxyType(
    {
        "autocomplete": ("off", "on"),
        "contenteditable": ("false", "true"),
        "draggable": ("false", "true"),
        "spellcheck": ("false", "true"),
        "translate": ("no", "yes"),
        "writingsuggestions": ("false", "true"),
    }
)
#: Attributes of HTML that take text or a number, for which Nevow wrote "True" and "False".
_TEXTS: Final = frozenset(
    ("abbr", "action", "alt", "class", "content", "data", "for", "href", "id", "label", "name", "src", "style", "title")
    + ("type", "value")
)


class raw(str):
    """
    Markup as text: what :func:`athenalite.flat.flatten` returns. In a document it is not escaped again.
    """


class Flat(bytes):
    """Markup. Twisted escapes bytes by ``replace``; of quotes only where they stand in an attribute."""

    def replace(self, old: Any, new: Any, count: SupportsIndex = -1, /) -> bytes:
        return self if old != b'"' else self._escaped()

    def _escaped(self) -> bytes:
        escaped = bytes(self)
        for character, reference in _ESCAPES:
            escaped = escaped.replace(character, reference)
        return escaped


class FlatText(Flat):
    """The markup of a :class:`raw`, whose references to characters are not escaped again in an attribute."""

    def _escaped(self) -> bytes:
        escaped = _AMPERSAND.sub(b"&amp;", self)
        for character, reference in _ESCAPES[1:]:
            escaped = escaped.replace(character, reference)
        return escaped


def booleanValue(name: str, value: bool) -> str | None:
    """
    :param name: of an attribute.
    :return: its text for ``value``; None if the attribute is to be left out.
    """
    if name in _TEXTS:
        warnings.warn(
            f"The attribute {name}={value!r} is {'empty' if value else 'left out'}, where Nevow wrote "
            f'{name}="{value}": give it a text, or None',
            stacklevel=_levelsHere(),
        )
    no, yes = _WORDS.get(name, ("false", "true") if name.startswith(("aria-", "data-")) else (None, ""))
    return yes if value else no


def _levelsHere() -> int:
    """The number of frames up to the application's, for a warning to name its line."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("athenalite."):
        level, frame = level + 1, frame.f_back
    return level
