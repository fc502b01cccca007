# -*- test-case-name: tests.test_url -*-
"""
``nevow.url``: immutable URLs, and those relative to the request for a page.

.. code-block:: python

    T.a(href=url.here.child("details").add("id", "7"))["Details"]

    def renderHTTP(self, ctx):
        return url.root.child("login")

A :class:`URL`, ``here`` and ``root`` may be attributes or text in a document; returned by ``renderHTTP`` they redirect
the browser. Those of a request are absolute. Behind a proxy, they have the scheme and the host that the browser has
used only if the site knows of it: ``LivePageFactory(behindProxy=True)``. And a client can send any ``Host``: for links
in mails, set ``hosts`` of the factory, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import unquote

from twisted.web.iweb import IRenderable, IRequest
from twisted.web.resource import IResource
from twisted.web.util import Redirect
from zope.interface import implementer

from ._porting.missing import absent
from ._server.forwarded import forwardingHeaders
from ._server.origin import ownOrigin
from ._text.urls import PlainURL, normURLPath, textOf, unquerify
from .context import Context

__all__ = ["URL", "URLOverlay", "gethere", "here", "normURLPath", "root", "unquerify", "viewhere"]


class _Address:
    """A value that renders as a URL, and is adapted to a resource that redirects there."""

    def addressFor(self, request: Any) -> URL:
        """
        :param request: the request for the page that contains it.
        """
        raise NotImplementedError

    def pathFor(self, request: Any) -> str:
        """
        :return: the address, without scheme and host if they are those of the request.
        """
        address = self.addressFor(request)
        own = _originOf(request)
        return str(address.cloneURL("", "", *address._rest()) if own == (address.scheme, address.netloc) else address)

    def lookupRenderMethod(self, name: str) -> Any:
        raise NotImplementedError

    def render(self, request: Any) -> str:
        return str(self.addressFor(request))

    def __conform__(self, interface: Any) -> Any:
        return _Redirection(self) if interface is IResource else None


class _Redirection(Redirect):
    def __init__(self, address: _Address) -> None:
        super().__init__(b"")
        self._address = address

    def render(self, request: Any) -> bytes:
        address = URL.fromRequest(request).click(str(self._address.addressFor(request)))
        self.url = str(address).encode("ascii")
        answer: bytes = super().render(request)
        return answer


@implementer(IRenderable)
class URL(PlainURL, _Address):
    """
    A URL. It is immutable: each method returns another.

    :ivar scheme: such as ``http``; empty, as is ``netloc``, in one that is only a path.
    :ivar netloc: the host, and the port if it is not the scheme's own.
    :ivar fragment: decoded.
    """

    @classmethod
    def fromRequest(cls, request: Any) -> Self:
        """
        :return: the absolute address of the resource that is requested, as far as it has been found yet: its path is
            that of ``request.prepath``. It has the request's query.
        """
        return cls._at(request, request.prepath)

    @classmethod
    def fromRequestAbsolute(cls, request: Any) -> Self:
        """
        :return: the absolute address that was requested.
        """
        return cls._at(request, [unquote(one) for one in textOf(request.uri).partition("?")[0].split("/")[1:]])

    @classmethod
    def fromContext(cls, ctx: Any) -> Self:
        """
        The absolute address of the page or resource whose method got the context, with the request's query.
        """
        prepath = ctx.prepath if isinstance(ctx, Context) else None
        request = _requestOf(ctx)
        return cls._at(request, request.prepath if prepath is None else prepath)

    @classmethod
    def _at(cls, request: Any, segments: Iterable[Any]) -> Self:
        query = textOf(request.uri).partition("?")[2]
        return cls(*_originOf(request), [textOf(one) for one in segments] or None, unquerify(query))

    def addressFor(self, request: Any) -> Self:
        return self


def _requestOf(ctx: Any) -> Any:
    request = ctx.request if isinstance(ctx, Context) else IRequest(ctx)
    if request is None:
        raise LookupError("an element that is sent is rendered without a request: give it the URL of its page")
    return request


def _originOf(request: Any) -> tuple[str, str]:
    """The scheme and the host of a request, as the browser sees them."""
    headers, secure = forwardingHeaders(request), bool(getattr(request, "isSecure", bool)())
    factory = getattr(getattr(request, "site", None), "livePageFactory", None)
    own = ownOrigin(secure, headers.get("host", ""))
    found = [own] if factory is None else factory.gate.ownOrigins(headers, secure)
    if not found or found[0] is None:
        # HTTP/1.0 has no Host.
        return "https" if secure else "http", textOf(request.getRequestHostname())
    scheme, host, port = found[0]
    return scheme, host if port == {"http": 80, "https": 443}[scheme] else f"{host}:{port}"


#: The methods of a URL that return another.
_STEPS: Final = frozenset(
    ("add", "anchor", "child", "clear", "click", "curdir", "parent", "parentdir", "remove", "replace", "secure")
    + ("sibling", "up")
)


@implementer(IRenderable)
class URLOverlay(_Address):
    """A URL that depends on the request. It has the methods of a :class:`URL` that return another."""

    def __init__(
        self,
        urlaccessor: Callable[[Any], URL],
        doc: str | None = None,
        dolater: Sequence[tuple[str, tuple[Any, ...], dict[str, Any]]] = (),
        keep: Sequence[str] = (),
    ) -> None:
        """
        :param urlaccessor: called with a context, for the URL.
        :param doc: the docstring.
        :param dolater: names of methods of that URL, with their arguments, to be called one after the other.
        :param keep: see :meth:`keep`.
        """
        if doc is not None:
            self.__doc__ = doc
        self.urlaccessor = urlaccessor
        self.dolater = tuple(dolater)
        self._keep = tuple(keep)

    def addressFor(self, request: Any) -> URL:
        return self.addressIn(Context(request))

    def addressIn(self, ctx: Any) -> URL:
        """
        :return: the URL in a context.
        """
        address = self.urlaccessor(ctx)
        for name, arguments, named in self.dolater:
            address = getattr(address, name)(*arguments, **named)
        arguments = _requestOf(ctx).args if self._keep else {}
        for name in self._keep:
            for value in arguments.get(name.encode("utf-8"), ()):
                address = address.add(name, value)
        return address

    def keep(self, *names: str) -> URLOverlay:
        """Add these parameters of the request."""
        return type(self)(self.urlaccessor, None, self.dolater, (*self._keep, *names))

    def __getattr__(self, name: str) -> Callable[..., URLOverlay]:
        if name not in _STEPS:
            raise AttributeError(name)
        return lambda *args, **named: type(self)(
            self.urlaccessor, None, (*self.dolater, (name, args, named)), self._keep
        )


def _rootOf(ctx: Any) -> URL:
    remembered = getattr(_requestOf(ctx), "getRootURL", lambda: None)()
    return URL.fromContext(ctx).click("/") if remembered is None else URL.fromString(textOf(remembered))


#: The URL of the page, without the query. (In Nevow, viewhere also had steps of objects in the context.)
here: Final = URLOverlay(lambda ctx: URL.fromContext(ctx).clear())
viewhere: Final = here
#: The URL of the page with the request's query.
gethere: Final = URLOverlay(URL.fromContext)
#: The root of the site, or the URL that ``request.rememberRootURL()`` has remembered.
root: Final = URLOverlay(_rootOf)


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
