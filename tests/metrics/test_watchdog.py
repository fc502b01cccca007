# -*- test-case-name: tests.metrics.test_watchdog -*-
"""Watching the reactor."""

import sys
import threading
from time import monotonic, sleep

from twisted.internet.task import Clock
from twisted.logger import formatEvent
from twisted.trial.unittest import SynchronousTestCase

from athenalite._metrics.watchdog import PERIOD, Pulse, Watchdog
from tests.memory import recordingLog


class PulseTests(SynchronousTestCase):
    """``Pulse``"""

    def setUp(self):
        self.clock = Clock()
        self.pulse = Pulse(self.clock)
        self.pulse.start()

    def test_delays(self):
        """Delays are sorted by their length; the first, until the reactor runs, is none."""
        self.clock.advance(60)
        self.assertEqual((sum(self.pulse.counts), self.pulse.longest), (0, 0))
        self.clock.advance(PERIOD)
        self.clock.advance(PERIOD + 0.03)
        self.clock.advance(PERIOD + 60)
        self.assertEqual(self.pulse.counts, [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1])
        self.assertAlmostEqual(self.pulse.delays, 60.03)
        self.assertAlmostEqual(self.pulse.longest, 60)

    def test_beat(self):
        """Each call is a sign of life of this thread; the first comes as soon as the reactor runs."""
        self.assertEqual((self.pulse.beat, self.pulse.thread), (None, None))
        self.clock.advance(0)
        self.assertIsNotNone(self.pulse.beat)
        before = monotonic()
        self.clock.advance(PERIOD)
        self.assertTrue(before <= self.pulse.beat <= monotonic())
        self.assertEqual(self.pulse.thread, threading.get_ident())

    def test_stop(self):
        """A pulse that was stopped has no timer and no sign of life; it may be stopped twice."""
        self.clock.advance(PERIOD)
        self.pulse.stop()
        self.pulse.stop()
        self.assertEqual((self.clock.getDelayedCalls(), self.pulse.beat), ([], None))


class WatchdogTests(SynchronousTestCase):
    """``Watchdog``"""

    def setUp(self):
        self.events, log = recordingLog()
        self.clock = Clock()
        self.pulse = Pulse(self.clock)
        self.watchdog = Watchdog(self.pulse, 1.0, log)

    def look(self, seconds):
        """Look so many seconds after the last sign of life."""
        frame = sys._getframe()
        self.watchdog.look((self.pulse.beat or 0) + seconds, lambda: {threading.get_ident(): frame})

    def test_blocked(self):
        """A blocked reactor is an error with the stack of its thread, once; when it runs again, that is a warning."""
        self.pulse.start()
        self.look(100)
        self.clock.advance(PERIOD)
        self.look(PERIOD + 0.9)
        self.assertEqual(self.events, [])
        self.look(PERIOD + 1.1)
        self.look(PERIOD + 7)
        [event] = self.events
        self.assertEqual((event["log_level"].name, event["seconds"], event["function"]), ("error", 1.1, "look"))
        self.assertEqual(event["file"], __file__)
        text = formatEvent(event)
        self.assertIn("for 1.1 s, no page has been served because of look (", text)
        self.assertIn("in test_blocked\n    self.look(PERIOD + 1.1)\n", text)
        beat = self.pulse.beat
        self.clock.advance(PERIOD)
        self.pulse.beat = beat + PERIOD + 9
        self.look(0)
        self.assertEqual(formatEvent(self.events[1]), "The reactor runs again. It was blocked for 9.0 s.")
        self.look(0)
        self.assertEqual((len(self.events), self.watchdog.blocked), (2, 1))

    def test_stopped(self):
        """A pulse that was stopped is no blocked reactor."""
        self.pulse.start()
        self.clock.advance(PERIOD)
        self.pulse.stop()
        self.look(100)
        self.assertEqual(self.events, [])

    def test_meanwhile(self):
        """A reactor that runs again when its stack is taken is not reported: the stack is that of something else."""
        self.pulse.start()
        self.clock.advance(PERIOD)

        def frames():
            self.pulse.beat += 1
            return sys._current_frames()

        self.watchdog.look(self.pulse.beat + 100, frames)
        self.assertEqual(self.events, [])

    def test_thread(self):
        """The thread sees what this one does, and ends."""
        self.watchdog = Watchdog(self.pulse, 0.05, recordingLog()[1])
        self.pulse.start()
        self.clock.advance(PERIOD)
        self.watchdog.start()
        deadline = monotonic() + 30
        while not self.watchdog.blocked and monotonic() < deadline:
            sleep(0.01)
        self.watchdog.stop()
        self.assertEqual(self.watchdog.blocked, 1)
        self.assertNotIn("athenalite watchdog", [thread.name for thread in threading.enumerate()])

    def test_neverStarted(self):
        """One that was never started can be stopped."""
        self.watchdog.stop()
