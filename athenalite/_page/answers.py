# -*- test-case-name: tests.page.test_answers -*-
"""
Responses of pages: how markup is written in them, and resources that respond in the place of one that a page could not
find.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from .._server.fault import reportFault
from .._templates.markup import asHTML, asXHTML


class AnsweringPage(Protocol):
    """What :class:`Failed` needs of a page."""

    def _logOf(self, request: Any) -> Logger: ...

    def _respondWithFault(self, request: Any, failure: Failure, reference: str) -> None: ...


def isXHTML(request: Any) -> bool:
    """
    :return: whether the response is parsed as XML, because of its content type.
    """
    return b"xml" in (request.responseHeaders.getRawHeaders(b"content-type") or [b""])[-1]


def written(request: Any, markup: bytes) -> bytes:
    """
    :return: flattened ``markup`` as the parser needs it that reads the response.
    """
    return asXHTML(markup) if isXHTML(request) else asHTML(markup)


class Failed(Resource):
    """The resource for a request that a page could not find the resource for."""

    isLeaf = True

    def __init__(self, failure: Failure, page: AnsweringPage) -> None:
        super().__init__()
        self._failure = failure
        self._page = page

    def render(self, request: Any) -> Any:
        reference = reportFault(self._page._logOf(request), self._failure, "A request could not be answered")
        self._page._respondWithFault(request, self._failure, reference)
        return NOT_DONE_YET


class Answering(Resource):
    """The resource for a request that another one responds to."""

    isLeaf = True

    def render(self, request: Any) -> Any:
        return NOT_DONE_YET


class Text:
    """Text or bytes, as a resource of Nevow's kind."""

    def __init__(self, text: str | bytes) -> None:
        self._text = text

    def locateChild(self, ctx: Any, segments: Sequence[str]) -> tuple[None, tuple[()]]:
        """
        :return: no child.
        """
        return None, ()

    def renderHTTP(self, ctx: Any) -> str | bytes:
        """
        :return: the text.
        """
        return self._text
