# -*- test-case-name: tests.live.test_each -*-
"""
Parts that show a list of keyed items, each of which is rendered by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .._templates.parser import TemplateError
from ..stan import Tag
from .compiled import Filled, flatMarkup
from .onpage import PartOnPage
from .pageparts import Everything
from .parts import Part
from .patterns import ItemPattern, keyed
from .rendering import EMPTY, PART, filled, itemPattern, markupOf, nodeOf, refuseOthers, refuseTable, shallow
from .versions import moves


class EachState:
    """
    What a page keeps of such a part.

    :ivar node: of the template, with the patterns.
    :ivar keys: of the items that the page has, in their order, as the application has them.
    :ivar items: the mapping that had these keys; None if it can change in other ways than a ``dict``.
    """

    def __init__(self, node: Tag, item: ItemPattern, empty: Tag | None) -> None:
        self.node = node
        self.item = item
        self.empty = empty
        self.keys: list[Any] = []
        self.items: dict[Any, Any] | None = None

    def note(self, items: Mapping[Any, Any], keys: list[Any]) -> None:
        """The page has these."""
        self.keys = keys
        self.items = items if type(items) is dict else None

    def isInOrder(self, items: Mapping[Any, Any], marks: Collection[Any]) -> bool:
        """
        :param marks: the keys of all items that were changed, moved, added or removed, as the application must name.
        :return: whether none of them was moved, added or removed, as far as that is known without a look at all keys. A
            ``dict`` puts what is moved or added behind the last key.
        """
        if not self.keys or items is not self.items or len(items) != len(self.keys):
            return False
        last = self.keys[-1]
        return next(reversed(self.items)) == last and last not in marks and all(key in items for key in marks)

    def order(self) -> list[str | None]:
        """
        :return: the keys as text; None is that of the node which is shown if there are no items.
        """
        if not self.keys and self.empty is not None:
            return [None]
        return [str(key) for key in self.keys]


class EachPart(Part[Any]):
    """See :meth:`athenalite._live.decorators.PartMaker.each`."""

    def __init__(self, function: Any, attribute: str, key: str | None) -> None:
        super().__init__(function)
        self._attribute = attribute
        self._key = key

    def checkKeys(self, element: Any) -> None:
        """All keys are right: the items say which of them there are."""

    def newState(self, onPage: PartOnPage) -> EachState:
        element = onPage.element
        node = nodeOf(element, self.name)
        refuseOthers(element, node, self.name)
        refuseTable(element, node, self.name)
        item = itemPattern(element, node, self.name, "item")
        if item is None:
            raise TemplateError(
                f"{node.filename or 'the template'}:{node.lineNumber}: the part {self.name!r} of "
                f'{type(element).__name__} has no pattern: give a node in it nevow:pattern="item"'
            )
        return EachState(node, ItemPattern(item), itemPattern(element, node, self.name, "empty"))

    def first(self, onPage: PartOnPage) -> bytes:
        state: EachState = onPage.state
        items = self._items(onPage.element)
        state.note(items, list(items))
        order = state.order()
        self._refuseTwins(order)
        rendered = onPage.rendered(self._item, self._pairs(items, order))
        for key, markup in rendered:
            onPage.note(key, markup)
        tag = filled(shallow(state.node), [flatMarkup(markup) for _, markup in rendered])
        tag.attributes[PART] = onPage.identity
        return markupOf(onPage.element, tag)

    def difference(self, onPage: PartOnPage, marks: Any) -> Any:
        state: EachState = onPage.state
        items = self._items(onPage.element)
        if marks is not Everything and state.isInOrder(items, marks.values()):
            return self._marked(onPage, items, marks)
        keys = list(items)
        if keys == state.keys and marks is not Everything and all(key in items for key in marks.values()):
            state.note(items, keys)
            return self._marked(onPage, items, marks)
        old = state.order()
        before = state.items, state.keys
        state.note(items, keys)
        order = state.order()
        try:
            self._refuseTwins(order)
            if marks is Everything:
                wanted = self._pairs(items, order)
            else:
                wanted = _some(items, keys or order, order, {*order}.difference(old).union(marks))
            now = set(order)
            gone = [key for key in old if key not in now]
            return self._sent(onPage, wanted, gone, moves([key for key in old if key in now], order))
        except BaseException:
            state.items, state.keys = before
            raise

    def _marked(self, onPage: PartOnPage, items: Mapping[Any, Any], marks: Mapping[str, Any]) -> Any:
        """The usual case: a few of many, in the order that there was."""
        return self._sent(onPage, [(name, items[key]) for name, key in marks.items()], [], [])

    def _sent(
        self, onPage: PartOnPage, wanted: Sequence[tuple[str | None, Any]], gone: Sequence[str | None], moved: Any
    ) -> Any:
        # All are rendered before anything is noted, because a renderer may fail.
        rendered = onPage.rendered(self._item, wanted)
        changes: list[Any] = [[key, None] for key in gone]
        for key in gone:
            onPage.gone(key)
        for key, markup in rendered:
            what = onPage.changed(key, markup)
            if what is not None:
                changes.append([key, what])
        return [changes, moved] if changes or moved else None

    def _item(self, onPage: PartOnPage, key: str | None, item: Any) -> bytes | Filled:
        state: EachState = onPage.state
        if key is not None:
            return state.item.fill(onPage.element, self.function, key, item)
        assert state.empty is not None
        tag = state.empty.clone()
        tag.pattern = None
        return keyed(onPage.element, tag, EMPTY, "")

    def _items(self, element: Any) -> Mapping[Any, Any]:
        found = getattr(element, self._attribute)
        if isinstance(found, Mapping):
            return found
        if self._key is None:
            raise TypeError(
                f"{type(element).__name__}.{self._attribute} is not a mapping; for a sequence, name the attribute of "
                f'its objects that is their key: @part.each("{self._attribute}", key="id")'
            )
        items = {self._keyOf(element, item, self._key): item for item in found}
        if len(items) < len(found):
            raise ValueError(f"two items of {type(element).__name__}.{self._attribute} have the same {self._key}")
        return items

    def _keyOf(self, element: Any, item: Any, name: str) -> Any:
        try:
            # Drivers of databases return rows as mappings.
            return item[name] if isinstance(item, Mapping) else getattr(item, name)
        except (AttributeError, KeyError):
            raise TypeError(
                f"an item of {type(element).__name__}.{self._attribute}, a {type(item).__name__}, has no {name!r}, "
                f'which @part.each("{self._attribute}", key="{name}") takes for its key'
            ) from None

    def _pairs(self, items: Mapping[Any, Any], order: Sequence[str | None]) -> list[tuple[str | None, Any]]:
        return list(zip(order, items.values() if items else [None], strict=True)) if order else []

    def _refuseTwins(self, order: Sequence[str | None]) -> None:
        if len(set(order)) < len(order):
            raise ValueError(f"two keys of the part {self.name!r} are the same as text")


def _some(
    items: Mapping[Any, Any], keys: Sequence[Any], order: Sequence[str | None], names: Collection[str | None]
) -> list[tuple[str | None, Any]]:
    # A mapping that is no dict may fetch each item that it is asked for.
    return [(name, items.get(key)) for name, key in zip(order, keys, strict=True) if name in names]
