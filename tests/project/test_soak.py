"""A soak of a few seconds, and tests that it finds faults."""

import os
import sys
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from random import Random

from twisted.trial.unittest import SynchronousTestCase

from stress import soak
from stress.soak import MEBIBYTE, Part, report, run, verdict


def part(memory, wait):
    """Return a part with this memory, in which all waits took this long."""
    return Part([wait] * 100, 1000, memory * MEBIBYTE, 10e-6, 30)


class VerdictTests(SynchronousTestCase):
    """The verdict compares the end with the beginning."""

    def test_same(self):
        """A room whose end is like its beginning passes, whatever the warm-up was like."""
        self.assertEqual(verdict([part(20, 0.5), part(60, 0.002), part(99, 1), part(60, 0.002)], 5, 2), [])

    def test_grown(self):
        """More memory fails."""
        self.assertEqual(
            verdict([part(60, 0.002), part(60, 0.002), part(70, 0.002)], 5, 2), ["10.0 MiB more at the end"]
        )

    def test_slower(self):
        """So do longer waits."""
        wrong = verdict([part(60, 0.002), part(60, 0.002), part(60, 0.006)], 5, 2)
        self.assertEqual(wrong, ["3.0 times as slow at the end"])

    def test_report(self):
        """A part is a row: when it ended, memory, cost, waits, pages, deliveries."""
        lines = report([part(60, 0.002), part(61, 0.004)], 600)
        self.assertEqual(lines[3].split(), ["5.0", "60.0", "10.0", "2.00", "2.0", "30", "1,000"])
        self.assertEqual(lines[4].split()[0], "10.0")


@unittest.skipUnless(sys.platform == "linux", "the kernel's accounts are read from /proc")
class RunTests(SynchronousTestCase):
    timed = True

    def test_run(self):
        """Pages open, leave, vanish, read late and disconnect, and each receives all broadcasts once and in order."""
        self.patch(soak, "TICK", 0.005)
        # Disconnected pages resume in half of that, or are lost.
        self.patch(soak, "TIMEOUT", 5)
        self.patch(soak, "DAWDLE", 0.5)
        self.patch(soak, "PARTS", 3)
        left = set(soak.HAPPENINGS)
        # A busy machine may not get to all of them in the first run.
        for seed in range(5, 15):
            parts, happened = run(6, 12, Random(seed), max(os.sched_getaffinity(0)))
            self.assertEqual(len(parts), 3)
            for one in parts:
                self.assertGreater(one.deliveries, 0)
            left -= {name for name, times in happened.items() if times}
            if not left:
                return
        self.fail(f"has not happened: {left}")

    def test_command(self):
        """The command prints the parts, the events, and last what is wrong; then its exit status is 1."""
        self.patch(soak, "separate", lambda: None)
        self.patch(soak, "PARTS", 2)
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = soak.main(["--minutes=0.02", "--pages=4", "--tolerance=-1000", "--slower=1000"])
        self.assertEqual(status, 1)
        self.assertIn("until minute", out.getvalue())
        self.assertRegex(out.getvalue(), r"come \d+, leave \d+")
        self.assertIn("MiB more at the end", err.getvalue())
