# -*- test-case-name: tests.project.test_benchmarks -*-
"""The benchmarks measure the work they name, and count only deliveries that arrived once and in order."""

import os
import select
import shutil
import socket
import sys
import unittest
from collections import deque
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import athenalite
import benchmarks.chat
import benchmarks.curves
import benchmarks.pace
import benchmarks.rooms
import benchmarks.servers
import stress.waiting
from benchmarks.chat import Round
from benchmarks.figures import Table
from benchmarks.servers import OURS, PEERS, RAW, Peer, present
from harness import fleet
from harness.dialects import Athena, BrokenPromise, Dialect, SocketIO, Tutorial, encode
from harness.fleet import ACK_EVERY, Fleet, Page, attendUntil, fromBrowser, fromServer, wholeFrame
from harness.subjects import TUTORIAL, separate, serverCore
from stress.waiting import run


class Line:
    """A socket that records what a page sends."""

    def __init__(self):
        self.sent = []

    def sendall(self, data):
        self.sent.append(data)


def page(*expected, dialect=None):
    """Return a page without a socket, to which these messages are still to come."""
    one = Page.__new__(Page)
    one.dialect, one.socket = dialect or Athena(), Line()
    one.buffer, one.expected, one.answered = b"", [fromServer(message) for message in expected], deque()
    one.delivered = one.numbered = one.sent = one.unacknowledged = 0
    one.ackAfter, one.wasPending = 5, False
    return one


class PageTests(SynchronousTestCase):
    """``Page.received``."""

    def test_inOrder(self):
        """Expected frames are counted, in one piece or in many, alone or with others."""
        whole = fromServer(b"one") + fromServer(b'["noop"]') + fromServer(b"two" * 100)
        for cut in range(len(whole)):
            one = page(b"one", b"two" * 100)
            one.received(whole[:cut])
            one.received(whole[cut:])
            self.assertEqual((one.delivered, one.numbered, one.buffer), (2, 2, b""))

    def test_answers(self):
        """Frames for one page arrive among broadcasts, in their own order."""
        one = page(b"one")
        one.answered += [fromServer(b"first"), fromServer(b"second")]
        one.received(fromServer(b"first") + fromServer(b"one") + fromServer(b"second"))
        self.assertEqual((one.delivered, one.numbered, len(one.answered)), (1, 3, 0))

    def test_broken(self):
        """A duplicate, misordered, changed or unknown frame is a broken promise."""
        for wrong in (b"two", b"onf", b"unknown"):
            self.assertRaises(BrokenPromise, page(b"one", b"two").received, fromServer(wrong))
        doubled = page(b"one", b"two")
        doubled.received(fromServer(b"one"))
        self.assertRaises(BrokenPromise, doubled.received, fromServer(b"one"))
        self.assertRaises(BrokenPromise, page(b"one").received, b"\x88\x02\x03\xe8")

    def test_masked(self):
        """A browser's frames are masked, and unmask to the payload."""
        frame = fromBrowser(encode("call", 1, "say", ["text"]))
        mask, payload = frame[2:6], frame[6:]
        self.assertNotEqual(mask, bytes(4))
        self.assertEqual(
            bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)), b'["call",1,"say",["text"]]'
        )


class DialectTests(SynchronousTestCase):
    """Other messages that may arrive, and their replies."""

    def test_athena(self):
        """A page receives acknowledgements and noops, and sends no reply."""
        one = page(b"due")
        one.received(fromServer(b'["noop"]') + fromServer(b'["ack",7]') + fromServer(b"due"))
        self.assertEqual((one.delivered, one.socket.sent), (1, []))

    def test_socketIO(self):
        """A ping of Engine.IO is answered, and so is one of the WebSocket."""
        one = page(b"due", dialect=SocketIO())
        one.received(fromServer(b"2") + b"\x89\x01x" + fromServer(b"due"))
        self.assertEqual((one.delivered, one.socket.sent), (1, [fromBrowser(b"3"), fromBrowser(b"x", 0x8A)]))

    def test_plain(self):
        """In the plain dialect, no other message may come."""
        self.assertRaises(BrokenPromise, page(b"due", dialect=Dialect()).received, fromServer(b'["noop"]'))

    def test_socketIOPackets(self):
        """Broadcasts, calls and their answers are Socket.IO's packets."""
        self.assertEqual(SocketIO().say("hello"), b'42["say","hello"]')
        self.assertEqual(SocketIO().broadcast("hello"), b'42["displayUserMessage","load","hello"]')
        self.assertEqual(SocketIO().call(12, "hello"), b'4212["echo","hello"]')
        self.assertEqual(SocketIO().answer(12, "hello"), b'4312["hello"]')

    def test_join(self):
        """Only in the tutorial must a user choose a name first."""
        self.assertIsNone(Athena().join())
        self.assertEqual(Tutorial().join()[0], b'["call",1,"setUsername",["load"]]')


class FrameTests(SynchronousTestCase):
    """``wholeFrame``."""

    def test_lengths(self):
        """A frame of any length is parsed at its position, once it is complete."""
        for length in (0, 125, 126, 65535, 65536):
            frame = fromServer(b"x" * length)
            self.assertEqual(wholeFrame(b"--" + frame + b"--", 2), (0x81, b"x" * length, len(frame)))
            for part in (0, 1, 3, 9, len(frame) - 1):
                self.assertIsNone(wholeFrame(frame[: min(part, len(frame) - 1)]))


@unittest.skipUnless(hasattr(select, "epoll"), "the load has many sockets, and looks at them with epoll")
class FleetTests(SynchronousTestCase):
    """Pages of one server, with socket pairs in this process."""

    def fleet(self):
        """Return a fleet of one page, and the server's end of its socket."""
        one = Fleet(0, Athena())
        self.addCleanup(one.close)
        return one, self.addPage(one)

    def addPage(self, one):
        """Add another page, and return the server's end."""
        mine, theirs = socket.socketpair()
        mine.setblocking(False)
        theirs.settimeout(60)
        added = page()
        added.socket, added.expected = mine, one.expected
        one.pages.append(added)
        one.listen(added)
        self.addCleanup(theirs.close)
        return theirs

    def test_company(self):
        """While one fleet works, the pings of another are answered; those of a closed one are not."""
        (one, _), (other, theirs), (closed, _) = self.fleet(), self.fleet(), self.fleet()
        closed.close()
        one.company = [one, other, closed]
        theirs.sendall(b"\x89\x01x")
        done = [False, True]
        one.until(lambda: done.pop(0))
        self.assertEqual(theirs.recv(100), fromBrowser(b"x", 0x8A))

    def test_silence(self):
        """If nothing arrives for a minute, what was expected is missing; each arrival begins the minute anew."""
        looks = []

        def attend(timeout):
            looks.append(timeout)
            return len(looks) == 200

        self.assertRaises(BrokenPromise, attendUntil, lambda: False, attend)
        self.assertEqual(sum(looks[200:]), 60.25)
        one, _ = self.fleet()
        self.patch(fleet, "PATIENCE", 0)
        self.assertRaises(BrokenPromise, one.until, lambda: False)

    def test_settle(self):
        """When all has been delivered, another message is an error, even a valid one."""
        one, theirs = self.fleet()
        one.expected.append(fromServer(b"again"))
        theirs.sendall(fromServer(b"again"))
        self.assertRaises(BrokenPromise, one.settle, 0.1)

    def test_acknowledged(self):
        """Messages are acknowledged at once when there are as many as the real client takes."""
        one, theirs = self.fleet()
        first = one.pages[0].ackAfter
        for count, acknowledged in ((first, first), (ACK_EVERY, first + ACK_EVERY)):
            one.expected += [fromServer(b"m")] * count
            theirs.sendall(fromServer(b"m") * count)
            one.until(lambda: one.pages[0].isCurrent)
            self.assertEqual(theirs.recv(100), fromBrowser(b'["ack",%d]' % acknowledged))

    def test_asTheClient(self):
        """This number is the client's."""
        client = (Path(athenalite.__file__).parent / "js" / "acknowledgements.js").read_text("utf-8")
        self.assertIn(f"export const ACK_EVERY = {ACK_EVERY};", client)

    def test_acknowledgedLater(self):
        """Fewer messages are acknowledged with the second noop after one."""
        one, theirs = self.fleet()
        for message, acknowledged in ((b"m", []), (b'["noop"]', []), (b'["noop"]', [1])):
            if message == b"m":
                one.expected.append(fromServer(message))
            theirs.sendall(fromServer(message))
            one.settle(0.05) if message != b"m" else one.until(lambda: one.pages[0].isCurrent, lambda *_: None)
            sent = theirs.recv(100) if select.select([theirs], [], [], 0)[0] else b""
            self.assertEqual(sent, b"".join(fromBrowser(b'["ack",%d]' % number) for number in acknowledged))

    def test_lost(self):
        """A cut connection discards an incomplete message."""
        one, theirs = self.fleet()
        one.expected.append(fromServer(b"message"))
        theirs.sendall(fromServer(b"message")[:4])
        one.attend(1)
        one.lose(one.pages[0])
        self.assertEqual((one.pages[0].buffer, one.pages[0].delivered, theirs.recv(100)), (b"", 0, b""))


@unittest.skipUnless(sys.platform == "linux", "the kernel's accounts are read from /proc")
class RunTests(SynchronousTestCase):
    """All servers, with the fewest possible pages."""

    timed = True

    def setUp(self):
        self.patch(benchmarks.chat, "DELIVERIES", 100)
        self.patch(benchmarks.chat, "CALLS", 60)
        self.table = Table(RAW, OURS)
        self.round = lambda *peers: Round(self.table, peers)

    def test_talk(self):
        """The tutorial's chat is measured: each row has a figure for both servers, and each size its rows."""
        self.round().broadcasts([2, 3])
        self.assertEqual(len(self.table.rows), 2 * 6 + 1)
        for row in self.table.rows.values():
            self.assertEqual({name: len(values) for name, values in row.found.items()}, {RAW: 1, OURS: 1}, row.name)
        self.assertIn("broadcast to 3 pages, 8 in flight", self.table.rows)

    def test_peers(self):
        """The peers do the same work, each in its own protocol; they are left out when there are too many pages."""
        self.patch(benchmarks.chat, "COMPANY", 2)
        self.round("websockets", "aiohttp", "Socket.IO").broadcasts([2, 3])
        names = [RAW, OURS, "websockets", "aiohttp", "Socket.IO"]
        self.assertEqual(set(self.table.rows["broadcast to 2 pages"].found), set(names))
        self.assertEqual(set(self.table.rows["broadcast to 3 pages"].found), {RAW, OURS})
        self.assertEqual(self.table.others(), names[2:])

    def test_calls(self):
        """Calls are made by pages, of the peers as well, and to pages."""
        self.round("websockets", "aiohttp", "Socket.IO").calls(2, 3)
        [answered, *others] = self.table.rows.values()
        self.assertEqual(len(answered.found), 5)
        self.assertEqual([set(row.found) for row in others], [{RAW, OURS}] * 2)
        for row in (answered, *others):
            self.assertTrue(all(0 < value[0] < 1 for value in row.found.values()))

    def test_ws(self):
        """``ws`` is measured too where npm can install it; without npm, an error names what is missing."""
        if not (PEERS / "node_modules").exists() and shutil.which("npm") is None:
            error = self.assertRaises(SystemExit, present, ["ws"])
            self.assertIn("npm install", str(error))
            return
        self.assertEqual(present(["ws"]), ["ws"])
        self.round("ws").calls(2, 3)
        self.assertIn("ws", self.table.rows["call answered, 2 pages x 8"].found)

    def test_missing(self):
        """A peer that is not installed is named, with advice."""
        self.patch(benchmarks.servers, "THEIRS", {"other": Peer(lambda: (), ("no-such-package-as-this",))})
        error = self.assertRaises(SystemExit, present, ["other"])
        self.assertIn("no-such-package-as-this is missing: pip install", str(error))

    def test_withoutNode(self):
        """Without node there is no ``ws``."""
        self.patch(benchmarks.servers, "findNode", lambda: None)
        self.assertEqual(present(["ws"]), [])

    def test_curves(self):
        """Each curve has its points, and one line for both servers or for ours."""
        self.patch(benchmarks.curves, "DELIVERIES", 20)
        self.patch(benchmarks.curves, "CALLS", 4)
        found = benchmarks.curves.run(1, benchmarks.curves.Points((2, 3), (60, 200), (1, 2), (1, 3), 2, 2))
        self.assertEqual(
            [list(curve.lines["athenalite"]) for curve in found.values()],
            [[2, 3], [60, 200], [60, 200], [1, 2], [1, 3], [1, 3], [1, 3]],
        )
        self.assertEqual(sum(RAW in curve.lines for curve in found.values()), 4)

    def test_pace(self):
        """Each row has a figure for both servers, for the pace also where nobody speaks meanwhile."""
        self.patch(benchmarks.pace, "SETTLED", 0.1)
        self.patch(benchmarks.pace, "DELIVERIES", 20)
        self.patch(benchmarks.pace, "CALLS", 20)
        table = benchmarks.pace.run(1, pages=2, idle=2, minutes=0.02, reactor="asyncio")
        self.assertEqual([set(row.found) for row in table.rows.values()], [{RAW, OURS}] * 18)
        for row in table.rows.values():
            self.assertTrue(all(value[0] > 0 for value in row.found.values()), row)

    def test_conditions(self):
        """The table of the pace comes with its conditions."""
        self.assertRegex(
            benchmarks.pace.conditions("asyncio"), r"NVX (not )?in use, Twisted's asyncio reactor, .* runnable"
        )

    def test_cores(self):
        """The load has another core than the servers, also when it has been kept off theirs."""
        cores = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, cores)
        before = serverCore()
        separate()
        self.assertEqual(serverCore(), before)
        if len(cores) > 1:
            self.assertNotIn(before, os.sched_getaffinity(0))

    def test_waiting(self):
        """Messages for disconnected pages are kept once, and delivered when the pages resume."""
        kept = run(20, 10, 4000, max(os.sched_getaffinity(0)))
        self.assertEqual((kept.pages, kept.messages), (20, 10))
        self.assertGreater(kept.size, 10 * 4000)
        self.assertIn("10 broadcasts of 4.0 KiB waiting for 20 disconnected pages", str(kept))

    def test_waitingCommand(self):
        """``stress.waiting`` prints one sentence."""
        self.patch(stress.waiting, "separate", lambda: None)
        out = StringIO()
        with redirect_stdout(out):
            stress.waiting.main(["--pages=2", "--messages=2", "--length=100"])
        self.assertIn("2 broadcasts of 0.1 KiB waiting for 2 disconnected pages: ", out.getvalue())

    def test_rooms(self):
        """``benchmarks.rooms`` prints a line for each kind of room, and some for the engine and latencies."""
        self.patch(benchmarks.rooms, "separate", lambda: None)
        out = StringIO()
        with redirect_stdout(out):
            benchmarks.rooms.main(["--pages=2", "--lines=2", "--rounds=1"])
        self.assertRegex(
            out.getvalue(),
            r"(?s)^a list: .*, 1.00 times a list\na room: .*engine: .*four workers: .*engine, 1 in flight: [0-9]+ us.*"
            r"four workers, at half load: a line is everywhere after [0-9.]+ ms, p99 [0-9.]+ ms\n$",
        )

    def test_tutorial(self):
        """The server serves the tutorial, not this project's own chat of the same name."""
        self.assertIn("self.chatters.append(elem)", (Path(TUTORIAL) / "chatthing" / "chatterbox.py").read_text("utf-8"))
