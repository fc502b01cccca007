# -*- test-case-name: tests.rooms.test_arriving -*-
"""A page that comes from another worker gets each call of its rooms once, in order."""

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.arriving import ARRIVING, RUNNING, Arrival, Running, catchUp
from athenalite._rooms.link import Log, Position
from athenalite._rooms.members import Members
from tests.memory import recordingLog
from tests.rooms.rooms import Lobby, Workers


class FakeRoom:
    """A room whose log has these entries, and that reads so many at once."""

    name = "lobby"

    def __init__(self, here, numbers, atOnce=2):
        self.here, self.numbers, self.atOnce = here, numbers, atOnce
        self.events, self.log = recordingLog()
        self.ran = []

    def entriesFrom(self, number):
        """Read the log."""
        found = [(one, f"text {one}") for one in self.numbers if one >= number][: self.atOnce]
        return succeed(Log(Position("e", max(self.numbers, default=0)), found, {}, {}))

    def runFor(self, number, text, elements):
        """Run an entry."""
        assert text == f"text {number}"
        self.ran.append(number)


class CatchUpTests(SynchronousTestCase):
    """``catchUp``"""

    def until(self, room, epoch, number):
        """Catch up from a position, and return up to where that was."""
        arrival = Arrival("w1", {"lobby": Position(epoch, number)})
        self.successResultOf(Deferred.fromCoroutine(catchUp(room, arrival, [object()])))
        return arrival.until["lobby"]

    def test_missed(self):
        """What was accepted since, as far as this worker has run it: the rest arrives by itself."""
        room = FakeRoom(Position("e", 7), range(1, 10))
        self.assertEqual((self.until(room, "e", 3), room.ran), (7, [4, 5, 6, 7]))

    def test_ahead(self):
        """If this worker is behind the other one, what comes up to there is not for the page."""
        room = FakeRoom(Position("e", 3), range(1, 4))
        self.assertEqual((self.until(room, "e", 5), room.ran), (5, []))

    def test_more(self):
        """What this worker runs while the log is read belongs to it."""
        room = FakeRoom(Position("e", 4), range(1, 10))
        read = room.entriesFrom

        def entriesFrom(number):
            room.here = Position("e", 6)
            return read(number)

        room.entriesFrom = entriesFrom
        self.assertEqual((self.until(room, "e", 3), room.ran), (6, [4, 5, 6]))

    def test_first(self):
        """A room that had no entry had no epoch."""
        room = FakeRoom(Position("e", 2), range(1, 3))
        self.assertEqual((self.until(room, "", 0), room.ran), (2, [1, 2]))

    def test_forgotten(self):
        """After the engine has lost its data nothing is run again; if the history has ended, that is logged."""
        room = FakeRoom(Position("other", 9), range(1, 10))
        self.assertEqual((self.until(room, "e", 3), room.ran), (0, []))
        room = FakeRoom(Position("e", 9), [8, 9])
        self.assertEqual((self.until(room, "e", 3), room.ran), (9, [8, 9]))
        room = FakeRoom(Position("e", 9), [])
        self.assertEqual((self.until(room, "e", 3), room.ran), (9, []))
        self.assertIn("has missed calls", room.events[0]["log_format"])


class MembersTests(SynchronousTestCase):
    """``Members`` while a page arrives"""

    def receivers(self, members, number, only=None):
        """Who receives this call."""
        token = RUNNING.set(Running("lobby", number, only))
        try:
            return list(members)
        finally:
            RUNNING.reset(token)

    def test_arriving(self):
        """It gets no calls until it has caught up, then those that are its own; the others get theirs meanwhile."""
        members, arrival = Members(), Arrival("w1", {"lobby": Position("e", 3)})
        members.enter("old")
        token = ARRIVING.set(arrival)
        members.enter("new")
        ARRIVING.reset(token)
        self.assertEqual(self.receivers(members, 4), ["old"])
        self.assertEqual(self.receivers(members, 4, ["new"]), ["new"])
        self.assertEqual(self.receivers(members, 4, ["other"]), [])
        self.assertEqual(list(members), ["old", "new"])
        arrival.until["lobby"] = 5
        self.assertEqual(self.receivers(members, 5), ["old"])
        self.assertEqual(self.receivers(members, 6), ["old", "new"])
        self.assertEqual(members._arrivals, {})

    def test_left(self):
        """One that leaves while it arrives is forgotten."""
        members = Members()
        token = ARRIVING.set(Arrival("w1", {"lobby": Position("e", 3)}))
        members.enter("new")
        ARRIVING.reset(token)
        members.leave("new")
        self.assertEqual((self.receivers(members, 4), members._arrivals), ([], {}))


class ClaimTests(SynchronousTestCase):
    """Names of pages that move"""

    def test_takenOver(self):
        """A name moves with its page: no member leaves or enters, even when its worker has stopped."""
        workers = Workers(3)
        one, two, three = workers.rooms
        self.assertNoResult(one.claim("alice", 7))
        workers.advance(1)
        workers.seen()
        token = ARRIVING.set(Arrival(workers.client(0).worker, {}))
        self.assertTrue(self.successResultOf(one.claim("alice", 7)))
        taken = two.claim("alice", 7)
        ARRIVING.reset(token)
        refused = three.claim("alice", 8)
        workers.advance(1)
        self.assertEqual((self.successResultOf(taken), self.successResultOf(refused)), (True, False))
        workers.kill(0)
        workers.advance(90)
        self.assertEqual([dict(room.present) for room in (two, three)], [{"alice": 7}] * 2)
        self.assertEqual(workers.seen(), [[], [], []])
        two.release("alice")
        workers.advance(1)
        self.assertEqual(workers.seen()[1:], [[("left", "alice", 7)]] * 2)

    def test_sweep(self):
        """
        While a name moves with its page, the members of a worker that has ended are removed: ``left`` is called for
        these, once, and for no others, at whatever moment that happens.
        """
        for moves, arrives in ((28, 0), *((moment / 4, delay) for moment in range(132, 152) for delay in (0, 0.05, 8))):
            with self.subTest(moves=moves, arrives=arrives):
                workers = Workers(4)
                for room, name in zip(workers.rooms, ("alice", "bob", "carol", "ghost"), strict=True):
                    room.claim(name)
                workers.advance(1)
                workers.kill(3)
                workers.seen()
                workers.advance(moves)
                Deferred.fromCoroutine(workers.homes[0].stop(hasMoved=True))
                workers.advance(arrives)
                token = ARRIVING.set(Arrival(workers.client(0).worker, {}))
                taken = workers.rooms[1].claim("alice")
                ARRIVING.reset(token)
                workers.advance(60)
                self.assertTrue(self.successResultOf(taken))
                self.assertEqual(workers.seen()[1:3], [[("left", "ghost", None)]] * 2)
                self.assertEqual(set(workers.rooms[2].present), {"alice", "bob", "carol"})

    def test_lease(self):
        """A worker whose pages have moved keeps its lease, so that they have time to take over their names."""
        workers = Workers(2)
        workers.rooms[0].claim("alice")
        workers.advance(1)
        Deferred.fromCoroutine(workers.homes[0].stop(hasMoved=True))
        workers.advance(15)
        self.assertIn("alice", workers.rooms[1].present)
        workers.advance(40)
        self.assertNotIn("alice", workers.rooms[1].present)


class RepeatTests(SynchronousTestCase):
    """What is run again for one element"""

    def test_hooks(self):
        """Those who have entered and left meanwhile are announced; those who have moved are not."""
        workers = Workers(2)
        one, two = workers.rooms
        element = object()
        departed = workers.homes[0].departing([element])
        self.assertEqual(departed[1], {})
        one.members = Members()
        one.members.enter(element)
        # That the engine is away does not matter.
        workers.engine.stop()
        departed = workers.homes[0].departing([element])
        self.assertEqual(list(departed[1]), ["lobby"])
        workers.engine.start()
        workers.advance(1)
        one.wall("hello")
        one.claim("alice", 7)
        workers.advance(1)
        token = ARRIVING.set(Arrival(workers.client(0).worker, {}))
        two.claim("alice", 7)
        ARRIVING.reset(token)
        workers.advance(1)
        two.release("alice")
        workers.engine.store.rooms["lobby"].log[99] = "no JSON"
        workers.advance(1)
        workers.seen()
        arrival = workers.homes[1].arriving(departed)
        ARRIVING.set(None)
        done = Deferred.fromCoroutine(workers.homes[1].catchUp(arrival, [element]))
        workers.advance(1)
        self.successResultOf(done)
        self.assertEqual(workers.seen()[1], ["hello", ("entered", "alice", 7), ("left", "alice", 7)])
        self.assertIsInstance(two, Lobby)

    def test_wrong(self):
        """What is no departure is refused."""
        home = Workers(1).homes[0]
        for wrong in (None, [], ["w1", []], ["w1", {"lobby": 3}], ["w1", {"lobby": ["e", "x"]}]):
            self.assertRaises(ValueError, home.arriving, wrong)


class TextTests(SynchronousTestCase):
    """Texts in the engine"""

    def setUp(self):
        self.workers = Workers(2)

    def run_(self, coroutine):
        """Return the result."""
        result = Deferred.fromCoroutine(coroutine)
        self.workers.advance(3)
        return result

    def test_taken(self):
        """A text is taken once, by any worker, within its time. Then the name of that one is there, as long."""
        one, two = self.workers.homes
        self.successResultOf(self.run_(one.keep("page:x", "text", 60)))
        self.assertEqual(self.successResultOf(self.run_(two.take("page:x", "w2", 60))), ("text", ""))
        for _ in range(2):
            self.assertEqual(self.successResultOf(self.run_(one.take("page:x", "w1", 60))), (None, "w2"))
        self.workers.advance(60)
        self.assertEqual(self.successResultOf(self.run_(one.take("page:x", "w1", 60))), (None, ""))
        self.successResultOf(self.run_(one.keep("page:x", "text", 60)))
        self.workers.advance(60)
        self.assertEqual(self.successResultOf(self.run_(two.take("page:x", "w2", 60))), (None, ""))

    def test_away(self):
        """While the engine is away, or stands still, that fails within some seconds; a short cut does not matter."""
        one, _ = self.workers.homes
        self.workers.engine.cut()
        self.assertEqual(self.successResultOf(self.run_(one.take("page:x", "w1", 60))), (None, ""))
        self.workers.engine.stall()
        self.failureResultOf(self.run_(one.keep("page:x", "text", 60)))
        self.workers.engine.go()
        self.workers.engine.stop()
        self.failureResultOf(self.run_(one.take("page:x", "w1", 60)), ConnectionError)
