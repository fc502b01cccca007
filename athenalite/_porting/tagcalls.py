# -*- test-case-name: tests.porting.test_tagcalls -*-
"""
What tags in Python have for Nevow and do not have here: keywords that were no attributes, and names of its renderers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import libcst as cst
from twisted.web.template import VALID_HTML_TAG_NAMES, Tag

from .._templates.blocked import blockedIn
from .._templates.mistakes import unsupported
from .lookup import NEW, OLD
from .scopes import Frame
from .templates import NO_TYPE
from .unused import SPECIALS
from .uses import EVENT, handlerRemedy

_TAGS: Final = tuple(f"{package}.tags." for package in (OLD[0], NEW))
_DIRECTIVES: Final = frozenset(f"{package}.{one}.directive" for package in (OLD[0], NEW) for one in ("tags", "stan"))
_STANS: Final = frozenset(f"{package}.loaders.stan" for package in (OLD[0], NEW))
#: Names that it does not bind, because they are Python's.
_PYTHONS: Final = frozenset(("del", "dir", "map", "object", "time"))
#: What a star import of the tags binds, as far as it matters here.
_STARRED: Final = frozenset((*VALID_HTML_TAG_NAMES, "directive", "invisible", "raw", "xml")) - _PYTHONS


def starred(name: str, modules: Iterable[str], frames: Iterable[Frame]) -> str:
    """
    :param name: that the file imports by no other name.
    :param modules: that it imports all names of.
    :param frames: in which the name may have another meaning.
    :return: the dotted name, if it is one of the tags.
    """
    isTag = name in _STARRED and any(f"{module}." in _TAGS for module in modules)
    return _TAGS[0] + name if isTag and all(frame.bindingOf(name) is None for frame in frames) else ""


def untypedIn(function: str, value: cst.BaseExpression | None) -> Iterator[tuple[cst.CSTNode, str, str]]:
    """
    :param function: the dotted name of what is called.
    :param value: its first argument.
    :return: the argument, with a code and a message, if it is a whole document without a document type.
    """
    root = value
    while isinstance(root, (cst.Subscript, cst.Call)):
        root = root.value if isinstance(root, cst.Subscript) else root.func
    name = root.attr if isinstance(root, cst.Attribute) else root
    isWhole = function in _STANS and value is not None and root is not value and getattr(name, "value", "") == "html"
    # Other pages are shown as they were.
    if isWhole and value is not None and "liveglue" in cst.Module([]).code_for_node(value):
        message = NO_TYPE.replace("<!DOCTYPE html> before <html>", "[tags.xml('<!DOCTYPE html>'), tags.html[...]]")
        yield value, "T404", message


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
