# -*- test-case-name: tests.test_benchmarks -*-
"""The benchmark of the chat measures what it says, and counts nothing that did not come once and in order."""

import os
import sys
import unittest
from collections import deque
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from benchmarks.load import BrokenPromise, Page, encode, fromBrowser, fromServer


def page(*expected):
    """A page without a socket, to which these are still to come."""
    one = Page.__new__(Page)
    one.buffer, one.expected, one.answered = b"", [fromServer(message) for message in expected], deque()
    one.heard = one.numbered = one.said = 0
    return one


class PageTests(SynchronousTestCase):
    """``Page.received``."""

    def test_inOrder(self):
        """What is due is counted, in one piece or in many, alone or with others."""
        whole = fromServer(b"one") + fromServer(b'["noop"]') + fromServer(b"two" * 100)
        for cut in range(len(whole)):
            one = page(b"one", b"two" * 100)
            one.received(whole[:cut])
            one.received(whole[cut:])
            self.assertEqual((one.heard, one.numbered, one.buffer), (2, 2, b""))

    def test_answers(self):
        """What only this page is told comes among what all are told, in its own order."""
        one = page(b"one")
        one.answered += [fromServer(b"first"), fromServer(b"second")]
        one.received(fromServer(b"first") + fromServer(b"one") + fromServer(b"second"))
        self.assertEqual((one.heard, one.numbered, len(one.answered)), (1, 3, 0))

    def test_broken(self):
        """Something doubled, out of order, changed or unknown is a broken promise."""
        for wrong in (b"two", b"onf", b"unknown"):
            self.assertRaises(BrokenPromise, page(b"one", b"two").received, fromServer(wrong))
        doubled = page(b"one", b"two")
        doubled.received(fromServer(b"one"))
        self.assertRaises(BrokenPromise, doubled.received, fromServer(b"one"))
        self.assertRaises(BrokenPromise, page(b"one").received, b"\x88\x02\x03\xe8")

    def test_masked(self):
        """A browser's frames are masked, and say what they should when that is undone."""
        frame = fromBrowser(encode("call", 1, "say", ["text"]))
        mask, payload = frame[2:6], frame[6:]
        self.assertNotEqual(mask, bytes(4))
        self.assertEqual(
            bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)), b'["call",1,"say",["text"]]'
        )


@unittest.skipUnless(sys.platform == "linux", "the kernel's accounts are read from /proc")
class RunTests(SynchronousTestCase):
    """Both servers, with the fewest pages there can be."""

    def setUp(self):
        from benchmarks.chat import Round, Table

        self.table = Table()
        self.round = Round(self.table, max(os.sched_getaffinity(0)))

    def test_talk(self):
        """The tutorial's chat is talked in, as printed: each row has a figure for both, and each size its rows."""
        import benchmarks.chat

        self.patch(benchmarks.chat, "DELIVERIES", 100)
        self.round.talk([2, 3])
        self.assertEqual(len(self.table.rows), 2 * 5 + 1)
        for row in self.table.rows.values():
            self.assertEqual((len(row.raw), len(row.ours)), (1, 1), row.name)
        self.assertIn("say heard by 3 pages, 8 at a time", "\n".join(self.table.lines()))

    def test_calls(self):
        """Calls go from pages and to pages."""
        self.round.calls(2, 3)
        for row in self.table.rows.values():
            self.assertTrue(0 < row.ours[0] < 1, row.name)

    def test_tutorial(self):
        """What is served is the tutorial, and not this project's own chat, which is of the same name."""
        from benchmarks.servers import TUTORIAL

        self.assertIn("self.chatters.append(elem)", (Path(TUTORIAL) / "chatthing" / "chatterbox.py").read_text("utf-8"))
