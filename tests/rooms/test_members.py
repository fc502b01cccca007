# -*- test-case-name: tests.rooms.test_members -*-
"""The elements of a worker that are in a room."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite.rooms import Members


class MembersTests(SynchronousTestCase):
    """``Members``"""

    def test_order(self):
        """Elements are in the order in which they entered, each once."""
        members = Members()
        one, other = object(), object()
        for element in (one, other, one):
            members.enter(element)
        self.assertEqual(list(members), [one, other])
        self.assertEqual((len(members), one in members, object() in members), (2, True, False))
        self.assertEqual(repr(members), "<Members: 2 elements>")

    def test_leave(self):
        """An element that has left is not called any more; to leave twice does nothing."""
        members = Members()
        one = object()
        members.enter(one)
        members.leave(one)
        members.leave(one)
        self.assertEqual(list(members), [])

    def test_meanwhile(self):
        """Elements may enter and leave while the others are called, from the next call on."""
        members = Members()
        a, b, c = ([name] for name in "abc")
        for element in (a, b):
            members.enter(element)
        called = []
        for element in members:
            called.append(element)
            members.leave(a)
            members.enter(c)
        self.assertEqual(called, [a, b])
        self.assertEqual(list(members), [b, c])

    def test_equal(self):
        """Elements that compare equal are different members."""
        members = Members()
        members.enter([])
        members.enter(other := [])
        members.leave(other)
        self.assertEqual(len(members), 1)
