"""
A desk with notes, elements in an element, and with a board that all pages share; it moves to other workers.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import Any

from athenalite.live import LiveElement, SharedElement, expose, part, renderer, xmlstr
from athenalite.rooms import Room, everywhere

from .partbox import NAMESPACES
from .uploading import Picture


class Board(SharedElement):
    """Shows lines."""

    docFactory = xmlstr(f'<ol {NAMESPACES} nevow:render="lines"><li nevow:pattern="item" /></ol>')

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[int, str] = {}

    @part.each("said")
    def lines(self, request: Any, tag: Any, line: str) -> Any:
        return tag[line]


class Hall(Room):
    """All workers have the same lines."""

    def __init__(self) -> None:
        super().__init__("hall")
        self.board = Board()

    @everywhere
    def say(self, line: str) -> None:
        """Show a line on all pages."""
        number = len(self.board.said)
        self.board.said[number] = line
        self.board.rerender("lines", number)


class Note(LiveElement):
    """Counts."""

    docFactory = xmlstr(f"""<li {NAMESPACES} nevow:render="liveElement"><b nevow:render="count" /><input />
        <button>More<athena:handler event="onclick" remote="more" /></button></li>""")
    counted = 0

    def getState(self) -> int:
        return self.counted

    def setState(self, state: int) -> None:
        self.counted = state

    @part
    def count(self, request: Any, tag: Any) -> Any:
        return tag[str(self.counted)]

    @expose
    def more(self) -> None:
        self.counted += 1
        self.rerender("count")


class Wall(Note):
    """Shows the board."""

    docFactory = xmlstr(f'<div {NAMESPACES} nevow:render="liveElement"><div nevow:render="board" /></div>')

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board

    @renderer
    def board(self, request: Any, tag: Any) -> Any:
        return tag[self._board]


class Desk(LiveElement):
    """Has notes in a part, a wall in its template, and a form with a file."""

    docFactory = xmlstr(f"""<main {NAMESPACES} nevow:render="liveElement">
        <ul nevow:render="notes" /><button>Add<athena:handler event="onclick" remote="add" /></button>
        <form><input name="line" /><button>Say</button><athena:handler event="onsubmit" remote="say" /></form>
        <form><input name="picture" type="file" /><button>Send</button>
            <athena:handler event="onsubmit" remote="send" /></form>
        <p nevow:render="about" /><div nevow:render="wall" /></main>""")

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self.hall, self._notes, self.sent = hall, list[Note](), list[str]()
        self._wall = Wall(hall.board)
        self._wall.setFragmentParent(self)

    def getState(self) -> Any:
        return [len(self._notes), self.sent]

    def setState(self, state: Any) -> None:
        count, self.sent = state
        for _ in range(count):
            self.make()

    def make(self) -> None:
        """Make a note."""
        note = Note()
        note.setFragmentParent(self)
        self._notes.append(note)

    @part
    def notes(self, request: Any, tag: Any) -> Any:
        return tag[self._notes]

    @part
    def about(self, request: Any, tag: Any) -> Any:
        return tag[f"process {os.getpid()} has {' '.join(self.sent)}."]

    @renderer
    def wall(self, request: Any, tag: Any) -> Any:
        return tag[self._wall]

    @expose
    def add(self) -> None:
        self.make()
        self.rerender("notes")

    @expose
    async def say(self, line: str) -> None:
        await self.hall.say(line)

    @expose
    def send(self, picture: Picture) -> None:
        self.sent.append(sha256(picture.file.read()).hexdigest())
        self.rerender("about")


hall = Hall()


def desk() -> Desk:
    """Make the element of a page."""
    return Desk(hall)
