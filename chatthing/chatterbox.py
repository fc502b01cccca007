# -*- test-case-name: tests.test_chatthing -*-
"""
The chat of Athena's chat tutorial, on the same names, with the manners of software people use.

Run it with ``twistd -n athena-widget --element=chatthing.chatterbox.chat``. Every page that is opened calls `chat` for
an element of its own; all elements share one room. What people type is checked here and nowhere else: a browser can
send anything.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

from twisted.python.failure import Failure
from twisted.python.util import sibpath

from athenalite.athena import LiveElement, LivePageError, expose
from athenalite.loaders import xmlfile

#: The most characters a name may have.
NAME_LENGTH = 24

#: The most characters a line may have.
LINE_LENGTH = 1000

# Letters, marks and symbols that look like nothing. What Unicode files under "other" needs no list: see isInvisible.
_BLANKS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


class Refused(LivePageError):
    """
    Somebody asked for what the room does not allow. The text is written for that person; the page shows it.
    """

    jsClass = "ChatThing.Refused"


def isInvisible(character: str) -> bool:
    """
    Whether one character is a control, a direction mark, a line separator, unassigned, or looks like nothing.
    """
    kind = category(character)
    return kind[0] == "C" or kind in ("Zl", "Zp") or _BLANKS.match(character) is not None


def cleanName(name: object) -> str:
    """
    Return the name as everybody will see it: compatibility characters made plain, white space collapsed.

    :raises Refused: if it is no text, empty, too long, or hides something.
    """
    if not isinstance(name, str):
        raise Refused("A username is text.")
    plain = normalize("NFKC", name)
    if any(map(isInvisible, plain)):
        raise Refused("A username cannot contain invisible characters.")
    clean = " ".join(plain.split())
    if not clean:
        raise Refused("Please choose a username.")
    if len(clean) > NAME_LENGTH:
        raise Refused(f"That username is too long: {NAME_LENGTH} characters are the most.")
    return clean


def sameName(one: str, other: str) -> bool:
    """
    Whether two clean names differ by nothing but their case.
    """
    # Case folding can undo the normalisation (U+0345 is one that does), so it is done again.
    return normalize("NFKC", one.casefold()) == normalize("NFKC", other.casefold())


def checkLine(line: object) -> str:
    """
    Return the line as it was typed.

    :raises Refused: if it is no text, shows nothing, or is too long.
    """
    if not isinstance(line, str):
        raise Refused("A message is text.")
    if all(character.isspace() or isInvisible(character) for character in line):
        raise Refused("Please type a message.")
    if len(line) > LINE_LENGTH:
        raise Refused(f"That message is too long: it has {len(line)} characters, and {LINE_LENGTH} are the most.")
    return line


class ChatRoom:
    """
    Where everybody hears everybody.

    :ivar chatters: the elements of all pages in the room, in the order they came. A page is in the room from its first
        connection, with or without a username, until it is gone for good.
    """

    def __init__(self) -> None:
        self.chatters: list[ChatterElement] = []

    def makeChatter(self) -> ChatterElement:
        """
        Make the element for one page. It enters by itself when its page connects: a page that never does, a crawler's
        say, is kept by nobody and nothing piles up for it.
        """
        return ChatterElement(self)

    def enter(self, chatter: ChatterElement) -> None:
        """
        Let a chatter hear what is said from now on.
        """
        self.chatters.append(chatter)

    def leave(self, chatter: ChatterElement) -> None:
        """
        Forget a chatter, and tell the others if they knew it by name.
        """
        self.chatters.remove(chatter)
        if chatter.username is not None:
            self.wall(f" * user {chatter.username} has left the room")

    def isTaken(self, username: str) -> bool:
        """
        Whether somebody in the room goes by that clean name, in whatever case.
        """
        return any(chatter.username is not None and sameName(chatter.username, username) for chatter in self.chatters)

    def wall(self, message: str) -> None:
        """
        Show everybody a message from nobody in particular.
        """
        # A copy, here and below: a call to a page that cannot go on may make its chatter leave.
        for chatter in list(self.chatters):
            chatter.wall(message)

    def tellEverybody(self, who: ChatterElement, what: str) -> None:
        """
        Show everybody, the speaker included, what a chatter with a username says.
        """
        assert who.username is not None
        for chatter in list(self.chatters):
            chatter.hear(who.username, what)


# element to be run with twistd
chat = ChatRoom().makeChatter


class ChatterElement(LiveElement):
    """
    One person's page: carries what they type to the room, and what the room says to them.

    :ivar username: the name they chose, or None before they have.
    """

    docFactory = xmlfile(sibpath(__file__, "template.html"))
    jsClass = "ChatThing.ChatterWidget"
    cssModule = "ChatThing"
    username: str | None = None

    def __init__(self, room: ChatRoom) -> None:
        super().__init__()
        self.room = room

    def connectionMade(self) -> None:
        """
        The page is there: enter the room.
        """
        self.room.enter(self)

    def connectionLost(self, reason: Failure) -> None:
        """
        The page is gone for good: leave the room. A line that drops for a while does not come here.
        """
        self.room.leave(self)

    @expose
    def setUsername(self, username: object) -> str:
        """
        Choose a username, once, and announce it to the room.

        :return: the name as the others see it.
        :raises Refused: if it is unfit or taken, or this person has one already.
        """
        if self.username is not None:
            raise Refused(f"You are in the room as {self.username} already.")
        name = cleanName(username)
        if self.room.isTaken(name):
            raise Refused(f"The username {name} is taken. Please choose another.")
        self.username = name
        self.room.wall(f" * user {name} has joined the room")
        return name

    @expose
    def say(self, message: object) -> None:
        """
        Say a line to everybody.

        :raises Refused: if this person has not chosen a username yet, or the line is unfit.
        """
        if self.username is None:
            raise Refused("Please choose a username first.")
        self.room.tellEverybody(self, checkLine(message))

    def wall(self, message: str) -> None:
        """
        Show this person a message from nobody in particular.
        """
        self.callRemote("displayMessage", message)

    def hear(self, username: str, what: str) -> None:
        """
        Show this person what somebody says.
        """
        self.callRemote("displayUserMessage", username, what)
