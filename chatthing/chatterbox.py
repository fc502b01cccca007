# -*- test-case-name: tests.test_chatthing -*-
"""
A chat room: the chat of Athena's tutorial, with its names, made robust.

Run it with ``twistd -n athena-widget --element=chatthing.chatterbox.chat``. `chat` makes an element for each page that
is opened; all elements share one room, also those of other workers and hosts (``docs/scaling.rst``). Names and messages
are validated here and nowhere else, because a browser can send anything.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from unicodedata import category, normalize

from twisted.python.failure import Failure
from twisted.python.util import sibpath

from athenalite.athena import LiveElement, LivePageError, expose
from athenalite.loaders import xmlfile
from athenalite.rooms import EngineAway, Members, Room, everywhere

#: The most characters of a name.
NAME_LENGTH = 24

#: The most characters of a message.
MESSAGE_LENGTH = 1000

#: How many of the last messages are shown to a person who comes later.
LAST_MESSAGES = 30

# Letters, marks and symbols that are invisible. Unicode's category "other" needs no list: see isInvisible.
_BLANKS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


class Refused(LivePageError):
    """
    The room does not allow a request. The page shows the text to the person who made it.
    """

    jsClass = "ChatThing.Refused"


class Unreachable(LivePageError):
    """
    The room cannot be reached at the moment. The page shows the text, and offers to try again.
    """

    jsClass = "ChatThing.Unreachable"


def isInvisible(character: str) -> bool:
    """
    Whether a character is a control, a direction mark, a line separator, unassigned, or otherwise invisible.
    """
    kind = category(character)
    return kind[0] == "C" or kind in ("Zl", "Zp") or _BLANKS.match(character) is not None


def cleanName(name: object) -> str:
    """
    Return the name as the room shows it, with NFKC normalization and collapsed white space.

    :raises Refused: if it is not text, is empty or too long, or has invisible characters.
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


def keyOf(name: str) -> str:
    """
    Return the same text for clean names that are the same except for their case.
    """
    # Case folding can undo the normalization (that of U+0345 does), so it is repeated.
    return normalize("NFKC", name.casefold())


def checkMessage(message: object) -> str:
    """
    Return the message unchanged.

    :raises Refused: if it is not text, has no visible character, or is too long.
    """
    if not isinstance(message, str):
        raise Refused("A message is text.")
    if all(character.isspace() or isInvisible(character) for character in message):
        raise Refused("Please type a message.")
    if len(message) > MESSAGE_LENGTH:
        raise Refused(f"That message is too long: it has {len(message)} characters, and {MESSAGE_LENGTH} are the most.")
    return message


class ChatRoom(Room):
    """
    The elements of this worker's connected pages, and broadcasts to those of all workers.

    :ivar chatters: the elements in the order in which their pages connected. A page is in the room from its first
        connection, with or without a username, until it is lost.
    :ivar messages: the last messages: who, what and when, in seconds since 1970.
    """

    def __init__(self, name: str = "lobby", now: Callable[[], float] = time.time) -> None:
        super().__init__(name)
        self.now = now
        self.chatters: Members[ChatterElement] = Members()
        self.messages: deque[tuple[str, str, float]] = deque(maxlen=LAST_MESSAGES)
        self._hasAsked = False

    def makeChatter(self) -> ChatterElement:
        """
        Make the element for one page. It enters the room when its page connects: for a page that never does, such as
        a crawler's, no reference and no messages are kept.
        """
        return ChatterElement(self)

    def enter(self, chatter: ChatterElement) -> None:
        """
        Add a chatter, which receives all broadcasts from now on, and show it who is here and what was said last.
        """
        self.chatters.enter(chatter)
        chatter.showRoom()
        if not self._hasAsked:
            self._hasAsked = True
            # Without the other workers there is nothing to show yet.
            self.askForMessages().addErrback(lambda reason: reason.trap(EngineAway))

    def leave(self, chatter: ChatterElement) -> None:
        """
        Remove a chatter, and release its username if it has one.
        """
        self.chatters.leave(chatter)
        if chatter.username is not None:
            self.release(keyOf(chatter.username))

    def entered(self, key: str, username: str) -> None:
        """
        Announce that a person of any worker has chosen a username.
        """
        self.wall(f" * user {username} has joined the room")
        for chatter in self.chatters:
            chatter.callRemote("addPerson", username)

    def left(self, key: str, username: str) -> None:
        """
        Announce that a person of any worker has left.
        """
        self.wall(f" * user {username} has left the room")
        for chatter in self.chatters:
            chatter.callRemote("removePerson", username)

    def taken(self, key: str) -> None:
        """
        End the page whose username a page of another worker has claimed, while this worker had no engine.
        """
        for chatter in list(self.chatters):
            if chatter.username is not None and keyOf(chatter.username) == key:
                chatter.page.close(f"the username {chatter.username} is taken now")

    def missed(self, count: int | None) -> None:
        """
        Announce that messages were lost.
        """
        self.wall(" * some messages were lost")

    def wall(self, message: str) -> None:
        """
        Show an announcement on the pages of this worker.
        """
        for chatter in self.chatters:
            chatter.wall(message)

    @everywhere
    def tellEverybody(self, username: str, what: str, when: float) -> None:
        """
        Broadcast the message of a person to the pages of all workers, the person's own as well.
        """
        message = (username, what, when)
        # It runs again for a page that comes from another worker.
        if message not in self.messages:
            self.messages.append(message)
        for chatter in self.chatters:
            chatter.hear(*message)

    @everywhere
    def askForMessages(self) -> None:
        """
        A worker has its first page, and may have been started later than others: tell it the last messages.
        """
        if self.messages:
            self.tellMessages([list(message) for message in self.messages]).addErrback(
                lambda reason: reason.trap(EngineAway)
            )

    @everywhere
    def tellMessages(self, messages: list[Any]) -> None:
        """
        Add the messages that this worker does not have, and show them.
        """
        known = sorted({*self.messages, *map(tuple, messages)}, key=lambda message: message[2])[-LAST_MESSAGES:]
        if known != list(self.messages):
            self.messages = deque(known, LAST_MESSAGES)
            for chatter in self.chatters:
                chatter.showRoom()


# element to be run with twistd
chat = ChatRoom().makeChatter


class ChatterElement(LiveElement):
    """
    The element of one person's page: passes messages to the room, and those of the room to the page.

    :ivar username: the chosen name, or None before.
    :ivar hasMoved: whether the page was made by another worker, and shows the last messages already.
    """

    docFactory = xmlfile(sibpath(__file__, "template.html"))
    jsClass = "ChatThing.ChatterWidget"
    cssModule = "ChatThing"
    pageTitle = "Chat"
    username: str | None = None
    isChoosing = False
    hasMoved = False

    def __init__(self, room: ChatRoom) -> None:
        super().__init__()
        self.room = room

    @property
    def user(self) -> str | None:
        """
        Who is at the page, for the operator: see docs/deploying.rst.
        """
        return self.username

    def connectionMade(self) -> None:
        """
        The page has connected: enter the room.
        """
        self.room.enter(self)

    def connectionLost(self, reason: Failure) -> None:
        """
        The page is lost: leave the room. It is closed or reloaded, or was disconnected for too long; a connection that
        drops and resumes does not call this.
        """
        self.room.leave(self)

    def moved(self) -> None:
        """
        The page goes on in another worker, as the server is replaced: its username stays.
        """
        self.room.chatters.leave(self)

    def getState(self) -> str | None:
        """
        Return what the element of this page needs in another worker.
        """
        return self.username

    async def setState(self, username: str | None) -> None:
        """
        Go on with a page of another worker: take over its username. The page ends if somebody else has it by now,
        because it was away for too long.
        """
        if username is not None and not await self.room.claim(keyOf(username), username):
            self.page.close(f"the username {username} is taken now")
        self.username = username
        self.hasMoved = True

    @expose
    async def setUsername(self, username: object) -> str:
        """
        Choose a username, once. The room announces it.

        :return: the name as the room shows it.
        :raises Refused: if it is invalid or taken, or this person has one already.
        :raises Unreachable: if the other workers cannot be asked.
        """
        if self.username is not None or self.isChoosing:
            raise Refused(f"You are in the room as {self.username or 'another'} already.")
        name = cleanName(username)
        self.isChoosing = True
        try:
            isFree = await self.room.claim(keyOf(name), name)
        except EngineAway:
            raise Unreachable("The room cannot be reached at the moment. Please try again.") from None
        finally:
            self.isChoosing = False
        if not isFree:
            raise Refused(f"The username {name} is taken. Please choose another.")
        self.username = name
        if self not in self.room.chatters:
            # The page was lost meanwhile.
            self.room.leave(self)
        return name

    @expose
    async def say(self, message: object) -> None:
        """
        Broadcast a message.

        :raises Refused: if this person has not chosen a username yet, or the message is invalid.
        :raises Unreachable: if the other workers cannot be told. The message may be late, or lost.
        """
        if self.username is None:
            raise Refused("Please choose a username first.")
        text = checkMessage(message)
        try:
            await self.room.tellEverybody(self.username, text, self.room.now())
        except EngineAway:
            raise Unreachable("The room cannot be reached at the moment. Your message may be late, or lost.") from None

    def showRoom(self) -> None:
        """
        Show who is here on this page, and the last messages.
        """
        messages = None if self.hasMoved else [list(message) for message in self.room.messages]
        self.callRemote("displayRoom", list(self.room.present.values()), messages)

    def wall(self, message: str) -> None:
        """
        Show an announcement on this page.
        """
        self.callRemote("displayMessage", message, self.room.now())

    def hear(self, username: str, what: str, when: float) -> None:
        """
        Show a person's message on this page.
        """
        self.callRemote("displayUserMessage", username, what, when)
