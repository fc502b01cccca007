# -*- test-case-name: tests.assets.test_jstokens -*-
"""
The tokens of a JavaScript module, and what a bracket encloses: :class:`Token`, :class:`Role`.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, NamedTuple

#: Behind these words a value begins.
_OPERATORS: Final = frozenset(
    ("await", "case", "const", "default", "delete", "do", "else", "export", "extends", "in", "instanceof", "let", "new")
    + ("of", "return", "throw", "typeof", "var", "void", "yield")
)
#: A word wherever it is in a text, in a string or a comment, too.
WORD: Final = re.compile(r"[\w$]+")
#: The bracket that opens what a closing one closes.
OPENING: Final = MappingProxyType({")": "(", "]": "[", "}": "{"})


class Role(Enum):
    """What a bracket encloses."""

    #: A value, arguments or parameters, in parentheses, square brackets or a template.
    VALUE = auto()
    #: The parentheses of ``if``, ``while``, ``for`` or ``with``.
    CONTROL = auto()
    #: The parameters of a function that is declared.
    PARAMETERS = auto()
    #: The parameters of a function that is a value.
    VALUE_PARAMETERS = auto()
    #: Statements, of a block, a method or a function that is declared; or the names or attributes of an import.
    BLOCK = auto()
    #: The statements of a function that is a value.
    VALUE_BLOCK = auto()
    #: An object literal, or a pattern.
    OBJECT = auto()
    #: The members of a class that is declared.
    CLASS = auto()
    #: The members of a class that is a value.
    VALUE_CLASS = auto()


#: Behind a bracket of such a role a slash divides.
_VALUES: Final = frozenset((Role.VALUE, Role.VALUE_BLOCK, Role.OBJECT, Role.VALUE_CLASS))


class Token(NamedTuple):
    """One token: ``kind`` is ``"string"``, ``"word"``, ``"value"`` (all other literals) or ``"punctuation"``."""

    kind: str
    text: str
    start: int
    #: The role of the innermost bracket that is open; a bracket has its own. None at the top level.
    role: Role | None
    #: Whether it is a word that is no keyword because of its place: a property's or a member's name.
    isName: bool = False

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def endsValue(self) -> bool:
        """Whether a slash behind it divides."""
        if self.kind == "word":
            return self.isName or self.text not in _OPERATORS
        if self.kind == "punctuation":
            return self.text in ("++", "--") or (self.text in OPENING and self.role in _VALUES)
        return True

    def isOne(self, kind: str, *texts: str) -> bool:
        """Whether it is of this kind, has one of these texts, and is no name."""
        return self.kind == kind and self.text in texts and not self.isName


class LexicalError(ValueError):
    """
    A text is not valid JavaScript.

    :ivar start: the offset of the error.
    """

    def __init__(self, start: int, why: str) -> None:
        super().__init__(why)
        self.start = start


#: Stands for what is before the first token: a statement ends there.
NOTHING: Final = Token("punctuation", ";", 0, None)
