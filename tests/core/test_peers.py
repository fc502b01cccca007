# -*- test-case-name: tests.core.test_peers -*-
"""Eviction takes the oldest item of the peer that holds most, as in a model that counts."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.peers import Peers

PATHS = st.sampled_from([(), ("a",), ("a", "1"), ("a", "2"), ("b", "1"), ("c",), ("c", "1", "x"), ("c", "1", "y")])
OPERATIONS = st.lists(st.one_of(PATHS, st.integers(0, 30), st.none()), max_size=60)
"""A path adds an item of that peer, a number removes the item of that number, None evicts one."""


class Model:
    """The same by counting: slow and simple."""

    def __init__(self):
        self.items = []
        self.forget()

    def forget(self):
        """Reset the order of changes: without evictions, parts are ordered as their items."""
        self.few = None
        self.changed = {}
        self.changes = 0

    def touch(self, path):
        """Record that the size of each part along this path has changed."""
        self.changes += 1
        for length in range(len(path) + 1):
            self.changed[path[:length]] = self.changes

    def add(self, key, peer):
        """Add the newest item of a peer."""
        path = (*peer, None)
        self.items.append((key, path))
        self.touch(path)

    def remove(self, key):
        """Remove the item of this key."""
        for one in [one for one in self.items if one[0] == key]:
            self.items.remove(one)
            if self.few is not None and len(self.items) < self.few:
                self.forget()
            self.touch(one[1])

    def take(self):
        """Return the item that is evicted; None if there is none."""
        candidates, length = self.items, 0
        if not candidates:
            return None
        if self.few is None:
            self.forget()
            self.few = len(candidates) // 2
            for _, path in candidates:
                self.touch(path)
        while candidates[0][1][:length] == () or candidates[0][1][length - 1] is not None:
            length += 1
            parts = {path[:length] for _, path in candidates}
            sizes = {part: sum(path[:length] == part for _, path in candidates) for part in parts}
            largest = max(sizes.values())
            part = min((one for one in parts if sizes[one] == largest), key=self.changed.__getitem__)
            candidates = [one for one in candidates if one[1][:length] == part]
        self.remove(candidates[0][0])
        return candidates[0][0]


class PeersTests(SynchronousTestCase):
    """``Peers``"""

    @given(OPERATIONS)
    def test_model(self, operations):
        """After any additions, removals and evictions, both hold the same and evict the same."""
        peers, model = Peers(), Model()
        for number, operation in enumerate(operations):
            if operation is None:
                expected = model.take()
                if expected is None:
                    self.assertRaises(KeyError, peers.takeFromLargest)
                else:
                    self.assertEqual(peers.takeFromLargest(), expected)
            elif isinstance(operation, int):
                peers.remove(str(operation))
                model.remove(str(operation))
            else:
                peers.add(str(number), str(number), operation)
                model.add(str(number), operation)
            self.assertEqual(len(peers), len(model.items))
        self.assertEqual([peers.takeFromLargest() for _ in range(len(peers))], list(iter(model.take, None)))

    def test_again(self):
        """An item that is added again keeps its place."""
        peers = Peers()
        for key in ("first", "second", "first"):
            peers.add(key, key, ("a",))
        self.assertEqual([peers.takeFromLargest() for _ in range(2)], ["first", "second"])

    def test_nothingLeft(self):
        """Peers without items are forgotten."""
        peers = Peers()
        for number in range(100):
            peers.add(str(number), number, (f"10.0.0.{number}", str(number)))
        for number in range(100):
            peers.remove(str(number))
        self.assertEqual((len(peers), peers._tree), (0, None))

    def test_nothingLeftOfTree(self):
        """So are they after an eviction."""
        peers = Peers()
        for number in range(100):
            peers.add(str(number), number, (f"10.0.0.{number}", str(number)))
        peers.takeFromLargest()
        root = peers._tree._root
        peers._few = 0
        for number in range(1, 100):
            peers.remove(str(number))
        self.assertEqual((root.parts, root.bySize), ({}, {}))

    def test_few(self):
        """The tree is dropped when half of the items are gone, and made again when it is needed."""
        peers = Peers()
        for number in range(10):
            peers.add(str(number), number, ("a",))
        self.assertEqual([peers.takeFromLargest() for _ in range(5)], [0, 1, 2, 3, 4])
        self.assertIsNotNone(peers._tree)
        self.assertEqual([peers.takeFromLargest(), peers._tree], [5, None])
        self.assertEqual([peers.takeFromLargest() for _ in range(4)], [6, 7, 8, 9])
