# -*- test-case-name: tests.rooms.test_sending -*-
"""Calls of a room on their way to the engine: they wait for a link, are answered, or fail."""

from types import SimpleNamespace

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.queue import Budget
from athenalite._rooms.sending import SendingCarrier
from athenalite.errors import EngineAway


class Client:
    """Records requests, and has room for so many bytes."""

    worker, log, space = "w", None, 1000

    def __init__(self):
        self.link, self.budget, self.requests, self.reported = None, Budget(), [], []
        self.added = lambda: None

    def deadline(self):
        return 5.0

    def hasRoomFor(self, size):
        return size <= self.space

    def request(self, made, answered):
        self.requests.append((made, answered))

    def unhandled(self, reason):
        self.reported.append(reason)


class Link:
    """Records what is appended."""

    def __init__(self):
        self.appended = []

    def append(self, room, worker, number, text):
        self.appended.append((room, worker, number, text))
        return Deferred()


class Room:
    """A room with this name."""

    name = "lobby"


class SendingTests(SynchronousTestCase):
    """``SendingCarrier``"""

    def setUp(self):
        self.client, self.room = Client(), Room()
        self.carrier = SendingCarrier(self.room, self.client)
        self.carrier.prepare = lambda method, args, kwargs: ('"say",[]]', SimpleNamespace())

    def test_answered(self):
        """A call is sent when there is a link, and its result fires with the answer."""
        early = self.carrier.call("say", (), {})
        self.assertEqual(self.client.requests, [])
        self.client.link = Link()
        later = self.carrier.call("say", (), {})
        self.assertEqual([number for _, _, number, _ in self.client.link.appended], [1, 2])
        self.client.requests[0][1](True)
        self.assertIsNone(self.successResultOf(early))
        self.assertNoResult(later)

    def test_expired(self):
        """A call that is not answered by its deadline fails, and its answer is not used then."""
        self.client.link = Link()
        result = self.carrier.call("say", (), {})
        self.carrier.expire(4.9)
        self.assertNoResult(result)
        self.carrier.expire(5.0)
        self.failureResultOf(result, EngineAway)
        self.client.requests[0][1](True)

    def test_refused(self):
        """A call beyond the limit of waiting calls fails at once; if nobody handles the failure, it is logged."""
        self.client.space = 3
        self.failureResultOf(self.carrier.call("say", (), {}), EngineAway)
        self.assertEqual(self.client.reported, [])
        self.carrier.call("say", (), {})
        self.assertEqual(self.client.reported, ["too many calls wait for the engine already"])
