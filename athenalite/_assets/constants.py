# -*- test-case-name: tests.assets.test_constants -*-
"""
Shortens the names of constants, of private fields and of local variables (:mod:`athenalite._assets.scopes`) in a linked
script. A constant is what a module declares in capitals. Names of functions, classes and methods are kept, because a
stack trace may contain them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from string import ascii_uppercase
from typing import Final

from .compact import MARK
from .jstokens import WORD, LexicalError, Token

_CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9]*_?[A-Z0-9_]+")
_PRIVATE: Final = re.compile(r"#\w+")
#: For local names. The most frequent letters of English texts come first, because a script is gzipped.
_LETTERS: Final = "etnrsoialcdmuhpfgvbyxkwzjq" + ascii_uppercase
_MARKED: Final = re.compile(f"{MARK}(#?{WORD.pattern}){MARK}")
#: The short names are one of these and a number. No module may use such a name itself.
_PREFIX: Final = "$"
_PRIVATE_PREFIX: Final = "#$"
_SHORT: Final = re.compile(r"#?\$\d+")


def marked(tokens: Sequence[Token]) -> frozenset[int]:
    """
    :param tokens: of one module.
    :return: where the tokens begin that may get short names, to be marked for :func:`shortened`.
    """
    found = [index for index, token in enumerate(tokens) if _isConstant(token) and not _isProperty(tokens, index)]
    return frozenset(
        (*(tokens[index].start for index in found), *(token.start for token in tokens if _isPrivate(token)))
    )


def namesKept(tokens: Sequence[Token]) -> frozenset[str]:
    """
    :return: the names that must stay: they are names of properties as well, in ``{NAME}`` or ``{NAME: 1}``, say; or of
        private methods, or fields that are called.
    :raise LexicalError: at a name that is reserved for the short ones.
    """
    found: set[str] = set()
    brackets: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind == "punctuation" and token.text in ("(", "[", "{"):
            brackets.append(token.text)
        elif token.kind == "punctuation" and token.text in (")", "]", "}"):
            del brackets[-1:]
        elif _SHORT.fullmatch(token.text):
            raise LexicalError(token.start, f"the name {token.text} is reserved for constants")
        elif _isPrivate(token) and index + 1 < len(tokens) and tokens[index + 1].isOne("punctuation", "("):
            found.add(token.text)
        elif _isConstant(token) and brackets[-1:] == ["{"] and index + 1 < len(tokens):
            before, after = tokens[index - 1], tokens[index + 1]
            if before.isOne("punctuation", "{", ",") and after.isOne("punctuation", ",", "}", ":", "=", "("):
                found.add(token.text)
    return frozenset(found)


def shortened(text: str, declared: Iterable[str], keep: Collection[str]) -> str:
    """
    :param text: a script of modules with marks.
    :param declared: what its modules declare.
    :param keep: the names that must stay.
    :return: the script without marks. Its local names are none that it has for anything else.
    """
    constants = [name for name in dict.fromkeys(declared) if _CONSTANT.fullmatch(name) and name not in keep]
    fields = [name for name in dict.fromkeys(_MARKED.findall(text)) if _PRIVATE.fullmatch(name) and name not in keep]
    short = {name: f"{_PREFIX}{number}" for number, name in enumerate(constants)}
    short |= {name: f"{_PRIVATE_PREFIX}{number}" for number, name in enumerate(fields)}
    taken = set(WORD.findall(text))
    free = (name for name in _letters() if name not in taken)
    numbers = sorted({name for name in _MARKED.findall(text) if name.isdigit()}, key=int)
    short |= zip(numbers, free, strict=False)
    return _MARKED.sub(lambda match: short.get(match[1], match[1]), text)


def _isConstant(token: Token) -> bool:
    return token.kind == "word" and _CONSTANT.fullmatch(token.text) is not None


def _isPrivate(token: Token) -> bool:
    return token.kind == "word" and token.text.startswith("#")


def _isProperty(tokens: Sequence[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].isOne("punctuation", ".", "?.")


def _letters() -> Iterator[str]:
    for length in itertools.count(1):
        yield from map("".join, itertools.product(_LETTERS, repeat=length))
