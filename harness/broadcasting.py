# -*- test-case-name: tests.project.test_benchmarks -*-
"""
The page of the curves, the pace and the calls: ``--element=harness.broadcasting.broadcaster``.

It has as many elements as the environment variable ``ELEMENTS`` gives.
"""

from __future__ import annotations

import os
from typing import Any

from twisted.internet.defer import Deferred, gatherResults
from twisted.logger import Logger
from twisted.python.failure import Failure

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr
from athenalite.page import renderer

_HEAD = '<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">'


_log = Logger()


def _failed(failure: Failure) -> None:
    _log.failure("A call failed", failure)


class Receiver(LiveElement):
    """An element that receives broadcasts."""

    docFactory = xmlstr(f"{_HEAD}</div>")

    def __init__(self, room: dict[Receiver, None]) -> None:
        self.room = room

    def connectionMade(self) -> None:
        self.room[self] = None

    def connectionLost(self, reason: Any) -> None:
        self.room.pop(self, None)

    def receive(self, value: Any) -> Deferred[Any]:
        """Call the method that the tutorial's chatter calls."""
        return self.callRemote("displayUserMessage", "load", value)


class Broadcaster(Receiver):
    """The first element of a page; it contains the others, and its browser starts the broadcasts."""

    docFactory = xmlstr(f'{_HEAD}<span nevow:render="receivers" /></div>')

    @renderer
    def receivers(self, request: Any, tag: Any) -> Any:
        receivers = [Receiver(self.room) for _ in range(int(os.environ.get("ELEMENTS", "1")) - 1)]
        for receiver in receivers:
            receiver.setFragmentParent(self)
        return tag(*receivers)

    @expose
    def say(self, value: Any) -> None:
        """Broadcast one message to all elements of all pages."""
        for receiver in self.room:
            receiver.receive(value)

    @expose
    def sayOrLog(self, value: Any) -> None:
        """The same, and log the calls that fail."""
        for receiver in self.room:
            receiver.receive(value).addErrback(_failed)

    @expose
    def burst(self, count: int, text: str) -> None:
        """Broadcast ``count`` numbered messages in one batch."""
        for number in range(count):
            numbered = f"{text} {number}"
            for receiver in self.room:
                receiver.receive(numbered)

    @expose
    def echo(self, value: Any) -> Any:
        """Return the argument."""
        return value

    @expose
    def ask(self, value: Any) -> Deferred[int]:
        """
        Call all elements with ``value``, and wait for all results.

        :return: how many returned ``value``.
        """
        answers = gatherResults([receiver.callRemote("answer", value) for receiver in self.room])
        return answers.addCallback(lambda given: sum(one == value for one in given))


_room: dict[Receiver, None] = {}


def broadcaster() -> Broadcaster:
    """Make the element of another page."""
    return Broadcaster(_room)
