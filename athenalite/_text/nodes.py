# -*- test-case-name: tests.text.test_nodes -*-
"""
Nodes that Nevow's flattener treated differently from Twisted's.

A slot was filled inside of the tag whose ``fillSlots`` was called, and not after it; Twisted's flattener never forgets
the values of a tag. A tag with a pattern was shown where a renderer had put a copy of it, and not where it stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twisted.internet.defer import Deferred
from twisted.web.template import Tag


class Scope(list[Any]):
    """
    A document of one tag, outside of which its slots are not filled.

    :ivar tag: the tag.
    """

    def __init__(self, tag: Tag) -> None:
        super().__init__([tag])
        self.tag = tag

    def __iter__(self) -> Iterator[Tag]:
        # Each time that it is flattened has values of its own, because a tag may be in several documents at once.
        # To copy it by the module copy takes longer than to flatten it.
        tag = object.__new__(type(self.tag))
        tag.__dict__.update(self.tag.__dict__)
        tag.slotData = values = dict(tag.slotData or {})
        yield tag
        # The flattener still has them, and finds none from here on.
        values.clear()

    def clone(self, deep: bool = True) -> Scope:
        """As tags have it."""
        return Scope(self.tag.clone(deep))


class Pattern(list[Any]):
    """A node with a pattern at its place in a document, where it renders as nothing."""

    def __init__(self, tag: Tag) -> None:
        super().__init__()
        self.tag = tag

    def clone(self, deep: bool = True) -> Pattern:
        """Patterns are only read, so this is itself."""
        return self


def placed(node: Any) -> Any:
    """
    :param node: for Twisted's flattener. A Deferred is not the application's own.
    :return: the node; a tag with a pattern as a :class:`Pattern`, and one with slots that are filled in a
        :class:`Scope`.
    """
    if isinstance(node, Tag):
        if getattr(node, "pattern", None) is not None:
            return Pattern(node)
        return Scope(node) if node.slotData else node
    return node.addCallback(placed) if isinstance(node, Deferred) else node
