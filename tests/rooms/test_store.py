# -*- test-case-name: tests.rooms.test_store -*-
"""What an engine does in one step."""

import json

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.link import NOWHERE
from athenalite._rooms.store import Store


class StoreTests(SynchronousTestCase):
    """``Store``"""

    def setUp(self):
        self.clock = Clock()
        self.store = Store(self.clock.seconds, 3)

    def append(self, number, worker="w"):
        """Append an entry whose text is its number; return the number in the log, or None."""
        accepted, appended = self.store.append("lobby", worker, number, str(number))
        self.assertTrue(accepted)
        return appended and appended[0].number

    def test_append(self):
        """Entries are numbered; one that was accepted, or is older than one that was, is accepted and not appended."""
        self.assertEqual([self.append(number) for number in (1, 2, 2, 1, 5, 4)], [1, 2, None, None, 3, None])
        self.assertEqual(self.append(1, "v"), 4)
        self.assertEqual(self.store.position("elsewhere"), NOWHERE)

    def test_history(self):
        """So many entries are kept."""
        for number in range(1, 6):
            self.append(number)
        log = self.store.read("lobby", 1)
        self.assertEqual([number for number, _ in log.entries], [3, 4, 5])
        self.assertEqual(log.position.number, 5)

    def test_read(self):
        """Who joins reads the last entry, all workers' numbers, and the members; others what they ask for."""
        self.assertEqual(self.store.read("lobby", None), (NOWHERE, [], {}, {}))
        self.append(7)
        self.store.renew("w", 30)
        self.store.claim("lobby", "w", 8, "a", '["w",1]', "+")
        epoch = self.store.position("lobby").epoch
        self.assertEqual(self.store.read("lobby", None), ((epoch, 2), [(2, "+")], {"w": 8}, {"a": '["w",1]'}))
        self.assertEqual(self.store.read("lobby", 1), ((epoch, 2), [(1, "7"), (2, "+")], {}, {}))
        self.assertEqual(self.store.read("lobby", 0).members, {"a": '["w",1]'})

    def claim(self, worker, number):
        """Claim a name."""
        return self.store.claim("lobby", worker, number, "a", worker, worker)[0]

    def test_claim(self):
        """A name is granted while no worker with a lease has it; to ask again gives the same answer."""
        for worker in "wv":
            self.store.renew(worker, 30)
        answers = [self.claim("w", 1), self.claim("v", 1), self.claim("w", 1), self.claim("v", 1), self.claim("w", 2)]
        self.assertEqual(answers, [True, False, True, False, True])
        self.assertEqual(self.store.position("lobby").number, 1)
        self.clock.advance(31)
        self.store.renew("v", 30)
        self.assertTrue(self.claim("v", 2))
        self.assertEqual(self.store.position("lobby").number, 2)

    def test_release(self):
        """A name is released by the worker that has it, once."""
        self.store.renew("w", 30)
        self.claim("w", 1)
        for worker, number, position in (("v", 1, 1), ("w", 2, 2), ("w", 2, 2), ("w", 3, 2)):
            self.store.release("lobby", worker, number, "a", "-")
            self.assertEqual(self.store.position("lobby").number, position)

    def test_sweep(self):
        """Members of workers without a lease leave, in one entry."""
        self.store.renew("w", 30)
        self.store.renew("v", 60)
        for number, name in enumerate("ab", 1):
            self.store.claim("lobby", "w", number, name, "", "")
        self.store.claim("lobby", "v", 1, "c", "", "")
        self.assertIsNone(self.store.sweep("lobby", "v", 2, 1)[1])
        self.clock.advance(31)
        self.assertIsNone(self.store.sweep("lobby", "v", 2, 1)[1])
        self.assertEqual(json.loads(self.store.sweep("lobby", "v", 3, 2)[1][1]), ["v", [3, 2], "-", [["a", "b"]]])
        self.assertEqual(list(self.store.rooms["lobby"].members), ["c"])

    def test_leases(self):
        """A lease ends by time, or when its worker ends it."""
        self.store.renew("w", 30)
        self.assertEqual(self.store.renew("v", 60), {"v", "w"})
        self.clock.advance(30)
        self.assertEqual(self.store.renew("u", 60), {"v", "u"})
        self.store.end("v")
        self.assertEqual(self.store.renew("u", 60), {"u"})

    def test_clockSetBack(self):
        """If the clock is set back, the leases of before end as if they were renewed with the next one that is."""
        self.store.renew("w", 30)
        self.clock.rightNow -= 3600
        self.assertEqual(self.store.renew("v", 30), {"v", "w"})
        self.clock.advance(30)
        self.assertEqual(self.store.renew("v", 30), {"v"})

    def test_restore(self):
        """A saved state is not changed by what happens after it, before and after it is restored."""
        self.append(1)
        saved = self.store.save()
        for _ in range(2):
            self.append(2)
            self.store.restore(saved)
            self.assertEqual(self.store.position("lobby").number, 1)
        epoch = self.store.position("lobby").epoch
        self.store.empty()
        self.append(3)
        self.assertNotEqual(self.store.position("lobby").epoch, epoch)
