# -*- test-case-name: tests.page.test_livepage -*-
"""
A page with a session: :class:`LivePage`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, ClassVar

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.iweb import IRequest
from twisted.web.server import NOT_DONE_YET
from twisted.web.template import flatten
from zope.interface import implementer

from .._assets.assets import PREFIX
from .._assets.document import DOCTYPE, GLUE, HEADERS, Document, aroundPlaceholder, newPlaceholder, typeOf
from .._awaiting.checks import mustAnswerAtOnce, mustNotYield
from .._core.callresult import CallResult
from .._core.expose import expose
from .._core.objects import ObjectTable, safely
from .._core.session import Session
from .._server.factory import LivePageFactory, factoryOf
from .._server.peer import peerOf
from ..context import Context
from ..errors import ConnectionLost
from ..interfaces import Handshake, IPage
from ..stan import Tag
from .addresses import Addresses
from .answers import isXHTML, written
from .appearance import Appearance
from .element import HOOKS, LiveElement
from .lifecycle import Lifecycle
from .nevowresource import ofDocument
from .pagehead import headOf
from .reports import Reports
from .requirements import Requirements
from .reserved import OF_PAGE, Reserved, refuseCollisions
from .serialize import Serializer
from .uploading import Uploading


@implementer(IPage)
class LivePage(Reports, Uploading, Appearance, Lifecycle, Addresses):
    """
    A page in one browser tab. Make a new one for each request: it renders its document once.

    :cvar docFactory: the document, with the renderer ``liveglue`` in its head.
    :cvar jsClass: the JavaScript class of the page itself.
    :cvar cssModule: the name of its style sheet, if it has one.
    :cvar headers: the headers of the document.
    :ivar session: its session with the browser, from when it is rendered.
    :ivar liveFragmentChildren: the elements directly on it.
    :ivar values: converts elements and other objects that are sent.
    :ivar jsModules: the package of this page's own JavaScript modules: ``jsModules.mapping["Name"] = path``.
    :ivar cssModules: the same for style sheets.
    """

    jsClass = "Nevow.Athena.PageWidget"
    cssModule: str | None = None
    headers: ClassVar[dict[str, str]] = HEADERS
    session = Reserved(Session)
    values = Reserved(Serializer)

    def __init__(
        self,
        iface: Any = None,
        rootObject: Any = None,
        jsModules: Any = None,
        jsModuleRoot: Any = None,
        transportRoot: Any = None,
        cssModules: Any = None,
        cssModuleRoot: Any = None,
        original: Any = None,
        docFactory: Any = None,
        *,
        factory: LivePageFactory | None = None,
    ) -> None:
        """
        :param iface: an interface, or names: those methods of ``rootObject`` that the browser may call with
            ``server.callRemote``, besides what the page itself exposes. A factory in this place is ``factory``.
        :param factory: the state that it shares with other pages; by default, that of the site of its request. See
            :func:`factoryOf`.
        :param jsModules: a package, or a mapping, of modules that are not found otherwise; so is ``cssModules``.
        :param jsModuleRoot: the address of ``factory.resource``, to load scripts from there and not from below this
            page; so are ``cssModuleRoot`` for style sheets and ``transportRoot`` for sockets.
        """
        super().__init__(original, docFactory)
        if isinstance(iface, LivePageFactory):
            iface, factory = None, iface
        if isinstance(iface, str):
            # Any part of the text would be "in" it, and so a name that the browser may call.
            raise TypeError(f"iface is an interface or a list of names, not the text {iface!r}")
        self.iface, self.rootObject = iface, rootObject
        self._athenaFactory = factory
        self._athenaRequirements = Requirements(jsModules, cssModules, (jsModuleRoot, cssModuleRoot, transportRoot))
        self.jsModules, self.cssModules = self._athenaRequirements.scripts, self._athenaRequirements.styles
        self.liveFragmentChildren: list[LiveElement] = []
        self.values = Serializer(self)
        self._athenaObjects = ObjectTable(self)
        self._athenaDisconnectCallbacks = []
        self._athenaRendered = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        mustAnswerAtOnce(cls, "locateMethod", "locateObject", "addElement", "elementDetached")
        mustNotYield(cls, *HOOKS, "authorize")
        refuseCollisions(cls, OF_PAGE)

    @property
    def factory(self) -> LivePageFactory:
        """
        The state that this page shares with the others of its site.

        :raise RuntimeError: if no factory was given and the page has not been requested yet.
        """
        return self._athenaShared

    @property
    def _athenaShared(self) -> LivePageFactory:
        # A subclass may have an attribute "factory" of its own.
        if self._athenaFactory is None:
            raise RuntimeError("the page has no factory before it is requested; give it one: LivePage(factory=...)")
        return self._athenaFactory

    @property
    def page(self) -> LivePage:
        """A page is on itself."""
        return self

    # Rendering

    def getChild(self, path: bytes, request: Any) -> Any:
        # Whatever locateChild has been overridden to do.
        if path == PREFIX.encode("ascii"):
            return self._factoryFor(request).resource
        child = super().getChild(path, request)
        if child is not self:
            self._factoryFor(request).packages.bring(self)
        return child

    def locateChild(self, ctx: Context, segments: Sequence[str]) -> tuple[Any, Sequence[str]]:
        if segments[0] == PREFIX:
            return self._factoryFor(ctx.request).resource, segments[1:]
        return super().locateChild(ctx, segments)

    @property
    def _log(self) -> Logger:
        # The session's log has bounds of its own.
        return self.session.log if "session" in self.__dict__ else self._athenaShared.log

    def _factoryFor(self, request: Any) -> LivePageFactory:
        if self._athenaFactory is None:
            self._athenaFactory = factoryOf(request.site)
        return self._athenaFactory

    @ofDocument
    def renderHTTP(self, ctx: Context) -> Any:
        """
        Render the document, once.

        :raise RuntimeError: the second time.
        """
        if self._athenaRendered:
            raise RuntimeError("Cannot render a LivePage more than once")
        self._athenaRendered = True
        factory = self._factoryFor(request := IRequest(ctx))
        if factory.gate.isMisdirected(request):
            return NOT_DONE_YET
        self.debug, self.values.isXHTML = factory.debug, isXHTML(request)
        factory.packages.addBeside(type(self))
        self.session = factory.sessions.add(self, peerOf(request, factory.behindProxy))
        return super().renderHTTP(ctx)

    def render_liveglue(self, ctx: Context, data: Any) -> Any:
        """Puts the scripts, style sheets and settings of the page into its tag, the document's head."""
        assert ctx.tag is not None
        return ctx.tag[Tag("", render=GLUE)]

    def renderDocument(self, ctx: Context) -> Deferred[bytes]:
        chunks, placeholder = list[bytes](), newPlaceholder()
        flat = flatten(ctx.request, Document(self, ctx.tag, placeholder), chunks.append)
        return flat.addCallback(lambda _: self._withHead(ctx.request, b"".join(chunks), placeholder))

    def _withHead(self, request: Any, html: bytes, placeholder: str) -> bytes:
        around = aroundPlaceholder(written(request, html), placeholder)
        if around is None:
            raise RuntimeError(f"the document of {type(self).__name__} has no node with the renderer 'liveglue'")
        return b"".join([typeOf(self, DOCTYPE), around[0], *self._head(request), around[1]])

    def _head(self, request: Any) -> list[bytes]:
        return headOf(self, self._athenaShared, self._athenaRequirements, self._athenaObjects, request)

    def renderingFailed(self, failure: Failure) -> bool | None:
        self.session.close("the page could not be rendered")
        return None

    def requiredModules(self, elements: Iterable[LiveElement]) -> tuple[list[list[str]], list[str]]:
        """See :meth:`Requirements.forLater`."""
        return self._athenaRequirements.forLater(self._athenaShared, elements)

    # Objects

    def addElement(self, element: LiveElement) -> int:
        """
        Register an element that is rendered or sent. The element calls it.

        :return: the number of ``element`` in messages.
        """
        self._athenaShared.packages.addBeside(type(element))
        number = element._athenaID = self._athenaObjects.add(element)
        if self._athenaConnected and self._athenaReason is None:
            safely(self._log, element.connectionMade)
        return number

    def elementDetached(self, element: LiveElement) -> None:
        """Forget an element, and call its hooks."""
        number = element.__dict__.pop("_athenaID", None)
        if number is not None:
            self._athenaObjects.remove(number)
            if self._athenaConnected:
                safely(self._log, element.connectionLost, ConnectionLost("Detached"))
        safely(self._log, element.detached)

    def addLocalObject(self, obj: Any) -> int:
        """Let the browser call the exposed methods of ``obj`` by the number that is returned."""
        return self._athenaObjects.add(obj)

    def removeLocalObject(self, objectID: int) -> None:
        """
        Forget an object that was added by :meth:`addLocalObject`.

        :raise KeyError: if there is no such object.
        """
        self._athenaObjects.remove(objectID)

    def locateObject(self, objectID: int) -> Any:
        return self._athenaObjects[objectID]

    def locateMethod(self, ctx: Any, methodName: str) -> Callable[..., Any]:
        """Like :meth:`LiveElement.locateMethod`, for calls to the page itself, and to its ``rootObject``."""
        if self.iface is not None and methodName in self.iface:
            return getattr(self.rootObject, methodName)  # type: ignore[no-any-return]
        method: Callable[..., Any] = expose.get(self, methodName)
        return method

    def callRemote(self, functionName: str, *args: Any, **kwargs: Any) -> CallResult:
        """Call a global JavaScript function by its dotted name. See :meth:`LiveElement.callRemote`."""
        return self.session.callRemote(0, functionName, args, kwargs)

    # Called by the session

    def authorize(self, handshake: Handshake) -> bool | Deferred[bool] | Coroutine[Any, Any, bool]:
        """
        Override it to decide whether a socket with this page's token may be used: compare, for example, the session
        cookie with the one of the request that the page was rendered for. It may be ``async def``. Called once for
        each socket, at every reconnection; until it has returned, no message of the socket is handled.

        :return: a bool, or a Deferred or a coroutine of one. Only ``True`` itself accepts the socket, and no other
            value that is true. With any other result, or an exception, the page is lost. If there is no result within
            ``Limits.authorizeTimeout`` seconds, or the socket is closed, or a newer one comes, the Deferred is
            cancelled: so make one for each socket. The page is not lost then, and the browser tries again.
        """
        return True

    @property
    def locateExposed(self) -> Callable[[int, str], Callable[..., Any]]:
        return self._athenaObjects.locateMethod

    def convertValue(self, value: Any) -> tuple[Any, Any]:
        return self.values.convert(value)

    def fileOfModule(self, moduleName: str) -> str | None:
        return self._athenaShared.packages.scripts.mapping.get(moduleName)
