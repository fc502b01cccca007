# -*- test-case-name: tests.test_specifiers -*-
"""
Where an ES module names the modules that it imports.

A tokenizer that knows comments, strings, templates and regular expressions, and a reader of the four statements that
have a module specifier: ``import "x"``, ``import ... from "x"``, ``export ... from "x"`` and the expression
``import("x")``. What is none of these and begins with ``import``, it refuses: a guess could change what a program says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from .client import LinkError

_SKIPPED: Final = re.compile(r"(?:[\s\ufeff]+|//[^\n\r\u2028\u2029]*|/\*.*?\*/)+", re.DOTALL)
_STRING: Final = re.compile(r"\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*'", re.DOTALL)
_WORD: Final = re.compile(r"[\w$#\\]+")
# Those whose first character alone would mislead.
_LONGER: Final = ("...", "++", "--")
_REGEXP: Final = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
_TEMPLATE: Final = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(`|\$\{)", re.DOTALL)
# Behind a value a slash divides; behind these words, as behind an operator, none has come yet.
_BEFORE_REGEXP: Final = frozenset(
    ("await", "case", "delete", "do", "else", "extends", "in", "instanceof", "new", "of", "return", "throw", "typeof")
    + ("void", "yield")
)


class Specifier(NamedTuple):
    """A module specifier: ``text[start:end]``, quotes included, says ``name``."""

    start: int
    end: int
    name: str


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    #: How many braces are open around it.
    depth: int


def specifiersOf(text: str, fileName: str) -> list[Specifier]:
    """
    :param text: an ES module.
    :param fileName: what an error calls it.
    :return: its module specifiers, in order.
    :raise LinkError: naming the file and the line of what could not be understood.
    """
    return list(_Reader(text, fileName).specifiers())


def refusal(text: str, start: int, fileName: str, why: str) -> LinkError:
    """
    :return: the error to be raised for what is at ``start``.
    """
    return LinkError(f"{fileName}, line {text.count(chr(10), 0, start) + 1}: {why}")


class _Tokenizer:
    def __init__(self, text: str, fileName: str) -> None:
        self._text = text
        self._fileName = fileName
        self._at = 0
        # "{" for each brace that is open, "${" for one of a template.
        self._open: list[str] = []

    def tokens(self) -> Iterator[_Token]:
        previous = None
        while True:
            skipped = _SKIPPED.match(self._text, self._at)
            self._at = skipped.end() if skipped else self._at
            if self._at == len(self._text):
                break
            previous = self._token(previous)
            yield previous
        if self._open:
            raise self._refuse("a brace or a template is not closed")

    def _token(self, previous: _Token | None) -> _Token:
        character = self._text[self._at]
        if character in "\"'":
            return self._match("string", _STRING, "a string is not closed")
        if character == "`":
            return self._template()
        if character == "/" and _expectsValue(previous):
            return self._match("value", _REGEXP, "a regular expression or a comment is not closed")
        if _WORD.match(character):
            return self._match("word", _WORD, "")
        if character == "}":
            return self._closingBrace()
        longer = [text for text in _LONGER if self._text.startswith(text, self._at)]
        token = self._take("punctuation", longer[0] if longer else character)
        if character == "{":
            self._open.append("{")
        return token

    def _closingBrace(self) -> _Token:
        if not self._open:
            raise self._refuse("a brace is closed that is not open")
        return self._template() if self._open.pop() == "${" else self._take("punctuation", "}")

    def _template(self) -> _Token:
        # From the backquote, or the brace that ends an expression, to the next expression or the end.
        start = self._at
        match = _TEMPLATE.match(self._text, start + 1)
        if match is None:
            raise self._refuse("a template is not closed")
        token = self._take("value" if match[1] == "`" else "punctuation", self._text[start : match.end()])
        if match[1] == "${":
            self._open.append("${")
        return token

    def _match(self, kind: str, pattern: re.Pattern[str], why: str) -> _Token:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise self._refuse(why)
        return self._take(kind, match[0])

    def _take(self, kind: str, text: str) -> _Token:
        token = _Token(kind, text, self._at, len(self._open))
        self._at += len(text)
        return token

    def _refuse(self, why: str) -> LinkError:
        return refusal(self._text, self._at, self._fileName, why)


def _expectsValue(previous: _Token | None) -> bool:
    if previous is None:
        return True
    if previous.kind == "word":
        return previous.text in _BEFORE_REGEXP
    # Behind these both are possible, and a division is what is written.
    return previous.kind == "punctuation" and previous.text not in (")", "]", "}", "++", "--")


class _Reader:
    def __init__(self, text: str, fileName: str) -> None:
        self._text = text
        self._fileName = fileName
        self._tokens = list(_Tokenizer(text, fileName).tokens())

    def specifiers(self) -> Iterator[Specifier]:
        for index, token in enumerate(self._tokens):
            if token.kind != "word" or token.text not in ("import", "export") or self._textAt(index - 1) == ".":
                continue
            found = self._imported(index) if token.text == "import" else self._exported(index)
            if found is not None:
                yield self._specifier(found)

    def _imported(self, index: int) -> _Token | None:
        following = self._textAt(index + 1)
        if following == "(":
            return self._expression(index)
        if following == ".":
            if self._textAt(index + 2) != "meta":
                raise self._refuse(index)
            return None
        if self._tokens[index].depth:
            # The name of a property.
            return None
        return self._clause(index)

    def _expression(self, index: int) -> _Token | None:
        argument, end = self._at(index + 2), self._textAt(index + 3)
        if argument is not None and argument.kind == "string" and end == ")":
            return argument
        raise refusal(
            self._text, self._tokens[index].start, self._fileName, "import() takes one plain string in quotes here"
        )

    def _exported(self, index: int) -> _Token | None:
        if self._tokens[index].depth or self._textAt(index + 1) not in ("*", "{"):
            return None
        if self._textAt(index + 1) == "{":
            end = index + 1
            while self._textAt(end) not in ("}", ""):
                end += 1
            if self._textAt(end + 1) != "from":
                return None
        return self._clause(index)

    def _clause(self, index: int) -> _Token:
        for at in range(index + 1, len(self._tokens)):
            token = self._tokens[at]
            if token.kind == "string" and (at == index + 1 or self._textAt(at - 1) == "from"):
                if self._textAt(at + 1) in ("with", "assert"):
                    break
                return token
            if token.kind == "value" or (token.kind == "punctuation" and token.text not in ("{", "}", ",", "*")):
                break
        raise self._refuse(index)

    def _specifier(self, token: _Token) -> Specifier:
        name = token.text[1:-1]
        if "\\" in name:
            raise refusal(self._text, token.start, self._fileName, f"an escape in {token.text} is not read here")
        return Specifier(token.start, token.start + len(token.text), name)

    def _at(self, index: int) -> _Token | None:
        return self._tokens[index] if 0 <= index < len(self._tokens) else None

    def _textAt(self, index: int) -> str:
        token = self._at(index)
        return "" if token is None else token.text

    def _refuse(self, index: int) -> LinkError:
        start = self._tokens[index].start
        line = self._text[start:].partition("\n")[0].strip()
        return refusal(self._text, start, self._fileName, f"cannot read {line!r}")
