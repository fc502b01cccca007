"""
Both halves of athenalite over connections that are cut at random bytes: ``stress.line``.

A run of a few seconds, through the same code as the long one, and tests that this code finds faults.
"""

import asyncio
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from unittest import TestCase

from harness.faultyline import FAULTS, Connection, Line
from stress.line_account import WINDOW, Account, isAwaited, methodOf, padOf

ROOT = Path(__file__).parent.parent.parent
CALLS = 1500


class LineTests(TestCase):
    timed = True

    def test_nothingLost(self):
        """
        Python and JavaScript call each other through dozens of cuts: each call runs once and in order, with the right
        result.
        """
        command = ("stress.line", f"--calls={CALLS}", "--seed=4", "--bytes=15000")
        ran = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
        )
        self.assertEqual((ran.returncode, ran.stderr), (0, ""), ran.stdout)
        figures = dict(re.findall(r"^(\w[\w /]*?)  +(\d[\d,]*\d)", ran.stdout, re.MULTILINE))
        self.assertEqual(figures["calls"], "1,500")
        awaited = sum(map(isAwaited, range(1, CALLS + 1)))
        self.assertIn(f"{awaited:,} to the server, 1,500 to the browser", ran.stdout)
        self.assertGreater(int(figures["reconnects"]), 10)


class AccountTests(TestCase):
    """Broken guarantees are found."""

    def setUp(self):
        self.broken = []
        self.account = Account(1000, self.broken.append)

    def run_(self, *numbers):
        for number in numbers:
            self.account.callRan(number, methodOf(number), padOf(number))

    def test_order(self):
        """Calls in the order of their numbers are correct."""
        self.run_(1, 2, 3)
        self.assertEqual((self.account.ran, self.broken), (3, []))

    def test_doubled(self):
        """A call that runs twice is an error."""
        self.run_(1, 2, 2)
        self.assertEqual(self.broken, ["call 2 was run after call 2"])

    def test_lost(self):
        """So is one that is left out."""
        self.run_(1, 3)
        self.assertEqual(self.broken, ["call 3 was run after call 1"])

    def test_mangled(self):
        """So is one that runs with other arguments than it was made with."""
        self.account.callRan(1, methodOf(1), padOf(2))
        self.assertEqual(len(self.broken), 1)

    def test_answer(self):
        """An answer must come once, and be right."""
        self.assertEqual(self.account.issue(), 1)
        self.account.answerCame(1, "yes", "yes")
        self.assertEqual((self.account.answered, self.broken), (1, []))
        self.account.answerCame(1, "yes", "yes")
        self.assertEqual(len(self.broken), 1)

    def test_wrongAnswer(self):
        """The answer to another call is an error."""
        self.account.issue()
        self.account.answerCame(1, [2, 0], [1, 0])
        self.assertEqual(self.broken, ["call 1 was answered [2, 0], not [1, 0]"])

    def test_window(self):
        """The number of unanswered calls is bounded by the window; an answer moves it."""
        while self.account.mayIssue:
            self.account.issue()
        self.assertEqual(self.account.issued, WINDOW)
        self.account.answerCame(2, None, None)
        self.assertTrue(self.account.mayIssue)

    def test_complete(self):
        """An account is complete when all calls were issued, run and answered, and not before."""
        self.account = Account(2, self.broken.append)
        self.account.issue()
        self.account.issue()
        self.run_(1, 2)
        self.account.answerCame(1, None, None)
        self.assertFalse(self.account.isComplete)
        self.account.answerCame(2, None, None)
        self.assertTrue(self.account.isComplete)


class OneFault(Line):
    """A forwarder whose connections have this fault after ten bytes; later ones have none."""

    def __init__(self, targetPort, fault):
        super().__init__(targetPort, 1, Random(0))
        self._allowances = [10]
        self._fault = fault

    def drawAllowance(self):
        return self._allowances.pop() if self._allowances else 1_000_000

    def drawFault(self):
        return self._fault

    def drawDuration(self):
        return 0.05

    def drawLegs(self, legs):
        return list(legs)


async def _throughFault(fault):
    """Send 20 bytes through a fault. Return what the other end received until it was closed, if it was."""
    received = bytearray()
    ended = asyncio.Event()

    async def listen(reader, writer):
        try:
            while data := await reader.read(100):
                received.extend(data)
        except ConnectionResetError:
            received.extend(b" reset")
        ended.set()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    line = OneFault(server.sockets[0].getsockname()[1], fault)
    await line.start()
    _, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"0123456789abcdefghij")
    try:
        # These two faults have no end; the others may take as long as a busy machine needs.
        await asyncio.wait_for(ended.wait(), 1 if fault in ("dead", "late") else 30)
        received.extend(b" end")
    except TimeoutError:
        pass
    writer.close()
    line.stop()
    server.close()
    await asyncio.wait_for(ended.wait(), 30)
    return bytes(received)


def throughFault(fault):
    # In a thread of its own: Playwright's event loop runs in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _throughFault(fault)).result()


class FaultTests(TestCase):
    """The effect of each fault on a connection."""

    def test_names(self):
        """Every fault that may be drawn is a method of Connection."""
        self.assertEqual([name for name in FAULTS if not callable(getattr(Connection, name, None))], [])

    def test_close(self):
        """A closed connection delivers exactly its bytes, and ends."""
        self.assertEqual(throughFault("close"), b"0123456789 end")

    def test_reset(self):
        """A reset one may lose even those, and ends with an error."""
        self.assertRegex(throughFault("reset"), rb"^(0123456789)? reset end$")

    def test_oneSided(self):
        """The end that is closed later receives nothing more before."""
        self.assertRegex(throughFault("oneSided"), rb"^(0123456789)? reset end$")

    def test_swallow(self):
        """Discarded bytes never arrive, though the connection is open a while longer."""
        self.assertEqual(throughFault("swallow"), b"0123456789 reset end")

    def test_dead(self):
        """On a dead connection nothing arrives any more, not even its end."""
        self.assertEqual(throughFault("dead"), b"0123456789")

    def test_late(self):
        """Delayed bytes arrive in full."""
        self.assertEqual(throughFault("late"), b"0123456789abcdefghij")
