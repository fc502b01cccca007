# -*- test-case-name: tests.porting.test_otherwise -*-
"""
Finds in files of Python 2 what Python 3 takes without an error, and for something else, and no tool mends.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_BYTES = "makes bytes, which are equal to no text and no key that is text: leave it out where text is needed"


def otherwise(tree: ast.Module) -> Iterator[tuple[ast.AST, str, str]]:
    """
    :param tree: of a file that has something of Python 2's.
    :return: a node, a code and a message for each.
    """
    isTrue = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "division" for alias in node.names)
        for node in tree.body
    )
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
