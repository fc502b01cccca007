# -*- test-case-name: tests.rooms.test_carrier -*-
"""Entries are run, whatever an engine has under a room's name."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.carrier import Carrier, Member
from athenalite._rooms.entries import Entry
from athenalite.rooms import everywhere
from tests.memory import recordingLog
from tests.rooms import rooms


class Lobby(rooms.Lobby):
    """Has a method whose annotation cannot be read, too."""

    @everywhere
    def wrong(self, message: "Nothing"):  # type: ignore[name-defined]  # noqa: F821
        self.seen.append(message)


class CarrierTests(SynchronousTestCase):
    """``Carrier``"""

    def setUp(self):
        self.events, log = recordingLog()
        self.room = Lobby()
        self.carrier = Carrier(self.room, log)

    def deliver(self, method, *args):
        """Deliver an entry of another worker."""
        self.carrier.deliver(Entry("w", 1, method, list(args), {}))

    def test_call(self):
        """A call runs."""
        self.deliver("wall", "hi")
        self.assertEqual(self.room.seen, ["hi"])
        self.assertFalse(self.carrier.isDelivering)

    def test_skipped(self):
        """A method that does not run everywhere is skipped, and logged once."""
        for _ in range(3):
            self.deliver("claim", "x")
            self.deliver("\n\x1b[2J")
        self.assertEqual(len(self.events), 2)
        self.assertIn("which does not run everywhere", self.events[0]["reason"])
        self.assertNotIn("\x1b", self.events[1]["reason"])

    def test_wrongArguments(self):
        """Arguments of another version of the application are logged, and the method does not run."""
        self.deliver("wall", 7)
        self.deliver("wrong", 7)
        self.deliver("wall", "hi")
        self.assertEqual(self.room.seen, ["hi"])
        self.assertEqual(len(self.events), 2)

    def test_members(self):
        """Members enter and leave once, with their information."""
        for _ in range(2):
            self.deliver("+", "alice", 7, "w")
        self.assertEqual(self.carrier.members, {"alice": Member(7, "w")})
        for _ in range(2):
            self.deliver("-", ["alice", "bob"])
        self.assertEqual(self.room.seen, [("entered", "alice", 7), ("left", "alice", 7)])

    def test_found(self):
        """After missed calls, the hooks run for the difference."""
        self.deliver("+", "alice", 7, "w")
        self.deliver("+", "bob", None, "w")
        del self.room.seen[:]
        self.carrier.found({"bob": Member(None, "w"), "carol": Member(1, "v")})
        self.assertEqual(self.room.seen, [("left", "alice", 7), ("entered", "carol", 1)])

    def test_missed(self):
        """``missed`` of a room is called, and the log has it, too."""
        self.carrier.missed(3)
        self.carrier.missed(None)
        self.assertEqual(self.room.seen, [("missed", 3), ("missed", None)])
        self.assertEqual([event["count"] for event in self.events], [3, "some"])

    def test_dropped(self):
        """Calls of a room that an application has dropped do nothing."""
        del self.room
        self.deliver("wall", "hi")
        self.carrier.found({"a": Member(None, "w")})
        self.carrier.missed(1)
        self.assertEqual(self.events, [])

    def test_abstract(self):
        """It carries nothing by itself."""
        for call in (lambda: self.carrier.call("wall", (), {}), lambda: self.carrier.claim("a", 1)):
            self.assertRaises(NotImplementedError, call)
        self.assertRaises(NotImplementedError, self.carrier.release, "a")
