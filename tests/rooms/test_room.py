# -*- test-case-name: tests.rooms.test_room -*-
"""The room that applications subclass."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite.rooms import Room


class RoomTests(SynchronousTestCase):
    """``Room``"""

    def test_names(self):
        """A name is printable text without braces, of bounded length, of a member as well."""
        for name in ("", "a" * 201, "a\nb", "a{b", "}", "\ud800", "\u202e"):
            self.assertRaises(ValueError, Room, name)
        for name in (None, 7, b"lobby"):
            self.assertRaises(TypeError, Room, name)
        room = Room("Caf\u00e9 {}".replace("{}", "1"))
        self.assertEqual(repr(room), "<Room 'Caf\u00e9 1'>")
        self.assertRaises(ValueError, room.claim, "")
        self.assertRaises(TypeError, room.claim, None)
        self.assertTrue(self.successResultOf(room.claim("{braces}")))

    def test_hooks(self):
        """The hooks of a plain room do nothing; none can be a generator."""
        room = Room("lobby")
        room.claim("a")
        room.release("a")
        self.assertIsNone(room.missed(None))
        with self.assertRaises(TypeError):
            type("Bad", (Room,), {"entered": lambda self, name, info: (yield)})

    def test_present(self):
        """Who is present can be read, and not be changed."""
        room = Room("lobby")
        with self.assertRaises(TypeError):
            room.present["a"] = 1
