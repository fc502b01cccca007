# -*- test-case-name: tests.test_testutil -*-
"""
``nevow.testutil``: the HTML of pages and fragments, for tests. :mod:`athenalite.testing` drives a page as a browser
does.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock
from twisted.python.components import Componentized
from twisted.web.iweb import IRequest
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site
from twisted.web.test.requesthelper import DummyRequest
from zope.interface import alsoProvides

from ._page.livepage import LivePage
from ._porting.missing import absent
from .context import WebContext
from .loaders import stan
from .rend import asResource
from .stan import directive
from .tags import body, head, html
from .url import URL

__all__ = [
    "AccumulatingFakeRequest",
    "FakeRequest",
    "FakeSession",
    "FragmentWrapper",
    "renderLivePage",
    "renderPage",
]


class FakeSession(Componentized):
    """
    A session in memory.

    :ivar avatar: the object that is logged in.
    """

    uid = 12345

    def __init__(self, avatar: Any = None) -> None:
        super().__init__()
        self.avatar = avatar

    def getLoggedInRoot(self) -> Any:
        """
        :return: :attr:`avatar`.
        """
        return self.avatar

    def touch(self) -> None:
        """Does nothing: it does not expire."""


class FakeRequest(DummyRequest):
    """
    A request in memory.

    :ivar d: fires when the response is finished; so does ``deferred``.
    :ivar sess: its session.
    :ivar cookies: those that it has, and those that are set.
    :ivar failure: what :meth:`processingFailed` was called with.
    """

    fields = None
    failure: Any = None
    lastModified: Any = None

    def __init__(
        self,
        headers: Mapping[str, str] | None = None,
        args: Mapping[Any, Sequence[Any]] | None = None,
        avatar: Any = None,
        uri: str = "/",
        currentSegments: Sequence[str] | None = None,
        cookies: dict[Any, Any] | None = None,
        user: Any = "",
        password: Any = "",
        isSecure: bool = False,
    ) -> None:
        """
        :param headers: of the request.
        :param args: its arguments; those in ``uri`` are not read.
        :param avatar: of its session.
        :param uri: its path, and perhaps a query. It may be the third argument, too.
        :param currentSegments: those of the path that lead to the resource; by default none.
        """
        if isinstance(avatar, str) and avatar.startswith("/"):
            avatar, uri = None, avatar
        super().__init__([])
        self.uri = uri.encode("utf-8")
        self.path = self.uri.partition(b"?")[0]
        segments, located = self.path[1:].split(b"/"), len(currentSegments or ())
        self.prepath, self.postpath = segments[:located] or [b""], segments[located:]
        self.args = {_bytes(name): [_bytes(value) for value in values] for name, values in (args or {}).items()}
        for name, value in (headers or {}).items():
            self.requestHeaders.setRawHeaders(name, [value])
        self.site = Site(Resource(), reactor=Clock())
        self.sess = FakeSession(avatar)
        self.cookies = {} if cookies is None else cookies
        self.user, self.password, self.secure = user, password, isSecure
        self.content = BytesIO()
        self.appRootURL: bytes | None = None
        self.d: Deferred[None] = self.notifyFinish()
        self.deferred: Deferred[str] = self.notifyFinish().addCallback(lambda _: "")
        alsoProvides(self, IRequest)

    # The request

    def isSecure(self) -> bool:
        return self.secure

    def getRequestHostname(self) -> bytes:
        return b"localhost"

    def getClientIP(self) -> str:
        return "127.0.0.1"

    def getUser(self) -> Any:
        return self.user

    def getPassword(self) -> Any:
        return self.password

    def getSession(self, sessionInterface: Any = None) -> Any:
        return self.sess if sessionInterface is None else self.sess.getComponent(sessionInterface)

    def getCookie(self, name: Any) -> Any:
        return self.cookies.get(name)

    def prePathURL(self) -> bytes:
        return str(self.URLPath().clear()).encode("ascii")

    def URLPath(self) -> URL:
        return URL.fromRequest(self)

    def rememberRootURL(self, url: Any = None) -> None:
        self.appRootURL = self.prePathURL() if url is None else _bytes(url)

    def getRootURL(self) -> bytes | None:
        return self.appRootURL

    # The response

    @property
    def v(self) -> str:
        """The response body so far."""
        return b"".join(self.written).decode("utf-8")

    accumulator = v

    @property
    def code(self) -> int:
        """The status of the response."""
        return 200 if self.responseCode is None else int(self.responseCode)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the request, and in their places those of the response."""
        both = [*self.requestHeaders.getAllRawHeaders(), *self.responseHeaders.getAllRawHeaders()]
        return {name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in both}

    @property
    def redirected_to(self) -> str | None:
        """The address of a redirection, or None."""
        location: str | None = self.responseHeaders.getRawHeaders("location", [None])[0]
        return location

    def write(self, data: Any) -> None:
        """Text is encoded, with a warning, because the request of a site takes bytes alone."""
        if isinstance(data, str):
            warnings.warn("request.write was given text: a site's request takes bytes, so encode it", stacklevel=2)
        super().write(_bytes(data))

    def finishRequest(self, success: bool) -> None:
        """The same as ``finish``, with a warning, because the request of a site has that alone."""
        warnings.warn("a site's request has no finishRequest: call request.finish()", stacklevel=2)
        self.finish()

    def processingFailed(self, reason: Any) -> None:
        self.failure = reason

    def setLastModified(self, when: Any) -> None:
        self.lastModified = when

    def addCookie(self, name: Any, value: Any, *attributes: Any, **named: Any) -> None:
        self.cookies[name] = value


class AccumulatingFakeRequest(FakeRequest):
    """An older name of :class:`FakeRequest`."""

    def getDefault(self, key: Any, context: Any) -> str:
        """
        :return: an empty text: there are no forms with defaults.
        """
        return ""

    def remember(self, object: Any, interface: Any) -> None:
        """Does nothing: there is no chain of contexts."""


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8")


class FragmentWrapper(LivePage):
    """A page that shows one fragment or element."""

    docFactory = stan(html[head(render=directive("liveglue")), body[directive("fragment")]])

    def __init__(self, fragment: Any) -> None:
        super().__init__()
        self.fragment = fragment

    def render_fragment(self, ctx: Any, data: Any) -> Any:
        """The fragment, which is put on this page."""
        self.fragment.setFragmentParent(self)
        return self.fragment


def renderPage(
    page: Any, topLevelContext: Any = None, reqFactory: Callable[[], FakeRequest] = FakeRequest
) -> Deferred[str]:
    """
    Request a page.

    :param page: any resource.
    :param topLevelContext: unused: Nevow's class of contexts. ``reqFactory`` may have its place.
    :param reqFactory: makes the request.
    :return: fires with its HTML; if the page cannot be rendered, with that of the error, which is logged.
    """
    isContext = isinstance(topLevelContext, type) and issubclass(topLevelContext, WebContext)
    request = (reqFactory if topLevelContext is None or isContext else topLevelContext)()
    return maybeDeferred(asResource(page).render, request).addCallback(_whenDone, request)


def _whenDone(answer: Any, request: FakeRequest) -> Any:
    if answer is not NOT_DONE_YET:
        request.write(answer)
        request.finish()
    return request.d.addCallback(lambda _: request.v)


def renderLivePage(
    page: LivePage, topLevelContext: Any = None, reqFactory: Callable[[], FakeRequest] = FakeRequest
) -> Deferred[str]:
    """
    Request a page, and close it when it is rendered. See :func:`renderPage`.
    """
    return renderPage(page, topLevelContext, reqFactory).addCallback(_close, page)


def _close(text: str, page: LivePage) -> str:
    page.close("the test is over")
    return text


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
