# -*- test-case-name: tests.porting.test_python2 -*-
"""
Finds Python 2 in files that Python 3 cannot parse, or can: by tokens alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, NamedTuple

from .lookup import OLD, Fate, lookUp
from .uses import Note

_TOKEN: Final = re.compile(
    r"""(?P<blank>[ \t\f]+|\\\r?\n)|(?P<end>\r\n|\n|\r)|(?P<comment>\#[^\r\n]*)
    |(?P<string>[A-Za-z]{0,3}(?:\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}
        |"(?:[^"\\\r\n]|\\\r\n|\\.)*"|'(?:[^'\\\r\n]|\\\r\n|\\.)*'))
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<number>0[xX]\w+|\.?\d[\w.]*(?:(?<=[eE])[+-]\d+\w?)?)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
#: The tools that mend most of it.
TOOLS: Final = "2to3 (a part of Python until 3.12) or futurize mends it"
_NAMES: Final = MappingProxyType(
    {
        "unicode": "str",
        "basestring": "str",
        "xrange": "range",
        "unichr": "chr",
        "raw_input": "input",
        "execfile": "exec(open(...).read())",
        "long": "int",
        "StandardError": "Exception",
    }
)
_METHODS: Final = MappingProxyType(
    {
        "has_key": "in",
        "iteritems": "items()",
        "iterkeys": "keys()",
        "itervalues": "values()",
        "__nonzero__": "__bool__",
        "__unicode__": "__str__",
        "im_func": "__func__",
        "im_self": "__self__",
        "func_name": "__name__",
    }
)
_DEFINED: Final = frozenset(("__nonzero__", "__unicode__"))
_OPENING, _CLOSING = "([{", ")]}"


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def statementsOf(text: str) -> Iterator[list[_Token]]:
    """
    :return: the tokens of each logical line, without blanks and comments.
    """
    statement: list[_Token] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "end":
            if depth == 0 and statement:
                yield statement
                statement = []
        elif kind not in ("blank", "comment"):
            token = _Token(kind, match[0], match.start())
            depth = max(0, depth + (token.text in _OPENING) - (token.text in _CLOSING) if kind == "other" else depth)
            statement.append(token)
    if statement:
        yield statement


def leftOvers(text: str) -> Iterator[Note]:
    """
    :return: the Python 2 in a file.
    """
    statements = list(statementsOf(text))
    bound = _boundIn(statements)
    for statement in statements:
        yield from _statement(statement)
        for index, token in enumerate(statement):
            before = statement[index - 1].text if index else ""
            after = statement[index + 1].text if index + 1 < len(statement) else ""
            if token.kind == "name":
                yield from _name(token, before, after, bound)
            elif token.kind == "string" and re.match("[uU][rR]", token.text):
                yield _note(token, 'ur"" is no string', 'r""')
            elif token.kind == "number" and re.fullmatch("0[0-7]*[1-7][0-7]*[lL]?", token.text):
                yield _note(token, f"{token.text} is an octal number", f"0o{token.text[1:].rstrip('lL')}")
            elif token.kind == "number" and re.fullmatch(r"\d+[lL]", token.text):
                yield _note(token, f"{token.text} is a long integer", token.text[:-1])
            elif token.text == "`":
                if statement[:index].count(_Token("other", "`", 0)) == 0 and _isFirst(statement, index):
                    yield _note(token, "backticks", "repr(...)")
            elif token.text == "<" and after == ">" and statement[index + 1].at == token.at + 1:
                yield _note(token, "<> is no operator", "!=")


def _isFirst(statement: list[_Token], index: int) -> bool:
    return sum(token.text == "`" for token in statement[:index]) % 2 == 0


def _note(token: _Token, what: str, remedy: str) -> Note:
    return Note(token.at, "P302", f"Python 2: {what}; write {remedy}")


def _boundIn(statements: list[list[_Token]]) -> set[str]:
    # Names that the file gives a meaning of its own: "unicode = str", "from six.moves import xrange", "def long(...)".
    bound: set[str] = set()
    for statement in statements:
        names = [token.text for token in statement]
        if "import" in names:
            bound.update(names[names.index("import") :])
        for name, after in zip(names, names[1:], strict=False):
            if (after == "=" and names[0] == name) or name in ("def", "class"):
                bound.add(after if name in ("def", "class") else name)
    return bound


def _statement(statement: list[_Token]) -> Iterator[Note]:
    # A statement may follow a colon on its line, or a semicolon.
    depth = 0
    begins = True
    for index, token in enumerate(statement):
        rest = statement[index + 1 :]
        if begins and token.kind == "name":
            yield from _keyword(token, rest)
        if token.kind == "other":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        begins = depth == 0 and token.text in (":", ";")


def _keyword(token: _Token, rest: list[_Token]) -> Iterator[Note]:
    following = rest[0].text if rest else ""
    if token.text == "print" and not following.startswith(("(", "=", ".", ",", ")", ":", "[")):
        yield _note(token, "the print statement", "print(...)")
    elif token.text == "exec" and rest and rest[0].kind in ("name", "string"):
        yield _note(token, "the exec statement", "exec(...)")
    elif token.text == "except" and _comma(rest, ":"):
        yield _note(token, "except X, e", "except X as e")
    elif token.text == "raise" and _comma(rest, ";"):
        yield _note(token, 'raise X, "y"', 'raise X("y")')


def _comma(tokens: list[_Token], end: str) -> bool:
    depth = 0
    for token in tokens:
        if token.kind == "other":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth == 0 and token.text == end:
                return False
            if depth == 0 and token.text == ",":
                return True
    return False


def _name(token: _Token, before: str, after: str, bound: set[str]) -> Iterator[Note]:
    first, _, last = token.text.rpartition(".")
    whole = token.text.partition(".")[0]
    if before != "." and whole in _NAMES and whole not in bound and after != "=":
        yield _note(token, whole, _NAMES[whole])
    if last in _METHODS and (first or before == "." or (before == "def" and last in _DEFINED)):
        yield _note(token, last, _METHODS[last])


def namesIn(text: str) -> Iterator[Note]:
    """
    :return: Nevow's names in a file that is not parsed: those that it imports, and dotted ones.
    """
    for statement in statementsOf(text):
        for token, name in _imported(statement):
            if name.partition(".")[0] not in OLD:
                continue
            found = lookUp(name)
            if found.fate is Fate.KEPT:
                yield Note(token.at, "N106", f"{name} becomes {found.new}, when the file can be parsed")
            elif found.fate is Fate.GONE:
                yield Note(token.at, "N102", f"{name} is gone: {found.advice}")
            else:
                yield Note(token.at, "N104", f"{name} is not in athenalite, and nothing is known about it")


def _imported(statement: list[_Token]) -> Iterator[tuple[_Token, str]]:
    texts = [token.text for token in statement]
    if "import" in texts and texts[0] != "import" and "from" in texts[: texts.index("import")]:
        at = texts.index("import")
        module = texts[at - 1]
        previous = ""
        for token in statement[at + 1 :]:
            if token.kind == "name" and previous != "as" and token.text != "as":
                yield token, f"{module}.{token.text}"
            previous = token.text
        return
    for token in statement:
        if token.kind == "name" and "." in token.text:
            yield token, token.text
