# -*- test-case-name: tests.porting.test_python2 -*-
"""
Finds Python 2 in files that Python 3 cannot parse, or can: by tokens alone. What is found can be replaced by something
of the same length that Python 3 can parse, so that the rest of the file is read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from .lookup import OLD, Fate, lookUp
from .python2names import DEFINED, IMPORTED, METHODS, MODULES, NAMES, OF_STRING
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
#: What mends indentation by tabs and blanks, which Python 2 took for each other.
BLANKS: Final = "write blanks for its tabs, as expand -t 8 does (no tool for Python does)"
_OPENING, _CLOSING = "([{", ")]}"


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class LeftOver(NamedTuple):
    """A finding, and offsets with what can be parsed there, of the length of what is there. None if all can be."""

    at: int
    code: str
    message: str
    instead: tuple[tuple[int, str], ...] = ()


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


def leftOvers(text: str) -> Iterator[LeftOver]:
    """
    :return: the Python 2 in a file.
    """
    statements = list(statementsOf(text))
    bound = _boundIn(statements)
    for statement in statements:
        yield from _statement(statement)
        yield from _modules(statement)
        yield from _parameters(statement)
        for index, token in enumerate(statement):
            before = statement[index - 1].text if index else ""
            after = statement[index + 1].text if index + 1 < len(statement) else ""
            if token.kind == "name":
                yield from _name(token, before, after, bound)
            elif token.kind == "string" and _isDecoded(token, statement[index + 1 : index + 3]):
                yield _note(token, "a text has no decode()", "the text alone")
            elif token.kind == "string" and re.match("[uU][rR]", token.text):
                yield _note(token, 'ur"" is not a string', 'r""', (token.at, " "))
            elif token.kind == "number":
                yield from _number(token)
            elif token.text == "`" and sum(one.text == "`" for one in statement[:index]) % 2 == 0:
                closing = next((one.at for one in statement[index + 1 :] if one.text == "`"), token.at)
                yield _note(token, "backticks", "repr(...)", (token.at, "("), (closing, ")"))
            elif token.text == "<" and after == ">" and statement[index + 1].at == token.at + 1:
                yield _note(token, "<> is not an operator", "!=", (token.at, "!="))


def stringsIn(text: str) -> Iterator[tuple[int, str]]:
    """
    :return: the offset of each string, and how it is written; without docstrings.
    """
    for statement in statementsOf(text):
        for token in statement if statement[0].kind != "string" else ():
            if token.kind == "string":
                yield token.at, token.text


def _isDecoded(string: _Token, rest: list[_Token]) -> bool:
    return not re.match("[rR]?[bB]", string.text) and [one.text for one in rest] == [".", "decode"]


def readable(text: str, found: Iterable[LeftOver]) -> str:
    """
    :param found: the Python 2 in the text.
    :return: a text of the same length that Python 3 can parse, if that is all that it could not parse. Names, strings
        and lines are where they were.
    """
    characters = list(text)
    for one in found:
        for at, instead in one.instead:
            characters[at : at + len(instead)] = instead
    return "".join(characters)


def _note(token: _Token, what: str, remedy: str, *instead: tuple[int, str]) -> LeftOver:
    return LeftOver(token.at, "P302", f"Python 2: {what}; write {remedy}", instead)


def _number(token: _Token) -> Iterator[LeftOver]:
    number = token.text.rstrip("lL")
    # A number of as many digits.
    instead = (token.at, re.sub("^0(?=[0-9])", "1", number).ljust(len(token.text)))
    if re.fullmatch("0[0-7]*[1-7][0-7]*", number):
        yield _note(token, f"{token.text} is an octal number", f"0o{number[1:]}", instead)
    elif number != token.text and re.fullmatch(r"\d+|0[xX][0-9a-fA-F]+", number):
        yield _note(token, f"{token.text} is a long integer", number, instead)


class _Parameters(NamedTuple):
    """The depth of brackets in which the parameters are, and the tuples among them that are open."""

    depth: int
    isLambda: bool
    tuples: list[_Token]


def _parameters(statement: list[_Token]) -> Iterator[LeftOver]:
    # Among parameters, a parenthesis behind another or behind a comma begins a tuple that an argument is unpacked to.
    depth, around = 0, [_Parameters(-1, False, [])]
    previous = ""
    for index, token in enumerate(statement):
        depth, tuples = depth + (token.text in _OPENING and token.kind == "other"), around[-1].tuples
        if token.text == "lambda" and token.kind == "name":
            around.append(_Parameters(depth, True, []))
        elif token.text == "(" and index > 1 and statement[index - 2].text == "def":
            around.append(_Parameters(depth, False, []))
        elif token.text == "(" and depth == around[-1].depth + len(tuples) + 1 and previous in ("(", ",", "lambda"):
            tuples.append(token)
        elif token.text == ")" and tuples and depth == around[-1].depth + len(tuples):
            opening = tuples.pop()
            yield _note(opening, "a parameter in parentheses", "it in the body", (opening.at, " "), (token.at, " "))
        elif depth == around[-1].depth and token.text == (":" if around[-1].isLambda else ")"):
            around.pop()
        depth -= token.text in _CLOSING and token.kind == "other"
        previous = token.text


def _modules(statement: list[_Token]) -> Iterator[LeftOver]:
    first = statement[0].text
    imported = statement[1:2] if first == "from" else []
    if first == "import":
        imported = [token for one, token in pairwise(statement) if one.text in ("import", ",")]
    for token in imported:
        if token.text in MODULES:
            yield _note(token, f"the module {token.text}", MODULES[token.text])


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


def _statement(statement: list[_Token]) -> Iterator[LeftOver]:
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


def _keyword(token: _Token, rest: list[_Token]) -> Iterator[LeftOver]:
    following = rest[0].text if rest else ""
    if token.text == "print" and not following.startswith(("(", "=", ".", ",", ")", ":", "[")):
        # Without a value, or with >>, it is an expression of Python 3, too.
        instead = ((token.at, "prin="),) if following not in ("", ">", ";") else ()
        yield _note(token, "the print statement", "print(...)", *instead)
    elif token.text == "exec" and rest and rest[0].kind in ("name", "string"):
        yield _note(token, "the exec statement", "exec(...)", (token.at, "exe="))
    elif token.text == "except" and (commas := _commas(rest, ":")):
        yield _note(token, "except X, e", "except X as e", *commas)
    elif token.text == "raise" and (commas := _commas(rest, ";")):
        yield _note(token, 'raise X, "y"', 'raise X("y")', *commas)


def _commas(tokens: list[_Token], end: str) -> list[tuple[int, str]]:
    depth, found = 0, []
    for token in tokens:
        if token.kind == "other":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth == 0 and token.text == end:
                break
            if depth == 0 and token.text == ",":
                found.append((token.at, "|"))
    return found


def _name(token: _Token, before: str, after: str, bound: set[str]) -> Iterator[LeftOver]:
    first, _, last = token.text.rpartition(".")
    whole = token.text.partition(".")[0]
    if before != "." and whole in NAMES and whole not in bound and after != "=":
        yield _note(token, whole, NAMES[whole])
    if token.text == "file" and before not in (".", "def") and after == "(" and "file" not in bound:
        yield _note(token, "file()", "open(...)")
    if last == "next" and first and after == "(":
        yield _note(token, "next()", "next(...)")
    if last in IMPORTED and before != "def":
        yield _note(token, last, IMPORTED[last])
    if first == "string" and last in OF_STRING:
        yield _note(token, token.text, "the method of the text, or string.ascii_letters and its like")
    if token.text == "__metaclass__" and after == "=":
        yield _note(token, "__metaclass__", "class C(metaclass=...), or nothing for type")
    if last in METHODS and (first or before == "." or (before == "def" and last in DEFINED)):
        yield _note(token, last, METHODS[last])


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


def later(note: Note) -> Note:
    """
    :param note: of a file in Python 2 that was made readable.
    :return: a name to rename as one that is not renamed yet.
    """
    return Note(note.at, "N106", f"{note.message}, when the file can be parsed") if note.code == "N101" else note


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
