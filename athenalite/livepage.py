# -*- test-case-name: tests.test_livepage -*-
"""
A page whose objects live on both sides: :class:`LivePage`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET
from twisted.web.template import flatten, tags
from zope.interface import implementer

from .assets import PREFIX
from .calls import CallResult
from .document import Document
from .element import LiveElement
from .errors import NoSuchMethod
from .expose import expose
from .factory import LivePageFactory
from .glue import PageData, glue
from .interfaces import Handshake, IPage
from .jsmodules import Module
from .loaders import stan
from .session import Session

#: A careful site's headers. The policy allows no inline script and no eval; style attributes are what Athena's
#: templates are full of.
HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


@implementer(IPage)
class LivePage(Resource):
    """
    One page of one browser tab: make a new one for each request. It renders its document once.

    :cvar docFactory: the document, with the renderer ``liveglue`` in its head.
    :cvar jsClass: the JavaScript class of the page itself.
    :cvar cssModule: the name of its style sheet, if it has one.
    :cvar headers: what is sent with the document.
    :ivar session: its conversation with the browser, from when it is rendered.
    :ivar liveFragmentChildren: the elements directly on it.
    """

    docFactory: Any = None
    jsClass = "Nevow.Athena.PageWidget"
    cssModule: str | None = None
    headers: ClassVar[dict[str, str]] = HEADERS
    session: Session

    def __init__(self, factory: LivePageFactory) -> None:
        super().__init__()
        self.factory = factory
        self.liveFragmentChildren: list[LiveElement] = []
        self._objects: dict[int, Any] = {0: self}
        self._nextNumber = 1
        self._rendered = False
        self._connected = False
        self._reason: Failure | None = None
        self._disconnectCallbacks: list[Deferred[None]] = []

    @property
    def page(self) -> LivePage:
        """A page is on itself."""
        return self

    # Rendering

    def getChild(self, path: bytes, request: Any) -> Any:
        if path == PREFIX.encode("ascii"):
            return self.factory.resource
        # What is relative to the page needs the slash at the end of its address.
        return self if not path and not request.postpath else notFound()

    def render_HEAD(self, request: Any) -> Any:
        self._setHeaders(request)
        return b""

    def render_GET(self, request: Any) -> Any:
        """
        :raise RuntimeError: the second time.
        """
        if self._rendered:
            raise RuntimeError("Cannot render a LivePage more than once")
        self._rendered = True
        self.session = self.factory.sessions.add(self, self._locateMethod, self.valueOf)
        chunks: list[bytes] = []
        document = Document(self, chunks)
        gone: list[Failure] = []
        request.notifyFinish().addErrback(gone.append)
        rendered = flatten(request, document, chunks.append)
        rendered.addCallback(lambda _: self._withGlue(request, document, chunks))
        rendered.addCallbacks(self._finish, self._failed, callbackArgs=(request, gone), errbackArgs=(request, gone))
        rendered.addErrback(lambda failure: self.factory.log.failure("A page could not be answered", failure))
        return NOT_DONE_YET

    def _withGlue(self, request: Any, document: Document, chunks: list[bytes]) -> Deferred[bytes]:
        if document.position is None:
            raise RuntimeError(f"the document of {type(self).__name__} has no node with the renderer 'liveglue'")
        data = PageData(
            self.session.token,
            self.jsClass,
            self._modules(),
            self._styles(),
            self.factory.limits.maxMessageSize,
            self.factory.debug,
        )
        parts: list[bytes] = []
        flat = flatten(request, glue(data, self.factory.assets), parts.append)
        position = document.position
        return flat.addCallback(
            lambda _: b"".join([b"<!DOCTYPE html>\n", *chunks[:position], *parts, *chunks[position:]])
        )

    def _finish(self, body: bytes, request: Any, gone: list[Failure]) -> None:
        if not gone:
            self._setHeaders(request)
            request.setHeader("content-length", str(len(body)))
            request.write(body)
            request.finish()

    def _failed(self, failure: Failure, request: Any, gone: list[Failure]) -> None:
        self.factory.log.failure("A page could not be rendered", failure)
        self.session.close("the page could not be rendered")
        if not gone:
            request.setResponseCode(500)
            request.setHeader("content-type", "text/plain; charset=utf-8")
            text = (
                failure.getTraceback()
                if self.factory.debug
                else "This page could not be made. The server's log says why.\n"
            )
            request.write(text.encode("utf-8"))
            request.finish()

    def _setHeaders(self, request: Any) -> None:
        for name, value in self.headers.items():
            request.setHeader(name, value)

    def _modules(self) -> list[Module]:
        scripts = self.factory.packages.scripts
        names = [scripts.moduleOf(jsClass) for jsClass in self._classes()]
        return scripts.inOrder(name for name in names if name is not None)

    def _styles(self) -> list[Module]:
        modules = [one.cssModule for one in self._objects.values() if getattr(one, "cssModule", None)]
        return self.factory.packages.styles.inOrder(modules)

    def _classes(self) -> list[str]:
        return [one.jsClass for one in self._objects.values() if hasattr(one, "jsClass")]

    # Objects

    def addElement(self, element: LiveElement) -> int:
        """
        :return: the number by which both sides call ``element`` from now on.
        """
        self.factory.packages.addBeside(type(element))
        number = self.addLocalObject(element)
        if self._connected:
            self._safely(element.connectionMade)
        return number

    def addLocalObject(self, obj: Any) -> int:
        """Let the browser call ``obj`` (its exposed methods) by a number, which is returned."""
        number = self._nextNumber
        self._nextNumber += 1
        if self._reason is None:
            self._objects[number] = obj
        return number

    def removeLocalObject(self, objectID: int) -> None:
        """
        :raise KeyError: if there is no such object.
        """
        del self._objects[objectID]

    def locateObject(self, objectID: int) -> Any:
        return self._objects[objectID]

    def locateMethod(self, ctx: Any, methodName: str) -> Callable[..., Any]:
        """Like :meth:`LiveElement.locateMethod`, for calls to the page itself."""
        method: Callable[..., Any] = expose.get(self, methodName)
        return method

    def _locateMethod(self, objectID: int, methodName: str) -> Callable[..., Any]:
        try:
            target = self._objects[objectID]
            locate = getattr(target, "locateMethod", None)
            method: Callable[..., Any] = expose.get(target, methodName) if locate is None else locate(None, methodName)
        except (KeyError, AttributeError):
            raise NoSuchMethod(objectID, methodName[:100]) from None
        return method

    def valueOf(self, value: Any) -> Any:
        """
        :return: JSON for a value that has no JSON of its own.
        :raise TypeError: if it cannot be said.
        """
        raise TypeError(f"{type(value).__name__} is not a value that can be sent to a browser")

    # Calls

    def callRemote(self, functionName: str, *args: Any) -> CallResult:
        """Call a global JavaScript function by its dotted name. See :meth:`LiveElement.callRemote`."""
        return self.session.callRemote(0, functionName, args)

    # Hooks

    def connectionMade(self) -> None:
        """Override it: the page has connected for the first time."""

    def connectionLost(self, reason: Failure) -> None:
        """Override it: the page is gone for good."""

    def disconnected(self) -> None:
        """Override it: the page has no socket at the moment."""

    def resumed(self) -> None:
        """Override it: the page is back."""

    def notifyOnDisconnect(self) -> Deferred[None]:
        """
        :return: a Deferred that fails when the page is gone for good, with the reason, even if it was closed in order.
        """
        notified: Deferred[None] = Deferred()
        if self._reason is None:
            self._disconnectCallbacks.append(notified)
        else:
            notified.errback(self._reason)
        return notified

    def authorize(self, handshake: Handshake) -> bool:
        """
        Override it to decide whether a socket that has shown this page's token may be its socket: compare, say, the
        session cookie with the one of the request that the page was rendered for. Asked at every reconnection.

        :return: whether it may. If not, or if this raises, the page is lost.
        """
        return True

    def close(self, reason: str) -> None:
        """End the page, at logout for instance. Both sides learn the reason, which the person at the page reads."""
        self.session.close(reason)

    # What the session tells

    def authorizeSocket(self, handshake: Handshake) -> bool:
        try:
            return bool(self.authorize(handshake))
        except Exception:
            self.factory.log.failure("authorize failed; the page is refused its socket")
            return False

    def sessionConnected(self) -> None:
        self._connected = True
        self._tellAll("connectionMade")

    def sessionDisconnected(self) -> None:
        self._tellAll("disconnected")

    def sessionResumed(self) -> None:
        self._tellAll("resumed")

    def sessionLost(self, reason: Failure) -> None:
        self._reason = reason
        notified, self._disconnectCallbacks = self._disconnectCallbacks, []
        for deferred in notified:
            deferred.errback(reason)
        if self._connected:
            self._tellAll("connectionLost", reason)
        for one in self._objects.values():
            if isinstance(one, LiveElement):
                one.pageLost(self.session.reason or "")
        self._objects.clear()
        self.liveFragmentChildren.clear()

    def _tellAll(self, event: str, *args: Any) -> None:
        for one in list(self._objects.values()):
            hook = getattr(one, event, None)
            if hook is not None:
                self._safely(hook, *args)

    def _safely(self, hook: Callable[..., Any], *args: Any) -> None:
        try:
            hook(*args)
        except Exception:
            self.factory.log.failure("{hook} failed", hook=getattr(hook, "__qualname__", repr(hook)))


class ElementRenderingLivePage(LivePage):
    """A page that shows one element, titled with the name of its class."""

    def __init__(self, element: LiveElement, factory: LivePageFactory) -> None:
        super().__init__(factory)
        self.element = element
        element.setFragmentParent(self)
        self.docFactory = stan(
            tags.html(
                tags.head(
                    tags.meta(charset="utf-8"),
                    tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
                    tags.title(type(element).__name__),
                    # Without one, browsers ask for /favicon.ico.
                    tags.link(rel="icon", href="data:,"),
                    tags.transparent(render="liveglue"),
                ),
                tags.body(element),
                lang="en",
            )
        )
