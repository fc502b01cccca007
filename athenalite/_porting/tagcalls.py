# -*- test-case-name: tests.porting.test_tagcalls -*-
"""
What tags in Python have for Nevow and do not have here: keywords that were no attributes, and names of its renderers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from .._templates.mistakes import unsupported
from .lookup import NEW, OLD
from .unused import SPECIALS

_TAGS: Final = tuple(f"{package}.tags." for package in (OLD[0], NEW))
_DIRECTIVES: Final = frozenset(f"{package}.{one}.directive" for package in (OLD[0], NEW) for one in ("tags", "stan"))


def keywordsOf(function: str, call: cst.Call) -> Iterator[tuple[cst.CSTNode, str]]:
    """
    :param function: the dotted name of what is called.
    :return: the keywords that were Nevow's own, with messages.
    """
    if function.startswith(_TAGS) and function not in _DIRECTIVES:
        for arg in call.args:
            name = arg.keyword.value if arg.keyword is not None else ""
            if name in SPECIALS and not (name == "data" and function.endswith(".object")):
                yield arg, unsupported("attribute", name)


def directivesOf(function: str, value: cst.BaseExpression | None) -> Iterator[tuple[cst.CSTNode, str]]:
    """
    :param function: the dotted name of what is called.
    :param value: its first argument.
    :return: the argument and the name of the renderer, if the function is a directive.
    """
    name = value.evaluated_value if isinstance(value, cst.SimpleString) else None
    if function in _DIRECTIVES and value is not None and isinstance(name, str):
        yield value, name
