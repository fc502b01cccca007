# -*- test-case-name: tests.live.test_nesting -*-
"""
Elements and parts within parts. What the page has already is rendered as a stub, a node with its identity alone, and
the browser leaves it as it is; what is not rendered any more ends on both sides.
"""

from __future__ import annotations

from typing import Any

from twisted.web.template import Tag as TwistedTag

from .._templates.rewriting import tagsIn
from ..stan import Tag

_ROOTS = ("liveElement", "liveFragment")


class Seen:
    """
    What has been rendered within a part, or one of its items.

    :ivar owner: the element of the part.
    :ivar isAgain: whether the page has an earlier rendering.
    :ivar key: of the item, or None.
    :ivar nested: what the page has within the part, while it is rendered.
    :ivar parts: of the owner, and the shared ones that it shows here.
    """

    __slots__ = ("elements", "isAgain", "key", "nested", "new", "owner", "parts")

    def __init__(self, owner: Any, isAgain: bool, nested: Nested | None = None) -> None:
        self.owner = owner
        self.isAgain = isAgain
        self.key: str | None = None
        self.nested = nested
        self.elements: list[Any] = []
        self.parts: list[Any] = []
        #: The elements that the page does not have yet.
        self.new: list[Any] = []

    def element(self, element: Any) -> TwistedTag | None:
        """
        Note an element that is rendered.

        :return: its stub, if the page has it.
        """
        self.elements.append(element)
        if not element._athenaRendered:
            self.new.append(element)
            return None
        return stubOf(element) if self.isAgain else None

    def isShownBefore(self, part: Any) -> bool:
        """Whether the page has this part from an earlier rendering of the same, and it is not rendered again yet."""
        before = None if self.nested is None else self.nested.shown(self.key)
        return _isIn(part, before) and not _isIn(part, self)

    def undo(self, before: Seen | None) -> None:
        """
        The rendering has failed, and is not sent: the new elements are rendered again.

        :param before: what the page has in its place.
        """
        for element in self.new:
            element._athenaRendered = False
            element._athenaParts = element._athenaShows = None
        for part in self.parts:
            part.undone(self.owner, _isIn(part, before))


def _isIn(part: Any, seen: Seen | None) -> bool:
    return seen is not None and any(one is part for one in seen.parts)


class Nested:
    """What is within one part, by the keys of its items; the key None is that of a part without items."""

    def __init__(self) -> None:
        self._seen: dict[str | None, Seen] = {}
        self._pending: dict[str | None, Seen | None] = {}

    def shown(self, key: str | None) -> Seen | None:
        """
        :return: what the page has within the part or one of its items; None if there is nothing.
        """
        return self._seen.get(key)

    def rendered(self, key: str | None, seen: Seen) -> None:
        """Note what has been rendered within the part or one of its items."""
        # In a circle it would live until garbage is collected, and the page get what it does not show any more.
        seen.nested = None
        self._pending[key] = seen

    def gone(self, key: str | None) -> None:
        """Note that an item is not rendered any more, or that nothing is within it."""
        if key in self._seen:
            self._pending[key] = None

    def clear(self) -> None:
        """End all that is within the part, because it is not rendered any more itself."""
        self._pending = dict.fromkeys(self._seen)
        self.settle()

    def undo(self) -> None:
        """Forget what was noted since the last :meth:`settle`, because it is not sent."""
        pending, self._pending = self._pending, {}
        for key, seen in pending.items():
            if seen is not None:
                seen.undo(self.shown(key))

    def new(self) -> list[Any]:
        """
        :return: the elements that the page does not have yet.
        """
        return [element for seen in self._pending.values() if seen is not None for element in seen.new]

    def settle(self) -> None:
        """The rendering is sent: end the elements, and forget the parts, that are not rendered any more."""
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        before = [self._seen.pop(key) for key in pending if key in self._seen]
        self._seen.update((key, seen) for key, seen in pending.items() if seen is not None)
        elements = {id(one) for seen in self._seen.values() for one in seen.elements}
        parts = {id(one) for seen in self._seen.values() for one in seen.parts}
        for seen in before:
            for part in seen.parts:
                if id(part) not in parts:
                    part.forget(seen.owner)
            for element in seen.elements:
                if element.page is not None and not _isWithin(element, elements):
                    element._athenaDetachServer()


def _isWithin(element: Any, kept: set[int]) -> bool:
    """Whether an element, or one around it, which may be a stub now, is still rendered."""
    while element is not None:
        if id(element) in kept:
            return True
        element = getattr(element, "fragmentParent", None)
    return False


def stubOf(element: Any) -> TwistedTag:
    """
    :return: a node by which the browser finds that of an element.
    """
    roots = [tag for tag in tagsIn(element.documentOfTemplate()) if tag.render in _ROOTS]
    # Of the same name, because a parser takes some only within others.
    return Tag(roots[0].tagName if roots else "div", attributes={"id": f"athena:{element.athenaID}"})
