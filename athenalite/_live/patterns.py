# -*- test-case-name: tests.live.test_patterns -*-
"""
Renders the items of a list. Where a renderer only fills slots with text, the pattern is flattened once for all items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from twisted.web.template import Tag as TwistedTag
from twisted.web.template import slot

from .._templates.markup import asHTML
from ..stan import Tag, rendered
from .rendering import KEY, around, markupOf, refuseWaiting

#: Characters that no text has, around the name of a slot in the markup of a pattern.
_MARK: Final = "\ufdd1"
_MARKS: Final = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")
#: The slot for the key of an item, whose name no other slot has.
_KEY: Final = "\ufdd2"


class ItemPattern:
    """
    The node with the pattern ``item``.

    :ivar node: that node; do not change it.
    """

    def __init__(self, node: Tag) -> None:
        self.node = node
        self._prototype = ItemTag(node).__dict__
        self._isCompiled = False
        self._compiled: list[tuple[str, str, bool]] | None = None
        self._end = ""

    def render(self, element: Any, function: Callable[..., Any], key: str, item: Any) -> bytes:
        """
        :param function: the renderer, which is given a copy of the pattern and ``item``.
        :return: the markup as Twisted writes it.
        """
        # To initialize it takes longer than all else that is done for an item.
        tag = ItemTag.__new__(ItemTag)
        tag.__dict__.update(self._prototype)
        result = function(element, None, tag, item)
        if result is tag and tag.isUntouched:
            markup = self._joined(element, tag.slotData or {}, key)
            if markup is not None:
                return markup.encode("utf-8")
        refuseWaiting(element, function.__name__, result)
        return keyed(element, around(tag, element._take(function.__name__, None, rendered(result))), KEY, key)

    def _joined(self, element: Any, values: dict[str, Any], key: str) -> str | None:
        if not self._isCompiled:
            self._isCompiled = True
            self._compile(element)
        if self._compiled is None:
            return None
        parts: list[str] = []
        for before, name, isQuoted in self._compiled:
            value = key if name == _KEY else values.get(name)
            if type(value) is not str:
                return None
            value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            parts += (before, value.replace('"', "&quot;") if isQuoted else value)
        return "".join([*parts, self._end])

    def _compile(self, element: Any) -> None:
        if not _isSimple(self.node):
            return
        node = self.node.clone()
        node.pattern = None
        node.fillSlots(**{name: f"{_MARK}{name}{_MARK}" for name in _slotsIn(node)})
        flat = keyed(element, node, KEY, f"{_MARK}{_KEY}{_MARK}")
        if asHTML(flat) != flat:
            return
        *parts, self._end = _MARKS.split(flat.decode("utf-8"))
        compiled = []
        text = ""
        for before, name in zip(parts[::2], parts[1::2], strict=True):
            text += before
            compiled.append((before, name, text.rfind("<") > text.rfind(">")))
        self._compiled = compiled


class ItemTag(Tag):
    """
    A copy of a pattern for a renderer. The copy is made when the renderer uses more of it than its slots.

    :ivar isUntouched: whether it does not.
    """

    def __init__(self, node: Tag) -> None:
        # The base class sets what is a property here.
        self.isUntouched = False
        self._node = node
        super().__init__(node.tagName, filename=node.filename, lineNumber=node.lineNumber)
        self.isUntouched = True
        self.__dict__.pop("children", None)
        self.__dict__.pop("attributes", None)

    def _copy(self) -> None:
        if self.isUntouched:
            self.isUntouched = False
            copy = self._node.clone()
            self.__dict__.update(children=copy.children, attributes=copy.attributes)

    # Properties in the place of the base class's attributes.
    @property
    def children(self) -> list[Any]:
        """The children of the copy."""
        self._copy()
        return self.__dict__["children"]  # type: ignore[no-any-return]

    @children.setter
    def children(self, value: list[Any]) -> None:
        self._copy()
        self.__dict__["children"] = value

    @property
    def attributes(self) -> dict[Any, Any]:
        """The attributes of the copy."""
        self._copy()
        return self.__dict__["attributes"]  # type: ignore[no-any-return]

    @attributes.setter
    def attributes(self, value: dict[Any, Any]) -> None:
        self._copy()
        self.__dict__["attributes"] = value


def keyed(element: Any, tag: Any, attribute: str, key: str) -> bytes:
    """
    :return: the markup of an item with this key.
    """
    tag.attributes[attribute] = key
    return markupOf(element, tag)


def _isSimple(node: Any) -> bool:
    """Whether only the slots of a pattern differ between its items."""
    if isinstance(node, slot):
        return True
    if isinstance(node, TwistedTag):
        values = node.attributes.values()
        return node.render is None and not node.slotData and all(map(_isSimple, [*node.children, *values]))
    return all(map(_isSimple, node)) if isinstance(node, (list, tuple)) else True


def _slotsIn(node: Any) -> Iterator[str]:
    if isinstance(node, slot):
        yield node.name
    elif isinstance(node, TwistedTag):
        yield from _slotsIn([*node.children, *node.attributes.values()])
    elif isinstance(node, (list, tuple)):
        for one in node:
            yield from _slotsIn(one)
