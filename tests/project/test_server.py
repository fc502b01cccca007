# -*- test-case-name: tests.project.test_server -*-
"""``harness.server.Server`` checks how its process starts and ends; a small script replaces the server here."""

import os
import sys
import tempfile
from pathlib import Path
from unittest import TestCase, mock

from harness import server
from harness.server import Output, Server

PROGRAM = """
import signal, sys, time
if "silent" in sys.argv[2]:
    sys.exit("no such element")
if "stubborn" in sys.argv[2]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("arguments:", *sys.argv[1:])
print("[athenalite.tap#warn] a warning" if "noisy" in sys.argv[2] else "[athenalite.tap#info] all is well")
print("[athenalite.tap#info] athena-widget: open http://localhost:4321/")
if "crash" in sys.argv[2]:
    sys.exit(3)
time.sleep(60)
"""


class ServerTests(TestCase):
    """Each test starts the script with another element."""

    def server(self, element, *options):
        """Return a server that runs the script instead of Twisted."""
        program = Path(self.enterContext(tempfile.TemporaryDirectory())) / "program.py"
        program.write_text(PROGRAM)
        return Server(element, *options, command=[sys.executable, str(program)])

    def test_quiet(self):
        """A server gets a free port, reports its address, and ends on SIGTERM; its log had no warning."""
        with self.server("quiet.element") as running:
            self.assertEqual(running.url, "http://localhost:4321/")
            self.assertEqual(running.port, 4321)
            self.assertTrue(running.cwd.is_dir())
        self.assertIn("arguments: athena-widget --element=quiet.element --port=0\n", running.log)
        self.assertFalse(running.cwd.exists())
        running.assertQuiet()

    def test_options(self):
        """With an option for the address, the server is given no other port."""
        with self.server("quiet", "--listen=tcp:0:interface=127.0.0.1") as running:
            pass
        self.assertIn("--element=quiet --listen=tcp:0:interface=127.0.0.1\n", running.log)

    def test_noise(self):
        """A warning in the log is an error, unless the test expects it."""
        with self.server("noisy") as running:
            pass
        with self.assertRaisesRegex(AssertionError, "a warning"):
            running.assertQuiet()
        running.assertQuiet("a w.rning")

    def test_notStarted(self):
        """A server that ends without an address is a failure that shows its output."""
        with self.assertRaisesRegex(AssertionError, "no such element"):
            self.server("silent").start()

    def test_crash(self):
        """A server that ends before ``stop`` is a failure."""
        running = self.server("crash")
        running.start()
        running.process.wait()
        with self.assertRaisesRegex(AssertionError, "ended with status 3"):
            running.stop()

    def test_ignoresSIGTERM(self):
        """A server that does not end on SIGTERM is killed, and that is a failure."""
        self.enterContext(mock.patch.object(server, "STOPPED", 0.2))
        running = self.server("stubborn")
        running.start()
        with self.assertRaisesRegex(AssertionError, "SIGTERM did not stop"):
            running.stop()
        running.stop()


class OutputTests(TestCase):
    """``Output``"""

    def setUp(self):
        self.output = Output()
        read, self.write = os.pipe()
        self.addCleanup(os.close, read)
        self.output.follow(read)

    def test_lines(self):
        """Each caller gets all that was written before, in complete lines, without a thread that reads it."""
        self.assertEqual(self.output.lines(), [])
        os.write(self.write, b"one\r\ntwo\nthr\xc3")
        self.assertEqual(self.output.lines(), ["one\n", "two\n"])
        os.write(self.write, b"\xa4e\n\n\xff")
        self.assertTrue(self.output.wait())
        self.assertEqual(self.output.lines(), ["one\n", "two\n", "thr\xe4e\n", "\n"])
        os.close(self.write)
        self.assertFalse(self.output.wait())
        self.assertEqual(self.output.lines()[4:], ["\ufffd"])
        self.assertFalse(self.output.wait())
