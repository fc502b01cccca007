# -*- test-case-name: tests.porting.test_classes -*-
"""
Finds in an application's pages and elements the members that are never called, and those whose names have a meaning of
their own here. A class may inherit from one in another file, so classes are collected first.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from .bytesof import nameOf
from .members import BASES, kindsOf, meaning, uncalled

#: Turns a node into the place of a finding.
PlaceOf: TypeAlias = Callable[[ast.AST], tuple[int, int]]
_FREE: Final = "rename yours, or annotate it if that is what it is for"


class Occurrence(NamedTuple):
    """A member that a class defines, or an attribute that one of its methods sets."""

    name: str
    line: int
    column: int
    #: Whether its author knew what it means here: it has an annotation, which Python 2 did not have, or is a coroutine.
    isMeant: bool
    #: How many parameters a method has; None if it is none.
    parameters: int | None = None


class Class(NamedTuple):
    """A class: the last parts of the names of its base classes, and its members."""

    name: str
    bases: tuple[str, ...]
    members: tuple[Occurrence, ...]


class Note(NamedTuple):
    """A finding."""

    line: int
    column: int
    code: str
    message: str


def classesIn(tree: ast.AST, placeOf: PlaceOf) -> Iterator[Class]:
    """
    :return: the classes of a file.
    """
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    # from nevow.athena import LivePage as Base
    others = {alias.asname: alias.name for node in imports for alias in node.names if alias.asname}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names = [nameOf(base) for base in node.bases]
            bases = tuple(others.get(name, name) for name in names)
            yield Class(node.name, bases, tuple(_membersOf(node, placeOf)))


def _membersOf(node: ast.ClassDef, placeOf: PlaceOf) -> Iterator[Occurrence]:
    for one in node.body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs)
            isMeant = isinstance(one, ast.AsyncFunctionDef) or one.returns is not None
            isMeant = isMeant or any(argument.annotation is not None for argument in arguments)
            yield Occurrence(one.name, *placeOf(one), isMeant, len(arguments))
            yield from _setBy(one, placeOf)
        else:
            yield from _assigned(one, placeOf)


def _assigned(statement: ast.stmt, placeOf: PlaceOf) -> Iterator[Occurrence]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    for target in targets:
        if isinstance(target, ast.Name) and isinstance(statement, (ast.Assign, ast.AnnAssign)):
            # headers = legacyHeaders(), and headers = {"X-Frame-Options": "DENY"}
            isMeant = isinstance(statement, ast.AnnAssign) or (
                target.id == "headers" and isinstance(statement.value, (ast.Call, ast.Dict, ast.BinOp))
            )
            yield Occurrence(target.id, *placeOf(target), isMeant)


def _setBy(method: ast.FunctionDef | ast.AsyncFunctionDef, placeOf: PlaceOf) -> Iterator[Occurrence]:
    if not method.args.args:
        return
    itself = method.args.args[0].arg
    for node in ast.walk(method):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == itself:
                yield Occurrence(target.attr, *placeOf(target), False)


def notesOn(one: Class, classes: Mapping[str, frozenset[str]]) -> Iterator[Note]:
    """
    :param classes: the names of the base classes of the application's classes, by their names.
    :return: what is to be said of the members of a class.
    """
    kinds = kindsOf(_ours(one.bases, classes))
    for member in one.members if kinds else ():
        place = member.line, member.column
        remedy = uncalled(member.name, kinds, member.parameters)
        if remedy is not None:
            code, what = ("A202", "has no effect") if member.parameters is None else ("A201", "is never called")
            yield Note(*place, code, f"{member.name} {what}: {remedy}")
        text = None if member.isMeant else meaning(member.name, kinds)
        if text is not None:
            yield Note(*place, "A211", f"{member.name} {text}: {_FREE}")


def _ours(bases: Iterable[str], classes: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The names of the classes of ours that a class with these base classes inherits from."""
    seen: set[str] = set()
    waiting = list(bases)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        others = classes.get(name, frozenset((name,)))
        # An application's own class may be called Page, and need not inherit from ours.
        if name in others and name in BASES:
            yield name
        waiting += others
