# -*- test-case-name: tests.command.test_workers -*-
"""Which worker takes a connection, and when one is started, replaced and ended."""

from functools import partial

from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.workers import Workers
from tests.memory import recordingLog


class FakeProcess:
    """A process that records what is asked of it."""

    def __init__(self, worker, ready, ended):
        self.name, self.ready, self.ended = worker.name, ready, ended
        self.asked, self.worker = [], worker

    def take(self, descriptor, received, kind=b"v"):
        return True

    def terminate(self):
        self.asked.append("TERM")

    def abort(self):
        self.asked.append("ABRT")

    def kill(self):
        self.asked.append("KILL")


class WorkersTests(SynchronousTestCase):
    """``Workers``"""

    def setUp(self):
        self.clock = Clock()
        self.events, log = recordingLog()
        self.spawned, self.readied = [], []
        ready = partial(self.readied.append, 1)
        self.workers = Workers(2, self.spawn, self.clock, log, ready, patience=10, hungAfter=30)
        self.workers.start()

    def spawn(self, *arguments):
        """Start a process."""
        self.spawned.append(FakeProcess(*arguments))
        return self.spawned[-1]

    def ready(self):
        """Let both be ready."""
        for process in self.spawned:
            process.ready()

    def test_choose(self):
        """The one of the name, or each in turn; only those that are ready."""
        self.assertEqual(self.workers.choose(""), [])
        one, two = self.spawned
        one.ready()
        self.assertEqual(self.workers.choose("w2"), [one])
        two.ready()
        self.assertEqual(self.readied, [1, 1])
        self.assertEqual([self.workers.choose("w2"), self.workers.choose("w1")], [[two], [one]])
        first = [self.workers.choose("")[0] for _ in range(4)]
        self.assertEqual((first.count(one), first.count(two)), (2, 2))
        self.assertEqual(len(self.workers.choose("w7")), 2)

    def test_draining(self):
        """One that drains gets no new visitors, unless all do; it gets those that are for it."""
        self.ready()
        one, two = self.spawned
        self.workers.places["w1"].isDraining = True
        self.assertEqual([self.workers.choose("") for _ in range(3)], [[two]] * 3)
        self.assertEqual(self.workers.choose("w1"), [one])
        self.workers.places["w2"].isDraining = True
        self.assertEqual(len(self.workers.choose("")), 2)

    def test_restart(self):
        """One that ends is started again, later each time, unless it has lasted."""
        self.ready()
        delays = []
        for _ in range(9):
            process = self.spawned[-1]
            process.ended("it broke")
            began = self.clock.seconds()
            while self.spawned[-1] is process:
                self.clock.advance(0.5)
            delays.append(self.clock.seconds() - began)
            self.assertEqual(self.spawned[-1].name, process.name)
        self.assertEqual(delays, [0.5, 1, 2, 4, 8, 16, 30, 30, 30])
        self.spawned[-1].ready()
        self.clock.advance(60)
        self.spawned[-1].ended("it broke")
        self.clock.advance(0.5)
        self.assertEqual(len(self.spawned), 12)
        self.assertIn("it broke", [event.get("reason") for event in self.events])

    def test_meanwhile(self):
        """While one is away, another takes its connections, and tells its pages that they are lost."""
        self.ready()
        one, two = self.spawned
        one.ended("it broke")
        self.assertEqual(self.workers.choose("w1"), [two])

    def test_roll(self):
        """One after the other is replaced, and stopped when the new one is ready."""
        self.ready()
        one, two = self.spawned
        self.workers.roll()
        self.assertEqual([process.name for process in self.spawned], ["w1", "w2", "w1"])
        self.assertEqual(self.workers.choose("w1"), [one])
        self.spawned[2].ready()
        self.assertEqual(one.asked, ["TERM"])
        self.assertEqual(self.workers.choose("w1"), [self.spawned[2]])
        self.assertEqual(len(self.spawned), 3)
        one.ended("exit status 0")
        self.assertEqual([process.name for process in self.spawned[3:]], ["w2"])
        self.spawned[3].ready()
        two.ended("exit status 0")
        self.assertEqual(len(self.spawned), 4)
        self.assertEqual([event for event in self.events if event["log_level"].name == "error"], [])

    def test_rollFails(self):
        """If the new one does not start, the old ones stay."""
        self.ready()
        one, two = self.spawned
        self.workers.roll()
        self.spawned[2].ended("exit status 1")
        self.clock.advance(60)
        self.assertEqual((len(self.spawned), one.asked, two.asked), (3, [], []))
        self.assertEqual(self.workers.choose("w1"), [one])
        self.workers.roll()
        self.assertEqual(len(self.spawned), 4)

    def test_rollAgain(self):
        """
        While they are replaced, they are replaced again: with the code of now, one after the other. A new one that has
        not started yet is not waited for.
        """
        self.ready()
        one, two = self.spawned
        self.workers.roll()
        self.workers.roll()
        old = self.spawned[2]
        self.assertEqual(([process.name for process in self.spawned], old.asked), (["w1", "w2", "w1"], ["TERM"]))
        # It may be too late.
        old.ready()
        self.assertEqual((one.asked, self.workers.choose("w1")), ([], [one]))
        old.ended("signal 15")
        self.spawned[3].ready()
        self.workers.roll()
        self.assertEqual(one.asked, ["TERM"])
        one.ended("exit status 0")
        self.spawned[4].ready()
        self.spawned[3].ended("exit status 0")
        self.spawned[5].ready()
        # As the last is replaced.
        self.workers.roll()
        two.ended("exit status 0")
        self.assertEqual([process.name for process in self.spawned[3:]], ["w1", "w1", "w2", "w1"])
        self.spawned[6].ready()
        self.spawned[4].ended("exit status 0")
        self.spawned[7].ready()
        self.spawned[5].ended("exit status 0")
        self.assertEqual((self.spawned[7].name, len(self.spawned)), ("w2", 8))
        self.assertEqual([event for event in self.events if event["log_level"].name == "error"], [])

    def test_rollHanging(self):
        """A new one that never starts is replaced when they are to be replaced again, and killed if need be."""
        self.ready()
        self.workers.roll()
        self.workers.roll()
        self.clock.advance(10)
        self.assertEqual(self.spawned[2].asked, ["TERM", "KILL"])

    def test_rollFailed(self):
        """Those that could not start are started again at once, and not long after the fault is mended."""
        self.spawned[0].ready()
        for _ in range(5):
            self.spawned[-1].ended("exit status 1")
            self.clock.advance(10)
        self.spawned[-1].ended("exit status 1")
        self.assertEqual([process.name for process in self.spawned], ["w1"] + ["w2"] * 6)
        self.workers.roll()
        self.assertEqual([process.name for process in self.spawned[7:]], ["w2", "w1"])
        self.spawned[8].ready()
        self.spawned[0].ended("exit status 0")
        self.spawned[7].ready()
        self.assertEqual(len(self.spawned), 9)
        # And not late, if it fails again.
        self.spawned[7].ended("exit status 1")
        self.clock.advance(0.5)
        self.assertEqual(len(self.spawned), 10)

    def test_expected(self):
        """A worker is expected while one is ready or has failed thrice at most; when all stop, while one is ready."""
        self.assertTrue(self.workers.isExpected())
        expected = []
        for _ in range(5):
            self.spawned[-1].ended("exit status 1")
            self.spawned[-2].ended("exit status 1")
            expected.append(self.workers.isExpected())
            while self.workers._timers:
                self.clock.advance(0.5)
            expected.append(self.workers.isExpected())
        self.assertEqual(expected, [True] * 6 + [False] * 4)
        self.workers.roll()
        self.assertTrue(self.workers.isExpected())
        self.spawned[-1].ready()
        self.workers.stop()
        self.assertTrue(self.workers.isExpected())
        self.spawned[-1].ended("exit status 0")
        self.assertFalse(self.workers.isExpected())

    def live(self, seconds, *processes):
        """Let this time pass, while these send signs of life."""
        for _ in range(seconds):
            for process in processes:
                process.worker.silence = 0
            self.clock.advance(1)

    def test_hung(self):
        """One that is silent gets no connections, writes its stack, and is replaced as one that has died."""
        self.ready()
        one, two = self.spawned
        self.live(100, one, two)
        self.live(30, two)
        self.assertEqual(one.asked, [])
        self.live(6, two)
        self.assertEqual((one.asked, two.asked), (["ABRT"], []))
        self.assertEqual(self.workers.choose("w1"), [two])
        [(name, seconds)] = [(event["name"], event["seconds"]) for event in self.events if "seconds" in event]
        self.assertEqual((name, seconds), ("w1", 30))
        # Nor does it end by that, as one that was stopped by a signal.
        self.live(5, two)
        self.assertEqual(one.asked, ["ABRT", "KILL"])
        one.ended("signal 9")
        self.live(1, two)
        self.assertEqual([process.name for process in self.spawned], ["w1", "w2", "w1"])
        # A new one may take its time to start.
        self.live(100, two)
        self.assertEqual(self.spawned[2].asked, [])

    def test_parentStill(self):
        """A parent that stood still itself reads the signs of life first."""
        self.ready()
        self.clock.advance(300)
        self.live(60, *self.spawned)
        self.assertEqual([process.asked for process in self.spawned], [[], []])

    def test_hungNever(self):
        """It can be left out, such as for a debugger."""
        workers = Workers(1, self.spawn, self.clock, Logger(), list, patience=10)
        workers.start()
        self.spawned[-1].ready()
        self.clock.advance(1000)
        self.assertEqual(self.spawned[-1].asked, [])

    def test_rollDead(self):
        """One that dies while it is replaced is not started again, and the next is replaced."""
        self.ready()
        self.workers.roll()
        self.spawned[0].ended("signal 9")
        self.spawned[2].ready()
        self.assertEqual([process.name for process in self.spawned], ["w1", "w2", "w1", "w2"])
        self.live(10, *self.spawned)
        self.assertEqual(len(self.spawned), 4)
        self.assertEqual(self.workers.choose("w1"), [self.spawned[2]])

    def test_rollHung(self):
        """One that hangs while it is replaced is killed, and the next is replaced."""
        self.ready()
        self.workers.roll()
        self.spawned[2].ready()
        self.live(39, *self.spawned[1:])
        self.assertEqual(self.spawned[0].asked, ["TERM"])
        self.live(1, *self.spawned[1:])
        self.assertEqual(self.spawned[0].asked, ["TERM", "KILL"])
        self.spawned[0].ended("signal 9")
        self.assertEqual([process.name for process in self.spawned[3:]], ["w2"])

    def test_stopWhileReplaced(self):
        """When all are stopped, one that is replaced has no more time than the others."""
        self.ready()
        self.workers.roll()
        self.spawned[2].ready()
        self.workers.stop()
        self.clock.advance(10)
        self.assertEqual([process.asked[-1] for process in self.spawned], ["KILL"] * 3)

    def test_stop(self):
        """All are stopped; one that does not stop in time is killed, and none is started again."""
        self.ready()
        one, two = self.spawned
        stopped = self.workers.stop()
        one.ended("exit status 0")
        self.clock.advance(9)
        self.assertNoResult(stopped)
        self.assertEqual((one.asked, two.asked), (["TERM"], ["TERM"]))
        # It may be draining.
        self.assertEqual(self.workers.choose("w2"), [two])
        self.assertEqual(self.workers.starts, {"w1": 1, "w2": 1})
        self.clock.advance(1)
        self.assertEqual((one.asked, two.asked), (["TERM"], ["TERM", "KILL"]))
        two.ended("signal 9")
        self.successResultOf(stopped)
        self.workers.roll()
        self.clock.advance(60)
        self.assertEqual(len(self.spawned), 2)

    def test_stopWhileWaiting(self):
        """A worker that would be started again is not."""
        self.spawned[0].ended("it broke")
        self.spawned[1].ready()
        stopped = self.workers.stop()
        self.spawned[1].ended("exit status 0")
        self.successResultOf(stopped)
        self.assertEqual(self.clock.getDelayedCalls(), [])
