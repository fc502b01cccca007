# -*- test-case-name: tests.rooms.test_local -*-
"""Rooms of one process: the order of calls, and who is present."""

from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.home import Rooms
from athenalite._rooms.local import LocalCarrier
from athenalite.rooms import Room, everywhere


class Lobby(Room):
    """Records what happens; ``echo`` makes a call in a call."""

    def __init__(self):
        Room.__init__(self, "lobby")
        self.seen = []

    @everywhere
    def wall(self, message):
        self.seen.append(message)

    @everywhere
    def echo(self, message):
        self.wall(f"{message} again")
        self.seen.append(message)

    @everywhere
    def broken(self):
        raise ZeroDivisionError

    def entered(self, name, info):
        self.seen.append(("entered", name, info))

    def left(self, name, info):
        self.seen.append(("left", name, info))


class AtOnceTests(SynchronousTestCase):
    """A room of no site."""

    def test_order(self):
        """Calls run at once, those made by a call after it."""
        room = Lobby()
        room.echo("one")
        room.wall("two")
        self.assertEqual(room.seen, ["one", "one again", "two"])

    def test_failing(self):
        """A call that fails does not keep others from running."""
        room = Lobby()
        room.broken()
        room.wall("two")
        self.assertEqual(room.seen, ["two"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_claim(self):
        """A name is granted once, until it is released."""
        room = Lobby()
        self.assertTrue(self.successResultOf(room.claim("alice", {"age": 7})))
        self.assertFalse(self.successResultOf(room.claim("alice")))
        self.assertEqual(dict(room.present), {"alice": {"age": 7}})
        self.successResultOf(room.release("alice"))
        self.successResultOf(room.release("alice"))
        self.assertEqual(dict(room.present), {})
        self.assertTrue(self.successResultOf(room.claim("alice")))
        self.assertEqual(
            room.seen, [("entered", "alice", {"age": 7}), ("left", "alice", {"age": 7}), ("entered", "alice", None)]
        )

    def test_refused(self):
        """Information that is not JSON is refused, and the name is free."""
        room = Lobby()
        self.assertRaises(TypeError, room.claim, "alice", object())
        self.assertTrue(self.successResultOf(room.claim("alice")))


class LaterTests(SynchronousTestCase):
    """A room of a site."""

    def setUp(self):
        self.clock = Clock()
        self.rooms = Rooms()
        with self.rooms.current():
            self.room = Lobby()

    def test_later(self):
        """Calls run in the next iteration, those made by a call in the one after that."""
        iterations = []
        carrier = LocalCarrier(self.room, Logger(), iterations.append)
        self.room._athenaCarrier = carrier
        self.successResultOf(self.room.echo("one"))
        self.room.wall("two")
        self.assertEqual(self.room.seen, [])
        iterations.pop()()
        self.assertEqual(self.room.seen, ["one", "two"])
        iterations.pop()()
        self.assertEqual(self.room.seen, ["one", "two", "one again"])
        self.assertEqual(iterations, [])

    def test_clock(self):
        """The iterations are those of the site's clock."""
        self.rooms.start(self.clock)
        self.room.echo("one")
        self.assertEqual(self.room.seen, [])
        self.clock.advance(0)
        self.assertEqual(self.room.seen, ["one", "one again"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_claim(self):
        """A name is taken at once, and is present when the hooks have run, in the order of calls."""
        self.rooms.start(self.clock)
        self.room.wall("one")
        self.assertTrue(self.successResultOf(self.room.claim("alice")))
        self.assertFalse(self.successResultOf(self.room.claim("alice")))
        self.assertEqual(dict(self.room.present), {})
        self.clock.advance(0)
        self.assertEqual(self.room.seen, ["one", ("entered", "alice", None)])
        self.assertEqual(dict(self.room.present), {"alice": None})

    def test_before(self):
        """Calls that are made while the application is imported run when the site has started."""
        self.room.wall("one")
        self.rooms.start(self.clock)
        self.clock.advance(0)
        self.assertEqual(self.room.seen, ["one"])

    def test_failing(self):
        """After a call that fails the next ones run."""
        self.rooms.start(self.clock)
        self.room.broken()
        self.room.wall("two")
        self.clock.advance(0)
        self.assertEqual(self.room.seen, ["two"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
