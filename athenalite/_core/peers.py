# -*- test-case-name: tests.core.test_peers -*-
"""
Groups items by the peer that holds them, so that eviction takes one from the peer with the most.

A peer is a path from coarse to fine, such as network, address, connection. Each node of the tree keeps its parts by
their sizes. A size changes by one, so the largest is always known, and each operation takes constant time per level.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class _Node:
    """A network, address or connection: its parts, or at the end of the path the keys of its items, oldest first."""

    __slots__ = ("bySize", "keys", "largest", "parts", "size")

    def __init__(self) -> None:
        self.size = 0
        self.keys: OrderedDict[str, None] = OrderedDict()
        self.parts: dict[str | None, _Node] = {}
        # The names of parts, each size's in the order in which the parts came to have it.
        self.bySize: dict[int, OrderedDict[str | None, None]] = {}
        self.largest = 0

    def part(self, name: str | None) -> _Node:
        if name not in self.parts:
            self.parts[name] = _Node()
        return self.parts[name]

    def resize(self, name: str | None, change: int) -> None:
        """The part of this name has gained or lost an item: ``change`` is 1 or -1."""
        part = self.parts[name]
        before = part.size
        if before:
            del self.bySize[before][name]
            if not self.bySize[before]:
                del self.bySize[before]
        part.size += change
        if part.size:
            self.bySize.setdefault(part.size, OrderedDict())[name] = None
        else:
            del self.parts[name]
        if part.size > self.largest or (before == self.largest and before not in self.bySize):
            self.largest = part.size


class _Tree:
    """The keys of all peers' items as a tree, from which the peer that holds most is known."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, key: str, path: tuple[str | None, ...]) -> None:
        node = self._root
        for name in path:
            part = node.part(name)
            node.resize(name, 1)
            node = part
        node.keys[key] = None

    def remove(self, key: str, path: tuple[str | None, ...]) -> None:
        node = self._root
        for name in path:
            part = node.parts[name]
            node.resize(name, -1)
            node = part
        del node.keys[key]

    def oldestOfLargest(self) -> str:
        node = self._root
        while node.parts:
            node = node.parts[next(iter(node.bySize[node.largest]))]
        return next(iter(node.keys))


class Peers(Generic[T]):
    """
    Items with a key each, in the order in which each peer got them.

    The tree exists from the first eviction until half of the items are gone. Most sites never evict anything, and with
    a tree each page costs some microseconds more.
    """

    def __init__(self) -> None:
        # A dict that loses its first items often would be searched for the first of the others.
        self._items: OrderedDict[str, tuple[T, tuple[str | None, ...]]] = OrderedDict()
        self._tree: _Tree | None = None
        # When fewer items are left, the tree is dropped.
        self._few = 0

    def __len__(self) -> int:
        return len(self._items)

    def add(self, key: str, item: T, peer: tuple[str, ...]) -> None:
        """
        Add an item as the newest of ``peer``; one that is there already stays where it is.
        """
        if key in self._items:
            return
        # So that items never stand beside parts.
        path = (*peer, None)
        self._items[key] = item, path
        if self._tree is not None:
            self._tree.add(key, path)

    def remove(self, key: str) -> None:
        """Remove the item of this key, if there is one."""
        found = self._items.pop(key, None)
        if found is None or self._tree is None:
            return
        if len(self._items) < self._few:
            self._tree = None
        else:
            self._tree.remove(key, found[1])

    def takeFromLargest(self) -> T:
        """
        Remove the oldest item of the peer that holds most: of the largest part at each level, and among equals the one
        that has been as large for the longest time, as far as the tree knows.

        :raise KeyError: if there is none.
        """
        if not self._items:
            raise KeyError("no items")
        if self._tree is None:
            self._tree = _Tree()
            self._few = len(self._items) // 2
            for key, (_, path) in self._items.items():
                self._tree.add(key, path)
        key = self._tree.oldestOfLargest()
        item, _ = self._items[key]
        self.remove(key)
        return item
