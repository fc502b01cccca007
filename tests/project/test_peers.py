# -*- test-case-name: tests.project.test_peers -*-
"""Live templates beside other libraries: what the pages take, and what is measured."""

import select
import socket
import sys
import threading
import unittest
from collections import deque

from twisted.trial.unittest import SynchronousTestCase

import benchmarks.live
from benchmarks.live import LIBRARIES, Measuring
from benchmarks.servers import OURS, installNode
from harness.dialects import Athena, BrokenPromise, NiceGUI, SocketIO
from harness.fleet import Fleet, fromBrowser, fromServer
from harness.livework import cost, opened
from harness.watching import Watcher


class Line:
    """A socket that records what a page sends, and has these bytes to receive."""

    def __init__(self, received=b""):
        self.received = received
        self.sent = []

    def sendall(self, data):
        self.sent.append(data)

    def recv(self, size):
        received, self.received = self.received, b""
        return received


def watcher(dialect, update, received=b""):
    """Return a page without a connection."""
    one = Watcher.__new__(Watcher)
    dialect.update = update
    one.dialect, one.socket, one.expected, one.answered, one.buffer = dialect, Line(received), [], deque(), b""
    one.delivered = one.numbered = one.size = one.unacknowledged = 0
    one.wasPending = False
    return one


class WatcherTests(SynchronousTestCase):
    """``Watcher``."""

    def test_updates(self):
        """Messages of updates are counted, others are taken, in one piece or in many."""
        shown, other = (
            b'["notify",0,"athenalite.show",["1.chart","x"]]',
            b'["notify",0,"athenalite.show",["1.rows","x"]]',
        )
        frames = b"".join(map(fromServer, (other, b'["noop"]', shown, shown)))
        for cut in (0, 5, 60, len(frames)):
            one = watcher(Athena(), b'.chart"')
            one.received(frames[:cut])
            one.received(frames[cut:])
            self.assertEqual((one.delivered, one.numbered, one.size), (2, 3, len(other + shown + shown)))

    def test_pings(self):
        """A ping of Engine.IO is answered, and is no update."""
        one = watcher(SocketIO(), b"2")
        one.received(fromServer(b"2"))
        self.assertEqual((one.delivered, one.socket.sent), (0, [fromBrowser(b"3")]))

    def test_before(self):
        """What comes before the answer to the opening of a socket is passed over."""
        one = watcher(
            SocketIO(), b"", fromServer(b'0{"sid":"x"}') + fromServer(b'42["all",[]]') + fromServer(b'40{"sid":"y"}')
        )
        SocketIO().open(one)
        self.assertEqual((one.socket.sent, one.buffer), ([fromBrowser(b"40")], b""))
        self.assertRaises(BrokenPromise, one.awaitMatch, b"more")

    def test_niceGUI(self):
        """A page of NiceGUI names its client in the address of its socket."""
        dialect = NiceGUI()
        self.patch(dialect, "exchange", lambda port, request: b"<script>query: {'client_id': 'a-1', 'x': 0}")
        self.assertIn("&client_id=a-1&", dialect.address(dialect.fetch(80)))
        self.patch(dialect, "exchange", lambda port, request: b"HTTP/1.1 500")
        self.assertRaises(BrokenPromise, dialect.fetch, 80)


@unittest.skipUnless(hasattr(select, "epoll"), "a fleet looks at its sockets with epoll")
class GrowingTests(SynchronousTestCase):
    """``Fleet.growBusily``."""

    def grown(self, factory, **given):
        """Let a fleet with such pages grow by two, and return it."""
        fleet = Fleet(0, Athena(), factory)
        self.addCleanup(fleet.close)
        fleet.growBusily(2, **given)
        return fleet

    def page(self, *given):
        """Return a page that nothing comes to."""
        one = watcher(Athena(), b"")
        one.socket, other = socket.socketpair()
        self.addCleanup(other.close)
        return one

    def test_grown(self):
        """All pages are there, and are read."""
        self.assertEqual(len(self.grown(self.page)), 2)

    def test_lost(self):
        """If a page cannot be opened, that is raised."""

        def factory(*given):
            raise BrokenPromise("refused")

        self.assertRaisesRegex(BrokenPromise, "refused", self.grown, factory)

    def test_tooBusy(self):
        """If it takes too long, the error has how many pages were opened."""
        tried = threading.Event()

        def factory(*given):
            tried.wait(0.2)
            return self.page()

        self.assertRaisesRegex(BrokenPromise, "only . of 2 pages", self.grown, factory, patience=0)


@unittest.skipUnless(sys.platform == "linux", "the kernel's accounts are read from /proc")
class MeasuringTests(SynchronousTestCase):
    """``benchmarks.live``, with the fewest possible pages."""

    timed = True

    def setUp(self):
        self.patch(benchmarks.live, "SETTLED", 0.1)
        self.figures = {}

    def measure(self, kind, work, *arguments, name=OURS):
        """Return the figures by the names of rows."""
        getattr(Measuring(self.figures, name, kind, 1), work)(*arguments)
        self.assertTrue(all(value > 0 for found in self.figures.values() for value in found[name]), self.figures)
        return {row.partition(": ")[2] for row in self.figures}

    def test_lines(self):
        """All applications have files."""
        for name in LIBRARIES:
            for kind in benchmarks.live.KINDS:
                Measuring(self.figures, name, kind, 1)
        self.assertEqual(
            {row: set(found) for row, found in self.figures.items()},
            dict.fromkeys(["dashboard: lines", "list: lines"], set(LIBRARIES)),
        )

    def test_dashboard(self):
        """The CPU time and the bytes of an update are measured."""
        rows = self.measure("dashboard", "dashboard", 2)
        self.assertEqual(
            rows,
            {
                "lines",
                "CPU ms of an update, 2 pages",
                "bytes of an update, not compressed",
                "updates that came of 100 due, 2 pages",
            },
        )

    def test_bars(self):
        """What has a bar is done: changed rows are sent to their page, and all pages are shown and told a text."""
        with opened(5, 2) as one:
            sizes = {name: cost(one, name, 2)[1] for name in ("nothing", "one", "again", "every", "show", "tell")}
            self.assertEqual(one.fleet.pages[1].numbered, 4)
        self.assertEqual(sorted(sizes, key=sizes.get)[0], "nothing")
        self.assertGreater(sizes["every"], sizes["one"])
        self.assertGreater(min(sizes["show"], sizes["tell"]), 2000)

    def test_list(self):
        """A change is one of all pages, and is timed from the click to the paint."""
        self.assertEqual(len(self.measure("list", "inBrowser")), 5)

    def test_socketIO(self):
        """The same of python-socketio."""
        installNode()
        self.assertEqual(len(self.measure("dashboard", "dashboard", 1, name="Socket.IO")), 3)
