# -*- test-case-name: tests.rooms.test_joined -*-
"""A room on an engine: calls, and names that are claimed once in all workers."""

import json

from twisted.internet.defer import gatherResults
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.carrier import Member
from athenalite.errors import EngineAway
from athenalite.limits import Limits
from tests.rooms.rooms import Workers


class CallTests(SynchronousTestCase):
    """``everywhere``"""

    def test_everywhere(self):
        """A call runs in every worker, in one order; the result fires when the engine has it."""
        site = Workers(3)
        results = [site.rooms[number % 3].wall(str(number)) for number in range(9)]
        self.assertNoResult(results[0])
        site.advance(0.1)
        self.successResultOf(gatherResults(results))
        one, *others = site.seen()
        self.assertEqual(sorted(one), [str(number) for number in range(9)])
        self.assertEqual(others, [one, one])

    def test_before(self):
        """A call before there is a link waits until the worker has joined, so that it runs there, too."""
        site = Workers(1)
        room = site.add()
        result = room.wall("early")
        site.advance(0.2)
        self.successResultOf(result)
        self.assertEqual(site.seen(), [["early"], ["early"]])

    def test_again(self):
        """On a later link a call is sent at once, before the log was read: the link may not last for longer."""
        site = Workers(1, isAutomatic=False)

        def step():
            for link in site.engine.links:
                for queue in (link.requests, link.answers):
                    link.step(queue)

        site.clock.advance(0.1)
        for _ in range(9):
            step()
        self.assertTrue(site.rooms[0]._athenaCarrier.hasJoined())
        site.engine.cut()
        result = site.rooms[0].wall("hi")
        site.clock.advance(0.1)
        # The first answers are those to renewing the lease, to subscribing, and to this.
        for _ in range(3):
            self.assertNoResult(result)
            step()
        self.successResultOf(result)

    def test_joining(self):
        """A worker runs what is accepted after it has joined, and nothing from before."""
        site = Workers(1)
        site.rooms[0].wall("before")
        site.advance(0.1)
        room = site.add()
        site.advance(0.2)
        site.rooms[0].wall("after")
        site.advance(0.1)
        self.assertEqual(room.seen, ["after"])

    def test_late(self):
        """A call that the engine does not accept in time fails; it is not sent again."""
        site = Workers(2, Limits(engineTimeout=3.0))
        site.engine.stop()
        result = site.rooms[0].wall("late")
        site.advance(2.9)
        self.assertNoResult(result)
        site.advance(0.2)
        error = self.failureResultOf(result, EngineAway).value
        self.assertIn("the call may run, or not", str(error))
        site.engine.start()
        site.advance(1)
        self.assertEqual(site.seen(), [[], []])

    def test_tooMuch(self):
        """While the engine is away, as many bytes wait as the limits allow; further calls fail at once."""
        site = Workers(2, Limits(maxBytesForEngine=1000))
        site.engine.stop()
        results = [site.rooms[0].wall("x" * 300) for _ in range(4)]
        for result in results[:2]:
            self.assertNoResult(result)
        for result in results[2:]:
            self.failureResultOf(result, EngineAway)
        self.failureResultOf(site.rooms[0].claim("a" * 200, "x" * 500), EngineAway)
        site.engine.start()
        site.advance(1)
        self.assertEqual([len(seen) for seen in site.seen()], [2, 2])

    def test_unhandled(self):
        """A failure that the caller does not look at is one line in the log, once a minute."""
        site = Workers(1, Limits(engineTimeout=1.0))
        site.engine.stop()
        for _ in range(3):
            site.rooms[0].wall("x")
        site.advance(1.1)
        lines = [event for event in site.events if "a call failed" in event["log_format"]]
        self.assertEqual(len(lines), 1)
        self.assertEqual(self.flushLoggedErrors(), [])
        site.advance(60)
        site.rooms[0].wall("x")
        site.advance(1.1)
        self.assertEqual(len([event for event in site.events if "a call failed" in event["log_format"]]), 2)

    def test_hostile(self):
        """Entries that no worker has sent are logged once and skipped; the others run."""
        site = Workers(1)
        for number in range(1, 4):
            for text in (
                "{",
                json.dumps(["v", number, "seen", []]),
                json.dumps(["u", number, "wall", ["x" * 300_000]]),
            ):
                site.engine._written("lobby", site.engine.store.append("lobby", f"x{text[:9]}", number, text))
        site.rooms[0].wall("hi")
        site.advance(0.1)
        self.assertEqual(site.seen(), [["hi"]])
        self.assertEqual(len([event for event in site.events if "skipped" in event["log_format"]]), 3)


class ClaimTests(SynchronousTestCase):
    """``claim`` and ``release``"""

    def setUp(self):
        self.site = Workers(2)

    def claim(self, worker, name, info=None):
        """Claim a name, and return whether it was granted."""
        result = self.site.rooms[worker].claim(name, info)
        self.site.advance(0.1)
        return self.successResultOf(result)

    def test_once(self):
        """Of two claims at the same time one is granted; the hooks run in all workers."""
        results = [room.claim("alice", 7) for room in self.site.rooms]
        self.site.advance(0.1)
        self.assertEqual(sorted(map(self.successResultOf, results)), [False, True])
        self.assertEqual(self.site.seen(), [[("entered", "alice", 7)]] * 2)
        self.assertEqual([dict(room.present) for room in self.site.rooms], [{"alice": 7}] * 2)

    def test_same(self):
        """A worker is granted a name once, also while the first claim is under way."""
        room = self.site.rooms[0]
        results = [room.claim("alice"), room.claim("alice")]
        self.site.advance(0.1)
        self.assertEqual(list(map(self.successResultOf, results)), [True, False])
        self.assertFalse(self.claim(0, "alice"))

    def test_release(self):
        """A released name can be claimed by another worker; only its owner can release it."""
        self.claim(0, "alice")
        self.successResultOf(self.site.rooms[1].release("alice"))
        self.assertFalse(self.claim(1, "alice"))
        released = self.site.rooms[0].release("alice")
        self.site.advance(0.1)
        self.successResultOf(released)
        self.assertTrue(self.claim(1, "alice"))
        self.assertEqual(
            self.site.seen()[0], [("entered", "alice", None), ("left", "alice", None), ("entered", "alice", None)]
        )

    def test_joining(self):
        """A worker that joins knows who is present; nobody enters for it."""
        self.claim(0, "alice", {"a": 1})
        room = self.site.add()
        self.site.advance(0.2)
        self.assertEqual(dict(room.present), {"alice": {"a": 1}})
        self.assertEqual(room.seen, [])

    def test_cut(self):
        """A claim whose answer is lost is answered as it was decided."""
        result = self.site.rooms[0].claim("alice")
        self.site.client(0).link.step(self.site.client(0).link.requests)
        self.site.engine.cut()
        other = self.claim(1, "alice")
        self.site.advance(1)
        self.assertEqual((self.successResultOf(result), other), (True, False))

    def test_late(self):
        """A claim that has failed is not kept, even if the engine grants it after that."""
        self.site.engine.stall()
        result = self.site.rooms[0].claim("alice")
        self.site.advance(10.1)
        self.failureResultOf(result, EngineAway)
        self.site.engine.go()
        self.site.advance(1)
        self.assertEqual([dict(room.present) for room in self.site.rooms], [{}, {}])
        self.assertTrue(self.claim(1, "alice"))

    def test_died(self):
        """The members of a worker that has ended leave after its lease, once."""
        self.claim(0, "alice")
        self.claim(1, "bob")
        self.site.add()
        self.site.advance(1)
        self.site.kill(0)
        self.site.seen()
        self.site.advance(25)
        self.assertIn("alice", self.site.rooms[1].present)
        self.site.advance(20)
        self.assertEqual([dict(room.present) for room in self.site.rooms[1:]], [{"bob": None}] * 2)
        self.assertEqual(self.site.seen()[1:], [[("left", "alice", None)]] * 2)

    def test_takenOver(self):
        """The name of a worker without a lease can be claimed before its member has left."""
        self.claim(0, "alice", 1)
        self.site.kill(0)
        self.site.engine.store.end(self.site.client(0).worker)
        self.assertTrue(self.claim(1, "alice", 2))
        self.assertEqual(self.site.rooms[1]._athenaCarrier.members, {"alice": Member(2, "w1-1")})
        self.site.advance(20)
        self.assertIn("alice", self.site.rooms[1].present)

    def test_stopped(self):
        """The members of a worker that was away for longer than its lease leave, and come back."""
        self.claim(0, "alice", 7)
        self.site.seen()
        client = self.site.client(0)
        client._checking.cancel()
        self.site.engine.disconnect(client)
        self.site.advance(45)
        self.assertEqual(dict(self.site.rooms[1].present), {})
        self.site.engine._connectLater(client)
        self.site.advance(1)
        self.assertEqual([dict(room.present) for room in self.site.rooms], [{"alice": 7}] * 2)
        left, entered = ("left", "alice", 7), ("entered", "alice", 7)
        self.assertEqual(self.site.seen(), [[left, entered]] * 2)

    def test_allAway(self):
        """Nobody leaves after a jump of the engine's clock, or when the engine was away for longer than the leases."""
        self.site.advance(2)
        # The workers renew their leases, and connect again, one after the other.
        self.site.add()
        self.site.advance(1)
        for number, room in enumerate(self.site.rooms):
            room.claim(f"user{number}")
        self.site.advance(1)
        self.site.seen()
        engine, client = self.site.engine, self.site.client(2)
        engine.store.leases.clear()
        self.site.advance(60)
        engine.disconnect(client)
        engine.stop()
        self.site.advance(60)
        engine.start()
        self.site.advance(1)
        engine._connectLater(client)
        self.site.advance(60)
        self.assertEqual(self.site.seen(), [[], [], []])
        self.assertEqual([len(room.present) for room in self.site.rooms], [3, 3, 3])

    def test_stoppedAndTaken(self):
        """If another has claimed the name meanwhile, it keeps it."""
        self.claim(0, "alice", 1)
        client = self.site.client(0)
        self.site.engine.disconnect(client)
        self.site.advance(45)
        self.assertTrue(self.claim(1, "alice", 2))
        self.site.engine._connectLater(client)
        self.site.advance(1)
        self.assertEqual([dict(room.present) for room in self.site.rooms], [{"alice": 2}] * 2)
        self.assertIn("is claimed by another worker now", [e["log_format"] for e in self.site.events][-1])
        self.assertEqual([seen[-1] for seen in self.site.seen()], [("taken", "alice"), ("entered", "alice", 2)])
        self.successResultOf(self.site.rooms[0].release("alice"))
        self.site.advance(1)
        self.assertEqual(dict(self.site.rooms[1].present), {"alice": 2})

    def test_forgotten(self):
        """An engine that was emptied has all members again, and none leaves or enters."""
        self.claim(0, "alice", 1)
        self.claim(1, "bob", 2)
        self.site.seen()
        self.site.engine.empty()
        self.site.advance(1)
        self.assertEqual(sorted(self.site.engine.store.rooms["lobby"].members), ["alice", "bob"])
        self.site.advance(60)
        for room in self.site.rooms:
            self.assertEqual(dict(room.present), {"alice": 1, "bob": 2})
        self.assertEqual(self.site.seen(), [[("missed", None)]] * 2)

    def test_forgottenAndDied(self):
        """The members of a worker that ended while the engine forgot them leave, too."""
        self.claim(0, "alice", 1)
        self.claim(1, "bob", 2)
        self.site.kill(0)
        self.site.engine.empty()
        self.site.advance(60)
        self.assertEqual(dict(self.site.rooms[1].present), {"bob": 2})
        self.assertEqual(self.site.seen()[1][-1], ("left", "alice", 1))

    def test_forgottenAndReleased(self):
        """So does a member that its worker does not claim again."""
        self.claim(0, "alice", 1)
        self.site.client(0)._carriers["lobby"]._mine.clear()
        self.site.engine.empty()
        self.site.advance(25)
        self.assertIn("alice", self.site.rooms[1].present)
        self.site.advance(30)
        self.assertEqual(dict(self.site.rooms[1].present), {})

    def test_hostile(self):
        """Members that no worker has written are logged and skipped."""
        self.claim(0, "alice", 1)
        stored = self.site.engine.store.rooms["lobby"]
        stored.members.update({"x": ("v", "{"), "y": ("v", "[1,2]"), "z": ("v", "[1e999]")})
        room = self.site.add()
        self.site.advance(0.2)
        self.assertEqual(dict(room.present), {"alice": 1})
        self.assertEqual(len([event for event in self.site.events if "skipped" in event["log_format"]]), 1)
