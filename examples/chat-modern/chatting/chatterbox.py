"""
The chat of Athena's tutorial, with coroutines on both sides and widgets that are ES modules.

Run it in the directory above with ``twistd -n athena-widget --element=chatting.chatterbox.chat``, and open two windows.
"""

from __future__ import annotations

from twisted.python.failure import Failure
from twisted.python.util import sibpath

from athenalite.athena import LiveElement, LivePageError, expose
from athenalite.loaders import xmlfile


class Refused(LivePageError):
    """
    Something that the room does not allow, in words for the person who asked.
    """

    jsClass = "Chatting.Refused"


class ChatRoom:
    """
    Where everybody hears everybody.
    """

    def __init__(self) -> None:
        self.chatters: list[ChatterElement] = []

    def makeChatter(self) -> ChatterElement:
        """
        Make the element for one page. It enters when its page connects.
        """
        return ChatterElement(self)

    def wall(self, message: str) -> None:
        """
        Show everybody a message from nobody in particular.
        """
        for chatter in self.chatters:
            chatter.callRemote("displayMessage", message)

    def tellEverybody(self, who: str, what: str) -> None:
        """
        Show everybody what somebody says.
        """
        for chatter in self.chatters:
            chatter.callRemote("displayUserMessage", who, what)


#: What ``--element`` names: called for each page that is opened.
chat = ChatRoom().makeChatter


class ChatterElement(LiveElement):
    """
    One person's place in the room.
    """

    docFactory = xmlfile(sibpath(__file__, "template.html"))
    jsClass = "Chatting.ChatterWidget"
    cssModule = "Chatting"

    def __init__(self, room: ChatRoom) -> None:
        super().__init__()
        self.room = room
        self.username: str | None = None

    def connectionMade(self) -> None:
        """
        The page has connected, and hears what is said from now on.
        """
        self.room.chatters.append(self)

    def connectionLost(self, reason: Failure) -> None:
        """
        The page is gone for good. A line that only drops for a while does not come here.
        """
        self.room.chatters.remove(self)
        if self.username is not None:
            self.room.wall(f" * user {self.username} has left the room")

    @expose
    async def setUsername(self, username: str) -> str:
        """
        Choose a username, once, and announce it.

        :return: the name as the others see it.
        :raises Refused: if it is empty, or taken.
        """
        name = " ".join(username.split())
        if not name or self.username is not None:
            raise Refused("Please choose one username.")
        if name in [chatter.username for chatter in self.room.chatters]:
            raise Refused(f"The username {name} is taken. Please choose another.")
        self.username = name
        self.room.wall(f" * user {name} has joined the room")
        return name

    @expose
    async def say(self, message: str) -> None:
        """
        Say a line to everybody.

        :raises Refused: if this person has not chosen a username yet.
        """
        if self.username is None:
            raise Refused("Please choose a username first.")
        self.room.tellEverybody(self.username, message)
