# -*- test-case-name: tests.page.test_nevowresource -*-
"""
Resources in Nevow's style for a site of ``twisted.web``: they find their children by ``locateChild`` and respond by
``renderHTTP``, each with a value, a Deferred or a coroutine. :class:`NevowResource` is their base, and
:func:`asResource` adapts whatever stands for a resource.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, TypeVar

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import IResource, Resource
from twisted.web.server import NOT_DONE_YET
from twisted.web.util import DeferredResource

from .._awaiting.deferreds import branch
from .._awaiting.results import driven
from .._server.factory import LivePageFactory, factoryOf
from .._server.fault import respondWithFault
from .._server.peer import hostOf
from .._server.responses import missing
from ..context import Context
from .answers import Answering, Failed, Text

#: The result of ``locateChild`` if there is no such child.
NotFound: Final = (None, ())
#: Makes the resource that responds with 404.
FourOhFour = missing


_Method = TypeVar("_Method", bound=Callable[..., Any])
_OF_DOCUMENT: Final = "_athenaOfDocument"


def ofDocument(renderHTTP: _Method) -> _Method:
    """
    Mark a ``renderHTTP`` that shows a document, and is called for GET, HEAD and POST only. Any other is one of an
    application, or of what it returns, and is called for all methods, such as PUT, as in Nevow.
    """
    setattr(renderHTTP, _OF_DOCUMENT, True)
    return renderHTTP


class NevowResource(Resource):
    """
    A resource in Nevow's style.

    :cvar headers: set before it responds.
    :cvar debug: whether errors are shown in the browser, also if the site is not in debug mode.
    """

    headers: ClassVar[dict[str, str]] = {"Content-Type": "text/html; charset=utf-8"}
    debug = False

    def locateChild(self, ctx: Context, segments: Sequence[str]) -> Any:
        """See :meth:`athenalite.rend.Page.locateChild`."""
        raise NotImplementedError

    @ofDocument
    def renderHTTP(self, ctx: Context) -> Any:
        """See :meth:`athenalite.rend.Page.renderHTTP`."""
        raise NotImplementedError

    # Children

    def getChild(self, path: bytes, request: Any) -> Any:
        segments = [path, *request.postpath]
        decoded = tuple(segment.decode("utf-8", "replace") for segment in segments)
        try:
            found = driven(self.locateChild(Context(request, None, request.prepath[:-1]), decoded))
            if isinstance(found, Deferred):
                return self._later(branch(found).addCallback(self._located, request, segments))
            return self._located(found, request, segments)
        except Exception:
            return Failed(Failure(), self)

    def _located(self, found: tuple[Any, Sequence[str]], request: Any, segments: list[bytes]) -> Any:
        child, rest = found
        if child is None:
            return missing()
        taken = len(segments) - len(rest)
        request.prepath[-1:] = segments[:taken]
        request.postpath[:] = segments[taken:]
        child = driven(child)
        if isinstance(child, Deferred):
            return self._later(branch(child).addCallback(asResource))
        return asResource(child)

    def _later(self, resource: Deferred[Any]) -> Resource:
        return DeferredResource(resource.addErrback(Failed, self))

    # Responses

    def render(self, request: Any) -> Any:
        self.setHeaders(request)
        takesAll = not hasattr(type(self).renderHTTP, _OF_DOCUMENT)
        isOther = takesAll and not hasattr(self, f"render_{request.method.decode('ascii', 'replace')}")
        answer = driven(self.render_GET(request) if isOther else super().render(request))
        return self._respond(answer, request) if isinstance(answer, Deferred) else answer

    def _respond(self, answer: Deferred[Any], request: Any) -> Any:
        return self._later(branch(answer).addCallback(_answerOf)).render(request)

    def setHeaders(self, request: Any) -> None:
        """Set :attr:`headers`."""
        for name, value in self.headers.items():
            request.setHeader(name, value)

    def render_HEAD(self, request: Any) -> Any:
        return b""

    def render_GET(self, request: Any) -> Any:
        try:
            answer = driven(self.renderHTTP(Context(request)))
        except Exception:
            answer = Failed(Failure(), self)
        if isinstance(answer, str):
            return answer.encode("utf-8")
        if answer is NOT_DONE_YET or isinstance(answer, bytes):
            return answer
        if isinstance(answer, Deferred):
            return self._respond(answer, request)
        return asResource(answer).render(request)

    # As in Nevow, where renderHTTP handles all methods.
    render_POST = render_GET

    # Errors

    def _factoryFor(self, request: Any) -> LivePageFactory:
        return factoryOf(request.site)

    def _logOf(self, request: Any) -> Logger:
        # By address, because one browser may request any number of pages.
        factory = self._factoryFor(request)
        return factory.log.forAddress(hostOf(request, factory.behindProxy))

    def _respondWithFault(self, request: Any, failure: Failure, reference: str) -> None:
        factory = self._factoryFor(request)
        respondWithFault(request, failure, reference, self.debug or factory.debug, factory.log)


class _Adapted(NevowResource):
    """An object that has only Nevow's methods of a resource."""

    def __init__(self, original: Any) -> None:
        super().__init__()
        self._original = original

    def setHeaders(self, request: Any) -> None:
        # What found it may have set the type of its content.
        for name, value in self.headers.items():
            if not request.responseHeaders.hasHeader(name):
                request.setHeader(name, value)

    def locateChild(self, ctx: Context, segments: Sequence[str]) -> tuple[Any, Sequence[str]]:
        found: tuple[Any, Sequence[str]] = self._original.locateChild(ctx, tuple(segments))
        return found

    def renderHTTP(self, ctx: Context) -> Any:
        return self._original.renderHTTP(ctx)


def asResource(found: Any) -> Any:
    """
    :param found: a resource of Twisted's; one of Nevow's, with ``locateChild`` and ``renderHTTP``; what can be adapted
        to ``IResource``; text or bytes; or None.
    :return: a resource for Twisted's site; for None one that responds with 404.
    """
    if found is None:
        return missing()
    if isinstance(found, (str, bytes)):
        return _Adapted(Text(found))
    isNevows = hasattr(found, "locateChild") and hasattr(found, "renderHTTP")
    resource: Any = found if isNevows else IResource(found, None)
    if resource is None:
        raise TypeError(f"{found!r} is not a resource: return one, text, a URL, or what is adapted to inevow.IResource")
    return resource if hasattr(resource, "getChildWithDefault") else _Adapted(resource)


def _answerOf(answer: Any) -> Any:
    # A coroutine returns this if it awaits nothing but calls the renderHTTP that it overrides.
    return Answering() if answer is NOT_DONE_YET else asResource(answer)
