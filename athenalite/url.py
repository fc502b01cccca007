# -*- test-case-name: tests.test_url -*-
"""
``nevow.url``: immutable URLs, and those relative to the request for a page.

.. code-block:: python

    T.a(href=url.here.child("details").add("id", "7"))["Details"]

    def renderHTTP(self, ctx):
        return url.root.child("login")

A :class:`URL`, ``here`` and ``root`` may be attributes or text in a document; returned by ``renderHTTP`` they redirect
the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from twisted.python.url import URL as TwistedURL
from twisted.web.iweb import IRenderable, IRequest
from twisted.web.resource import IResource
from twisted.web.util import Redirect
from zope.interface import implementer

__all__ = ["URL", "URLOverlay", "here", "root"]


class _Address:
    """A value that renders as a URL, and is adapted to a resource that redirects there."""

    def addressFor(self, request: Any) -> URL:
        """
        :param request: the request for the page that contains it.
        """
        raise NotImplementedError

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
        self.url = str(self._address.addressFor(request)).encode("ascii")
        answer: bytes = super().render(request)
        return answer


@implementer(IRenderable)
class URL(_Address):
    """A URL. It is immutable: each method returns another."""

    def __init__(self, url: Any) -> None:
        """
        :param url: a ``DecodedURL`` of hyperlink.
        """
        self._url = url

    @classmethod
    def fromString(cls, text: str) -> URL:
        """
        :raise ValueError: if it is not a URL.
        """
        return cls(TwistedURL.fromText(text).get_decoded_url())

    @classmethod
    def fromRequest(cls, request: Any) -> URL:
        """
        :return: the path and the query of the request, without scheme and host, which a proxy may have changed.
        """
        return cls.fromString(request.uri.decode("ascii", "replace"))

    @classmethod
    def fromContext(cls, ctx: Any) -> URL:
        """See :meth:`fromRequest`."""
        return cls.fromRequest(IRequest(ctx))

    def addressFor(self, request: Any) -> URL:
        return self

    # The path. A new path has no query and no fragment

    def child(self, *segments: str) -> URL:
        """Append segments: of ``/a`` and of ``/a/`` it is ``/a/name``."""
        return URL(self._bare().child(*segments))

    def sibling(self, segment: str) -> URL:
        """Replace the last segment: of ``/a`` it is ``/name``, of ``/a/`` it is ``/a/name``."""
        return URL(self._bare().sibling(segment))

    def curdir(self) -> URL:
        """Remove the last segment: of ``/a/b`` and of ``/a/`` it is ``/a/``."""
        return self.sibling("")

    def parentdir(self) -> URL:
        """Remove the last two segments: of ``/a/b`` and of ``/a/`` it is ``/``."""
        return URL(self._bare().replace(path=(*self._url.path[:-2], "")))

    def click(self, href: str) -> URL:
        """Resolve a link of a page at this URL."""
        return URL(self._url.click(href))

    # The query

    def add(self, name: str, value: str | None = None) -> URL:
        """Add a query parameter."""
        return URL(self._url.add(name, value))

    def replace(self, name: str, value: str | None = None) -> URL:
        """Set a query parameter, and remove others of its name."""
        return URL(self._url.set(name, value))

    def remove(self, name: str) -> URL:
        """Remove the query parameters of this name."""
        return URL(self._url.remove(name))

    def clear(self, name: str | None = None) -> URL:
        """Remove all query parameters, or those of this name."""
        return URL(self._url.replace(query=())) if name is None else self.remove(name)

    def anchor(self, name: str = "") -> URL:
        """Set the fragment."""
        return URL(self._url.replace(fragment=name))

    def _bare(self) -> Any:
        return self._url.replace(query=(), fragment="")

    def __str__(self) -> str:
        return str(self._url.to_uri().to_text())

    def __repr__(self) -> str:
        return f"URL.fromString({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, URL) and self._url == other._url

    def __hash__(self) -> int:
        return hash(self._url)


#: The methods of a URL that return another.
_STEPS: Final = ("child", "sibling", "curdir", "parentdir", "click", "add", "replace", "remove", "clear", "anchor")


@implementer(IRenderable)
class URLOverlay(_Address):
    """A URL that depends on the request. It has the methods of a :class:`URL`."""

    def __init__(self, addressFor: Callable[[Any], URL]) -> None:
        """
        :param addressFor: called with the request.
        """
        self._addressFor = addressFor

    def addressFor(self, request: Any) -> URL:
        return self._addressFor(request)

    def __getattr__(self, name: str) -> Callable[..., URLOverlay]:
        if name not in _STEPS:
            raise AttributeError(name)
        return lambda *args: URLOverlay(lambda request: getattr(self.addressFor(request), name)(*args))


#: The URL of the request.
here: Final = URLOverlay(URL.fromRequest)
#: The root of the site.
root: Final = URLOverlay(lambda request: URL.fromString("/"))
