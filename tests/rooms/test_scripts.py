# -*- test-case-name: tests.rooms.test_scripts -*-
"""The scripts that a server runs do what ``_rooms/store.py`` does in Python: the same operations, side by side."""

import random
import time
from unittest import TestCase

from athenalite._rooms.store import Store
from tests.rooms.servers import ServerTestCase

NAMES = ("alice", "b\u00f6b", "{x}")


class SameTests(ServerTestCase, TestCase):
    """A server, and a :class:`Store`."""

    def setUp(self):
        super().setUp()
        self.link = self.newLink()
        self.store = Store(time.time, 10_000)
        self.numbers = {"w": 0, "v": 0}

    def both(self, name, *arguments):
        """Do the same with both, and return the results."""
        theirs = self.wait(getattr(self.link, name)(*arguments))
        ours = getattr(self.store, name)(*arguments)
        return theirs, ours[0] if isinstance(ours, tuple) and name not in ("read", "position") else ours

    def operation(self, chosen):
        """Return one operation, and its arguments."""
        worker = chosen.choice("wv")
        number = self.numbers[worker] = max(self.numbers[worker] + chosen.choice([0, 1, 1, 1, 2]), 1)
        name = chosen.choice(NAMES)
        member, text = f'["{worker}",{number}]', f'["{worker}",{number},"wall",["\u2028"]]'
        return chosen.choice(
            [
                ("append", "lobby", worker, number, text),
                ("claim", "lobby", worker, number, name, member, text),
                ("release", "lobby", worker, number, name, text),
                ("sweep", "lobby", worker, number, chosen.choice([1, 2])),
                ("renew", worker, chosen.choice([-10, 1000])),
            ]
        )

    def plain(self, log):
        """Return a log without its epoch, which is random."""
        entries = [(number, text if text[2] in "wv" else "") for number, text in log.entries]
        return log.position.number, entries, log.numbers, log.members

    def test_same(self):
        """After each of many operations, both have answered the same, and contain the same."""
        chosen = random.Random(7)
        for count in range(300):
            name, *arguments = self.operation(chosen)
            theirs, ours = self.both(name, *arguments)
            self.assertEqual(theirs, ours, (count, name, arguments))
            since = chosen.choice([None, 0, 1, count])
            theirs, ours = (self.plain(log) for log in self.both("read", "lobby", since))
            self.assertEqual(theirs, ours, (count, name, arguments, since))
        [theirs] = self.wait(self.link.positions(["lobby"]))
        self.assertEqual(theirs.number, self.store.position("lobby").number)
        self.assertGreater(theirs.number, 50)

    def test_texts(self):
        """A text is taken once, and then both have the name of who has taken it, if that has one."""
        for operation in (
            ("take", "page:x", "w1", 60),
            ("keep", "page:x", "{one}", 60),
            ("take", "page:x", "", 60),
            ("take", "page:x", "w1", 60),
            ("keep", "page:x", "{two}", 60),
            ("take", "page:x", "w2", 60),
            ("take", "page:x", "w1", 60),
            ("keep", "page:x", "{three}", 60),
            ("take", "page:x", "w3", 60),
            ("take", "page:x", "w1", 60),
        ):
            name, *arguments = operation
            theirs, ours = self.wait(getattr(self.link, name)(*arguments)), getattr(self.store, name)(*arguments)
            if name == "take":
                self.assertEqual(theirs, ours, operation)
        self.assertEqual(ours, (None, "w3"))
        self.assertIn(self.server.command("TTL", "athena:site:page:x:at"), (b":60\r\n", b":59\r\n"))

    def test_textOfFull(self):
        """A text is taken from an engine that takes nothing more."""
        self.wait(self.link.keep("page:x", "{one}", 60))
        self.server.command("CONFIG", "SET", "maxmemory", "1")
        self.assertEqual(self.wait(self.link.take("page:x", "w2", 60)), ("{one}", ""))

    def test_history(self):
        """About so many entries are kept."""
        self.engine.history = 100
        for number in range(1, 500):
            last = self.link.append("lobby", "w", number, f'["w",{number},"wall",[]]')
        self.wait(last)
        log = self.wait(self.link.read("lobby", 1))
        self.assertEqual(log.entries[-1][0], 499)
        self.assertLess(len(log.entries), 300)

    def test_inconsistent(self):
        """A log whose number is lost begins anew, in another epoch."""
        self.wait(self.link.append("lobby", "w", 1, "one"))
        [before] = self.wait(self.link.positions(["lobby"]))
        self.server.command("HSET", "athena:site:{lobby}:meta", "n", "-5")
        self.wait(self.link.append("lobby", "w", 2, "two"))
        [after] = self.wait(self.link.positions(["lobby"]))
        self.assertNotEqual(before.epoch, after.epoch)
        self.assertEqual(self.wait(self.link.read("lobby", 0)).entries, [(1, "two")])

    def test_refused(self):
        """
        A log that cannot be written, such as without the right to do so: nothing is accepted, and nothing changed, so
        that all can be sent again. Without the right to publish it is accepted, and not carried out again.
        """
        for number, name in enumerate(("alice", "bob"), 1):
            self.wait(self.link.claim("lobby", "w", number, name, '["w",1]', "+"))
        before = self.wait(self.link.read("lobby", None))
        self.server.command("ACL", "SETUSER", "default", "-xadd")
        for attempt in (
            lambda: self.link.append("lobby", "w", 3, "hello"),
            lambda: self.link.claim("lobby", "w", 3, "carol", '["w",1]', "+"),
            lambda: self.link.release("lobby", "w", 3, "alice", "-"),
            lambda: self.link.sweep("lobby", "w", 3, 1),
        ):
            with self.assertRaises(ConnectionError):
                self.wait(attempt())
            self.assertEqual(self.wait(self.link.read("lobby", None)), before)
        self.server.command("ACL", "SETUSER", "default", "+xadd", "-publish")
        for _ in range(2):
            self.assertTrue(self.wait(self.link.append("lobby", "w", 3, "hello")))
        self.assertEqual(self.wait(self.link.read("lobby", 1)).entries[2:], [(3, "hello")])

    def test_hostileMember(self):
        """A member that is not JSON has no owner, and can be claimed by another worker."""
        for number, value in enumerate(("{", "7", "[]", '["x"'), 1):
            self.server.command("HSET", "athena:site:{lobby}:who", "alice", value)
            granted = self.wait(self.link.claim("lobby", "w", number, "alice", '["w",1]', "+"))
            self.assertTrue(granted, value)

    def test_workers(self):
        """The numbers of workers that have stopped are not kept for ever."""
        for number in range(1100):
            last = self.link.append("lobby", f"w{number}", 1, "x")
        self.wait(last)
        self.assertLess(len(self.wait(self.link.read("lobby", None)).numbers), 1001)
