# -*- test-case-name: tests.rooms.test_client -*-
"""The faults of an engine, one by one: what the rooms do while it is away, and afterwards."""

import gc

from twisted.internet.defer import succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite.errors import EngineAway
from athenalite.limits import Limits
from tests.rooms.rooms import Lobby, Workers


class FaultTests(SynchronousTestCase):
    """The table of docs/scaling.rst."""

    def setUp(self):
        self.site = Workers(2)
        self.one, self.other = self.site.rooms

    def test_cut(self):
        """A connection that is cut: nothing is lost, and nothing runs twice."""
        for number in range(20):
            self.site.rooms[number % 2].wall(str(number))
            if number % 3 == 0:
                self.site.engine.cut()
            self.site.clock.advance(0.02)
        self.site.advance(1)
        one, other = self.site.seen()
        self.assertEqual(sorted(one, key=int), [str(number) for number in range(20)])
        self.assertEqual(one, other)

    def test_stalled(self):
        """An engine that stands still: rooms are quiet, then all comes at once."""
        self.site.engine.stall()
        result = self.one.wall("hi")
        self.site.advance(4)
        self.assertNoResult(result)
        self.assertEqual(self.site.seen(), [[], []])
        self.site.engine.go()
        self.site.advance(0.1)
        self.successResultOf(result)
        self.assertEqual(self.site.seen(), [["hi"], ["hi"]])

    def test_unanswered(self):
        """A link that is not answered for longer is dropped, and another is made."""
        link = self.site.client(0).link
        self.site.engine.stall()
        self.site.advance(16)
        self.assertTrue(link.isLost)
        self.assertIsNot(self.site.client(0).link, link)

    def test_away(self):
        """An engine that is away: what was not accepted is sent again, in order."""
        self.site.engine.stop()
        results = [self.one.wall(str(number)) for number in range(5)]
        self.site.advance(5)
        self.site.engine.start()
        self.site.advance(0.1)
        for result in results:
            self.successResultOf(result)
        self.assertEqual(self.site.seen(), [list("01234")] * 2)

    def test_setBack(self):
        """An engine that is back from a snapshot: ``missed`` reports the loss, later calls are delivered."""
        saved = self.site.engine.save()
        self.one.wall("forgotten")
        self.site.advance(0.1)
        self.site.engine.setBack(saved)
        self.one.wall("after")
        self.site.advance(1)
        self.assertEqual(self.site.seen(), [["forgotten", ("missed", None), "after"]] * 2)

    def test_empty(self):
        """An engine that is empty is reported, too."""
        self.one.wall("forgotten")
        self.site.advance(0.1)
        self.site.engine.empty()
        self.site.advance(1)
        self.other.wall("after")
        self.site.advance(0.1)
        self.assertEqual(self.site.seen(), [["forgotten", ("missed", None), "after"]] * 2)

    def test_full(self):
        """An engine that is full or read-only: calls fail in time, nothing that was accepted is lost."""
        self.one.wall("before")
        self.site.advance(0.1)
        self.site.engine.refuse()
        result = self.one.wall("refused")
        self.site.advance(10.1)
        self.failureResultOf(result, EngineAway)
        self.site.engine.start()
        result = self.one.wall("after")
        self.site.advance(1)
        self.successResultOf(result)
        self.assertEqual(self.site.seen(), [["before", "after"]] * 2)

    def test_history(self):
        """A worker that was away for more calls than the engine keeps misses the others, and they are counted."""
        site = Workers(2, history=5)
        client = site.client(1)
        site.rooms[0].wall("before")
        site.advance(0.1)
        site.engine.disconnect(client)
        for number in range(8):
            site.rooms[0].wall(str(number))
        site.advance(0.1)
        site.engine._connectLater(client)
        site.advance(1)
        self.assertEqual(site.seen()[1], ["before", ("missed", 3), *"34567"])

    def test_deaf(self):
        """A notification that does not come: calls are found by the check, and the link is made anew."""
        link = self.site.client(0).link
        self.site.engine.loseSubscriptions()
        self.one.wall("hi")
        self.site.advance(5.1)
        self.assertEqual(self.site.seen(), [["hi"], ["hi"]])
        self.site.advance(5.1)
        self.assertTrue(link.isLost)
        self.assertTrue(any("does not notify" in event["log_format"] for event in self.site.events))
        self.one.wall("again")
        self.site.advance(0.1)
        self.assertEqual(self.site.seen(), [["again"], ["again"]])

    def test_nonsense(self):
        """An answer that cannot be used is logged, and the link is made anew."""
        link = self.site.client(0).link
        self.patch(link, "positions", lambda rooms: succeed([None] * 7))
        self.site.advance(6)
        self.assertTrue(link.isLost)
        self.assertTrue(any("cannot be used" in (event["log_format"] or "") for event in self.site.events))

    def test_oldLink(self):
        """What comes from a link that was given up is not used."""
        link = self.site.client(0).link
        self.site.engine.cut()
        self.site.client(0).notified(link, "lobby", None, "x")
        self.site.client(0).engineDisconnected(link, "again")
        self.site.advance(0.1)
        self.site.client(0).notified(self.site.client(0).link, "elsewhere", None, "x")
        self.assertEqual(self.site.seen(), [[], []])


class LifeTests(SynchronousTestCase):
    """Rooms that come and go, and workers that stop."""

    def test_laterRoom(self):
        """A room that is made while the worker runs joins at once; one that is dropped is called no more."""
        site = Workers(2)
        rooms = []
        for home in site.homes:
            with home.current():
                rooms.append(Lobby("kitchen"))
        site.advance(0.1)
        rooms[0].wall("hi")
        site.advance(0.1)
        self.assertEqual([room.seen for room in rooms], [["hi"], ["hi"]])
        waiting = rooms[1].wall("unheard")
        waiting.addErrback(lambda failure: failure.trap(EngineAway))
        del rooms[1]
        gc.collect()
        self.successResultOf(waiting)
        site.advance(0.1)
        self.assertEqual(sorted(site.client(1)._carriers), ["lobby"])
        self.assertEqual(sorted(site.client(1).link.rooms), ["lobby"])

    def test_stop(self):
        """A worker that stops waits until its calls are accepted, and ends its lease."""
        site = Workers(2)
        result = site.rooms[0].wall("last")
        stopped = site.stop(0)
        self.assertNoResult(stopped)
        site.advance(0.1)
        self.successResultOf(stopped)
        self.successResultOf(result)
        self.assertEqual(site.rooms[1].seen, ["last"])
        self.assertEqual(list(site.engine.store.leases), ["w1-1"])

    def test_stopWithoutEngine(self):
        """It does not wait for an engine that is away; its calls fail."""
        site = Workers(1)
        site.engine.stop()
        result = site.rooms[0].wall("last")
        self.successResultOf(site.stop(0))
        self.failureResultOf(result, EngineAway)

    def test_stopStalled(self):
        """It waits for one that does not answer for a bounded time."""
        site = Workers(1)
        site.engine.stall()
        site.rooms[0].wall("last").addErrback(lambda _: None)
        stopped = site.stop(0)
        site.advance(4.1)
        self.successResultOf(stopped)

    def test_neverStarted(self):
        """A worker that was not started has nothing to stop; its calls wait."""
        site = Workers(0)
        room = site.add()
        site.homes[0]._client._clock = None
        self.successResultOf(site.stop(0))
        self.assertEqual(room.seen, [])

    def test_limit(self):
        """The time begins to count when the worker starts, and not when it is imported."""
        site = Workers(1, Limits(engineTimeout=2.0))
        self.assertEqual(site.client(0).deadline(), site.clock.seconds() + 2)
