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
    The room does not allow a request. The page shows the text.
    """

    jsClass = "Chatting.Refused"


class ChatRoom:
    """
    The elements of all connected pages, and broadcasts to them.
    """

    def __init__(self) -> None:
        self.chatters: list[ChatterElement] = []

    def makeChatter(self) -> ChatterElement:
        """
        Make the element for one page. It enters the room when its page connects.
        """
        return ChatterElement(self)

    def wall(self, message: str) -> None:
        """
        Broadcast an announcement.
        """
        for chatter in self.chatters:
            chatter.callRemote("displayMessage", message)

    def tellEverybody(self, who: str, what: str) -> None:
        """
        Broadcast a person's message.
        """
        for chatter in self.chatters:
            chatter.callRemote("displayUserMessage", who, what)


#: The callable for ``--element``, called for each page that is opened.
chat = ChatRoom().makeChatter


class ChatterElement(LiveElement):
    """
    The element of one person's page.
    """

    docFactory = xmlfile(sibpath(__file__, "template.html"))
    jsClass = "Chatting.ChatterWidget"
    cssModule = "Chatting"
    pageTitle = "Chat"

    def __init__(self, room: ChatRoom) -> None:
        super().__init__()
        self.room = room
        self.username: str | None = None

    def connectionMade(self) -> None:
        """
        The page has connected, and receives broadcasts from now on.
        """
        self.room.chatters.append(self)

    def connectionLost(self, reason: Failure) -> None:
        """
        The page is lost. A connection that drops and resumes does not call this.
        """
        self.room.chatters.remove(self)
        if self.username is not None:
            self.room.wall(f" * user {self.username} has left the room")

    @expose
    async def setUsername(self, username: str) -> str:
        """
        Choose a username, once, and announce it.

        :return: the name as the room shows it.
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
        Broadcast a message.

        :raises Refused: if this person has not chosen a username yet.
        """
        if self.username is None:
            raise Refused("Please choose a username first.")
        self.room.tellEverybody(self.username, message)
