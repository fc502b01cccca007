# -*- test-case-name: tests.live.test_versions -*-
"""The difference of two renderings, applied to the old one, gives the new one."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from athenalite._live.versions import applied, difference, moves, split

MARKUP = st.text(st.sampled_from('<>"ab= &é𝄞\n'), max_size=30)
KEYS = st.lists(st.integers(0, 12).map(str), unique=True)


class PieceTests(SynchronousTestCase):
    """Pieces of markup."""

    @given(MARKUP)
    def test_split(self, markup):
        """Joined, the pieces are the markup."""
        self.assertEqual("".join(split(markup)), markup)

    @given(MARKUP, MARKUP)
    def test_difference(self, old, new):
        """What differs, put into the old text, makes the new one."""
        pieces = difference(old, new)
        if pieces is not None:
            self.assertEqual(applied(pieces, old), new)

    def test_small(self):
        """Of a row only the values that have changed are sent."""
        row = '<tr data-athena-key="1"><td class="{}">{}</td><td>{}</td></tr>'
        self.assertEqual(difference(row.format("up", 1, "x"), row.format("up", 2, "x")), [8, "2<"])
        self.assertEqual(difference(row.format("up", 1, "x"), row.format("down", 1, "x")), [6, 'down"'])

    def test_whole(self):
        """Markup of other pieces, or with none alike, is sent whole."""
        self.assertIsNone(difference("<p>a</p>", "<p>a<b>c</b></p>"))
        self.assertIsNone(difference("a", "b"))


class MoveTests(SynchronousTestCase):
    """The order of items."""

    @given(KEYS, KEYS)
    def test_order(self, before, after):
        """The moves make the new order; each key that is not in a longest run moves once."""
        order = [key for key in before if key in after]
        found = moves(order, after)
        kept = len(order)
        for key, other in found:
            if key in order:
                order.remove(key)
                kept -= 1
            order.insert(len(order) if other is None else order.index(other), key)
        self.assertEqual(order, after)
        self.assertEqual(len({key for key, _ in found}), len(found))
        self.assertEqual(kept, longestRun([key for key in before if key in after], after))

    def test_one(self):
        """To move one of many is one move."""
        keys = [str(number) for number in range(1000)]
        self.assertEqual(moves(keys, ["999", *keys[:-1]]), [("999", "0")])
        self.assertEqual(moves(keys, keys), [])


def longestRun(before, after):
    """The length of a longest common subsequence, slowly."""
    table = [0] * (len(after) + 1)
    for key in before:
        above = list(table)
        for index, other in enumerate(after):
            table[index + 1] = above[index] + 1 if key == other else max(table[index], above[index + 1])
    return table[-1]
