# -*- test-case-name: tests.assets.test_scopes -*-
"""
The local names of a module, which are shortened as it is transferred: parameters, and variables in functions.

A name is shortened if each variable of that name in the module is local. Names of functions and classes stay, and so do
those of variables to which one is assigned, because a stack trace shows them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from .jstokens import OPENING, Role, Token

_FUNCTIONS: Final = frozenset((Role.PARAMETERS, Role.VALUE_PARAMETERS))
_WITH_METHODS: Final = frozenset((Role.OBJECT, Role.CLASS, Role.VALUE_CLASS))
#: The first and the last token of a scope, and a name that is bound in it.
_Binding = tuple[int, int, str]
_NOTHING: Final = Token("punctuation", "", -1, None)


class Local(NamedTuple):
    """
    A local name.

    :ivar number: of its short name. Two have the same one if none of them means the other one anywhere.
    :ivar isProperty: whether it is a property's name as well, as in ``{name}``.
    """

    number: int
    isProperty: bool


def localNames(tokens: Sequence[Token]) -> Mapping[int, Local]:
    """
    :param tokens: of one module.
    :return: its local names, by where they begin.
    """
    return _Module(tokens).found()


class _Module:
    """The scopes of a module, each from one of its tokens to another."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        #: Where each bracket is closed, and where the one around each token is opened.
        self._ends: dict[int, int] = {}
        self._around: list[int] = []
        #: By name: the first and the last token of each scope.
        self._scopes: dict[str, list[tuple[int, int]]] = {}
        self._kept: set[str] = set()
        self._pair()

    def found(self) -> dict[int, Local]:
        for index, token in enumerate(self._tokens):
            if token.isOne("punctuation", "("):
                self._parameters(index)
            elif token.isOne("punctuation", "=>") and self._tokens[index - 1].kind == "word":
                self._bind(index - 1, index - 1, self._endOfBody(index + 1))
            elif token.isOne("word", "const", "let"):
                self._variables(index)
            elif token.isOne("word", "var", "function", "class"):
                behind = index + 2 if self._at(index + 1).isOne("punctuation", "*") else index + 1
                self._kept.add(self._at(behind).text)
            if token.kind == "word" and self._isNaming(index + 1):
                self._kept.add(token.text)
        numbers = _numbered(self._places())
        return {
            self._tokens[index].start: Local(number, self._tokens[index].isName)
            for number, indices in numbers
            for index in indices
        }

    def _places(self) -> dict[_Binding, list[int]]:
        """Where the module has the names of each scope that may get short ones."""
        places: dict[str, list[int]] = {}
        for index, token in enumerate(self._tokens):
            if token.text in self._scopes and token.kind == "word" and (not token.isName or self._isShort(index)):
                places.setdefault(token.text, []).append(index)
        found: dict[_Binding, list[int]] = {}
        for name, indices in places.items():
            # Scopes are in one another, and the innermost begins last.
            scopes = sorted(set(self._scopes[name]), key=lambda scope: (-scope[0], scope[1]))
            owners = [next((one for one in scopes if one[0] <= index <= one[1]), None) for index in indices]
            if name not in self._kept and None not in owners:
                for index, owner in zip(indices, owners, strict=True):
                    if owner is not None:
                        found.setdefault((*owner, name), []).append(index)
        return found

    def _pair(self) -> None:
        opened: list[int] = []
        for index, token in enumerate(self._tokens):
            # A template's pieces are brackets, too.
            if _closes(token):
                self._ends[opened.pop()] = index
            self._around.append(opened[-1] if opened else -1)
            if _opens(token):
                opened.append(index)

    def _at(self, index: int) -> Token:
        return self._tokens[index] if 0 <= index < len(self._tokens) else _NOTHING

    def _isShort(self, index: int) -> bool:
        """Whether this name of a property in an object or a pattern is a variable's as well."""
        isMember = self._at(index).role is Role.OBJECT and self._at(index - 1).isOne("punctuation", "{", ",")
        return isMember and self._at(index + 1).isOne("punctuation", ",", "}", "=")

    def _isNaming(self, index: int) -> bool:
        """Whether an assignment begins here that gives a function or a class its name."""
        if not self._at(index).isOne("punctuation", "="):
            return False
        index += 2 if self._at(index + 1).isOne("word", "async") else 1
        if self._at(index).isOne("punctuation", "("):
            index = self._ends[index]
        return self._at(index).isOne("word", "function", "class") or self._at(index + 1).isOne("punctuation", "=>")

    def _bind(self, index: int, first: int, last: int) -> None:
        self._scopes.setdefault(self._tokens[index].text, []).append((first, last))

    # What binds names

    def _parameters(self, start: int) -> None:
        end = self._ends[start]
        following, before = self._at(end + 1), self._at(start - 1)
        if following.isOne("punctuation", "=>"):
            last = self._endOfBody(end + 2)
        elif following.isOne("punctuation", "{") and self._hasParameters(start, before):
            last = self._ends[end + 1]
        else:
            return
        for name in self._namesIn(start + 1, end):
            self._bind(name, start, last)

    def _hasParameters(self, start: int, before: Token) -> bool:
        around = self._at(self._around[start])
        isMethod = around.role in _WITH_METHODS and around.isOne("punctuation", "{")
        return isMethod or self._tokens[start].role in _FUNCTIONS or before.isOne("word", "catch")

    def _variables(self, start: int) -> None:
        around = self._around[start]
        # Those of the top level are the modules' own.
        if around < 0:
            return
        first, last = around, self._ends[around]
        if self._tokens[around].role is Role.CONTROL:
            # A loop, with its body.
            isBlock = self._at(last + 1).isOne("punctuation", "{")
            last = self._ends[last + 1] if isBlock else last
        index = start + 1
        while True:
            for name in self._target(index):
                self._bind(name, first, last)
            index = self._after(self._endOfTarget(index), ",", ";", "of", "in")
            if not self._at(index).isOne("punctuation", ","):
                return
            index += 1

    def _namesIn(self, index: int, end: int) -> Iterator[int]:
        """The names that are bound by a list of parameters, or of the elements or properties of a pattern."""
        while index < end:
            if self._at(index).isOne("punctuation", ",", "..."):
                index += 1
                continue
            # A property's target is behind its name, which may be computed.
            key = self._ends.get(index, index)
            isKey = self._tokens[index].role is Role.OBJECT or self._isComputed(index)
            if isKey and self._at(key + 1).isOne("punctuation", ":"):
                index = key + 2
            yield from self._target(index)
            index = self._after(self._endOfTarget(index), ",") + 1

    def _isComputed(self, index: int) -> bool:
        around = self._around[index]
        return self._at(index).isOne("punctuation", "[") and self._at(around).role is Role.OBJECT

    def _target(self, index: int) -> Iterator[int]:
        if self._at(index).kind == "word":
            yield index
        elif index in self._ends:
            yield from self._namesIn(index + 1, self._ends[index])

    def _endOfTarget(self, index: int) -> int:
        return self._ends.get(index, index) + 1

    def _after(self, index: int, *texts: str) -> int:
        """The first token from here on with one of these texts, or the end of the bracket around it, in no other."""
        while index < len(self._tokens) and not _closes(self._tokens[index]) and self._tokens[index].text not in texts:
            index = self._ends.get(index, index) if _opens(self._tokens[index]) else index
            # A piece of a template opens the next one.
            index += 0 if index in self._ends and _closes(self._tokens[index]) else 1
        return index

    def _endOfBody(self, index: int) -> int:
        """The last token of what is behind an arrow."""
        if self._at(index).isOne("punctuation", "{"):
            return self._ends[index]
        conditions = 0
        while True:
            index = self._after(index, ",", ";", "?", ":")
            if self._at(index).isOne("punctuation", "?"):
                conditions += 1
            elif self._at(index).isOne("punctuation", ":") and conditions:
                conditions -= 1
            else:
                return index - 1
            index += 1


def _opens(token: Token) -> bool:
    return token.kind == "punctuation" and (token.text in OPENING.values() or token.text.endswith("${"))


def _closes(token: Token) -> bool:
    isPiece = token.kind in ("punctuation", "value") and token.text[:1] == "}"
    return isPiece or (token.kind == "punctuation" and token.text in OPENING)


def _numbered(places: Mapping[_Binding, list[int]]) -> Iterator[tuple[int, list[int]]]:
    """
    Give each binding the lowest number that is not taken: by one whose scope is around its own, and which is used
    there, or ends there as well. The parameters of a function and the variables of its body must differ.
    """
    around: list[tuple[_Binding, list[int], int]] = []
    for binding, indices in sorted(places.items(), key=lambda one: (one[0][0], -one[0][1], one[1])):
        first, last, _ = binding
        around = [one for one in around if one[0][1] >= first]
        taken = {
            number
            for (_, end, _), uses, number in around
            if end == last or any(first <= index <= last for index in uses)
        }
        number = next(number for number in itertools.count() if number not in taken)
        around.append((binding, indices, number))
        yield number, indices
