# -*- test-case-name: tests.command.test_importcheck -*-
"""A process imports the application before there are workers."""

import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from unittest import TestCase

from athenalite._command.importcheck import checkImport
from athenalite._command.options import CannotServe
from harness.server import IMPORTED
from harness.waiting import waitUntil

BEFORE = "import sys; from athenalite._command.options import CannotServe; "


class ImportCheckTests(TestCase):
    """``checkImport``"""

    def refusal(self, code):
        """Return the error for a process that runs this code, and what was written to stderr."""
        written = StringIO()
        with redirect_stderr(written), self.assertRaises(CannotServe) as raised:
            checkImport([sys.executable, "-c", BEFORE + code], {"PYTHONPATH": IMPORTED})
        return raised.exception.code, written.getvalue()

    def test_good(self):
        """Without an error, the output of the process is discarded."""
        written = StringIO()
        with redirect_stderr(written):
            checkImport([sys.executable, "-c", "import os; print(os.environ['A'])"], {"A": "x"})
        self.assertEqual(written.getvalue(), "")

    def test_refused(self):
        """The error of a process that cannot serve is that of the parent, as without workers."""
        self.assertEqual(self.refusal("print('x'); raise CannotServe('--a: no')"), ("athena-widget: --a: no", ""))

    def test_broken(self):
        """For an exception, the error has its last line, and the traceback is written to stderr before."""
        reason, written = self.refusal("print('x' * 60000 + '!'); 1 / 0")
        expected = "athena-widget: --element: no worker can import it: ZeroDivisionError: division by zero; see above"
        self.assertEqual(reason, expected)
        self.assertTrue("x!\nTraceback" in written, written[-1000:])
        self.assertEqual(len(written), 50_000)

    def test_ended(self):
        """If a process ends without an exception, the error has its signal, or says that the element ends it."""
        for code, reason in (
            ("import os; os.kill(os.getpid(), 9)", "the process has ended by signal 9"),
            ("sys.exit(3)", "it ends the process"),
        ):
            self.assertIn(reason, self.refusal(code)[0])

    def test_held(self):
        """A process that it has started, which holds its output open, is not waited for."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        starting = f"""
import subprocess
one = subprocess.Popen([sys.executable, '-c', "import sys; sys.stdin.read()"], stdin=open({str(directory / "end")!r}))
"""
        os.mkfifo(directory / "end")
        end = os.open(directory / "end", os.O_RDWR)
        self.addCleanup(os.close, end)
        checkImport([sys.executable, "-c", BEFORE + starting + ""], {"PYTHONPATH": IMPORTED})
        reason, written = self.refusal(starting + "print('x' * 100000, flush=True); raise CannotServe('no')")
        self.assertEqual((reason, written), ("athena-widget: no", ""))

    def test_stopped(self):
        """SIGTERM first ends the process that hangs while it imports the application, and then does what it did."""
        signals: list[int] = []
        before = signal.signal(signal.SIGTERM, lambda number, _: signals.append(number))
        self.addCleanup(signal.signal, signal.SIGTERM, before)
        number = Path(self.enterContext(tempfile.TemporaryDirectory())) / "number"
        handler = signal.getsignal(signal.SIGTERM)

        def stop():
            waitUntil(lambda: number.exists() and number.read_text(), lambda: "it does not run")
            os.kill(os.getpid(), signal.SIGTERM)

        stopping = threading.Thread(target=stop)
        stopping.start()
        code = f"import os, time; open({str(number)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
        began = time.monotonic()
        reason, _ = self.refusal(code)
        stopping.join()
        self.assertIn("it was stopped while", reason)
        self.assertLess(time.monotonic() - began, 300)
        self.assertFalse(Path(f"/proc/{number.read_text()}/fd").exists())
        self.assertEqual((signal.getsignal(signal.SIGTERM), signals), (handler, [signal.SIGTERM]))

    def test_thread(self):
        """In another thread signals are left alone."""
        ended = []

        def run():
            checkImport([sys.executable, "-c", ""], {})
            ended.append(1)

        one = threading.Thread(target=run)
        one.start()
        one.join()
        self.assertEqual(ended, [1])
