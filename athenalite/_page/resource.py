# -*- test-case-name: tests.page.test_resource -*-
"""
Pages as resources of a ``twisted.web`` site, which find their children by the names of methods: :class:`Page`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from twisted.web.server import NOT_DONE_YET
from twisted.web.template import flatten, flattenString
from zope.interface import implementer

from .._assets.assets import PREFIX
from .._assets.document import Document, typeOf
from .._awaiting.checks import mustAnswerAtOnce, mustNotYield
from .._awaiting.deferreds import branch
from .._awaiting.results import called, driven
from .._server.fault import reportFault
from .._templates.precompile import flattened
from ..context import Context, RendererFactory
from ..interfaces import IRenderer
from ..stan import Tag
from .answers import written
from .nevowresource import NevowResource, NotFound, ofDocument


@implementer(IRenderer)
class Page(RendererFactory, NevowResource):
    """
    A document. Its children are found, in this order, by ``putChild``; ``child_name``, a resource or a method that
    takes a :class:`Context` and returns one; and :meth:`childFactory`. They are adapted to resources, see
    :func:`athenalite.rend.asResource`.

    :cvar docFactory: the document, of :mod:`athenalite.loaders`. Its renderers are methods of this page, Twisted's
        (``renderer``) or Nevow's (``render_name(self, ctx, data)``).
    :cvar addSlash: whether requests without a slash at the end of the page's address are redirected to the address with
        it. That is the page's own address then, and :meth:`childFactory` is not called for it.
    :cvar headers: the headers of the document.
    :cvar debug: whether errors are shown in the browser, also if the site is not in debug mode.
    """

    docFactory: Any = None
    addSlash = False

    def __init__(self, original: Any = None, docFactory: Any = None) -> None:
        """
        :param original: given to renderers as ``data``.
        """
        super().__init__()
        self.original = original
        if docFactory is not None:
            self.docFactory = docFactory

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        mustAnswerAtOnce(cls, "render", "getChild", "getChildWithDefault", "putChild", "setHeaders", "renderingFailed")
        mustNotYield(cls, "beforeRender", "renderDocument", "renderHTTP", "childFactory", "locateChild")

    # Children

    def putChild(self, path: Any, child: Any) -> None:
        """
        :param path: the child's name, text or bytes.
        """
        super().putChild(path.encode("utf-8") if isinstance(path, str) else path, child)

    def locateChild(self, ctx: Context, segments: Sequence[str]) -> tuple[Any, Sequence[str]]:
        """
        Override it to find resources by other rules.

        :param segments: the rest of the path, without slashes.
        :return: a resource (or a Deferred or a coroutine of one), and the segments that are left for it; ``None, ()``
            if there is none. Or a Deferred or a coroutine of such a pair.
        """
        name, rest = segments[0], segments[1:]
        itself = not name and not rest
        makers = [lambda: self._childNamed(ctx, name)]
        if not (itself and self.addSlash):
            makers.append(lambda: self.childFactory(ctx, name))
        if itself:
            makers.append(lambda: self)
        if name == PREFIX:
            # For a LivePage that another resource renders at this very address; then there is a factory.
            makers.append(lambda: getattr(getattr(ctx.request.site, "livePageFactory", None), "resource", None))
        child = _firstOf(makers)
        return NotFound if child is None else (child, rest)

    def _childNamed(self, ctx: Context, name: str) -> Any:
        # Nevow's applications set self.children = {...} with names that are text, or have it in the class.
        child = self.children.get(name)
        if child is None:
            child = (getattr(type(self), "children", None) or {}).get(name)
        if child is None:
            child = getattr(self, f"child_{name}", None)
        if child is not None and callable(child) and not IResource.providedBy(child):
            return child(ctx)
        return child

    def childFactory(self, ctx: Context, name: str) -> Any:
        """
        Override it to make children of any name.

        :return: a resource, or None; or a Deferred or a coroutine of one.
        """

    # Rendering

    def render(self, request: Any) -> Any:
        if self.addSlash and not request.path.endswith(b"/"):
            # Relative, because a proxy may have changed the rest of the address.
            _, question, query = request.uri.partition(b"?")
            request.redirect(b"./" + request.path.rpartition(b"/")[2] + b"/" + question + query)
            return b""
        return super().render(request)

    @ofDocument
    def renderHTTP(self, ctx: Context) -> Any:
        """
        Respond to the request. Override it to set headers first, or to respond otherwise.

        :return: what a resource's ``render`` returns; or text, another resource to render here, a
            :class:`athenalite.url.URL` to redirect to, or a Deferred or a coroutine of one of these.
        """
        request: Any = IRequest(ctx)
        gone: list[Failure] = []
        request.notifyFinish().addErrback(gone.append)
        ctx.tag = Tag("")  # whose slots beforeRender fills
        if getattr(self.beforeRender, "__func__", None) is Page.beforeRender:
            rendered = called(self.renderDocument, ctx)
        else:
            rendered = called(self.beforeRender, ctx).addCallback(lambda _: called(self.renderDocument, ctx))
        rendered.addCallbacks(self._finish, self._failed, callbackArgs=(request, gone), errbackArgs=(request, gone))
        rendered.addErrback(lambda failure: self._logOf(request).failure("A page could not be answered", failure))
        # A unit test that has made the context waits for what Nevow returned.
        return NOT_DONE_YET if isinstance(ctx, Context) else rendered.addCallback(lambda _: NOT_DONE_YET)

    def beforeRender(self, ctx: Context) -> Any:
        """
        Override it: called before the page is rendered, which waits for the Deferred or coroutine that you may return.
        ``ctx.fillSlots`` fills slots of the whole document.
        """

    def renderDocument(self, ctx: Context) -> Deferred[bytes]:
        """
        Flatten the document.

        :return: fires with the HTML.
        """
        chunks: list[bytes] = []
        flat = flatten(ctx.request, Document(self, ctx.tag), chunks.append)
        return flat.addCallback(lambda _: typeOf(self) + written(ctx.request, b"".join(chunks)))

    def rend(self, ctx: Any, data: Any) -> Any:
        """The document, for a page that stands in another document."""
        return Document(self, Tag(""))

    def renderString(self, ctx: Any = None) -> Deferred[str]:
        """
        The document without a response, for unit tests. :meth:`beforeRender` is not called.

        :param ctx: a context; its request is that of renderers, otherwise None.
        :return: fires with the HTML.
        """
        html = flattenString(None if ctx is None else ctx.request, Document(self, Tag("")))
        return html.addCallback(lambda content: (typeOf(self) + content).decode("utf-8"))

    def renderSynchronously(self, ctx: Any = None) -> str:
        """The result of :meth:`renderString`, or ``ValueError`` if something in it waits for a Deferred."""
        html = flattened(Document(self, Tag("")), None if ctx is None else ctx.request)
        return (typeOf(self) + html).decode("utf-8")

    def renderingFailed(self, failure: Failure) -> bool | None:
        """
        Called when the document could not be rendered, before the error response is sent.

        :return: True if the failure has been reported otherwise, and is not to be logged.
        """
        return None

    def _finish(self, body: bytes, request: Any, gone: list[Failure]) -> None:
        if not gone:
            request.setHeader("content-length", str(len(body)))
            request.write(body)
            request.finish()

    def _failed(self, failure: Failure, request: Any, gone: list[Failure]) -> None:
        quiet = False
        try:
            quiet = bool(self.renderingFailed(failure))
        except Exception:
            # The request must be answered, whatever an application overrides.
            self._logOf(request).failure("renderingFailed failed")
        reference = reportFault(self._logOf(request), failure, quiet=quiet)
        if not gone:
            self._respondWithFault(request, failure, reference)


def _firstOf(makers: Sequence[Callable[[], Any]]) -> Any:
    """The first result that is not None, or a Deferred of it."""
    for index, make in enumerate(makers):
        found = driven(make())
        if isinstance(found, Deferred):
            return branch(found).addCallback(_orFirstOf, makers[index + 1 :])
        if found is not None:
            return found
    return None


def _orFirstOf(found: Any, makers: Sequence[Callable[[], Any]]) -> Any:
    return _firstOf(makers) if found is None else found
