# -*- test-case-name: tests.assets.test_importlexer -*-
"""
Finds the imports in a JavaScript file or a style sheet.

An ES module does so in module specifiers: in ``import "x"``, ``import ... from "x"``, ``export ... from "x"`` and the
expression ``import("x")``. A file in Athena's style does so in comments, ``// import Package.Module``. Other
uses of the keyword ``import`` are refused: a guess could change the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from .client import refusal
from .jslexer import tokensOf
from .jstokens import LexicalError, Token

_SCRIPT_COMMENT: Final = re.compile(rb"^// import ([^\r\n]+)$", re.MULTILINE)
_STYLE_COMMENT: Final = re.compile(rb"^(?:// import ([^\r\n]+)|/\* import ([^\r\n]+) \*/)$", re.MULTILINE)
_MODULE_SYNTAX: Final = re.compile(rb"^[ \t]*(?:export|import)\b", re.MULTILINE)
#: What follows "import" in an expression, and either word where it is a name.
_NOT_OF_MODULES: Final = ("(", ".", "=", ":", ";", ",", ")", "]", "}")
_ESCAPE: Final = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|u\{0*(?P<braces>(?:10)?[0-9a-fA-F]{1,4}|[0-9a-fA-F]{5})\}"
    r"|(?P<end>\r\n|[\n\r\u2028\u2029])|(?P<one>.))"
)
_ESCAPED: Final = MappingProxyType({"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"})


class Specifier(NamedTuple):
    """
    A module specifier: ``text[start:end]``, quotes included, names ``name``.

    :ivar isLater: whether it is that of an expression ``import()``, which may run later, or never.
    """

    start: int
    end: int
    name: str
    isLater: bool = False


def specifiersOf(text: str, fileName: str) -> list[Specifier]:
    """
    :param text: an ES module.
    :param fileName: named in errors.
    :return: its module specifiers, in order.
    :raise LinkError: naming the file and the line that cannot be read.
    """
    try:
        return list(_Reader(text).specifiers())
    except LexicalError as error:
        raise refusal(text, error.start, fileName, str(error)) from None


def scriptImports(content: bytes) -> tuple[str, ...]:
    """
    :param content: a script in Athena's style.
    :return: the names in its lines ``// import Name`` (column 0, one blank each, nothing behind), in order.
    :raise UnicodeDecodeError: if one is not UTF-8.
    """
    return _named(_SCRIPT_COMMENT, content)


def styleImports(content: bytes) -> tuple[str, ...]:
    """Like :func:`scriptImports` of a style sheet, where a line may also be ``/* import Name */``."""
    return _named(_STYLE_COMMENT, content)


def refuseModuleSyntax(content: bytes, fileName: str) -> None:
    """
    Check that a classic script has none of the syntax of ES modules: a browser refuses the whole script, and names no
    remedy.

    :param fileName: that of a classic script ends in ``.js``; others are not checked.
    :raise LinkError: naming the file, the line, and the remedy.
    """
    if not fileName.endswith(".js") or _MODULE_SYNTAX.search(content) is None:
        return
    try:
        text = content.decode("utf-8")
        tokens = list(tokensOf(text))
    except (UnicodeDecodeError, LexicalError):
        return
    for token, following in pairwise(tokens):
        if token.role is None and token.isOne("word", "export", "import") and following.text not in _NOT_OF_MODULES:
            why = f'"{token.text}" is for ES modules, and a file in .js is a classic script; rename it to end in .mjs'
            raise refusal(text, token.start, fileName, why)


def _named(pattern: re.Pattern[bytes], content: bytes) -> tuple[str, ...]:
    # By lines, as in Athena: such a comment counts anywhere, also in a script that is not an ES module.
    found = pattern.finditer(content.replace(b"\r\n", b"\n"))
    return tuple(match[match.lastindex or 1].decode("utf-8") for match in found)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokensOf(text))

    def specifiers(self) -> Iterator[Specifier]:
        for index, token in enumerate(self._tokens):
            if token.isOne("word", "import"):
                found = self._imported(index)
            elif token.isOne("word", "export") and token.role is None:
                found = self._exported(index)
            else:
                continue
            if found is not None:
                yield _specifier(found, isLater=self._isPunctuation(index + 1, "("))

    def _imported(self, index: int) -> Token | None:
        if self._isPunctuation(index + 1, "("):
            return self._expression(index)
        if self._isPunctuation(index + 1, "."):
            if self._at(index + 2).text != "meta":
                raise self._refuse(index)
            return None
        # Within a bracket it is one of the imported or exported names.
        return self._clause(index) if self._tokens[index].role is None else None

    def _expression(self, index: int) -> Token:
        argument = self._at(index + 2)
        if argument.kind != "string" or not self._isPunctuation(index + 3, ")", ","):
            raise LexicalError(
                self._tokens[index].start, "import() must have one plain string in quotes as its argument"
            )
        return argument

    def _exported(self, index: int) -> Token | None:
        if self._isPunctuation(index + 1, "*"):
            return self._clause(index)
        if self._isPunctuation(index + 1, "{"):
            end = next(at for at in range(index + 2, len(self._tokens)) if self._isPunctuation(at, "}"))
            if self._at(end + 1).isOne("word", "from") and self._at(end + 2).kind == "string":
                return self._at(end + 2)
        return None

    def _clause(self, index: int) -> Token:
        for at in range(index + 1, len(self._tokens)):
            token = self._tokens[at]
            if token.kind == "string" and token.role is None:
                if at == index + 1 or self._at(at - 1).isOne("word", "from"):
                    return token
                break
            if token.kind == "value" or (token.kind == "punctuation" and token.text not in ("{", "}", ",", "*")):
                break
        raise self._refuse(index)

    def _at(self, index: int) -> Token:
        return self._tokens[index] if index < len(self._tokens) else Token("punctuation", "", len(self._text), None)

    def _isPunctuation(self, index: int, *texts: str) -> bool:
        return self._at(index).isOne("punctuation", *texts)

    def _refuse(self, index: int) -> LexicalError:
        start = self._tokens[index].start
        line = self._text[start:].partition("\n")[0].strip()
        return LexicalError(start, f"cannot read {line!r}")


def _specifier(token: Token, isLater: bool) -> Specifier:
    return Specifier(token.start, token.end, _ESCAPE.sub(_unescaped, token.text[1:-1]), isLater)


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape["x"] or escape["u"] or escape["braces"]
    if digits:
        return chr(int(digits, 16))
    return "" if escape["end"] else _ESCAPED.get(escape["one"], escape["one"])
