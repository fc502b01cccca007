# -*- test-case-name: tests.templates.test_flattening -*-
"""
Flattens an element without Twisted's generators, if its template has one renderer only, that of its root node.

Most elements of Athena's kind are such: their scripts fill in the rest. Twisted's flattener is a coroutine with a
generator for each node, which take a twentieth of the time in which a page is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.web.iweb import IRenderable
from twisted.web.template import Tag, flatten
from zope.interface import implementer

from .._text.markup import Flat
from ..stan import Tag as OwnTag


def flattenElement(request: Any, element: Any, write: Callable[[bytes], object]) -> Deferred[None]:
    """
    The same as Twisted's ``flatten``, of an element.

    :return: fires when all markup is written, or fails with ``twisted.web.error.FlattenerError``.
    """
    begun = _Begun(element)
    try:
        begun.document = element.render(request)
        root = _onlyNode(begun.document)
        if root is not None:
            tag = _copied(root)
            tag.render = None
            markup = element.lookupRenderMethod(root.render)(request, tag)
            if type(markup) is Flat:
                write(markup)
                return succeed(None)
            begun.rendered.append(markup)
    except Exception as error:
        begun.error = error
    return flatten(request, begun, write)


def _onlyNode(document: Any) -> Tag | None:
    root = document[0] if type(document) is list and len(document) == 1 else None
    return root if isinstance(root, Tag) and root.render is not None else None


def _copied(tag: Any) -> Any:
    # As clone(deep=False), which makes a new tag, and looks for what it has to clone in each value.
    if type(tag) is not OwnTag or tag.slotData or not all(type(value) is str for value in tag.attributes.values()):
        return tag.clone(deep=False)
    copied = OwnTag.__new__(OwnTag)
    copied.__dict__.update(tag.__dict__)
    copied.attributes, copied.children, copied.slotData = tag.attributes.copy(), tag.children[:], None
    return copied


@implementer(IRenderable)
class _Begun:
    """
    An element whose rendering has begun, for Twisted to go on, or to report the error as one of the element.

    :ivar document: what its ``render`` has returned.
    :ivar rendered: what the renderer of the root node has returned, until it is flattened.
    :ivar error: what one of them has raised.
    """

    document: Any = None
    error: Exception | None = None

    def __init__(self, element: Any) -> None:
        self._begun = element
        self.rendered: list[Any] = []

    def render(self, request: Any) -> Any:
        if self.error is not None and self.document is None:
            raise self.error
        return self.document

    def lookupRenderMethod(self, name: str) -> Any:
        if self.error is not None:
            raise self.error
        if not self.rendered:
            return self._begun.lookupRenderMethod(name)
        rendered = self.rendered.pop()
        return lambda request, tag: rendered

    def __repr__(self) -> str:
        return repr(self._begun)
