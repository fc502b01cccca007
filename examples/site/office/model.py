"""
The model of an office: the people in it, and the values that its pages share.
"""

from __future__ import annotations

from typing import Any

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse

from athenalite import LiveElement, LivePageFactory
from athenalite.auth import Logins

# Use another checker of twisted.cred where it matters.
CHECKER = InMemoryUsernamePasswordDatabaseDontUse(ann=b"ann", bob=b"bob")


class Shared:
    """
    A value that many pages show.

    :ivar elements: the elements that show it; their widgets have a method ``show``.
    """

    def __init__(self) -> None:
        self.value: list[Any] = []
        self.elements: list[LiveElement] = []

    def change(self, value: list[Any]) -> None:
        """
        Set the value, and show it on all pages.
        """
        self.value = value
        for element in self.elements:
            element.callRemote("show", value)


class Office:
    """
    The state of one site, which shares nothing with other sites.

    :ivar logins: of the people in it. Browsers send cookies to all ports of a host, so each site's has another name.
    """

    def __init__(self, name: str, clock: Any, behindProxy: bool = False) -> None:
        self.name = name
        self.logins = Logins(clock, LivePageFactory(clock, behindProxy=behindProxy), f"{name}-login")
        self.notices = Shared()
        self.readers = Shared()
        self.dishes = {dish: Shared() for dish in ("Soup", "Salad", "Pie")}
