# -*- test-case-name: tests.testing.test_moves -*-
"""A page of ``StubWorkers`` moves: the chat of chatthing goes on, and no member leaves."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from athenalite.testing import RemoteError, StubWorkers
from chatthing.chatterbox import ChatRoom
from tests.pages import Plain

#: The methods that show a line, whose last argument is the time.
LINES = ("displayMessage", "displayUserMessage")


class MoveTests(SynchronousTestCase):
    """``StubWorkers.move``"""

    def setUp(self):
        self.site = StubWorkers(lambda: ChatRoom().makeChatter, 3)
        self.alice, self.bob = self.site.open(0), self.site.open(1)
        for page, name in ((self.alice, "alice"), (self.bob, "bob")):
            page.call(1, "setUsername", name)
            self.site.advance(1)

    def lines(self, page):
        """Return what a page has shown, in order."""
        return [" ".join(call.args[:-1]) for call in page.calls if call.methodName in LINES]

    def test_chat(self):
        """Each line is shown once, in one order, also those of the time between; the username stays."""
        before = self.alice.page.element
        for number in range(5):
            self.alice.call(1, "say", f"{number}")
            self.bob.call(1, "say", f"{number}")
            self.site.browser.clock.callLater(0.1, self.bob.call, 1, "say", "meanwhile")
            self.site.move(self.alice, (number + 1) % 3)
        self.site.kill(0)
        self.site.advance(60)
        lines = self.lines(self.bob)
        self.assertEqual(self.lines(self.alice)[-len(lines) :], lines)
        self.assertEqual(len(lines), 2 + 3 * 5)
        announced = [line for line in lines if "has " in line]
        self.assertEqual(announced, [f" * user {name} has joined the room" for name in ("alice", "bob")])
        self.assertIsNot(self.alice.page.element, before)
        self.assertEqual(self.alice.page.element.username, "alice")
        refused = self.bob.call(1, "setUsername", "alice")
        self.failureResultOf(refused, RemoteError)
        rooms = [call.args for call in self.alice.calls if call.methodName == "displayRoom"]
        # The page that moves has the messages already.
        self.assertEqual([messages for _, messages in rooms], [[], *[None] * 5])
        late = self.site.open(1).calls[0]
        self.assertEqual((late.methodName, late.args[0]), ("displayRoom", ["alice", "bob"]))
        self.assertEqual(
            [" ".join(message[:2]) for message in late.args[1]], [line for line in lines if "has " not in line]
        )
        self.alice.leave()
        self.site.advance(1)
        self.assertEqual(self.lines(self.bob)[-1], " * user alice has left the room")

    def test_taken(self):
        """A page that was away for longer than the lease, and whose name somebody else has by now, ends."""
        movers, sessions = self.site._movers, self.site.browser.factory.sessions
        Deferred.fromCoroutine(movers[0].leaveAlone(self.alice.page.session))
        self.site.advance(1)
        self.site.kill(0)
        self.site.advance(60)
        carol = self.site.open(2)
        carol.call(1, "setUsername", "alice")
        self.site.advance(1)
        sessions.finder = movers[1].find
        self.alice.reconnect()
        self.site.advance(1)
        self.assertEqual(self.alice.lost, "the username alice is taken now")
        self.assertIn("alice", carol.page.element.room.present)

    def test_stays(self):
        """A page that cannot move is named."""
        site = StubWorkers(lambda: Plain, 2)
        page = site.open(0)
        self.assertIn("cannot move", str(self.assertRaises(ValueError, site.move, page, 1)))
