# -*- test-case-name: tests.live.test_parts -*-
"""
Renders parts of templates by themselves: the node of a part is found in its element's template, and flattened without a
request, the first time as later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from twisted.web.error import FlattenerError
from twisted.web.iweb import IRenderable
from twisted.web.template import Tag as TwistedTag
from zope.interface import implementer

from .._awaiting.checks import atOnce
from .._templates.markup import asHTML, asXHTML
from .._templates.parser import TemplateError
from .._templates.precompile import flattened
from .._templates.rewriting import tagsIn
from .._text.markup import Flat
from ..stan import Tag, adopt, flattenable, patternNodes

#: The attribute of a part's node, with the name of the part.
PART: str = "data-athena-part"
#: What to do instead of waiting in a part.
AWAIT: Final = "await it in a method, keep the result in an attribute, and call rerender"
#: That of an item, with its key,
KEY: str = "data-athena-key"
#: and that of the node which is shown if there are no items.
EMPTY: str = "data-athena-empty"


@implementer(IRenderable)
class _Within:
    """A node with the renderers of an element."""

    def __init__(self, element: Any, node: Any) -> None:
        self._element = element
        self._node = node

    def render(self, request: Any) -> Any:
        return self._node

    def lookupRenderMethod(self, name: Any) -> Any:
        return self._element.lookupRenderMethod(name)


def markupOf(element: Any, node: Any) -> bytes:
    """
    :param element: whose renderers ``node`` names.
    :return: the markup as Twisted writes it, see :func:`written`.
    :raise TypeError: if it waits for a Deferred.
    """
    try:
        return flattened(_Within(element, node))
    except FlattenerError as error:
        # The error of the application's own code, without the flattener's account of the document.
        raise error.args[0] from None
    except ValueError:
        raise TypeError(f"a part of {type(element).__name__} waits for a Deferred: {AWAIT}") from None


def written(markup: bytes, isXHTML: bool) -> str:
    """
    :return: ``markup`` for the browser's parser.
    """
    return (asXHTML if isXHTML else asHTML)(markup).decode("utf-8")


def nodeOf(element: Any, name: str) -> Tag:
    """
    :return: the node of the template that has the renderer ``name``; do not change it.
    :raise TemplateError: if there is not one, or it is a pattern.
    """
    document = element.documentOfTemplate()
    found = [tag for tag in tagsIn(document) if tag.render == name]
    if len(found) == 1 and found[0].tagName:
        return adopt(found[0])
    where = f"{element.placeOfTemplate() or 'the template'}: "
    if len(found) == 1:
        raise TemplateError(f"{where}the part {name!r} needs an element as its node, and not invisible")
    if found:
        lines = ", ".join(str(tag.lineNumber) for tag in found)
        raise TemplateError(f"{where}the part {name!r} has {len(found)} nodes (lines {lines}), and may have one")
    raise TemplateError(
        f"{where}the part {name!r} of {type(element).__name__} has no node: give one of the template, which is in no "
        f'pattern, nevow:render="{name}"'
    )


def refuseWaiting(element: Any, name: str, result: Any) -> Any:
    """
    :param result: what the function of the part ``name`` has returned.
    :return: ``result``.
    :raise TypeError: if it must be awaited.
    """
    return atOnce(result, f"the part {name!r} of {type(element).__name__}", AWAIT)


def shallow(node: Tag) -> Tag:
    """
    :return: a copy for a renderer, as Twisted's flattener makes it.
    """
    copy = node.clone(deep=False)
    copy.render = None
    copy.pattern = None
    return copy


def around(tag: Tag, result: Any) -> Tag:
    """
    :param tag: that a renderer was given.
    :param result: what it has returned.
    :return: ``tag`` itself; or, if ``result`` is something else, a copy that has it as its content. It may contain
        ``tag``.
    """
    shown = tag
    if result is not tag:
        shown = shallow(tag)
        shown.children = [flattenable(result)]
    return shown


def filled(tag: Tag, items: list[bytes]) -> Tag:
    """
    :return: ``tag`` with these items, markup, as its content.
    """
    tag.children = [Flat(item) for item in items]
    return tag


def itemPattern(element: Any, node: Tag, name: str, pattern: str) -> Tag | None:
    """
    :param node: of the part ``name``.
    :return: the node in it that has ``pattern``; None if there is none. Do not change it.
    """
    found = list(patternNodes(node.children, pattern))
    if len(found) > 1 or (found and not found[0].tagName):
        where = f"{found[-1].filename or 'the template'}:{found[-1].lineNumber}"
        why = f"has {len(found)} patterns" if len(found) > 1 else "needs an element as its pattern"
        raise TemplateError(f"{where}: the part {name!r} of {type(element).__name__} {why} {pattern!r}")
    return found[0] if found else None


def refuseOthers(element: Any, node: Tag, name: str) -> None:
    """
    :raise TemplateError: if the node of a part with items contains anything else than patterns, comments and blanks.
    """
    for other in _shown(node.children):
        place = f"{getattr(other, 'filename', None) or 'the template'}:{getattr(other, 'lineNumber', node.lineNumber)}"
        raise TemplateError(
            f"{place}: the node of the part {name!r} of {type(element).__name__} contains the items alone; put what "
            "else is shown before or behind that node"
        )


def refuseTable(element: Any, node: Tag, name: str) -> None:
    """
    :raise TemplateError: if the items of a part would not be the children of its node in a browser.
    """
    if node.tagName == "table" and any(one.tagName == "tr" for one in patternNodes(node.children, "item")):
        place = f"{node.filename or 'the template'}:{node.lineNumber}"
        raise TemplateError(
            f"{place}: the part {name!r} of {type(element).__name__} has rows in a table, which a browser puts into a "
            "tbody of its own: make the tbody the node of the part"
        )


def _shown(nodes: list[Any]) -> Iterator[Any]:
    for node in nodes:
        if isinstance(node, TwistedTag) or (isinstance(node, str) and node.strip()):
            yield node
