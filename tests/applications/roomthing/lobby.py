"""A room whose pages record what is called, for tests of several workers."""

import os

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr
from athenalite.rooms import Members, Room, everywhere


class Lobby(Room):
    """The room."""

    def __init__(self) -> None:
        super().__init__("lobby")
        self.pages: Members[Page] = Members()

    @everywhere
    def wall(self, message: str) -> None:
        """Show a message on all pages."""
        for page in self.pages:
            page.callRemote("show", message)

    def makePage(self) -> "Page":
        """Make a page in the room."""
        return Page(self)


class Page(LiveElement):
    """A page in the room."""

    docFactory = xmlstr('<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement"></div>')

    count = 0

    def __init__(self, room: Lobby) -> None:
        super().__init__()
        self.room = room

    def connectionMade(self) -> None:
        self.room.pages.enter(self)

    def connectionLost(self, reason: object) -> None:
        self.room.pages.leave(self)

    def moved(self) -> None:
        self.room.pages.leave(self)

    def getState(self) -> int:
        return self.count

    def setState(self, count: int) -> None:
        self.count = count

    @expose
    def more(self) -> int:
        """Count, and return the number."""
        self.count += 1
        return self.count

    @expose
    def say(self, message: str) -> object:
        """Show a message on all pages of all workers."""
        return self.room.wall(message)

    @expose
    def process(self) -> int:
        """Return the number of this process."""
        return os.getpid()


page = Lobby().makePage
