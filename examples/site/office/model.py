"""
The model of an office: its logins, and the values that its pages share.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

from athenalite import LiveElement, LivePage, LivePageFactory

LIFETIME = 12 * 60 * 60.0
"""Seconds after which a login expires."""


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


class Login:
    """
    The login of one person in one browser.

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
    All logins of one site, by the token in the browser's cookie.
    """

    def __init__(self, cookie: str, clock: Any, isSecure: Callable[[Any], bool]) -> None:
        """
        :param cookie: its name. Browsers send cookies to all ports of a host, so each site needs its own name.
        :param isSecure: returns whether the browser has sent a request over TLS.
        """
        self.cookie = cookie
        self._isSecure = isSecure
        self._clock = clock
        self._logins: dict[str, Login] = {}

    def get(self, token: str | None) -> Login | None:
        """
        :param token: the value of a cookie.
        """
        return self._logins.get(token or "")

    def of(self, request: Any) -> Login | None:
        """
        :return: the login of the browser that sends this request.
        """
        return self.get(self._token(request))

    def begin(self, request: Any, person: str) -> None:
        """
        Begin a login, and set the browser's cookie.
        """
        token = token_urlsafe(32)
        self._logins[token] = Login(person)
        self._clock.callLater(LIFETIME, self._end, token, "your login has expired")
        request.addCookie(self.cookie, token, path="/", httpOnly=True, sameSite="lax", secure=self._isSecure(request))

    def end(self, request: Any) -> None:
        """
        End the login of the browser that sends this request.
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
    The state of one site, which shares nothing with other sites.

    :ivar factory: the factory of its live pages.
    """

    def __init__(self, name: str, clock: Any, behindProxy: bool = False) -> None:
        self.name = name
        self.factory = LivePageFactory(clock, behindProxy=behindProxy)
        self.logins = Logins(f"{name}-login", clock, self.factory.isSecure)
        self.notices = Shared()
        self.readers = Shared()
        self.dishes = {dish: Shared() for dish in ("Soup", "Salad", "Pie")}
