# -*- test-case-name: tests.core.test_keepalive -*-
"""Sockets are sent keep-alives, and the dead ones are ended."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from athenalite._core.keepalive import KeepAlive


class Peer:
    """A peer that records when it was sent a keep-alive, and when its time was up."""

    def __init__(self, clock, answers=True):
        self.clock = clock
        self.answers = answers
        self.unanswered = 0
        self.sent = []
        self.ended = None

    def keepAlive(self):
        self.sent.append(self.clock.seconds())
        self.unanswered = 0 if self.answers else self.unanswered + 1

    def keepAliveTimedOut(self):
        self.ended = self.ended or self.clock.seconds()


class KeepAliveTests(SynchronousTestCase):
    """``KeepAlive``."""

    def setUp(self):
        self.clock = Clock()

    def test_interval(self):
        """Each peer is sent one in each interval, from when it was added, and not all in one moment."""
        alive, peers = KeepAlive(self.clock, 20, 20), []
        for _ in range(40):
            peers.append(Peer(self.clock))
            alive.add(peers[-1])
            self.clock.advance(0.5)
        self.clock.pump([0.5] * 200)
        for index, peer in enumerate(peers):
            self.assertLessEqual(19, peer.sent[0] - index * 0.5)
            self.assertLessEqual(peer.sent[0] - index * 0.5, 20)
            self.assertEqual({later - earlier for earlier, later in zip(peer.sent, peer.sent[1:], strict=False)}, {20})
            self.assertIsNone(peer.ended)
        self.assertLessEqual(sum(peer.sent[0] == peers[0].sent[0] for peer in peers), 3)

    @given(interval=st.floats(0.01, 100), intervals=st.floats(0.001, 4))
    def test_timeout(self, interval, intervals):
        """A peer is ended when a keep-alive has been unanswered for the timeout, rounded up to a period."""
        clock, timeout = Clock(), interval * intervals
        alive, peer, period = KeepAlive(clock, interval, timeout), Peer(clock, answers=False), interval / 20
        alive.add(peer)
        while peer.ended is None:
            clock.advance(period * 1.0001)
        waited = peer.ended - peer.sent[0]
        self.assertLessEqual(timeout * 0.999, waited)
        self.assertLessEqual(waited, (timeout + period) * 1.001)

    def test_answered(self):
        """A peer that answers late, but in time, is not ended."""
        alive, peer = KeepAlive(self.clock, 20, 20), Peer(self.clock, answers=False)
        alive.add(peer)
        for _ in range(5):
            self.clock.pump([1] * 19)
            peer.unanswered = 0
            self.clock.advance(1)
            self.assertEqual(peer.unanswered, 1)
        self.assertIsNone(peer.ended)

    def test_blocked(self):
        """A process that was suspended ends no peer when it continues: answers may wait in the kernel."""
        alive, peers = KeepAlive(self.clock, 20, 20), [Peer(self.clock, answers=False) for _ in range(2)]
        for peer in peers:
            alive.add(peer)
        self.clock.pump([1] * 20)
        self.clock.advance(1000)
        for peer in peers:
            self.assertEqual((peer.unanswered, peer.ended), (1, None))

    def test_removed(self):
        """A peer that is removed, twice or by another one's keep-alive, is sent nothing. No timer is left."""
        alive = KeepAlive(self.clock, 20, 20)
        peers = [Peer(self.clock) for _ in range(3)]
        groups = [alive.add(peer) for peer in peers]

        def keepAlive():
            alive.remove(peers[1], groups[1])

        peers[0].keepAlive = keepAlive
        alive.remove(peers[2], groups[2])
        alive.remove(peers[2], groups[2])
        self.clock.pump([1] * 40)
        self.assertEqual([len(peer.sent) for peer in peers[1:]], [0, 0])
        alive.remove(peers[0], groups[0])
        self.assertEqual(self.clock.getDelayedCalls(), [])
        again = alive.add(peers[2])
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        alive.remove(peers[2], again)
        self.assertEqual(self.clock.getDelayedCalls(), [])
