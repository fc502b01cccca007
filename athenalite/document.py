# -*- test-case-name: tests.test_document -*-
"""
A page's HTML document, with a place for what only the rendering of the whole tells; and its headers.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from twisted.internet.defer import succeed
from twisted.web.iweb import IRenderable, IRequest
from twisted.web.template import Element, Tag, renderer, tags
from zope.interface import implementer

from .context import contextRenderer
from .flat import flattened
from .loaders import Loader, stan
from .stan import rendered

#: The renderer that marks the place of the glue, whatever a page's own ``render_liveglue`` does with it.
GLUE: Final = "athena:glue"

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


class Document(Element):
    """
    The page's document, and where in its HTML the glue belongs: that is known only when all elements have been
    rendered.

    :ivar position: how many chunks come before the glue; None if there is no place for it.
    """

    def __init__(self, page: Any, chunks: list[bytes], frame: Tag | None = None) -> None:
        """
        :param page: has the document (``docFactory``) and renderers for it.
        :param chunks: where its HTML is written to.
        :param frame: what fills slots for the whole document.
        """
        super().__init__()
        self._page = page
        self._chunks = chunks
        self._frame = frame
        self.position: int | None = None

    def render(self, request: Any) -> Any:
        factory = self._page.docFactory
        document = factory.flat() if isinstance(factory, Loader) else factory.load()
        return document if self._frame is None else self._frame(document)

    def lookupRenderMethod(self, name: Any) -> Any:
        if name == GLUE:
            return self.liveglue
        own = None if callable(name) else renderer.get(self._page, name, None)
        if own is not None:
            return lambda request, tag: rendered(own(request, tag))
        own = contextRenderer(self._page, name, getattr(self._page, "original", None))
        return own if own is not None else super().lookupRenderMethod(name)

    @renderer
    def liveglue(self, request: Any, tag: Tag) -> Any:
        # flatten empties its buffer before it waits for a Deferred, even one that has fired: what has been written
        # then is all that comes before the glue.
        return tag(succeed(""), _Mark(self))

    def mark(self) -> None:
        self.position = len(self._chunks)


@implementer(IRenderable)
class _Mark:
    """Notes the position when it is flattened."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def lookupRenderMethod(self, name: str) -> Any:
        raise NotImplementedError

    def render(self, request: IRequest | None) -> Any:
        self._document.mark()
        return [succeed("")]


class Frame(NamedTuple):
    """The markup of a document that shows one element, without that element and the glue."""

    beforeGlue: bytes
    beforeElement: bytes
    end: bytes


def frameOf(title: str) -> Frame:
    """
    :return: what :func:`documentOf` makes, for pages that differ only in what they show.
    """
    here = "\ufdd0"
    document = documentOf(here, title).load()[0]
    head = document.children[0]
    # No title has this: it is no character.
    head.children[-1] = here
    return Frame(*flattened(document).split(here.encode("utf-8")))


def documentOf(content: Any, title: str, head: Any = ()) -> Loader:
    """
    :param head: what else is to be in its head.
    :return: a whole document around ``content``.
    """
    return stan(
        tags.html(
            tags.head(
                tags.meta(charset="utf-8"),
                tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
                tags.title(title),
                # Without one, browsers ask for /favicon.ico.
                tags.link(rel="icon", href="data:,"),
                head,
                tags.transparent(render="liveglue"),
            ),
            tags.body(content),
            lang="en",
        )
    )
