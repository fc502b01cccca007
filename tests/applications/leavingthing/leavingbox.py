"""
Counts calls in both directions, and logs the state of its page.
"""

from __future__ import annotations

from typing import Any

from twisted.logger import Logger

from athenalite.athena import LiveElement, expose
from athenalite.loaders import xmlstr

_log = Logger(namespace="leavingthing")


class CountingElement(LiveElement):
    """
    Receives numbers, and sends each back by a call of its own.

    :ivar received: the numbers, in the order in which they came.
    """

    docFactory = xmlstr('<div xmlns:nevow="http://nevow.com/ns/nevow/0.1" nevow:render="liveElement">counting</div>')
    jsClass = "LeavingThing.CountingWidget"

    def __init__(self) -> None:
        super().__init__()
        self.received: list[int] = []

    @expose
    def count(self, number: int) -> None:
        """Receive a number, and send it back."""
        self.received.append(number)
        self.callRemote("count", number)

    @expose
    def report(self) -> list[int]:
        """All numbers that were received."""
        return self.received

    def connectionMade(self) -> None:
        """The page has connected."""
        _log.info("made")

    def disconnected(self) -> None:
        """The page has lost its socket."""
        _log.info("away")

    def resumed(self) -> None:
        """The page has another socket."""
        _log.info("back")

    def connectionLost(self, reason: Any) -> None:
        """The page is lost."""
        _log.info("lost: {reason}", reason=reason.value)
