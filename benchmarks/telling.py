# -*- test-case-name: tests.project.test_benchmarks -*-
"""
The page of the curves: ``--element=benchmarks.telling.telling``, with as many elements on it as ``ELEMENTS`` in the
environment says.
"""

from __future__ import annotations

import os
from typing import Any

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr
from athenalite.page import renderer

_HEAD = '<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">'


class Hearer(LiveElement):
    """One of the elements of a page. It is told things."""

    docFactory = xmlstr(f"{_HEAD}</div>")

    def __init__(self, room: dict[Hearer, None]) -> None:
        self.room = room

    def connectionMade(self) -> None:
        self.room[self] = None

    def connectionLost(self, reason: Any) -> None:
        self.room.pop(self, None)

    def hear(self, text: str) -> None:
        """As the tutorial's chatter does."""
        self.callRemote("displayUserMessage", "load", text)


class Telling(Hearer):
    """The first of them; the others are within it."""

    docFactory = xmlstr(f'{_HEAD}<span nevow:render="hearers" /></div>')

    @renderer
    def hearers(self, request: Any, tag: Any) -> Any:
        hearers = [Hearer(self.room) for _ in range(int(os.environ.get("ELEMENTS", "1")) - 1)]
        for hearer in hearers:
            hearer.setFragmentParent(self)
        return tag(*hearers)

    @expose
    def say(self, text: str) -> None:
        """Tell all elements of all pages."""
        for hearer in self.room:
            hearer.hear(text)

    @expose
    def tell(self, count: int, text: str) -> None:
        """The same ``count`` times in one turn, numbered."""
        for number in range(count):
            said = f"{text} {number}"
            for hearer in self.room:
                hearer.hear(said)

    @expose
    def echo(self, value: Any) -> Any:
        """The same again."""
        return value


_room: dict[Hearer, None] = {}


def telling() -> Telling:
    """A page more."""
    return Telling(_room)
