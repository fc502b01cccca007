# -*- test-case-name: tests.test_chatthing -*-
"""
The rules of the chat room, in memory: each page is an element whose `callRemote` writes down what it is asked.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from athenalite.athena import expose
from athenalite.testing import RemoteError, StubBrowser, StubWorkers
from chatthing.chatterbox import (
    LAST_MESSAGES,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    ChatRoom,
    ChatterElement,
    Refused,
    Unreachable,
    chat,
)

#: The methods of a page that show a line, whose last argument is the time.
LINES = ("displayMessage", "displayUserMessage")
#: What a browser can send where text is expected.
NO_TEXT: tuple[object, ...] = (None, True, 7, 0.5, [], ["alice"], {}, {"name": "alice"})


def ended(method: Coroutine[Any, Any, Any]) -> Any:
    """
    Return what a method has returned already, or raise what it has raised.
    """
    results: list[object] = []
    Deferred.fromCoroutine(method).addBoth(results.append)
    [result] = results
    if isinstance(result, Failure):
        result.raiseException()
    return result


class Page:
    """
    A chatter whose page is connected, and what its browser has been told.

    :ivar chatter: the element.
    :ivar calls: every line that it shows as a tuple, the method's name first, and the time left out.
    :ivar times: the times of these lines.
    :ivar room: every other remote call.
    """

    def __init__(self, room: ChatRoom, username: object = None) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.times: list[object] = []
        self.room: list[tuple[object, ...]] = []
        self.chatter = room.makeChatter()
        self.chatter.callRemote = self.called  # type: ignore[method-assign,assignment]
        self.chatter.connectionMade()
        if username is not None:
            self.setUsername(username)

    def called(self, name: str, *arguments: object) -> None:
        """
        Record a remote call.
        """
        if name in LINES:
            self.calls.append((name, *arguments[:-1]))
            self.times.append(arguments[-1])
        else:
            self.room.append((name, *arguments))

    def setUsername(self, username: object) -> Any:
        """
        Choose a username, as the browser does.
        """
        return ended(self.chatter.setUsername(username))

    def say(self, message: object) -> Any:
        """
        Say something, as the browser does.
        """
        return ended(self.chatter.say(message))

    def close(self) -> None:
        """
        End the page for good.
        """
        self.chatter.connectionLost(Failure(ConnectionDone()))


class RoomTests(SynchronousTestCase):
    """
    Who is in the room, and what everybody hears.
    """

    def setUp(self) -> None:
        self.room = ChatRoom()

    def test_makeChatter(self) -> None:
        """
        Each page gets an element of its own, and all share the room.
        """
        one, other = self.room.makeChatter(), self.room.makeChatter()
        self.assertIsInstance(one, ChatterElement)
        self.assertIsNot(one, other)
        self.assertIs(one.room, other.room)

    def test_chat(self) -> None:
        """
        `chat`, which the command line names, makes elements that all share one room.
        """
        self.assertIs(chat().room, chat().room)

    def test_neverConnected(self) -> None:
        """
        A page that was made and never connects is neither kept nor called.
        """
        chatter = self.room.makeChatter()
        chatter.callRemote = self.fail  # type: ignore[method-assign,assignment]
        self.room.wall("hello")
        self.assertEqual(list(self.room.chatters), [])

    def test_connectionMade(self) -> None:
        """
        Connected pages are in the room in the order they came, with or without a name.
        """
        pages = [Page(self.room), Page(self.room, "bob")]
        self.assertEqual(list(self.room.chatters), [page.chatter for page in pages])

    def test_join(self) -> None:
        """
        Choosing a name is announced to everybody, those without a name and the person included.
        """
        alice, visitor = Page(self.room), Page(self.room)
        self.assertEqual(alice.setUsername("alice"), "alice")
        for page in (alice, visitor):
            self.assertEqual(page.calls, [("displayMessage", " * user alice has joined the room")])

    def test_say(self) -> None:
        """
        What one says everybody hears, as it was typed.
        """
        alice, bob = Page(self.room, "alice"), Page(self.room, "bob")
        alice.say("  <b>1 & 2</b> ")
        for page in (alice, bob):
            self.assertEqual(page.calls[-1], ("displayUserMessage", "alice", "  <b>1 & 2</b> "))

    def test_leave(self) -> None:
        """
        Who leaves is forgotten, told nothing more, and the others are told once.
        """
        alice, bob = Page(self.room, "alice"), Page(self.room, "bob")
        heard = len(alice.calls)
        alice.close()
        self.assertEqual(list(self.room.chatters), [bob.chatter])
        self.assertEqual(len(alice.calls), heard)
        self.assertEqual(bob.calls[1:], [("displayMessage", " * user alice has left the room")])

    def test_leaveUnnamed(self) -> None:
        """
        Nobody is told that a visitor without a name went.
        """
        bob, visitor = Page(self.room, "bob"), Page(self.room)
        visitor.close()
        self.assertEqual(list(self.room.chatters), [bob.chatter])
        self.assertEqual(len(bob.calls), 1)

    def test_leaveInPassing(self) -> None:
        """
        A page that turns out to be lost while the room is being told something costs nobody else the message.
        """
        alice, bob, carol = (Page(self.room, name) for name in ("alice", "bob", "carol"))
        bob.chatter.callRemote = lambda *call: bob.close()  # type: ignore[method-assign,assignment]
        alice.say("hello")
        self.assertIn(("displayUserMessage", "alice", "hello"), carol.calls)
        self.assertEqual(list(self.room.chatters), [alice.chatter, carol.chatter])

    def test_late(self) -> None:
        """
        Who comes late sees who is here, and the last messages with their times.
        """
        now = 0.0
        room = ChatRoom(now=lambda: now)
        alice = Page(room, "alice")
        self.assertEqual(alice.room, [("displayRoom", [], []), ("addPerson", "alice")])
        for number in range(LAST_MESSAGES + 5):
            now += 60
            alice.say(f"line {number}")
        self.assertEqual(alice.times, [0.0, *(60.0 * number for number in range(1, LAST_MESSAGES + 6))])
        Page(room, "bob").close()
        messages = [["alice", f"line {number}", 60.0 * (number + 1)] for number in range(5, LAST_MESSAGES + 5)]
        self.assertEqual(Page(room).room, [("displayRoom", ["alice"], messages)])
        self.assertEqual(alice.room[2:], [("addPerson", "bob"), ("removePerson", "bob")])

    def test_exposed(self) -> None:
        """
        A browser can choose a name and say something; the calls to it are not to be had.
        """
        self.assertEqual(
            set(expose.exposedMethodNames(self.room.makeChatter())) & set(vars(ChatterElement)), {"setUsername", "say"}
        )


class UsernameTests(SynchronousTestCase):
    """
    Which names are refused.
    """

    def setUp(self) -> None:
        self.room = ChatRoom()

    def assertRefused(self, username: object, reason: str) -> None:
        """
        A new page that asks for this name is told this reason, stays nameless, and nobody hears of it.
        """
        page = Page(self.room)
        refusal = self.assertRaises(Refused, page.setUsername, username)
        self.assertIn(reason, refusal.args[0])
        self.assertIsNone(page.chatter.username)
        self.assertEqual(page.calls, [])
        page.close()

    def test_noText(self) -> None:
        """
        A name that is no text is refused, whatever else it is.
        """
        for username in NO_TEXT:
            self.assertRefused(username, "is text")

    def test_empty(self) -> None:
        """
        A name of nothing, or of nothing but spaces of any width, is refused.
        """
        for username in ("", " ", "\u00a0\u2003\u3000"):
            self.assertRefused(username, "choose a username")

    def test_invisible(self) -> None:
        """
        Controls, direction marks and characters that look like nothing are refused, wherever they stand.
        """
        for character in "\0\n\t\x7f\u200b\u200d\u202e\u2066\u2028\ufeff\u00ad\u3164\u2800\ufe0f\ud800\ue000\U000e0041":
            self.assertRefused("al" + character + "ice", "invisible")
            self.assertRefused(character, "invisible")

    def test_length(self) -> None:
        """
        A name may have so many characters and no more, counted as they will be shown.
        """
        self.assertRefused("a" * (NAME_LENGTH + 1), "too long")
        # One ligature that reads as eighteen letters in all.
        self.assertRefused("\ufdfa\ufdfa", "too long")
        page = Page(self.room, "  " + "a" * NAME_LENGTH + "  ")
        self.assertEqual(page.chatter.username, "a" * NAME_LENGTH)

    def test_clean(self) -> None:
        """
        Everybody, the person included, sees the name without superfluous spaces and in plain letters.
        """
        page = Page(self.room)
        self.assertEqual(page.setUsername(" \uff21da \u00a0 Lovelace "), "Ada Lovelace")
        self.assertEqual(page.calls, [("displayMessage", " * user Ada Lovelace has joined the room")])

    def test_taken(self) -> None:
        """
        A name that differs from one in the room by case, spaces or letter forms only is taken.
        """
        Page(self.room, "Zo\u00eb Stra\u00dfe")
        for username in ("Zo\u00eb Stra\u00dfe", "zoe\u0308  STRASSE", " \uff3ao\u00cb\u2003strasse"):
            self.assertRefused(username, "is taken")

    def test_freeAgain(self) -> None:
        """
        The name of somebody who has left can be chosen by another.
        """
        Page(self.room, "alice").close()
        self.assertEqual(Page(self.room, "Alice").chatter.username, "Alice")

    def test_twice(self) -> None:
        """
        Who has a name keeps it: asking for another, or the same, is refused and not announced.
        """
        page = Page(self.room, "alice")
        for username in ("alice", "bob", None):
            refusal = self.assertRaises(Refused, page.setUsername, username)
            self.assertIn("as alice already", refusal.args[0])
        self.assertEqual(page.chatter.username, "alice")
        self.assertEqual(len(page.calls), 1)

    def test_againAfterRefusal(self) -> None:
        """
        Who was refused one name can choose another.
        """
        Page(self.room, "alice")
        page = Page(self.room)
        self.assertRaises(Refused, page.setUsername, "alice")
        self.assertEqual(page.setUsername("bob"), "bob")


class LineTests(SynchronousTestCase):
    """
    Which lines are refused.
    """

    def setUp(self) -> None:
        room = ChatRoom()
        self.alice, self.bob = Page(room, "alice"), Page(room, "bob")

    def assertRefused(self, line: object, reason: str) -> None:
        """
        The line is refused for this reason, and nobody hears it.
        """
        before = list(self.bob.calls)
        refusal = self.assertRaises(Refused, self.alice.say, line)
        self.assertIn(reason, refusal.args[0])
        self.assertEqual(self.bob.calls, before)

    def test_noText(self) -> None:
        """
        A line that is no text is refused, whatever else it is.
        """
        for line in NO_TEXT:
            self.assertRefused(line, "is text")

    def test_empty(self) -> None:
        """
        A line in which there is nothing to see is refused.
        """
        for line in ("", "   ", "\n\t", "\u200b\u2060", "\u3164 \u2800"):
            self.assertRefused(line, "type a message")

    def test_length(self) -> None:
        """
        A line may have so many characters and no more, and the refusal says how many it has.
        """
        self.assertRefused("x" * (MESSAGE_LENGTH + 1), f"it has {MESSAGE_LENGTH + 1} characters")
        self.alice.say("x" * MESSAGE_LENGTH)
        self.assertEqual(self.bob.calls[-1], ("displayUserMessage", "alice", "x" * MESSAGE_LENGTH))

    def test_unnamed(self) -> None:
        """
        Who has not chosen a name cannot speak, whatever they would say.
        """
        visitor = Page(self.alice.chatter.room)
        for line in ("hello", "", None):
            refusal = self.assertRaises(Refused, visitor.say, line)
            self.assertIn("username first", refusal.args[0])
        self.assertEqual(visitor.calls, [])

    def test_refusedClass(self) -> None:
        """
        The browser is told of a refusal as an instance of the widget's own class.
        """
        self.assertEqual(Refused.jsClass, "ChatThing.Refused")
        self.assertEqual(Unreachable.jsClass, "ChatThing.Unreachable")


class PageTests(SynchronousTestCase):
    """
    Two people at their pages, with all of athenalite between them and nothing of a network.
    """

    def setUp(self) -> None:
        room = ChatRoom()
        self.alice, self.bob = room.makeChatter(), room.makeChatter()
        browser = StubBrowser()
        self.alicesPage, self.bobsPage = browser.open(self.alice), browser.open(self.bob)

    def heard(self) -> list[tuple[object, ...]]:
        """
        What Bob's page was told, in order.
        """
        return [(methodName, *args[:-1]) for _, methodName, args, _ in self.bobsPage.calls if methodName in LINES]

    def test_talk(self) -> None:
        """
        What one types, the other reads, and who closes the page has left.
        """
        self.assertEqual(self.successResultOf(self.alicesPage.call(self.alice, "setUsername", " alice ")), "alice")
        self.successResultOf(self.alicesPage.call(self.alice, "say", "hello"))
        self.alicesPage.leave()
        self.assertEqual(
            self.heard(),
            [
                ("displayMessage", " * user alice has joined the room"),
                ("displayUserMessage", "alice", "hello"),
                ("displayMessage", " * user alice has left the room"),
            ],
        )

    def test_cut(self) -> None:
        """
        Who was away for a moment, on a train say, has missed nothing, and nobody noticed.
        """
        self.alicesPage.call(self.alice, "setUsername", "alice")
        self.bobsPage.cut()
        self.alicesPage.call(self.alice, "say", "are you there?")
        waiting = self.bobsPage.call(self.bob, "setUsername", "bob")
        self.bobsPage.advance(60)
        self.assertNoResult(waiting)
        self.bobsPage.reconnect()
        self.assertEqual(self.successResultOf(waiting), "bob")
        self.assertEqual(
            self.heard()[1:],
            [("displayUserMessage", "alice", "are you there?"), ("displayMessage", " * user bob has joined the room")],
        )

    def test_refused(self) -> None:
        """
        A refusal reaches the page as the class that its widget waits for, with the text to show.
        """
        refused = self.failureResultOf(self.bobsPage.call(self.bob, "say", "hello"), RemoteError).value
        self.assertEqual(
            (refused.jsClass, refused.arguments), ("ChatThing.Refused", ["Please choose a username first."])
        )
        self.assertEqual(self.heard(), [])


class PartedTests(SynchronousTestCase):
    """A host that had no connection to the engine."""

    def test_taken(self):
        """If another host has claimed a username meanwhile, the page that had it is closed, and the other one stays."""
        site = StubWorkers(lambda: ChatRoom().makeChatter)
        first, second, third = site.open(0), site.open(1), site.open(0)
        first.call(1, "setUsername", "alice")
        third.call(1, "setUsername", "carol")
        site.advance(1)
        parted = site._rooms[0]._client
        site.engine.disconnect(parted)
        site.advance(45)
        second.call(1, "setUsername", "alice")
        site.advance(1)
        self.assertIsNone(first.lost)
        site.engine._connectLater(parted)
        site.advance(2)
        self.assertIn("the username alice is taken now", str(first.lost))
        self.assertEqual((second.lost, third.lost), (None, None))
        self.assertEqual(sorted(second.page.element.room.present), ["alice", "carol"])
