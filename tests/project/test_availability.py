"""The table of honest pages beside attacks: ``stress.availability``."""

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from twisted.trial.unittest import SynchronousTestCase

from harness.honest import Latency
from stress import availability


class TableTests(SynchronousTestCase):
    """What the command prints, and its exit status, for latencies that are given."""

    def setUp(self):
        self.found = {}
        self.patch(availability, "measure", lambda name, seconds: self.found.get(name, Latency(0.001, 0.01, 0)))

    def run_(self, *arguments):
        """Run the command. Return its exit status, and what it has written."""
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as error:
            return availability.main(list(arguments)), out.getvalue(), error.getvalue()

    def test_all(self):
        """All attacks are in the table, and the quiet server first."""
        status, out, error = self.run_()
        self.assertEqual([line.split("  ")[0] for line in out.splitlines()[1:]], list(availability.ATTACKS))
        self.assertEqual((status, error), (0, ""))

    def test_beyond(self):
        """A lost page, or a slow one, is an error that names the attack."""
        for found in (Latency(0.001, 0.01, 1), Latency(0.001, 0.2, 0)):
            self.found = {"pings": found}
            self.assertEqual(self.run_("--only", "pings", "calls")[::2], (1, "beyond the bounds: pings\n"))

    def test_unknown(self):
        """An unknown attack is an error of the command line."""
        self.assertRaises(SystemExit, self.run_, "--only=none")


class MeasureTests(SynchronousTestCase):
    """The real thing, for a moment."""

    timed = True

    def test_measure(self):
        """The pages of a quiet server are not lost."""
        found = availability.measure(availability.QUIET, 0.5)
        self.assertEqual(found.lost, 0)
        self.assertLessEqual(found.p50, found.p99)
