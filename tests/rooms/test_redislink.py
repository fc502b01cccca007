# -*- test-case-name: tests.rooms.test_redislink -*-
"""Commands and answers; tests/rooms/test_scripts.py and test_redis.py have them on a real server."""

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from athenalite._rooms.address import parseAddress
from athenalite._rooms.link import NOWHERE, Log, Position
from athenalite._rooms.redislink import RedisLink


class Connection:
    """Records commands, and answers each with the same."""

    def __init__(self, answer=None):
        self.answer, self.commands, self.transport = answer, [], self

    def command(self, *parts):
        self.commands.append(parts)
        return succeed(self.answer)

    def abortConnection(self):
        self.commands.append("aborted")


class Engine:
    """Records notifications and losses."""

    address = parseAddress("redis://localhost?site=chat")
    history = 77

    def __init__(self):
        self.happened = []

    def linkLost(self, link, reason):
        self.happened.append(reason)

    def notified(self, link, room, position, text):
        self.happened.append((room, position, text))


class LinkTests(SynchronousTestCase):
    """``RedisLink``"""

    def setUp(self):
        self.engine = Engine()
        self.link = RedisLink(self.engine)
        self.link.commands, self.link.notifications = Connection(), Connection()
        self.link.adopt(self.link.commands)
        self.link.adopt(self.link.notifications)

    def answer(self, value):
        """Answer commands with this."""
        self.link.commands.answer = value

    def test_notification(self):
        """A notification has the epoch, the number and the text; what else is published is none."""
        log = "athena:chat:{lobby}:log"
        for channel, message in ((log, 'e 7 ["w", 1]'), (log, "e x"), (log, ""), ("athena:other:{lobby}:log", "e 8 x")):
            self.link.messageReceived(channel, message)
        self.assertEqual(self.engine.happened, [("lobby", Position("e", 7), '["w", 1]')])

    def test_lost(self):
        """A link is lost once, with both connections; notifications on their way are not used."""
        for reason in ("first", "second"):
            self.link.lose(reason)
        self.link.messageReceived("athena:chat:{lobby}:log", "e 7 x")
        self.assertEqual((self.engine.happened, self.link.reason), (["first"], "first"))
        self.assertEqual((self.link.commands.commands, self.link.notifications.commands), (["aborted"], ["aborted"]))

    def test_worked(self):
        """It has worked if the lease was renewed, unless it is given up because of an answer."""
        for end, expected in (("cut", True), ("lose", False)):
            self.setUp()
            self.assertFalse(self.link.hasWorked)
            self.answer(["w", "v"])
            self.assertEqual(self.successResultOf(self.link.renew("w", 30)), {"w", "v"})
            getattr(self.link, end)("the reason")
            self.assertEqual((self.link.hasWorked, self.engine.happened), (expected, ["the reason"]))

    def test_late(self):
        """A connection that is made when the link is lost already, because the other one was, is dropped at once."""
        self.link.lose("first")
        late = Connection()
        self.link.adopt(late)
        self.assertEqual(late.commands, ["aborted"])

    def test_read(self):
        """A log is read with all its parts."""
        self.answer(["e", "9", 2, "8", "x", "9", "y", 1, "w", "3", "alice", "[]"])
        log = self.successResultOf(self.link.read("lobby", None))
        self.assertEqual(log, Log(Position("e", 9), [(8, "x"), (9, "y")], {"w": 3}, {"alice": "[]"}))
        self.answer(["", "0", 0, 0])
        self.assertEqual(self.successResultOf(self.link.read("lobby", 5)), Log(NOWHERE, [], {}, {}))

    def test_nonsense(self):
        """An answer that is none of these fails."""
        self.answer(["e", "9", 2, "8"])
        self.failureResultOf(self.link.read("lobby", None))

    def test_positions(self):
        """So are positions, of no rooms as well."""
        self.answer(["e", "9", "", "0"])
        self.assertEqual(self.successResultOf(self.link.positions(["a", "b"])), [Position("e", 9), NOWHERE])
        self.answer(None)
        self.assertEqual(self.successResultOf(self.link.positions([])), [])

    def test_writing(self):
        """What writes is a script, with the keys of the room and the length of its history."""
        self.answer(1)
        self.assertTrue(self.successResultOf(self.link.append("lobby", "w", 3, "text")))
        [(name, _, count, *rest)] = self.link.commands.commands
        self.assertEqual(
            (name, count, rest[0], rest[4]), ("EVALSHA", 5, "athena:chat:{lobby}:meta", "athena:chat:leases")
        )
        self.assertEqual((rest[5:7], rest[8:]), (["w", 3], [77, "text"]))
        self.answer(0)
        self.assertFalse(self.successResultOf(self.link.claim("lobby", "w", 4, "alice", "[]", "text")))
        self.assertIsInstance(self.link.sweep("lobby", "w", 5, 1), Deferred)
