# -*- test-case-name: tests.porting.test_tagcalls -*-
"""
What tags in Python have for Nevow and do not have here: keywords that were no attributes, and names of its renderers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst
from twisted.web.template import Tag

from .._templates.blocked import blockedIn
from .._templates.mistakes import unsupported
from .lookup import NEW, OLD
from .unused import SPECIALS
from .uses import EVENT, handlerRemedy

_TAGS: Final = tuple(f"{package}.tags." for package in (OLD[0], NEW))
_DIRECTIVES: Final = frozenset(f"{package}.{one}.directive" for package in (OLD[0], NEW) for one in ("tags", "stan"))


def findingsOf(function: str, call: cst.Call) -> Iterator[tuple[cst.CSTNode, str, str]]:
    """
    :param function: the dotted name of what is called.
    :return: places in a call of a tag, with codes and messages: keywords that were Nevow's own, and what the policy
        blocks that is none of the attributes by themselves, which :mod:`athenalite._porting.uses` finds.
    """
    if not function.startswith(_TAGS) or function in _DIRECTIVES:
        return
    element = function.rpartition(".")[2]
    tag = Tag(element)
    for arg in call.args:
        name = arg.keyword.value if arg.keyword is not None else ""
        if name in SPECIALS and not (name == "data" and element == "object"):
            yield arg, "T402", unsupported("attribute", name)
        elif EVENT.fullmatch(name) and isinstance(arg.value, (cst.Name, cst.Attribute)):
            # A variable with markup, or a function: neither is an attribute of a live page.
            yield arg, "A205", handlerRemedy(name)
        elif name and not EVENT.fullmatch(name):
            value = arg.value.evaluated_value if isinstance(arg.value, cst.SimpleString) else None
            tag.attributes[name] = value if isinstance(value, str) and "javascript:" not in value.lower() else ""
    for what, remedy in blockedIn(tag):
        if not what.startswith("an inline"):
            yield call, "A205", f"{what} is blocked by the page's Content-Security-Policy: {remedy}"


def directivesOf(function: str, value: cst.BaseExpression | None) -> Iterator[tuple[cst.CSTNode, str]]:
    """
    :param function: the dotted name of what is called.
    :param value: its first argument.
    :return: the argument and the name of the renderer, if the function is a directive.
    """
    name = value.evaluated_value if isinstance(value, cst.SimpleString) else None
    if function in _DIRECTIVES and value is not None and isinstance(name, str):
        yield value, name
