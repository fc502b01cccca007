# -*- test-case-name: tests.assets.test_unused -*-
"""
What a linked script declares and does not use: functions of its modules that are for other scripts, and constants. The
value of a constant must have no effect, unless something is awaited, new or assigned in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from .jstokens import WORD, Token

_EFFECTS: Final = ("=", "++", "--", "await", "delete", "new")


class Declaration(NamedTuple):
    """A function or a constant of a module, and its text as it is transferred."""

    name: str
    text: str


def declarations(tokens: Sequence[Token], write: Callable[[Sequence[Token]], str]) -> Iterator[Declaration]:
    """
    :param tokens: of one module.
    :param write: returns the text of some of them as it is transferred.
    :return: what can be left out.
    """
    for index, token in enumerate(tokens):
        if token.role is None and token.isOne("word", "function"):
            start = index - 1 if index and tokens[index - 1].isOne("word", "async") else index
            end = next((at for at in range(index + 2, len(tokens)) if tokens[at].role is None), len(tokens))
            # Others are values.
            if not start or tokens[start - 1].isOne("punctuation", ";", "}"):
                yield Declaration(tokens[index + 1].text, write(tokens[start:end]))
        elif token.role is None and token.isOne("word", "const"):
            end = next((at for at in range(index, len(tokens)) if _endsStatement(tokens[at])), len(tokens) - 1)
            if _isPlain(tokens[index + 1 : end]):
                yield Declaration(tokens[index + 1].text, write(tokens[index : end + 1]))


# A name that occurs anywhere else, as a property or in a string, counts as a use.
def withoutUnused(text: str, declared: Iterable[Declaration]) -> str:
    """
    :param text: a script.
    :param declared: what it declares and may be left out.
    :return: the script without what nothing else in it uses.
    """
    counts = Counter(WORD.findall(text))
    inside = {one: Counter(WORD.findall(one.text)) for one in declared}
    before = ""
    while before != text:
        before = text
        for one, words in inside.items():
            # It may call itself.
            if one.text in text and counts[one.name] == words[one.name]:
                text = text.replace(one.text, "", 1)
                counts -= words
    return text


def _endsStatement(token: Token) -> bool:
    return token.role is None and token.isOne("punctuation", ";")


def _isPlain(declaration: Sequence[Token]) -> bool:
    """Whether it is one constant, and its value has no effect."""
    outside = [one.text for one in declaration if one.role is None]
    # A function has its effects when it is called.
    hasEffect = "=>" not in outside and any(one.text in _EFFECTS for one in declaration[2:])
    return "," not in outside and not hasEffect
