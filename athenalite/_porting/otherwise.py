# -*- test-case-name: tests.porting.test_otherwise -*-
"""
Finds in files of Python 2 what Python 3 takes without an error, and for something else, and no tool mends.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

_BYTES = "makes bytes, which are equal to no text and no key that is text: leave it out where text is needed"

_OF_BYTES = "is for bytes alone: leave it out where this is text on Python 3"


def otherwise(tree: ast.Module) -> Iterator[tuple[ast.AST, str, str]]:
    """
    :param tree: of a file that has something of Python 2's.
    :return: a node, a code and a message for each.
    """
    isTrue = _hasFuture(tree, "division")
    for node in ast.walk(tree):
        isDivision = isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div)
        if (
            isDivision
            and not isTrue
            and not any(
                isinstance(one, ast.Constant) and isinstance(one.value, float) for one in ast.iter_child_nodes(node)
            )
        ):
            yield node, "P303", "/ of integers has a fraction on Python 3: write // where Python 2 left it out"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "encode":
            yield node, "P303", f"encode() {_BYTES}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "decode":
            # That of a text in quotes is Python 2.
            if not isinstance(node.func.value, ast.Constant):
                yield node, "P303", f"decode() {_OF_BYTES}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from ((node, "P303", message) for message in _called(node.func.id, node.args, node.keywords))


def _called(name: str, arguments: list[ast.expr], keywords: list[ast.keyword]) -> Iterator[str]:
    if name == "unicode" and len(arguments) + len(keywords) > 1:
        # With one argument, 2to3 mends it.
        yield f"2to3 makes str(..., encoding) of this, and the encoding {_OF_BYTES}"
    elif name == "eval" and arguments and not isinstance(arguments[0], (ast.Constant, ast.Call)):
        yield "what is evaluated is Python 3, too: / of integers has a fraction, and text is no bytes"
    elif name == "isinstance" and len(arguments) == 2:
        kinds = arguments[1].elts if isinstance(arguments[1], ast.Tuple) else arguments[1:]
        names = {one.id for one in kinds if isinstance(one, ast.Name)}
        if "str" in names and not names & {"unicode", "basestring"}:
            yield "str was bytes, and is all text on Python 3: write bytes where text was to be told from it"


def inputs(tree: ast.Module) -> Iterator[tuple[ast.AST, str, str]]:
    """
    :return: the same for tags that 2to3 takes, or has taken, for the function ``input``.
    """
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    isOld = any((node.module or "").partition(".")[0] == "nevow" for node in imports)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name, first = node.func.id, node.args[0] if node.args else None
        if name == "eval" and isinstance(first, ast.Call) and _isTag(first):
            yield node, "P303", "2to3 has made eval(input(...)) of a tag: write input(...)"
        elif isOld and _isTag(node):
            yield node, "P303", "2to3 makes eval(input(...)) of this tag: run it with --nofix=input"


def _isTag(call: ast.Call) -> bool:
    # The function has no keywords.
    return isinstance(call.func, ast.Name) and call.func.id == "input" and bool(call.keywords)


def relative(tree: ast.Module, path: Path) -> Iterator[tuple[ast.AST, str, str]]:
    """
    :param path: of the file.
    :return: the same for imports of modules beside it, in its package, as if they were none of a package's.
    """
    if not _isPackage(path.parent) or _hasFuture(tree, "absolute_import"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""] if node.level == 0 else []
        else:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            first = module.partition(".")[0]
            beside = path.parent / first
            isOther = first in ("", path.parent.name) or first in sys.stdlib_module_names
            if not isOther and (beside.with_suffix(".py").is_file() or _isPackage(beside)):
                yield node, "P302", f"Python 2: {first} is beside this module; write from . import {first}"


def _isPackage(path: Path) -> bool:
    return (path / "__init__.py").is_file()


def _hasFuture(tree: ast.Module, name: str) -> bool:
    futures = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
    return any(alias.name == name for node in futures for alias in node.names)
