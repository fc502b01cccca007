# -*- test-case-name: tests.test_auth -*-
"""
Logins for live pages: identifies the user of a page, and ends the user's pages when the login ends.

:class:`Logins` keeps the logins of one site, each behind a random cookie. :class:`MemberPage` is a page that belongs to
one of them: its sockets are accepted only while that lasts. ``docs/pages.rst``, "Logins", has an application.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Coroutine
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final

from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import UsernamePassword
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from ._awaiting.results import driven
from ._page.element import LiveElement
from ._page.livepage import LivePage
from ._page.nevowresource import ofDocument
from ._server.factory import LivePageFactory
from .context import Context
from .interfaces import Handshake, IClock

LOGGED_OUT: Final = "you have logged out"
EXPIRED: Final = "your login has expired"
_REPLACED: Final = "you have logged in again"


class Login:
    """
    The login of one person in one browser.

    :ivar user: who that is: what the application has given, or the avatar's name of a checker.
    :ivar cookie: the name of its cookie.
    :ivar pages: its live pages.
    """

    def __init__(self, user: Any, cookie: str, key: bytes) -> None:
        self.user = user
        self.cookie = cookie
        self.pages: set[LivePage] = set()
        # The hash of the cookie's value, so that a copy of the memory contains no cookie that is accepted.
        self.key = key
        self._timer: IDelayedCall | None = None
        self.ended = False

    def _expireWith(self, timer: IDelayedCall) -> None:
        self._timer = timer

    def _end(self, reason: str) -> None:
        self.ended = True
        timer, self._timer = self._timer, None
        if timer is not None and timer.active():
            timer.cancel()
        for page in list(self.pages):
            page.close(reason)


class Logins:
    """
    All logins of one site, in memory: they end with the process.

    :ivar factory: the factory of the site's live pages.
    """

    def __init__(
        self,
        clock: IClock,
        factory: LivePageFactory,
        cookie: str = "login",
        lifetime: float = 12 * 60 * 60.0,
        most: int = 100_000,
    ) -> None:
        """
        :param cookie: its name. Browsers send cookies to all ports of a host, so each site needs its own. Over TLS it
            has the prefix ``__Host-``, by which browsers take it from no other host and not without TLS.
        :param lifetime: for how long a login lasts, in seconds.
        :param most: how many there may be; the oldest ends for another.
        """
        self.factory = factory
        self._clock = clock
        self._cookie = cookie
        self._lifetime = lifetime
        self._most = most
        self._logins: OrderedDict[bytes, Login] = OrderedDict()

    def __len__(self) -> int:
        return len(self._logins)

    def begin(self, request: Any, user: Any) -> Login:
        """
        Begin a login of ``user``, whom the application has recognized, and set the browser's cookie. The login that the
        browser had before ends.
        """
        self._drop(self.of(request), _REPLACED)
        secure = self.factory.isSecure(request)
        name = f"__Host-{self._cookie}" if secure else self._cookie
        token = token_urlsafe(32)
        login = self._logins[_keyOf(token)] = Login(user, name, _keyOf(token))
        login._expireWith(self._clock.callLater(self._lifetime, self._drop, login, EXPIRED))
        request.addCookie(name, token, path="/", secure=secure, httpOnly=True, sameSite="lax")
        if len(self._logins) > self._most:
            self._drop(next(iter(self._logins.values())), EXPIRED)
        return login

    async def check(self, request: Any, checker: ICredentialsChecker, username: str, password: str) -> Login:
        """
        Begin a login if a checker of ``twisted.cred`` knows this name and password.

        :raise twisted.cred.error.UnauthorizedLogin: if it does not.
        """
        credentials = UsernamePassword(username.encode("utf-8"), password.encode("utf-8"))
        user = await _deferred(checker.requestAvatarId(credentials))
        return self.begin(request, user.decode("utf-8") if isinstance(user, bytes) else user)

    def of(self, request: Any) -> Login | None:
        """
        :return: the login of the browser that sends this request, or None.
        """
        name = f"__Host-{self._cookie}" if self.factory.isSecure(request) else self._cookie
        value = request.getCookie(name.encode("ascii"))
        return None if value is None else self._logins.get(_keyOf(value.decode("latin-1")))

    def end(self, request: Any, reason: str = LOGGED_OUT) -> None:
        """
        End the login of the browser that sends this request, and its pages, in all tabs.

        :param reason: what they show.
        """
        login = self.of(request)
        if login is not None:
            self._drop(login, reason)
            request.addCookie(login.cookie, "", path="/", max_age="0", secure=self.factory.isSecure(request))

    def endAll(self, user: Any, reason: str = LOGGED_OUT) -> int:
        """
        End all logins of a user, in all browsers, such as after a new password.

        :return: how many there were.
        """
        ending = [login for login in self._logins.values() if login.user == user]
        for login in ending:
            self._drop(login, reason)
        return len(ending)

    def allows(self, login: Login, handshake: Handshake) -> bool:
        """
        :return: whether the socket of this handshake is of the browser that has this login, and the login lasts.
        """
        value = handshake.getCookie(login.cookie)
        return value is not None and self._logins.get(_keyOf(value)) is login

    def _drop(self, login: Login | None, reason: str) -> None:
        if login is not None and not login.ended:
            del self._logins[login.key]
            login._end(reason)


class MemberPage(LivePage):
    """
    A live page of a login. It ends with the login, and only the browser that has the login opens its sockets.

    :ivar login: the :class:`Login`.
    :ivar memberOf: the :class:`Logins` of the site.
    """

    def __init__(self, logins: Logins, login: Login, **keywords: Any) -> None:
        """
        :param keywords: those of :class:`LivePage`.
        """
        super().__init__(factory=logins.factory, **keywords)
        self.login = login
        self.memberOf = logins

    @property
    def user(self) -> Any:
        """Who is at the page."""
        return self.login.user

    def authorize(self, handshake: Handshake) -> bool | Deferred[bool] | Coroutine[Any, Any, bool]:
        """A subclass that has more conditions asks this first."""
        return self.memberOf.allows(self.login, handshake)

    @ofDocument
    def renderHTTP(self, ctx: Context) -> Any:
        rendered = super().renderHTTP(ctx)
        # Of a request for another host there is no session.
        if "session" in self.__dict__:
            self.login.pages.add(self)
            self.notifyOnDisconnect().addErrback(self._forget)
            if self.login.ended:
                self.close(LOGGED_OUT)
        return rendered

    def _forget(self, reason: Failure) -> None:
        self.login.pages.discard(self)


def userOf(element: LiveElement) -> Any:
    """
    :return: who is at the page of an element.
    :raise TypeError: if that page is no :class:`MemberPage`.
    """
    page = element.page
    if not isinstance(page, MemberPage):
        raise TypeError(f"{type(element).__name__} is on a page without a login: its page is not a MemberPage")
    return page.user


def _keyOf(token: str) -> bytes:
    return sha256(token.encode("utf-8")).digest()


def _deferred(value: Any) -> Any:
    """What a checker has returned, to be awaited: a Deferred, a coroutine, or the value itself."""
    value = driven(value)
    if isinstance(value, Deferred):
        return value
    done: Deferred[Any] = Deferred()
    done.callback(value)
    return done


__all__ = ["EXPIRED", "LOGGED_OUT", "Login", "Logins", "MemberPage", "userOf"]
