# -*- test-case-name: tests.integration.test_bounds -*-
"""
Bounds of the server's memory and time that one peer can use: a matrix of attacks and transports.

Each cell has a server of its own, in a process. ``harness/attacks.py`` has the attacks; ``docs/security.rst`` has the
table of bounds. Availability is measured here in bytes and in seconds, as it is promised.
"""

import contextlib
import os
import re
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple
from unittest import TestCase

from athenalite._server.compression import BOUNDS_INFLATION
from athenalite.limits import Limits
from harness import attacks
from harness.attacks import HTTP, LATENCY, SOCKETS, Attacker
from harness.honest import ELEMENT, HonestPages
from harness.rawsocket import RawConnection, RawSocket, head, openPage, request, residentMemory
from harness.server import TWIST, Server, selfSigned
from harness.waiting import waitUntil
from tests.integration import test_backpressure

MEBIBYTE = 1024 * 1024
GROWTH = 24 * MEBIBYTE
"""By how much one peer may make the server grow."""

LEFT = 16 * MEBIBYTE
"""How much of that may be left soon after the peer has gone: two seconds, on a machine that is not busy otherwise."""

SIDE_BY_SIDE = 10
PAGES = 20
P99 = 0.1
"""The time in which 99 of 100 calls of the other pages are answered, in seconds."""

BUSY = 5
"""By how much this time may exceed the time without an attack, as a factor: the machine may be busy otherwise."""

COMPRESSING = (*TWIST[:1], "-m", "tests.compressing", *TWIST[3:])
IMPATIENT = (*TWIST[:1], "-m", "tests.impatient", *TWIST[3:])


class Measured(NamedTuple):
    """The growth of a server's memory, in bytes: the most during the attack, and after the peer had gone."""

    growth: int
    left: int

    def __str__(self):
        return f"+{self.growth / MEBIBYTE:.1f} MiB, {self.left / MEBIBYTE:+.1f} MiB left"


class Cell:
    """One attack on one server, over plain TCP by default."""

    def __init__(self, attack, certificate=None, compress=False, seconds=10.0):
        self._attack = attack
        self._seconds = seconds
        self._secure = certificate is not None
        self._compress = compress
        listen = f"--listen=ssl:0:interface=127.0.0.1:privateKey={certificate}:certKey={certificate}"
        command = COMPRESSING if compress else TWIST
        self.server = Server(ELEMENT, listen if self._secure else "--port=0", command=command)

    def measure(self):
        """Start the server, run the attack, and close the peer."""
        self.server.start()
        try:
            return self._measured(self.server.process.pid)
        finally:
            # It may be too busy to stop.
            self.server.kill()

    def _measured(self, pid):
        attacker = Attacker(self.server.port, self._secure, self._compress)
        # What the server creates once for all pages is not counted.
        self._honest()
        request(self.server.port, path=attacker.script(), secure=self._secure)
        most = before = residentMemory(pid)
        attacker.end = time.monotonic() + self._seconds
        running = threading.Thread(target=attacker.run, args=(self._attack,))
        running.start()
        while running.is_alive():
            most = max(most, residentMemory(pid))
            time.sleep(0.05)
        attacker.leave()
        time.sleep(2)
        # The server has noticed closed connections when it sends the next response.
        with contextlib.suppress(TimeoutError):
            self._honest()
        # A busy machine takes longer to get to them.
        with contextlib.suppress(AssertionError):
            waitUntil(lambda: residentMemory(pid) - before < LEFT)
        return Measured(most - before, residentMemory(pid) - before)

    def _honest(self):
        token = openPage(self.server.port, self._secure)
        with RawSocket.connected(self.server.port, token, secure=self._secure) as socket:
            socket.call(1, "echo", 1)


def isBeyond(measured):
    """Return whether a cell has exceeded a bound."""
    return measured.growth >= GROWTH or measured.left >= LEFT


class MemoryTests(TestCase):
    """One peer holds a bounded amount of the server's memory, which is freed afterwards."""

    underLoad = True

    def assertBounded(self, attacks, **options):
        """
        Measure the attacks side by side. One that exceeds a bound there is measured once
        more, alone: the allocator frees more or less, by how the processes were scheduled.
        """
        if residentMemory("self") is None:
            self.skipTest("this system does not tell how much memory a process occupies")
        cells = {attack.__name__: Cell(attack, **options) for attack in attacks}
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            results = dict(zip(cells, pool.map(Cell.measure, cells.values()), strict=True))
        for attack in attacks:
            if isBeyond(results[attack.__name__]):
                results[attack.__name__] = Cell(attack, **options).measure()
        table = "\n".join(f"{name}: {measured}" for name, measured in results.items())
        beyond = [name for name, measured in results.items() if isBeyond(measured)]
        self.assertEqual(beyond, [], f"\n{table}")

    def test_plain(self):
        """Over plain TCP."""
        self.assertBounded(HTTP + SOCKETS)

    def test_tls(self):
        """Over TLS, which has buffers of its own."""
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.assertBounded(HTTP + SOCKETS, certificate=selfSigned(directory))

    def test_compressed(self):
        """With compressed messages, which have buffers of their own, too."""
        if not BOUNDS_INFLATION:
            self.skipTest("this Autobahn does not bound what a message inflates to")
        self.assertBounded((*SOCKETS, attacks.inflating), compress=True)


class TimeoutTests(TestCase):
    """A connection whose peer stops responding ends, in each state and over each transport."""

    underLoad = True

    def assertEnd(self, *options, secure=False):
        """Assert that the server closes each connection, after its timeout of a second or two, and not later."""
        with Server(ELEMENT, *options, command=IMPATIENT) as server:
            script = Attacker(server.port, secure).script()
            one = head(server.port, "GET", script, [])
            last = head(server.port, "GET", script, ["Connection: close"])
            before = self._openWhenIdle(server)
            for data in (
                b"",
                one[:-2],
                one,
                last,
                one * 500,
                one * 500 + last,
                b"nonsense\r\n\r\n",
                head(server.port, "POST", "/", ["Content-Length: 1000000"]),
                head(server.port, "POST", "/", ["Content-Length: 1000"]),
            ):
                connection = self.enterContext(RawConnection(server.port, 4096, secure))
                connection.write(data)
                # It has been accepted when a later one has been answered.
                request(server.port, path="/none", secure=secure)
                waitUntil(lambda: self._open(server) == before, data[:100], limit=30)

    def _openWhenIdle(self, server):
        # The server may not have noticed yet that the connection which has fetched the script is over.
        counts = []
        for _ in range(20):
            counts.append(self._open(server))
            time.sleep(0.1)
        return min(counts)

    def _open(self, server):
        # The peer may not see it: the kernel holds an end that is behind unread data.
        try:
            return len(os.listdir(f"/proc/{server.process.pid}/fd"))
        except OSError:
            self.skipTest("this system does not tell how many files a process has open")

    def test_plain(self):
        """Over plain TCP."""
        self.assertEnd()

    def test_tls(self):
        """Over TLS, where an orderly close takes both sides."""
        pem = selfSigned(Path(self.enterContext(tempfile.TemporaryDirectory())))
        self.assertEnd(f"--listen=ssl:0:interface=127.0.0.1:privateKey={pem}:certKey={pem}", secure=True)


class AvailabilityTests(TestCase):
    """During an attack, the pages of other peers are served, and none is lost."""

    timed = underLoad = True

    def setUp(self):
        self.server = Server(ELEMENT)
        self.server.start()
        self.addCleanup(self.server.kill)

    def test_latency(self):
        """Calls of other pages are answered in time during each attack, and the page that was loading is complete."""
        pages = self.enterContext(HonestPages(self.server.port, PAGES))
        # A busy server gets its share of the machine, beside other programs.
        share = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        bound = P99 * share + BUSY * pages.measure(seconds=1).p99
        table = {}
        for attack in LATENCY:
            loading = openPage(self.server.port)
            measured = pages.measure(attack).p99
            if measured >= bound:
                # The machine may have been busy otherwise.
                measured = min(measured, pages.measure(attack).p99)
            table[attack.__name__] = measured
            with RawSocket.connected(self.server.port, loading) as socket:
                self.assertEqual(socket.call(1, "echo", 1)[0], [True, 1], attack)
        shown = "\n".join(f"{name}: {1000 * measured:.0f} ms" for name, measured in table.items())
        self.assertEqual(
            [name for name, measured in table.items() if measured >= bound],
            [],
            f"bound: {1000 * bound:.0f} ms\n{shown}",
        )


class TableTests(TestCase):
    """The table of bounds in ``docs/security.rst``"""

    tests = Path(__file__).parent.parent

    def table(self):
        """Return the section's text."""
        text = (self.tests.parent / "docs" / "security.rst").read_text("utf-8")
        return text.partition("\nBounds\n======\n")[2].partition("\n\n\n")[0]

    def test_exist(self):
        """Each test that the table names exists in that module."""
        named = re.findall(r"``(\w+)\.(\w+)``", self.table())
        self.assertTrue(named)
        for module, name in named:
            places = (self.tests, self.tests.parent / "harness")
            sources = [path.read_text("utf-8") for place in places for path in place.rglob(f"{module}.py")]
            self.assertRegex("\n".join(sources), rf"\b(?:def|class) {name}\b", module)

    def test_complete(self):
        """Each attack, and each test of a page that does not read, is in the table."""
        named = set(re.findall(r"``((?:attacks|test_backpressure)\.\w+)``", self.table()))
        measured = {f"attacks.{one.__name__}" for one in (*HTTP, *SOCKETS, attacks.inflating, *LATENCY)}
        stalled = {
            f"test_backpressure.{name}" for name in vars(test_backpressure.StalledTests) if name.startswith("test")
        }
        self.assertEqual(named, measured | stalled)

    def test_limits(self):
        """Each limit is described by a paragraph that begins with its name."""
        text = (self.tests.parent / "docs" / "security.rst").read_text("utf-8")
        section = text.partition("\nLimits\n======\n")[2].partition("\n\n\n")[0]
        terms = "\n".join(line for line in section.splitlines() if line.startswith("``"))
        self.assertEqual({field.name for field in fields(Limits)} - {*re.findall(r"``(\w+)``", terms)}, set())
