"""
What there is in an office, apart from how it is shown: who has logged in, and what everybody sees.
"""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from athenalite import LiveElement, LivePage, LivePageFactory

LIFETIME = 12 * 60 * 60.0
"""Seconds after which one has to log in again."""


class Shared:
    """
    A value that is shown on many pages.

    :ivar elements: those that show it, by their widgets' method ``show``.
    """

    def __init__(self) -> None:
        self.value: list[Any] = []
        self.elements: list[LiveElement] = []

    def change(self, value: list[Any]) -> None:
        """
        Set it, and show it everywhere.
        """
        self.value = value
        for element in self.elements:
            element.callRemote("show", value)


class Login:
    """
    One person at one browser.

    :ivar pages: the live pages that end with it.
    """

    def __init__(self, person: str) -> None:
        self.person = person
        self.pages: set[LivePage] = set()

    def end(self, reason: str) -> None:
        """
        End its pages.
        """
        for page in list(self.pages):
            page.close(reason)


class Logins:
    """
    All logins of one site, by what their browsers show in a cookie.
    """

    def __init__(self, cookie: str, clock: Any) -> None:
        """
        :param cookie: its name. Browsers do not tell ports apart when they show cookies, so each site needs its own.
        """
        self.cookie = cookie
        self._clock = clock
        self._logins: dict[str, Login] = {}

    def get(self, token: str | None) -> Login | None:
        """
        :param token: what a browser shows.
        """
        return self._logins.get(token or "")

    def of(self, request: Any) -> Login | None:
        """
        :return: the login of the browser that sends this request.
        """
        return self.get(self._token(request))

    def begin(self, request: Any, person: str) -> None:
        """
        Somebody has logged in, and their browser gets a cookie.
        """
        token = token_urlsafe(32)
        self._logins[token] = Login(person)
        self._clock.callLater(LIFETIME, self._end, token, "your login has expired")
        request.addCookie(self.cookie, token, path="/", httpOnly=True, sameSite="lax", secure=request.isSecure())

    def end(self, request: Any) -> None:
        """
        The person whose browser sends this request logs out.
        """
        self._end(self._token(request), "you have logged out")
        request.addCookie(self.cookie, "", path="/", max_age="0")

    def _token(self, request: Any) -> str:
        return (request.getCookie(self.cookie.encode("ascii")) or b"").decode("latin-1")

    def _end(self, token: str, reason: str) -> None:
        login = self._logins.pop(token, None)
        if login is not None:
            login.end(reason)


class Office:
    """
    What one site has. Another has another, and knows nothing of it.

    :ivar factory: what its live pages share.
    """

    def __init__(self, name: str, clock: Any) -> None:
        self.name = name
        self.factory = LivePageFactory(clock)
        self.logins = Logins(f"{name}-login", clock)
        self.notices = Shared()
        self.readers = Shared()
        self.dishes = {dish: Shared() for dish in ("Soup", "Salad", "Pie")}
