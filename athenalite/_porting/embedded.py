# -*- test-case-name: tests.porting.test_embedded -*-
"""
Templates and other markup in strings of Python, also in those that are put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

import libcst as cst

from .._templates.parser import ATHENA_NAMESPACE, NEVOW_NAMESPACE
from .lookup import NEW, OLD

_LOADERS: Final = frozenset(f"{package}.loaders.xmlstr" for package in (OLD[0], NEW))
_MARKUP: Final = frozenset(
    f"{package}.{one}" for package in (OLD[0], NEW) for one in ("tags.xml", "tags.raw", "stan.xml")
)
#: Methods of strings that return the same markup.
_SAME: Final = frozenset(("decode", "encode", "lstrip", "rstrip", "strip"))
#: Those that return other markup, with this in it.
_OTHER: Final = frozenset(("format", "replace"))


class Kind(Enum):
    """How a string is read."""

    #: As a template.
    TEMPLATE = auto()
    #: As a part of one, which need not be well-formed.
    PART = auto()
    #: As markup that is put into a page as it is.
    MARKUP = auto()


class Embedded(NamedTuple):
    """A string with markup."""

    node: cst.CSTNode
    text: str
    kind: Kind
    #: Whether its lines are those of the file: it has none in escapes.
    isLiteral: bool


def embeddedOf(function: str, value: cst.BaseExpression | None) -> Iterator[Embedded]:
    """
    :param function: the dotted name of what is called.
    :param value: its first argument.
    :return: the strings in it, if the function takes markup.
    """
    if value is not None and (function in _LOADERS or function in _MARKUP):
        yield from embeddedIn(value, Kind.TEMPLATE if function in _LOADERS else Kind.MARKUP)


def embeddedIn(value: cst.BaseExpression, kind: Kind) -> Iterator[Embedded]:
    """
    :param value: an expression.
    :param kind: of the text that is the whole value.
    :return: the strings in it.
    """
    part = Kind.PART if kind is Kind.TEMPLATE else kind
    if isinstance(value, (cst.SimpleString, cst.ConcatenatedString)):
        text = value.evaluated_value
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        if text is None:
            text, kind = _formatted(value), part
        isLiteral = isinstance(value, cst.SimpleString) and value.value.count("\n") == text.count("\n")
        yield Embedded(value, text, kind, isLiteral)
    elif isinstance(value, cst.FormattedString):
        yield Embedded(value, _formatted(value), part, False)
    elif isinstance(value, cst.BinaryOperation):
        yield from embeddedIn(value.left, part)
        if isinstance(value.operator, cst.Add):
            yield from embeddedIn(value.right, part)
    elif isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
        name = value.func.attr.value
        if name in _SAME or name in _OTHER:
            yield from embeddedIn(value.func.value, kind if name in _SAME else part)


def otherEmbedded(
    strings: Iterable[cst.BaseExpression], values: Iterable[cst.BaseExpression], known: Iterable[Embedded]
) -> Iterator[Embedded]:
    """
    :param strings: with a namespace of templates.
    :param values: of variables: a string that is one is a whole template.
    :param known: what is found already, as the argument of a loader.
    :return: those of the strings that are not: constants for loaders, or what functions return.
    """
    seen, whole = {id(one.node) for one in known}, {id(value) for value in values}
    for one in strings:
        if id(one) not in seen:
            yield from embeddedIn(one, Kind.TEMPLATE if id(one) in whole else Kind.PART)


def hasNamespace(text: str) -> bool:
    """
    :return: whether a string is a template, or a part of one, wherever it is used.
    """
    return "<" in text and any(one in text for one in (NEVOW_NAMESPACE, ATHENA_NAMESPACE))


def _formatted(node: cst.CSTNode) -> str:
    if isinstance(node, cst.ConcatenatedString):
        return _formatted(node.left) + _formatted(node.right)
    if isinstance(node, cst.FormattedString):
        return "".join(one.value if isinstance(one, cst.FormattedStringText) else "x" for one in node.parts)
    return str(getattr(node, "evaluated_value", ""))
