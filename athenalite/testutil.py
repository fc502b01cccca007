# -*- test-case-name: tests.test_testutil -*-
"""
``nevow.testutil``: the HTML of pages and fragments, for tests. :mod:`athenalite.testing` drives a page as a browser
does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock
from twisted.web.iweb import IRequest
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site
from twisted.web.test.requesthelper import DummyRequest
from zope.interface import alsoProvides

from ._page.livepage import LivePage
from .loaders import stan
from .rend import asResource
from .stan import directive
from .tags import body, head, html

__all__ = ["FakeRequest", "FragmentWrapper", "renderLivePage", "renderPage"]


class FakeRequest(DummyRequest):
    """
    A request in memory.

    :ivar d: fires when the response is finished.
    """

    def __init__(
        self, headers: Mapping[str, str] | None = None, args: Mapping[str, list[str]] | None = None, uri: str = "/"
    ) -> None:
        """
        :param uri: its path, and perhaps a query. Arguments are those of ``args`` alone.
        """
        super().__init__([])
        self.uri = uri.encode("utf-8")
        self.path = self.uri.partition(b"?")[0]
        self.prepath = self.path.split(b"/")[1:]
        self.args = {
            name.encode("utf-8"): [value.encode("utf-8") for value in values] for name, values in (args or {}).items()
        }
        for name, value in (headers or {}).items():
            self.requestHeaders.setRawHeaders(name, [value])
        self.site = Site(Resource(), reactor=Clock())
        self.d: Deferred[None] = self.notifyFinish()
        alsoProvides(self, IRequest)

    @property
    def v(self) -> str:
        """The response body so far."""
        return b"".join(self.written).decode("utf-8")

    @property
    def redirected_to(self) -> str | None:
        """The address of a redirection, or None."""
        location: str | None = self.responseHeaders.getRawHeaders("location", [None])[0]
        return location


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


def renderPage(page: Any, reqFactory: Callable[[], FakeRequest] = FakeRequest) -> Deferred[str]:
    """
    Request a page.

    :param page: any resource.
    :param reqFactory: makes the request.
    :return: fires with its HTML; if the page cannot be rendered, with that of the error, which is logged.
    """
    request = reqFactory()
    return maybeDeferred(asResource(page).render, request).addCallback(_whenDone, request)


def _whenDone(answer: Any, request: FakeRequest) -> Any:
    if answer is not NOT_DONE_YET:
        request.write(answer)
        request.finish()
    return request.d.addCallback(lambda _: request.v)


def renderLivePage(page: LivePage, reqFactory: Callable[[], FakeRequest] = FakeRequest) -> Deferred[str]:
    """
    Request a page, and close it when it is rendered. See :func:`renderPage`.
    """
    return renderPage(page, reqFactory).addCallback(_close, page)


def _close(text: str, page: LivePage) -> str:
    page.close("the test is over")
    return text
