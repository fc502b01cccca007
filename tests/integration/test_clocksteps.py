# -*- test-case-name: tests.integration.test_clocksteps -*-
"""
The system clock of a server is set while pages are connected, away and not yet connected: nothing changes for them.

``tests/shiftedtime/sitecustomize.py`` adds the content of a file to the server's ``time.time()``.
"""

import os
import signal
import tempfile
import time
from pathlib import Path
from unittest import TestCase

from harness.rawsocket import RawSocket, message, openPage, request
from harness.server import IMPORTED, TWIST, Server
from harness.waiting import waitUntil
from tests.command.test_parent import Parent

SHIFTED = Path(__file__).parent.parent / "shiftedtime"
HOUR = 3600
PROMPT = 60.0
"""
The time in seconds within which everything due at once has happened, on a busy machine too: what depends on the time of
day would happen ten minutes later, or more.
"""


class StepTests(TestCase):
    """The clock is set under three pages, one of each kind."""

    command: tuple[str, ...] = TWIST

    def setUp(self):
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.shift = directory / "shift"
        self.shift.write_text("0")
        self.server = Server(
            "tests.integration.test_hostile.Visitor",
            "--connect-timeout=8",
            "--transportless-timeout=8",
            command=self.command,
            environment={
                "PYTHONPATH": os.pathsep.join((str(SHIFTED), IMPORTED)),
                "SHIFTED_TIME": str(self.shift),
            },
        )
        self.server.start()
        self.addCleanup(self.server.stop)
        port = self.server.port
        self.connected = self.enterContext(RawSocket.connected(port))
        self.unconnected = openPage(port)
        self.abandoned, self.began = openPage(port), time.monotonic()
        self.away = openPage(port)
        RawSocket.connected(port, self.away).close()
        # The server must have noticed it.
        self.assertEqual(self.connected.call(1, "echo", "here")[0], [True, "here"])

    def assertUnchanged(self, seconds):
        """No page is lost when the clock is set, and timeouts are as long as they were."""
        port = self.server.port
        self.shift.write_text(str(seconds))
        began = time.monotonic()
        time.sleep(1)
        answer, took = self.connected.call(1, "echo", "here")
        self.assertEqual(answer, [True, "here"])
        self.assertLess(took, PROMPT)
        with RawSocket.connected(port, self.away) as away, RawSocket.connected(port, self.unconnected) as late:
            self.assertEqual(away.call(1, "echo", "again")[0], [True, "again"])
            self.assertEqual(late.call(1, "echo", "first")[0], [True, "first"])
        self.assertLess(time.monotonic() - began, 8, "too slow to tell")
        self.assertLimited()
        self.assertTimesOut()

    def assertLimited(self):
        """A socket over the rate limit is read from again after a moment."""
        count = 2500
        began = time.monotonic()
        self.connected.write(message("call", 1, "echo", [0]) * count)
        for _ in range(count):
            while self.connected.receive()[0] != "respond":
                pass
        self.assertLess(time.monotonic() - began, 2.5 + PROMPT)
        self.connected.acknowledge()

    def assertTimesOut(self):
        """
        A page that never connects is lost after 8 s: one that was opened before the clock was set, and one after.
        """
        before = time.monotonic()
        after, opened = openPage(self.server.port), time.monotonic()
        for token, since in ((self.abandoned, self.began), (after, opened)):
            while self.isKnown(token):
                self.assertLess(time.monotonic() - since, 8 + PROMPT)
                time.sleep(0.2)
        self.assertGreater(time.monotonic() - before, 7.5)

    def isKnown(self, token):
        """Whether a page has this token: opened with a socket number that none of its sockets can have."""
        with RawSocket(self.server.port) as socket:
            socket.send("open", 1, token, 0, 0)
            return socket.closed()[0] != 4000

    def test_hourForward(self):
        """An hour forward"""
        self.assertUnchanged(HOUR)

    def test_hourBack(self):
        """An hour back"""
        self.assertUnchanged(-HOUR)

    def test_tenMinutesBack(self):
        """Ten minutes back"""
        self.assertUnchanged(-600)

    def test_accessLog(self):
        """The access log shows the time of day, as it has been set."""
        year = 365 * 24 * HOUR
        self.shift.write_text(str(year))
        expected = time.strftime("/%Y:", time.gmtime(time.time() + year))

        def isLogged():
            request(self.server.port)
            return expected in self.server.log

        waitUntil(isLogged, lambda: self.server.log, interval=0.5)


class AsyncioTests(StepTests):
    """The same with asyncio's event loop, which has a clock of its own and is woken by the reactor's."""

    command = (*TWIST, "--reactor=asyncio")


class ParentTests(Parent, TestCase):
    """The clock of a parent and its workers is set."""

    def test_hourBack(self):
        """An hour back: a worker that has ended is started again as soon as before, and so is one that hangs."""
        shift = self.directory / "shift"
        shift.write_text("0")
        path = os.pathsep.join((str(SHIFTED), IMPORTED))
        self.start("--workers=2", "--hung-after=3", PYTHONPATH=path, SHIFTED_TIME=str(shift))
        self.waitReady(2)
        shift.write_text(str(-HOUR))
        os.kill(self.pids[0], signal.SIGKILL)
        began = time.monotonic()
        self.waitReady(3)
        os.kill(self.pids[0], signal.SIGSTOP)
        self.waitReady(4)
        self.assertLess(time.monotonic() - began, PROMPT)
