# -*- test-case-name: tests.live.test_patterns -*-
"""
Renders the items of a list. Where a renderer only fills slots with text, the pattern is flattened once for all items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from twisted.web.template import Tag as TwistedTag
from twisted.web.template import slot

from .._templates.itemids import ITEM_SLOT, suffixOf, withItemIds
from .._templates.markup import asHTML, isPlain
from ..stan import Tag, rendered
from .compiled import Compiled, Filled, flatMarkup, mark
from .rendering import KEY, around, markupOf, refuseWaiting

#: The slot for the key of an item, whose name no other slot has.
_KEY: Final = "\ufdd2"


class ItemPattern:
    """
    The node with the pattern ``item``.

    :ivar node: that node, with ids that each item makes its own; do not change it.
    """

    def __init__(self, node: Tag) -> None:
        self.node = withItemIds(node)
        self._hasIds = self.node is not node
        self._prototype = ItemTag(self.node).__dict__
        self._isCompiled = False
        self._compiled: Compiled | None = None
        self._isPlain = False

    def fill(self, element: Any, function: Callable[..., Any], key: str, item: Any) -> bytes | Filled:
        """
        :param function: the renderer, which is given a copy of the pattern and ``item``.
        :return: the markup as Twisted writes it, or what has it.
        """
        # To initialize it takes longer than all else that is done for an item.
        tag = ItemTag.__new__(ItemTag)
        tag.__dict__.update(self._prototype)
        if self._hasIds:
            tag.slotData = {ITEM_SLOT: suffixOf(key)}
        result = function(element, None, tag, item)
        if result is tag and tag.isUntouched:
            if not self._isCompiled:
                self._compile(element)
            values = tag.slotData or {}
            values[_KEY] = key
            filled = self._compiled and self._compiled.filled(values)
            if filled:
                return filled if self._isPlain else flatMarkup(filled)
        refuseWaiting(element, function.__name__, result)
        return keyed(element, around(tag, element._take(function.__name__, None, rendered(result))), KEY, key)

    def _compile(self, element: Any) -> None:
        self._isCompiled = True
        if not _isSimple(self.node):
            return
        node = self.node.clone()
        node.pattern = None
        node.fillSlots(**{name: mark(name) for name in _slotsIn(node)})
        flat = keyed(element, node, KEY, mark(_KEY))
        if asHTML(flat) == flat:
            self._isPlain = isPlain(flat)
            self._compiled = Compiled(flat.decode("utf-8"))


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
