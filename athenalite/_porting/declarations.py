# -*- test-case-name: tests.porting.test_declarations -*-
"""
Writes the declarations of Python 2's zope.interface as decorators: ``implements(A)`` in a class as ``@implementer(A)``
above it, where that means the same.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from types import MappingProxyType
from typing import Final, NamedTuple, TypeGuard

from .files import Edit, Source

DECORATORS: Final = MappingProxyType(
    {"implements": "implementer", "classProvides": "provider", "implementsOnly": "implementer_only"}
)
_MODULE: Final = "zope.interface"
_LINE_END: Final = re.compile("\r\n|\n|\r")
#: What may be behind a call in its line, and goes with it.
_REST: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_BLANK: Final = re.compile(r"[ \t]*(?:\r\n|\n|\r)")


class _Declaration(NamedTuple):
    """A call, and the class in whose body it is."""

    call: ast.Call
    name: str
    inside: ast.ClassDef


class Declarations:
    """
    The declarations of a file that can be written otherwise.

    :ivar nodes: the calls, and the imports of names that nothing uses.
    :ivar edits: what to replace in the file.
    """

    def __init__(self, tree: ast.Module, source: Source) -> None:
        self.nodes: frozenset[ast.AST] = frozenset()
        self.edits: list[Edit] = []
        imports = [node for node in tree.body if _isImport(node) and any(map(_isOld, node.names))]
        calls = _movableIn(tree, source) if imports else []
        if not imports or not _isPlain(tree, imports, calls, source):
            return
        uses = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        unused = [alias for node in imports for alias in node.names if _isOld(alias) and not uses[alias.name]]
        self.nodes = frozenset((*(one.call for one in calls), *unused))
        if self.nodes:
            self.edits += [edit for one in calls for edit in _moved(one, self.nodes, source)]
            names = _Names(tree, uses - Counter(one.name for one in calls), {DECORATORS[one.name] for one in calls})
            self.edits += [edit for node in imports for edit in names.edits(node, source)]


def messageOf(node: ast.AST) -> str:
    """
    :param node: of a :class:`Declarations`.
    :return: what is written instead.
    """
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return f"{ast.unparse(node)} becomes @{DECORATORS[node.func.id]} above the class"
    return f"the import of {ast.unparse(node)} is left out: nothing uses it"


def _isImport(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == _MODULE and not node.level


def _isOld(alias: ast.alias) -> bool:
    return alias.name in DECORATORS


def _movableIn(tree: ast.Module, source: Source) -> list[_Declaration]:
    found = []
    for node in ast.walk(tree):
        for child in node.body if isinstance(node, ast.ClassDef) else ():
            call = child.value if isinstance(child, ast.Expr) else None
            name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
            if isinstance(node, ast.ClassDef) and isinstance(call, ast.Call) and name in DECORATORS:
                found.append(_Declaration(call, name, node))
    # A second one in a class failed.
    times = Counter((id(one.inside), one.name) for one in found)
    return [
        one
        for one in found
        if times[id(one.inside), one.name] == 1 and _isSame(one, tree) and _isAlone(one.call, source)
    ]


def _isPlain(tree: ast.Module, imports: list[ast.ImportFrom], calls: list[_Declaration], source: Source) -> bool:
    """
    :return: whether the names, old and new, are bound by nothing but imports from zope.interface.
    """
    imported = {alias.name for node in imports for alias in node.names if alias.asname is None}
    names = {one.name for one in calls}
    taken = {*_boundIn(tree)} & {*DECORATORS, *(DECORATORS[name] for name in names)}
    isRenamed = any(alias.asname for node in imports for alias in node.names if _isOld(alias))
    return names <= imported and not taken and not isRenamed and all(_isAlone(node, source) for node in imports)


def _isAlone(node: ast.AST, source: Source) -> bool:
    start, end = _span(node, source)
    line = source.offset(getattr(node, "lineno", 1), 0)
    return not source.text[line:start].strip() and _REST.match(source.text, end) is not None


def _boundIn(tree: ast.Module) -> Iterator[str]:
    # By anything but imports from zope.interface at the top.
    top = {id(alias) for node in tree.body if _isImport(node) for alias in node.names if alias.asname is None}
    for node in ast.walk(tree):
        if id(node) not in top:
            yield from _bound(node)


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name


def _isSame(one: _Declaration, tree: ast.Module) -> bool:
    """
    :return: whether the arguments are the same above the class: names that no class around them binds.
    """
    if one.call.keywords or not one.call.args or not all(map(_isDotted, one.call.args)):
        return False
    names = {node.id for argument in one.call.args for node in ast.walk(argument) if isinstance(node, ast.Name)}
    around = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and one.inside in node.body]
    bodies = (one.inside.body, *(node.body for node in around))
    inside = [node for body in bodies for statement in body for node in _inClass(statement)]
    return names.isdisjoint(name for node in inside for name in _bound(node))


def _inClass(statement: ast.stmt) -> Iterable[ast.AST]:
    # What is in a method is not bound in the class, but what is in an if or a loop.
    isScope = isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    return [statement] if isScope else ast.walk(statement)


def _isDotted(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _span(node: ast.AST, source: Source) -> tuple[int, int]:
    places = ((getattr(node, f"{end}lineno"), getattr(node, f"{end}col_offset")) for end in ("", "end_"))
    start, end = (source.offsetOfBytes(*place) for place in places)
    return start, end


def _moved(one: _Declaration, moved: frozenset[ast.AST], source: Source) -> Iterator[Edit]:
    text = source.text
    start, end = _span(one.call, source)
    line, above = source.offset(one.call.lineno, 0), source.offset(one.inside.lineno, 0)
    rest = _REST.match(text, end)
    assert rest is not None
    indent, outer = text[line:start], text[above : _span(one.inside, source)[0]]
    ending = _LINE_END.search(text, above)
    assert ending is not None
    arguments = text[_span(one.call.func, source)[1] : rest.end()]
    # They stay below one another.
    shift = len(outer) + len(DECORATORS[one.name]) + 1 - len(indent) - len(one.name)
    arguments = re.sub(r"(?<=[\r\n])[ ]+", lambda found: " " * max(len(found[0]) + shift, 1), arguments)
    yield Edit(above, "", f"{outer}@{DECORATORS[one.name]}{arguments}{ending[0]}")
    calls = [getattr(statement, "value", None) for statement in one.inside.body]
    if calls[0] is one.call and moved.issuperset(calls):
        yield Edit(start, text[start:end], "pass")
        return
    stop = _behind(end, text)
    # Behind the head of the class there is no blank line.
    blank = _BLANK.match(text, stop) if calls[0] is one.call else None
    stop = blank.end() if blank else stop
    yield Edit(line, text[line:stop], "")


class _Names:
    """
    Which names the imports of a file have then: the old ones that are still used, and each new one once.
    """

    def __init__(self, tree: ast.Module, uses: Counter[str], needed: set[str]) -> None:
        self._uses = uses
        self._missing = needed - {alias.name for node in tree.body if _isImport(node) for alias in node.names}

    def _now(self, name: str) -> str:
        if name not in DECORATORS:
            return name
        new = [DECORATORS[name]] if DECORATORS[name] in self._missing else []
        self._missing -= {*new}
        return ", ".join([name] * bool(self._uses[name]) + new)

    def edits(self, node: ast.ImportFrom, source: Source) -> Iterator[Edit]:
        """
        :return: what to replace in one statement.
        """
        places = [_span(alias, source) for alias in node.names]
        names = [self._now(alias.name) for alias in node.names]
        if not any(names):
            start, end = _span(node, source)
            yield Edit(start, source.text[start : _behind(end, source.text)], "")
            return
        for alias, place, name in zip(node.names, places, names, strict=True):
            if name and name != alias.name:
                yield Edit(place[0], alias.name, name)
        for isKept, group in groupby(range(len(names)), lambda index: bool(names[index])):
            run = [*group]
            if not isKept:
                isLast = run[-1] + 1 == len(names)
                start = places[run[0] - 1][1] if isLast else places[run[0]][0]
                end = places[run[-1]][1] if isLast else places[run[-1] + 1][0]
                yield Edit(start, source.text[start:end], "")


def _behind(end: int, text: str) -> int:
    """Return where the next line begins."""
    found = _LINE_END.search(text, end)
    return found.end() if found else len(text)
