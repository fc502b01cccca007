# -*- test-case-name: tests.rooms.test_follower -*-
"""Each rule by which a room's log is followed; tests/rooms/test_model.py has them all at once."""

from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.entries import ENTERED, LEFT, Entry, encodeArguments, encodeEntry
from athenalite._rooms.follower import Follower, Found, Missed, Skipped
from athenalite._rooms.link import NOWHERE, Log, Position


def entry(number, worker="w", method="wall", args=()):
    """Return the text of an entry."""
    return encodeEntry(worker, number, encodeArguments(method, args, {}))


def at(number, epoch="e"):
    """Return a position."""
    return Position(epoch, number)


class FollowerTestCase(SynchronousTestCase):
    """A worker that has joined at entry 3, the third of the worker w."""

    def setUp(self):
        self.follower = Follower()
        self.follower.subscribing()
        self.follower.subscribed()
        self.read(at(3), [3], numbers={"w": 3})

    def read(self, position, found, since=None, **options):
        """Let the log be read, in which the number of an entry is its worker's; return the events, as numbers."""
        self.assertTrue(self.follower.needsRead)
        if since is not None:
            self.assertEqual(self.follower.since, since)
        self.follower.reading()
        self.assertFalse(self.follower.needsRead)
        entries = [one if isinstance(one, tuple) else (one, entry(one)) for one in found]
        log = Log(position, entries, options.get("numbers", {}), options.get("members", {}))
        return self.plain(self.follower.read(log))

    def notify(self, number, text=None, epoch="e"):
        """Notify of an entry; return the events, as numbers."""
        return self.plain(self.follower.notified(at(number, epoch), text or entry(number)))

    def plain(self, events):
        """Return numbers in place of entries."""
        return [getattr(event, "number", event) for event in events]


class NotificationTests(FollowerTestCase):
    """Notifications."""

    def test_next(self):
        """The notification of the next entry is taken (rule 2)."""
        self.assertEqual(self.notify(4) + self.notify(5), [4, 5])
        self.assertEqual(self.follower.position, at(5))

    def test_gap(self):
        """Any other has the log read, from the last received entry on; notifications meanwhile wait."""
        self.assertEqual(self.notify(6), [])
        self.assertEqual(self.notify(7), [])
        self.assertEqual(self.read(at(6), [3, 4, 5, 6], since=3), [4, 5, 6, 7])
        self.assertFalse(self.follower.needsRead)

    def test_overtaken(self):
        """A notification that comes after its entry was read is known."""
        self.notify(5)
        self.assertEqual(self.read(at(6), [3, 4, 5, 6]), [4, 5, 6])
        self.assertEqual(self.notify(6), [])
        self.assertFalse(self.follower.needsRead)

    def test_again(self):
        """A notification for a number that was received, with another entry: the engine was set back."""
        self.notify(4)
        self.assertEqual(self.notify(4, entry(1, "v")), [])
        self.assertEqual(self.read(at(4), [3, (4, entry(1, "v"))][1:], since=4), [Missed(None)])
        self.assertEqual(self.read(at(4), [1, 2, 3, (4, entry(1, "v"))], since=0), [Found({}, False), 1])

    def test_badEntry(self):
        """What is no entry is skipped, and the next one is taken. One that is old has the log read, once."""
        [skipped] = self.notify(4, "{")
        self.assertEqual(skipped, Skipped("it is not JSON"))
        self.assertEqual(self.notify(5), [5])
        self.assertEqual(self.notify(4, "{"), [])
        self.assertEqual(self.read(at(5), [5]), [])

    def test_flood(self):
        """So many notifications during a read are not kept, and then read."""
        self.notify(6)
        for number in range(7, 1200):
            self.notify(number)
        self.assertEqual(self.read(at(1199), [3, 4, 5]), [4, 5])
        self.assertTrue(self.follower.needsRead)
        self.assertEqual(len(self.read(at(1199), range(5, 1200))), 1194)
        self.assertFalse(self.follower.needsRead)


class JoinTests(SynchronousTestCase):
    """Joining: subscribe, then read, then trust notifications (rule 1)."""

    def test_meanwhile(self):
        """A notification before the position is known waits for it."""
        follower = Follower()
        follower.subscribing()
        follower.subscribed()
        follower.reading()
        for number in (3, 4):
            self.assertEqual(follower.notified(at(number), entry(number)), [])
        events = follower.read(Log(at(3), [(3, entry(3))], {"w": 3}, {"a": "[]"}))
        self.assertEqual([events[0], events[1].number], [Found({"a": "[]"}, True), 4])

    def test_early(self):
        """A notification that comes before the subscription is answered waits, too."""
        follower = Follower()
        for number in (3, 5):
            follower.subscribing()
            self.assertEqual(follower.notified(at(number), entry(number)), [])
            self.assertFalse(follower.needsRead)
            follower.subscribed()
            follower.reading()
            log = Log(at(number), [(3, entry(3)), (4, entry(4)), (5, entry(5))][: number - 2], {}, {})
            self.assertEqual(len([one for one in follower.read(log) if isinstance(one, Entry)]), number - 3)

    def test_empty(self):
        """In an empty engine the first entry is the next one, whatever its epoch."""
        follower = Follower()
        follower.subscribing()
        follower.subscribed()
        self.assertIsNone(follower.since)
        follower.read(Log(NOWHERE, [], {}, {}))
        follower.needsRead = False
        self.assertEqual(follower.notified(at(1, "new"), entry(1))[0].number, 1)
        self.assertEqual(follower.position, at(1, "new"))

    def test_emptyAndLate(self):
        """If the first notification is lost, all entries are read."""
        follower = Follower()
        follower.subscribing()
        follower.subscribed()
        follower.reading()
        follower.read(Log(NOWHERE, [], {}, {}))
        self.assertEqual(follower.notified(at(2, "new"), entry(2)), [])
        self.assertTrue(follower.needsRead)
        follower.reading()
        self.assertEqual(len(follower.read(Log(at(2, "new"), [(1, entry(1)), (2, entry(2))], {}, {}))), 2)


class ReadTests(FollowerTestCase):
    """Catching up (rule 3), each entry once (rule 4)."""

    def setUp(self):
        super().setUp()
        self.notify(4)
        self.follower.subscribing()
        self.follower.subscribed()

    def test_nothing(self):
        """If the log ends with the last received entry, nothing was missed."""
        self.assertEqual(self.read(at(4), [4], since=4), [])

    def test_pages(self):
        """A long log is read in parts."""
        self.assertEqual(self.read(at(7), [4, 5]), [5])
        self.assertEqual(self.read(at(7), [5, 6, 7], since=5), [6, 7])
        self.assertFalse(self.follower.needsRead)

    def test_trimmed(self):
        """Entries that the engine keeps no longer are missed, and counted."""
        self.assertEqual(self.read(at(9), [7, 8, 9]), [Missed(2), 7, 8, 9])

    def test_justTrimmed(self):
        """If only the entry to compare is gone, it is unknown whether something was missed."""
        self.assertEqual(self.read(at(5), [5]), [Missed(None), 5])

    def test_otherEpoch(self):
        """An engine that was emptied: all that it has is new, except what was seen."""
        self.assertEqual(self.read(at(2, "f"), []), [Missed(None)])
        entries = [(1, entry(4)), (2, entry(5)), (3, entry(1, "v"))]
        self.assertEqual(self.read(at(3, "f"), entries, since=0), [Found({}, False), 5, 1])

    def test_empty(self):
        """An engine that was emptied, and has nothing yet."""
        self.assertEqual(self.read(NOWHERE, []), [Missed(None)])
        self.assertEqual(self.read(NOWHERE, []), [Found({}, False)])
        self.assertEqual(self.notify(1, entry(5), "new"), [5])

    def test_older(self):
        """An engine that was set back: what it has appended since then is new, what is from before joining is not."""
        self.notify(5)
        self.assertEqual(self.read(at(3), []), [Missed(None)])
        entries = [(1, entry(1, "v")), 2, 3, (4, entry(6))]
        self.assertEqual(self.read(at(4), entries, since=0), [Found({}, False), 6])

    def test_otherEntry(self):
        """The same number, and another entry: it was set back, and has gone on."""
        self.assertEqual(self.read(at(5), [(4, entry(1, "v")), (5, entry(5))]), [Missed(None)])
        entries = [1, 2, 3, (4, entry(1, "v")), 5]
        self.assertEqual(self.read(at(5), entries, since=0), [Found({}, False), 1, 5])

    def test_lostLog(self):
        """The number of the last entry without an entry is an engine that has lost them."""
        self.assertEqual(self.read(at(9), []), [Missed(None)])
        self.assertEqual(self.read(at(9), []), [Found({}, False)])
        self.assertEqual(self.follower.position, at(9))

    def test_lostLogAtFirst(self):
        """The same, before anything was received."""
        follower = Follower()
        follower.subscribing()
        follower.subscribed()
        follower.read(Log(NOWHERE, [], {}, {}))
        self.assertEqual(follower.read(Log(at(9), [], {}, {})), [Missed(9)])

    def test_members(self):
        """After entries were lost, the members are those that the engine has, and not those of older entries."""
        self.read(at(2), [])
        entries = [(5, entry(7, "w", ENTERED, ("a", None, "w"))), (6, entry(8))]
        found = self.read(at(6), entries, members={"b": "[]"})
        self.assertEqual(found, [Found({"b": "[]"}, False), 8])
        self.assertEqual(self.notify(7, entry(9, "w", LEFT, (["b"],))), [9])

    def test_workers(self):
        """The numbers of so many workers are kept, those heard of last."""
        for number in range(10_001):
            self.follower._received(at(number + 5), entry(1, f"v{number}"))
        self.assertEqual(len(self.follower._seen), 10_000)
        self.assertNotIn("w", self.follower._seen)


class CheckTests(FollowerTestCase):
    """Checks of the position (rule 5)."""

    def test_silent(self):
        """A missing notification has the log read, and the link is dropped if it is missing at the next check."""
        self.assertTrue(self.follower.isNotified(at(4)))
        self.assertEqual(self.read(at(4), [3, 4]), [4])
        self.assertFalse(self.follower.isNotified(at(4)))

    def test_late(self):
        """It may be late."""
        self.assertTrue(self.follower.isNotified(at(4)))
        self.read(at(4), [3, 4])
        self.notify(4)
        self.assertTrue(self.follower.isNotified(at(4)))
        self.assertFalse(self.follower.needsRead)

    def test_before(self):
        """Before joining, and during a read, there is nothing to check."""
        self.assertTrue(Follower().isNotified(at(4)))
        self.notify(9)
        self.follower.reading()
        self.assertTrue(self.follower.isNotified(at(9)))
        self.assertFalse(self.follower.needsRead)

    def test_setBack(self):
        """An engine that was set back is found, too."""
        self.follower.isNotified(at(2))
        self.assertEqual(self.read(at(2), []), [Missed(None)])
