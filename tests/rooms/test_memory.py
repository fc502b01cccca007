# -*- test-case-name: tests.rooms.test_memory -*-
"""The engine in memory, as a test breaks it; tests/rooms/test_client.py has what workers do then."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.link import NOWHERE
from athenalite._rooms.memory import MemoryEngine


class User:
    """Records what it is called with."""

    def __init__(self):
        self.links, self.lost, self.notifications = [], [], []

    def engineConnected(self, link):
        self.links.append(link)

    def engineDisconnected(self, link, reason):
        self.lost.append(reason)

    def notified(self, link, room, position, text):
        self.notifications.append((room, position.number, text))


class MemoryTests(SynchronousTestCase):
    """``MemoryEngine``"""

    def setUp(self):
        self.clock = Clock()
        self.engine = MemoryEngine(self.clock)
        self.user = User()
        self.door = self.engine.door()
        self.door.connect(self.user, self.clock, None)
        self.clock.advance(0.05)
        [self.link] = self.user.links

    def test_notification(self):
        """There are notifications for a room that was subscribed to, until it is not any more."""
        self.link.append("lobby", "w", 1, "one")
        self.link.subscribe("lobby")
        result = self.link.append("lobby", "w", 2, "two")
        self.assertNoResult(result)
        self.clock.advance(0)
        self.assertTrue(self.successResultOf(result))
        self.link.unsubscribe("lobby")
        self.link.append("lobby", "w", 3, "three")
        self.clock.advance(0)
        self.assertEqual(self.user.notifications, [("lobby", 2, "two")])

    def test_cut(self):
        """Requests and answers that are on their way are lost; a link on which anything is asked then fails."""
        results = [self.link.positions([])]
        self.link.step(self.link.requests)
        results.append(self.link.append("lobby", "w", 1, "one"))
        self.engine.cut()
        results.append(self.link.positions([]))
        self.link.unsubscribe("lobby")
        for result in results:
            self.failureResultOf(result, ConnectionError)
        self.assertEqual((self.user.lost, self.link.isLost), (["cut"], True))
        self.link.lose("again")
        self.clock.advance(0.05)
        self.assertEqual(len(self.user.links), 2)
        self.assertEqual(self.engine.store.position("lobby"), NOWHERE)

    def test_stop(self):
        """While it is stopped, links are not made."""
        self.engine.stop()
        self.clock.advance(60)
        self.assertEqual(len(self.user.links), 1)
        self.engine.start()
        self.clock.advance(0.05)
        self.assertEqual(len(self.user.links), 2)

    def test_stall(self):
        """While it is stalled, nothing is passed on."""
        self.engine.stall()
        result = self.link.positions(["lobby"])
        self.clock.advance(60)
        self.assertNoResult(result)
        self.engine.go()
        self.clock.advance(0)
        self.assertEqual(self.successResultOf(result), [NOWHERE])

    def test_refuse(self):
        """While it is full, what writes fails."""
        self.engine.refuse()
        written, read = self.link.append("lobby", "w", 1, "one"), self.link.read("lobby", None)
        self.clock.advance(0)
        self.failureResultOf(written, ConnectionError)
        self.successResultOf(read)

    def test_disconnect(self):
        """A worker that disconnects is not connected again."""
        self.successResultOf(self.door.disconnect())
        self.clock.advance(60)
        self.assertEqual((len(self.user.links), self.engine.links), (1, []))

    def test_disconnectWhileConnecting(self):
        """Nor is one that was connecting, or waited for the engine."""
        for isUp in (True, False):
            self.engine.stop()
            if isUp:
                self.engine.start()
            self.successResultOf(self.door.disconnect())
            self.engine.start()
            self.clock.advance(60)
            self.assertEqual((len(self.user.links), self.engine.links), (1, []))

    def test_leases(self):
        """Leases are renewed and ended."""
        renewed = self.link.renew("w", 30)
        self.link.end("w")
        self.clock.advance(0)
        self.assertEqual(self.successResultOf(renewed), {"w"})
        self.assertEqual(self.engine.store.leases, {})
