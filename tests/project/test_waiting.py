# -*- test-case-name: tests.project.test_waiting -*-
"""``harness.waiting`` waits for a condition with a limit, and measures how busy the machine is."""

import os
from pathlib import Path
from unittest import TestCase, mock

from twisted.internet.task import Clock

from harness.waiting import SharedTime, demand, waitUntil


class WaitUntilTests(TestCase):
    """``waitUntil``, with a clock that only its pauses advance."""

    def setUp(self):
        self.clock = Clock()

    def wait(self, condition, *message, **options):
        """Wait by this test's clock."""
        waitUntil(condition, *message, pause=self.clock.advance, clock=self.clock.seconds, **options)

    def test_alreadyTrue(self):
        """It does not pause if the condition is true."""
        self.wait(lambda: True, limit=0)
        self.assertEqual(self.clock.seconds(), 0)

    def test_becomesTrue(self):
        """It returns at the first check at which the condition is true."""
        self.wait(lambda: self.clock.seconds() >= 1, interval=0.25)
        self.assertEqual(self.clock.seconds(), 1)

    def test_longer(self):
        """It checks often at first, then ten times in a second."""
        checks = []
        self.wait(lambda: checks.append(self.clock.seconds()) or self.clock.seconds() > 10)
        self.assertAlmostEqual(checks[1], 0.01)
        self.assertAlmostEqual(checks[-1] - checks[-2], 0.1)

    def test_neverTrue(self):
        """It gives up after the limit; the error names the condition."""
        with self.assertRaisesRegex(AssertionError, "not within 2 seconds: the page has no socket"):
            self.wait(lambda: False, "the page has no socket", limit=2, interval=0.5)
        self.assertEqual(self.clock.seconds(), 2)

    def test_lateMessage(self):
        """A callable message is called at the end of the wait."""
        with self.assertRaisesRegex(AssertionError, "waited 2"):
            self.wait(lambda: False, lambda: f"waited {self.clock.seconds():g}", limit=2, interval=0.5)


class DemandTests(TestCase):
    """``demand``, on two cores."""

    def setUp(self):
        self.enterContext(mock.patch.object(os, "cpu_count", lambda: 2))

    def test_running(self):
        """Threads that run now are counted, not the average of the last minute."""
        for running, expected in (("1/500", 1.0), ("3/500", 1.5), ("9/500", 4.5)):
            with mock.patch.object(Path, "read_text", lambda *_, running=running: f"0.1 0.1 0.1 {running} 4711\n"):
                self.assertEqual(demand(), expected)

    def test_otherSystems(self):
        """On a system without this count, the average is used."""
        with (
            mock.patch.object(Path, "read_text", side_effect=FileNotFoundError),
            mock.patch.object(os, "getloadavg", lambda: (7.0, 1.0, 1.0)),
        ):
            self.assertEqual(demand(), 3.5)

    def test_sharedTime(self):
        """Time passes at the pace of one of the threads that share a core; on a quiet machine it is the clock's."""
        clock = Clock()
        shared = SharedTime(clock.seconds)
        for running, passed in ((1, 2.0), (4, 3.0), (2, 5.0)):
            clock.advance(2)
            with mock.patch.object(Path, "read_text", lambda *_, running=running: f"0 0 0 {running}/500 4711\n"):
                self.assertEqual(shared(), passed)
