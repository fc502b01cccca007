# -*- test-case-name: tests.rooms.test_entries -*-
"""Entries of a room's log are JSON, and nothing else is taken for one."""

import json

from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.entries import (
    MAX_BYTES,
    BadEntry,
    Entry,
    decodeArguments,
    decodeEntry,
    encodeArguments,
    encodeEntry,
)
from athenalite.errors import MessageTooLarge


class EncodeTests(SynchronousTestCase):
    """``encodeEntry``"""

    def test_text(self):
        """An entry is a list, with keyword arguments only if there are some."""
        self.assertEqual(encodeEntry("w1", 7, encodeArguments("wall", ("hi",), {})), '["w1",7,"wall",["hi"]]')
        self.assertEqual(encodeEntry("w1", 7, encodeArguments("wall", (), {"a": 1})), '["w1",7,"wall",[],{"a":1}]')

    def test_roundTrip(self):
        """Arguments arrive as JSON makes them: a tuple is a list."""
        ending = encodeArguments("wall", ((1, 2), "\u00e9\u2028"), {"k": None})
        expected = ("wall", [[1, 2], "\u00e9\u2028"], {"k": None})
        self.assertEqual(decodeArguments(ending), Entry("", 0, *expected))
        self.assertEqual(decodeEntry(encodeEntry("w", 3, ending)), Entry("w", 3, *expected))

    def test_again(self):
        """What is sent again has the same number, and another text."""
        again = encodeEntry("w", 3, encodeArguments("wall", (), {}), 2)
        self.assertEqual(again, '["w",[3,2],"wall",[]]')
        self.assertEqual(decodeEntry(again).number, 3)

    def test_refused(self):
        """What is not JSON, or is too large, is refused in the caller."""
        for value in (object(), float("nan"), {1}, b""):
            self.assertRaises(TypeError, encodeArguments, "wall", (value,), {})
        error = self.assertRaises(MessageTooLarge, encodeArguments, "wall", ("x" * MAX_BYTES,), {})
        self.assertIn("the arguments of wall have", str(error))


class DecodeTests(SynchronousTestCase):
    """``decodeEntry``: an engine may contain anything."""

    def test_bad(self):
        """Each text that is no entry is refused, with a reason."""
        for value in (
            {},
            "wall",
            [],
            ["w", 1, "wall"],
            ["w", 1, "wall", [], {}, 0],
            [7, 1, "wall", []],
            ["w", 0, "wall", []],
            ["w", True, "wall", []],
            ["w", "1", "wall", []],
            ["w", [1], "wall", []],
            ["w", ["1", 2], "wall", []],
            ["w", [1, None], "wall", []],
            ["w", 1, None, []],
            ["w", 1, "wall", {}],
            ["w", 1, "wall", [], []],
            ["w", 1, "+", ["name"]],
            ["w", 1, "+", ["name", None, 7]],
            ["w", 1, "-", ["name"]],
            ["w", 1, "-", [[7]]],
        ):
            self.assertRaises(BadEntry, decodeEntry, json.dumps(value))
        for text in ("", "{", "\ud800", "[" * 500, '["w",1,"wall",["' + "x" * MAX_BYTES * 2 + '"]]', "[1e999]"):
            self.assertRaises(BadEntry, decodeEntry, text)
