# -*- test-case-name: tests.porting.test_bytesof -*-
"""
Finds text in the places where requests and ``twisted.cred`` have bytes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import Final, TypeAlias

_Found: TypeAlias = tuple[ast.AST, str, str]
_ARGUMENTS: Final = "names and values of a request's arguments, cookies and headers are"
#: Attributes of a request that are bytes, or lists of bytes.
_BYTES: Final = frozenset(("method", "uri", "path", "prepath", "postpath"))
#: Methods of a request that write bytes, and the number of arguments before those.
_WRITING: Final = MappingProxyType({"write": 0, "setResponseCode": 1, "redirect": 0})
#: Methods of a request that return bytes.
_RETURNING: Final = MappingProxyType(
    {
        "getCookie": "cookies of a request are",
        "getUser": "the name of a request's user is",
        "getPassword": "the password of a request's user is",
    }
)
#: Methods of bytes that take no text.
_OF_TEXT: Final = frozenset(
    ("startswith", "endswith", "find", "split", "replace", "strip", "count", "index", "partition", "rpartition")
)
_CHECKER: Final = "InMemoryUsernamePasswordDatabaseDontUse"
_CREDENTIALS: Final = "names and passwords of twisted.cred are bytes"


def nameOf(node: ast.AST) -> str:
    """
    :return: the last part of a dotted name; empty for anything else.
    """
    return str(getattr(node, "attr", getattr(node, "id", "")))


def isRequest(node: ast.expr) -> bool:
    """
    :return: whether it is named as a request is: ``request``, ``self.request``, ``inevow.IRequest(ctx)``.
    """
    while isinstance(node, ast.Call):
        node = node.func
    name = nameOf(node)
    return name in ("req", "IRequest") or name.lower().endswith("request")


def bytesIn(tree: ast.AST) -> Iterator[_Found]:
    """
    :return: a node, a code and a message for each.
    """
    names = {nameOf(node) for node in ast.walk(tree)} | set(_imported(tree))
    isText = "StringIO" in names and "BytesIO" not in names
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _call(node, isText)
        elif isinstance(node, ast.Subscript) and _isArguments(node.value):
            yield from _text(node.slice, _ARGUMENTS)
        elif isinstance(node, ast.Compare):
            yield from _compare(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                # In a test, for which a request is made.
                yield from _text(node.value, _ofRequest(target))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _isText(node.left):
            yield from _shown(node.right.elts if isinstance(node.right, ast.Tuple) else [node.right])


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (part for alias in node.names for part in alias.name.split("."))
            yield getattr(node, "module", None) or ""


def _call(node: ast.Call, isText: bool) -> Iterator[_Found]:
    method = node.func
    if nameOf(method) == _CHECKER:
        yield from _credentials([keyword.value for keyword in node.keywords])
        for keyword in node.keywords:
            if keyword.arg is None:
                yield keyword, "A208", f"{_CREDENTIALS}: call addUser(name, password) for each, and encode both"
    if not isinstance(method, ast.Attribute):
        return
    if node.args and method.attr in ("get", "has_key") and _isArguments(method.value):
        yield from _text(node.args[0], _ARGUMENTS)
    elif node.args and method.attr == "getCookie":
        yield from _text(node.args[0], "cookies of a request are")
    elif method.attr == "format" and _isText(method.value):
        yield from _shown([*node.args, *(keyword.value for keyword in node.keywords)])
    elif method.attr in _OF_TEXT and (what := _ofRequest(method.value)):
        for argument in node.args:
            yield from _text(argument, what)
    elif method.attr == "join" and _isText(method.value):
        yield from _shown(node.args)
    elif method.attr in ("child", "sibling", "click") and _isPath(method.value):
        for argument in node.args:
            yield from _text(argument, "parts of request.URLPath() are")
    elif method.attr == "addUser" and len(node.args) == 2:
        yield from _credentials(node.args)
    elif isRequest(method.value) and method.attr in _WRITING:
        for argument in node.args[_WRITING[method.attr] :]:
            yield from _written(argument, isText)


def _compare(node: ast.Compare) -> Iterator[_Found]:
    for left, right in pairwise((node.left, *node.comparators)):
        if _isArguments(right):
            yield from _text(left, _ARGUMENTS)
        for one, other in ((left, right), (right, left)):
            if what := _ofRequest(one):
                for text in other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other]:
                    yield from _text(text, what)


def _ofRequest(node: ast.expr) -> str:
    """What bytes of a request a value is: request.uri, request.args["x"][0], request.getCookie("x")."""
    if isinstance(node, ast.Attribute) and node.attr in _BYTES and isRequest(node.value):
        return f"request.{node.attr} is"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _RETURNING and (node.func.attr == "getCookie" or isRequest(node.func.value)):
            return _RETURNING[node.func.attr]
        return _ARGUMENTS if node.func.attr == "get" and _isArguments(node.func.value) else ""
    if isinstance(node, ast.Subscript):
        return _ARGUMENTS if _isArguments(node.value) else _ofRequest(node.value)
    return ""


def _text(node: ast.expr, what: str) -> Iterator[_Found]:
    if what and isinstance(node, ast.Constant) and isinstance(node.value, str):
        remedy = ", or ctx.arg(name) for an argument as text" if what == _ARGUMENTS else ""
        yield node, "A208", f"{what} bytes: write b{node.value!r}{remedy}"


def _shown(values: Iterable[ast.expr]) -> Iterator[_Found]:
    for value in values:
        if what := _ofRequest(value):
            remedy = "ctx.arg(name)" if what == _ARGUMENTS else 'the value with .decode("utf-8")'
            yield value, "A208", f"{what} bytes, which are shown with a b and quotes: write {remedy}"


def _written(node: ast.expr, isText: bool) -> Iterator[_Found]:
    what = "what a request writes is bytes"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        remedy = f"b{node.value!r}" if node.value.isascii() else f'{node.value!r}.encode("utf-8")'
        yield node, "A208", f"{what}: write {remedy}"
    elif _isURL(node) or _isPath(node):
        yield node, "A208", f'{what}: write str(...).encode("ascii"), or have renderHTTP return the URL'
    elif _isText(node) or (isText and isinstance(node, ast.Call) and nameOf(node.func) == "getvalue"):
        yield node, "A208", f'{what}: encode it, as in (...).encode("utf-8")'


def _credentials(values: Iterable[ast.expr]) -> Iterator[_Found]:
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value, "A208", f"{_CREDENTIALS}: write b{value.value!r}"


def _isText(node: ast.expr) -> bool:
    """Whether the value is certainly text: a literal, one that is formatted, joined or added to, or flattened."""
    if isinstance(node, ast.BinOp):
        return _isText(node.left) or (isinstance(node.op, ast.Add) and _isText(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
        return _isText(node.func.value)
    if isinstance(node, ast.Call):
        return nameOf(node.func) in ("flatten", "str") or _isURL(node)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _isURL(node: ast.expr) -> bool:
    """Whether it is made of a URL: url.here.child("x"), URL.fromContext(ctx)."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return nameOf(node) in ("url", "URL")


def _isPath(node: ast.expr) -> bool:
    """Whether it is made of Twisted's URLPath: request.URLPath().child(x)."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "URLPath":
            return isRequest(node.func.value)
        node = node.func.value
    return False


def _isArguments(node: ast.expr) -> bool:
    # Cookies and headers are dicts of bytes, too.
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "getAllHeaders" and isRequest(node.func.value)
    return isinstance(node, ast.Attribute) and node.attr in ("args", "received_cookies") and isRequest(node.value)
