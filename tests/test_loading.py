"""How the loading of a page is measured: what the browser and the line say is added up, and the line is a real one."""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from benchmarks import loading
from benchmarks.link import ADVICE, BROWSER, SERVER, Account, Link
from benchmarks.loading import Visit, cells, run, visited
from harness.browser import BrowserTestCase

ROOT = Path(__file__).parent.parent


def packet(flags, size=40, protocol=6, version=4, said=b""):
    """An IP packet with a TCP header."""
    head = bytes([version << 4 | 5, *bytes(8), protocol, *bytes(22), 5 << 4, flags, *bytes(6)])
    return head + (said or bytes(size - 40))


class AccountTests(SynchronousTestCase):
    """What goes over the line."""

    def test_counted(self):
        """Packets are counted with their headers, each way, and connections where the browser begins them."""
        account = Account()
        account.add(packet(0x02, 60), True)
        account.add(packet(0x12, 60), False)
        account.add(packet(0x10, 540), True)
        account.add(packet(0x18, 1500), False)
        self.assertEqual((account.sent, account.received, account.connections), (600, 1560, 1))

    def test_roundTrips(self):
        """
        What is counted is who had to wait for whom: packets of one flight are one, however many and however late; from
        what the server said before the second request, to its ``opened``.
        """
        account = Account()

        def flight(fromBrowser, *packets):
            for stamp in [account.add(packet(0x10, said=one), fromBrowser) for one in packets]:
                account.arrived(stamp, fromBrowser)

        flight(True, b"GET / HTTP/1.1")
        flight(False, b"<html>", b"</html>")
        flight(True, b"GET /client.js HTTP/1.1")
        flight(False, b"first", b"second")
        # An acknowledgement, which lets the server send the rest.
        flight(True, b"")
        flight(False, b"rest")
        flight(True, b"GET /transport HTTP/1.1")
        flight(False, b"HTTP/1.1 101", b'\x81\x0c["opened",0]')
        self.assertEqual(account.roundTrips, 3)

    def test_other(self):
        """What a device says by itself when it comes up is not counted."""
        account = Account()
        for one in (packet(0x02, version=6), packet(0x02, protocol=17), b"", b"\x45"):
            account.add(one, True)
        self.assertEqual((account.sent, account.connections), (0, 0))


def events(cached):
    """A visit of two requests, one of them perhaps answered by the cache."""
    return [
        ("requestWillBeSent", {"requestId": "1", "timestamp": 10.0, "request": {"url": "http://server/"}}),
        ("requestWillBeSent", {"requestId": "2", "timestamp": 10.3, "request": {"url": "data:,"}}),
        ("requestWillBeSent", {"requestId": "3", "timestamp": 10.3, "request": {"url": "http://server/x/client.js"}}),
        ("responseReceived", {"requestId": "3", "response": {"fromDiskCache": cached}}),
        ("loadingFinished", {"requestId": "3", "timestamp": 10.5, "encodedDataLength": 0 if cached else 20_000}),
        ("loadingFinished", {"requestId": "1", "timestamp": 10.25, "encodedDataLength": 3000}),
        ("webSocketFrameReceived", {"requestId": "4", "timestamp": 10.75, "response": {"payloadData": '["opened",0]'}}),
    ]


class VisitTests(SynchronousTestCase):
    """What Chromium says."""

    def test_first(self):
        """All that came over the network is named and weighed; the clock runs from the HTML to ``opened``."""
        account = Account()
        account.received, account.connections = 25_000, 3
        self.assertEqual(visited(events(False), account), Visit(("HTML", "client.js"), 23_000, 0.25, 0.5, 25_000, 3))

    def test_cached(self):
        """What the browser had is not."""
        one = visited(events(True), Account())
        self.assertEqual((one.requests, one.weight), (("HTML",), 3000))

    def test_notConnected(self):
        """A page that does not connect is no visit."""
        self.assertRaises(ValueError, visited, events(False)[:-1], Account())

    def test_cells(self):
        """A table has both visits, and the goals; times are medians, of both lines."""
        near = [Visit(("HTML",), 1000, 0.01, wait, 1200, 1, 3.0) for wait in (0.05, 0.06, 0.5)]
        far = [Visit(("HTML", "client.js"), 1000, 0.2, 0.45, 1200, 2, 4.0)]
        table = cells(dict.fromkeys(loading.VISITS, near), dict.fromkeys(loading.VISITS, far))
        self.assertEqual(table[1], ["requests", "2: HTML, client.js", "2: HTML, client.js", "next: 1"])
        self.assertIn(["from there to connected, 0 ms", "60 ms", "60 ms", ""], table)
        self.assertEqual(table[-1], ["round trips from there to connected", "4", "4", "first: 2"])


class LineTests(unittest.TestCase):
    """Where the machine lets us make one; elsewhere one is told what is missing."""

    def test_link(self):
        """TCP over the line takes its round trips, the handshake one of them."""
        if os.geteuid() != 0:
            self.assertRaises(SystemExit, run, 1)
            return
        program = (
            "import socket, sys, time; before = time.monotonic()\n"
            f"try: socket.create_connection(({SERVER!r}, 9), 5)\n"
            "except ConnectionRefusedError: print(time.monotonic() - before)"
        )
        with Link(0.2) as link:
            ran = subprocess.run([*link.inBrowser, sys.executable, "-c", program], capture_output=True, text=True)
        self.assertGreaterEqual(float(ran.stdout), 0.2)
        self.assertEqual(link.account.connections, 1)
        self.assertNotIn(BROWSER, subprocess.run(["ip", "addr"], capture_output=True, text=True).stdout)


class LoadingTests(BrowserTestCase):
    """The whole of it."""

    def test_loading(self):
        """The command has Chromium visit the chat twice: the second time, the HTML is all that travels to it."""
        # In a process of its own: there is one playwright in each.
        command = [sys.executable, "-m", "benchmarks.loading", "--rounds", "1"]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        if os.geteuid() != 0:
            self.assertEqual((ran.returncode, ran.stderr.strip()), (1, ADVICE))
            return
        self.assertEqual((ran.returncode, ran.stderr), (0, ""), ran.stdout)
        self.assertRegex(ran.stdout, r"requests +5: HTML, .*  1: HTML")
        [(first, following)] = re.findall(r"round trips from there to connected +([\d.]+) +([\d.]+)", ran.stdout)
        self.assertTrue(2 <= float(following) <= float(first) < 10, ran.stdout)
