# -*- test-case-name: tests.testing.test_realwork -*-
"""
Tests that wait for real work, as applications write them: under trial and pytest, with both reactors.

``tests/applications/realthing/cases.py`` has the tests; each way to run them is a process.
"""

import asyncio
import subprocess
import sys
import tempfile
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._testing.realwork import BrowserClock, Deliveries, waitFor
from harness.server import ROOT
from tests.memory import withoutLoop

MODULE = "tests.applications.realthing.cases"
FILE = "tests/applications/realthing/cases.py"
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")


class RunTests(TestCase):
    """Each way to run them."""

    def run_(self, *arguments):
        """Run them; no test fails, nothing is reported, and the process ends."""
        with tempfile.TemporaryDirectory() as directory:
            if arguments[0] == "twisted.trial":
                arguments = (arguments[0], f"--temp-directory={directory}/trial", *arguments[1:])
            command = [sys.executable, "-W", "error", "-m", *arguments]
            ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_trial(self):
        """trial, with the default reactor and with that of asyncio."""
        self.run_("twisted.trial", MODULE)
        self.run_("twisted.trial", "--reactor=asyncio", MODULE)

    def test_pytest(self):
        """pytest likewise."""
        self.run_(*PYTEST, FILE)
        self.run_(*PYTEST, "-p", "tests.applications.realthing.asynciopytest", FILE)


TIMES = st.sampled_from([0, 0.0, 0.5, 1, 1, 2.5, 7])
#: What is done, to which call, and with which time.
ACTS = st.tuples(st.sampled_from(["callLater"] * 3 + ["cancel", "reset", "delay", "delay"]), st.integers(0, 9), TIMES)


class Scheduled:
    """
    A clock, and what it has done.

    :ivar log: the number and the time of each call that was made, and the calls that wait after each act.
    """

    def __init__(self, clock):
        self.clock, self.calls, self.log = clock, [], []

    def act(self, kind, which, seconds, then=()):
        """Do it; a call that is made later does ``then``."""
        if kind == "callLater":
            self.calls.append(self.clock.callLater(seconds, self.made, len(self.calls), then))
        elif self.calls and self.calls[which % len(self.calls)].active():
            call = self.calls[which % len(self.calls)]
            call.cancel() if kind == "cancel" else getattr(call, kind)(seconds)
        self.log.append([self.calls.index(one) for one in self.clock.getDelayedCalls()])

    def made(self, number, then):
        """A call is made."""
        self.log.append((number, self.clock.seconds()))
        for act in then:
            self.act(*act)


class ClockTests(SynchronousTestCase):
    """``BrowserClock``"""

    @settings(max_examples=300)
    @given(st.lists(st.tuples(ACTS, st.lists(ACTS, max_size=3), st.none() | TIMES), max_size=20))
    def test_equal(self, acts):
        """The same calls at the same times, in the same order, as Twisted's clock, whatever the calls do themselves."""
        found = []
        for clock in (Clock(), BrowserClock(int)):
            one = Scheduled(clock)
            for act, then, seconds in acts:
                one.act(*act, then)
                if seconds is not None:
                    clock.advance(seconds)
            clock.advance(1000)
            found.append((one.log, clock.seconds(), len(clock.calls)))
        self.assertEqual(*found)


class UnitTests(SynchronousTestCase):
    """Without a reactor that runs."""

    def test_fired(self):
        """What has a result already is not waited for."""
        withoutLoop(self)
        self.assertEqual(waitFor(succeed(3), 1, str), 3)

    def test_changed(self):
        """Without a reactor that runs, nothing is delivered by itself; nor while the test delivers."""
        withoutLoop(self)
        delivered = []
        deliveries = Deliveries(lambda: delivered.append(True))
        clock = BrowserClock(deliveries.changed)
        clock.callLater(0, Deferred)
        with deliveries.paused():
            clock.callLater(1, Deferred)
            clock.callLater(0, Deferred)
        self.assertEqual(delivered, [])

    def test_overtaken(self):
        """
        Nothing is left for a loop that runs later, such as that of a browser in another test, of what the test has
        delivered itself meanwhile; what changes after that is delivered, once.
        """
        withoutLoop(self)
        loop, delivered = asyncio.new_event_loop(), []
        self.addCleanup(loop.close)
        deliveries = Deliveries(lambda: delivered.append(True))
        clock = BrowserClock(deliveries.changed)

        def changed():
            asyncio._set_running_loop(loop)
            clock.callLater(0, Deferred)
            asyncio._set_running_loop(None)

        for times in (0, 1):
            changed()
            with deliveries.paused():
                pass
            for _ in range(times):
                changed()
            loop.run_until_complete(asyncio.sleep(0))
            self.assertEqual(len(delivered), times)
