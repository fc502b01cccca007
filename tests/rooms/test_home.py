# -*- test-case-name: tests.rooms.test_home -*-
"""The rooms of one worker."""

import gc
import weakref

from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.home import Rooms
from athenalite.rooms import Room


class RoomsTests(SynchronousTestCase):
    """``Rooms``"""

    def test_current(self):
        """A room belongs to the rooms in whose context it is made."""
        one, other = Rooms(), Rooms()
        with one.current():
            with other.current():
                rooms = [Room("a")]
            rooms += [Room("a"), Room("b")]
        rooms.append(Room("a"))
        self.assertEqual((len(one), len(other)), (2, 1))

    def test_name(self):
        """A worker has one room of a name."""
        with Rooms().current():
            room = Room("lobby")
            error = self.assertRaises(ValueError, Room, "lobby")
        self.assertIn(f"has a room named 'lobby' already: {room!r}", str(error))

    def test_dropped(self):
        """A room that an application has dropped is not kept, and its name can be used again."""
        with Rooms().current():
            held = weakref.ref(Room("lobby"))
            gc.collect()
            self.assertIsNone(held())
            Room("lobby")

    def test_enter(self):
        """``enter`` makes them current until ``leave``."""
        rooms = Rooms()
        with Rooms().current():
            rooms.enter()
            kept = [Room("lobby")]
            rooms.leave()
            kept.append(Room("lobby"))
        self.assertEqual(len(rooms), 1)
