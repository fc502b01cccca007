# -*- test-case-name: tests.assets.test_client -*-
"""
Links the scripts of the browser's half of athenalite.

``js/`` is written as small ES modules. A browser that fetched them one by one would need a round trip for each level of
imports, so they are linked here, when the first site starts: concatenated in the order of their imports, within one
module scope. The client itself is three such scripts: :mod:`athenalite._assets.clientscripts`. That needs no compiler
because all of them keep three rules, which are checked: imports have the form ``import { a, b } from "./x.js";``,
``export`` is only a prefix of declarations, and no two modules declare the same name. ``main.js`` may end with one
``export { a, b };``: the linked script exports these names to applications. Only ``main.js`` may use ``import.meta``,
which is that of the linked script.

As it is transferred, the script has short names for the modules' constants, for private fields, and for parameters and
local variables: no stack has them. Functions and constants of imported modules that it does not use are left out: they
are those of other scripts. So the value of a constant must have no effect: see :mod:`athenalite._assets.unused`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from os.path import basename, dirname, join, normpath, realpath
from pathlib import Path
from typing import Final, NamedTuple

from .compact import compact
from .constants import marked, namesKept, shortened
from .jslexer import tokensOf
from .jstokens import LexicalError, Token
from .scopes import localNames
from .unused import Declaration, declarations, withoutUnused

DIRECTORY: Final = Path(__file__).parent.parent / "js"
MAIN: Final = DIRECTORY / "main.js"

_SPECIFIER: Final = re.compile(r'"(\.{1,2}/[^"\\]+\.js)"')
# Blanks and comments. Only comments on lines of their own are left out; they are two fifths of the size.
_COMMENTS: Final = re.compile(r"(?P<line>[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n)|/\*.*?\*/|//[^\n]*|.", re.DOTALL)
_REST_OF_LINE: Final = re.compile(r"[ \t]*\n")
_DECLARING: Final = ("function", "class", "const", "let", "var")
_EXPORTED: Final = ("async", "function", "class", "const", "let")


class LinkError(Exception):
    """A module breaks the rules above."""


def refusal(text: str, start: int, fileName: str, why: str) -> LinkError:
    """
    :return: the error for what is at ``start``, naming the file and the line.
    """
    return LinkError(f"{fileName}, line {text.count(chr(10), 0, start) + 1}: {why}")


class LinkedModule(NamedTuple):
    """What linking needs of the text of one module."""

    #: The files that it imports, relative to it.
    imports: tuple[str, ...]
    #: The names that it declares at the top level.
    declared: tuple[str, ...]
    #: The text without imports, ``export``, comments and the list of exports.
    linked: str
    #: The list of exports at its end, or nothing.
    exports: str
    #: Both as they are transferred, with constants marked.
    compact: str
    #: The names that must stay in all modules.
    kept: frozenset[str]
    #: Whether it uses ``import.meta``, which is that of the linked script.
    usesMeta: bool = False
    #: What is left out where nothing uses it.
    declarations: tuple[Declaration, ...] = ()
    #: The names that it imports.
    imported: frozenset[str] = frozenset()


def link(main: Path = MAIN, isCompact: bool = False) -> bytes:
    """
    :param isCompact: whether to write it as it is transferred, see :func:`athenalite._assets.compact.compact`.
    :return: ``main`` and all that it imports, as one ES module.
    :raise LinkError: naming the file and the line that cannot be linked.
    """
    ordered = modulesOf(main)
    if isCompact:
        return compacted(tuple(ordered.values())).encode("utf-8")
    texts = [f"// {basename(path)}\n{source.linked}" for path, source in ordered.items()]
    return "".join([*texts, ordered[realpath(main)].exports]).encode("utf-8")


def modulesOf(main: Path, *before: Path) -> dict[str, LinkedModule]:
    """
    :param before: modules that run before it, with all that they import.
    :return: by path, all that these and ``main`` import, in the order in which they run, and themselves.
    :raise LinkError: naming the file and the line that cannot be linked.
    """
    ordered: dict[str, LinkedModule] = {}
    for module in (*before, main):
        _visit(realpath(module), ordered)
    _refuseClashes(ordered)
    last = realpath(main)
    for path, source in ordered.items():
        if source.usesMeta and path != last:
            raise LinkError(f"{basename(path)}: cannot link 'import.meta', which only {main.name} may use")
        if source.exports and path != last:
            exports = source.exports.strip()
            raise LinkError(f"{basename(path)}: cannot link {exports!r}, which only {main.name} may have")
    return ordered


# As :func:`readModule` is.
@lru_cache(maxsize=100)
def compacted(modules: tuple[LinkedModule, ...], exported: frozenset[str] = frozenset()) -> str:
    """
    :param exported: names that other scripts import, besides the list of exports.
    :return: these modules, in this order, as they are transferred.
    """
    declared = [name for module in modules for name in module.declared]
    kept = exported.union(*(module.kept for module in modules))
    exports = f"export{{{','.join(sorted(exported))}}};\n" if exported else ""
    text = "".join([*(module.compact for module in modules), exports])
    imported = [one for module in modules[:-1] for one in module.declarations]
    return shortened(withoutUnused(text, imported), declared, kept)


# Paths are strings, because some hundred are joined for each site.
def _visit(path: str, ordered: dict[str, LinkedModule]) -> None:
    if path in ordered:
        return
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        source = readModule(text)
    except LexicalError as error:
        raise refusal(text, error.start, basename(path), str(error)) from None
    # Entered before its imports, so that a cycle ends; functions and classes are used only after all modules have run.
    ordered[path] = source
    for imported in source.imports:
        _visit(normpath(join(dirname(path), imported)), ordered)
    # Its imports come first.
    ordered[path] = ordered.pop(path)


def _refuseClashes(ordered: dict[str, LinkedModule]) -> None:
    declared: dict[str, str] = {}
    for path, source in ordered.items():
        for name in source.declared:
            if name in declared:
                raise LinkError(f"{basename(path)} and {basename(declared[name])} both declare {name}")
            declared[name] = path


# Each site of a process links the same files, and to read them takes some tenths of a second.
@lru_cache(maxsize=100)
def readModule(text: str) -> LinkedModule:
    """
    :param text: an ES module that keeps the rules above.
    :raise LexicalError: where it cannot be read or linked.
    """
    return _Reader(text).source()


class _Reader:
    """Reads one module by its tokens; raises LexicalError for what cannot be linked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokensOf(text))
        self._imports: list[str] = []
        self._names: set[str] = set()
        self._declared: list[str] = []
        self._usesMeta = False
        #: Where the exports at the end begin.
        self._end = len(text)

    def source(self) -> LinkedModule:
        statements = sorted(self._statements())
        left = sorted([*statements, *self._comments()])
        parts, at = [], 0
        for start, end in left:
            if at <= start < self._end:
                parts.append(self._text[at:start])
                at = end
        transferred = list(self._without(statements))
        write = partial(compact, self._text, marked=marked(transferred), local=localNames(transferred))
        return LinkedModule(
            tuple(self._imports),
            tuple(self._declared),
            "".join([*parts, self._text[at : self._end]]),
            self._text[self._end :],
            write(transferred),
            namesKept(transferred),
            self._usesMeta,
            tuple(declarations(transferred, write)),
            frozenset(self._names),
        )

    def _without(self, left: list[tuple[int, int]]) -> Iterator[Token]:
        ranges = iter([*left, (len(self._text), len(self._text))])
        start, end = next(ranges)
        for token in self._tokens:
            if token.start >= end:
                start, end = next(ranges)
            if token.start < start:
                yield token

    def _statements(self) -> Iterator[tuple[int, int]]:
        # The parts of the text that are left out: imports, and "export" before a declaration.
        for index, token in enumerate(self._tokens):
            following = self._at(index + 1)
            if token.isOne("word", "import") and (following.text == "." or token.role is None):
                if following.text == ".":
                    self._usesMeta = True
                elif following.text != "(":
                    yield self._imported(index)
            elif token.role is not None:
                continue
            elif token.isOne("word", "export"):
                yield from self._exported(index)
            elif token.isOne("word", "await") and self._beginsLine(token):
                raise self._refuse(token)
            elif token.isOne("word", *_DECLARING) and self._beginsStatement(index):
                self._declare(index)

    def _imported(self, index: int) -> tuple[int, int]:
        start, index = self._tokens[index], index + 1
        if self._at(index).isOne("punctuation", "{"):
            names, index = index, self._list(index)
            self._names.update(token.text for token in self._tokens[names:index] if token.kind == "word")
            if not self._at(index).isOne("word", "from"):
                raise self._refuse(start)
            index += 1
        specifier = _SPECIFIER.fullmatch(self._at(index).text)
        if specifier is None or not self._at(index + 1).isOne("punctuation", ";"):
            raise self._refuse(start)
        self._imports.append(specifier[1])
        end = self._at(index + 1).end
        rest = _REST_OF_LINE.match(self._text, end)
        return start.start, rest.end() if rest else end

    def _exported(self, index: int) -> Iterator[tuple[int, int]]:
        token, following = self._tokens[index], self._at(index + 1)
        if following.isOne("word", *_EXPORTED):
            yield token.start, following.start
            return
        end = self._list(index + 1)
        if not self._at(end).isOne("punctuation", ";") or end + 1 < len(self._tokens):
            raise self._refuse(token)
        self._end = token.start

    def _list(self, index: int) -> int:
        """
        :return: the index behind names in braces, with commas between them and perhaps behind the last.
        """
        start = self._at(index)
        if not start.isOne("punctuation", "{"):
            raise self._refuse(self._at(index - 1))
        index += 1
        while not self._at(index).isOne("punctuation", "}"):
            separator = self._at(index + 1)
            if self._at(index).kind != "word" or not separator.isOne("punctuation", ",", "}"):
                raise self._refuse(start)
            index += 2 if separator.text == "," else 1
        return index + 1

    def _declare(self, index: int) -> None:
        keyword = self._tokens[index]
        index += 2 if self._at(index + 1).isOne("punctuation", "*") else 1
        while True:
            name = self._at(index)
            if name.kind != "word":
                raise self._refuse(keyword)
            self._declared.append(name.text)
            if keyword.text in ("function", "class"):
                return
            # Further names come behind commas that are in no bracket.
            while not ((ends := self._at(index)).role is None and ends.isOne("punctuation", ",", ";", "")):
                index += 1
            if ends.text != ",":
                return
            index += 1

    def _beginsStatement(self, index: int) -> bool:
        token = self._tokens[index]
        if index == 0 or self._beginsLine(token):
            return True
        previous = self._tokens[index - 1]
        if previous.isOne("word", "export", "async"):
            return self._beginsStatement(index - 1)
        return previous.isOne("punctuation", ";", "}")

    def _beginsLine(self, token: Token) -> bool:
        return not self._text[self._text.rfind("\n", 0, token.start) + 1 : token.start].strip()

    def _comments(self) -> Iterator[tuple[int, int]]:
        ends = [0, *(token.end for token in self._tokens)]
        starts = [*(token.start for token in self._tokens), len(self._text)]
        for end, start in zip(ends, starts, strict=True):
            for match in _COMMENTS.finditer(self._text, end, start):
                if match["line"] and self._text[match.start() - 1 : match.start()] in ("", "\n"):
                    yield match.span()

    def _at(self, index: int) -> Token:
        return self._tokens[index] if index < len(self._tokens) else Token("punctuation", "", len(self._text), None)

    def _refuse(self, token: Token) -> LexicalError:
        start = self._text.rfind("\n", 0, token.start) + 1
        line = self._text[start:].partition("\n")[0].strip()
        return LexicalError(token.start, f"cannot link {line!r}")
