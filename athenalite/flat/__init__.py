# -*- test-case-name: tests.test_flat -*-
"""
``nevow.flat``: the markup of tags, at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.web.iweb import IRenderable
from zope.interface import implementer

from .._porting.missing import absent
from .._templates.precompile import flattened
from .._text.markup import raw
from ..context import WebContext, contextRenderer
from ..loaders import typeOfDocument
from ..stan import Tag, adopt, flattenable
from ..url import URL, URLOverlay

__all__ = ["flatten"]


def flatten(stan: Any, ctx: WebContext | None = None) -> raw:
    """
    The markup of a part of a document, at once. Put into another document it is not escaped again.

    :param stan: tags, text, lists, loaders, elements, URLs, and whatever else a document may contain, except Deferreds
        that have not fired.
    :param ctx: a context; its request is that of renderers, and the slots of its tag are filled.
    :return: text, where Nevow returned bytes; of a URL its address.
    :raise ValueError: if something in it waits for a Deferred: use ``twisted.web.template.flattenString``.
    :raise twisted.web.error.FlattenerError: if it cannot be flattened.
    """
    if isinstance(stan, URLOverlay):
        stan = stan.addressIn(ctx)
    if isinstance(stan, URL):
        return raw(stan)
    request = None if ctx is None else ctx.request
    document = Tag("", children=[flattenable(stan)])
    kind = typeOfDocument(document.children)
    if ctx is not None and ctx.tag is not None:
        document.slotData = adopt(ctx.tag).slotData
    return raw(kind + flattened(_Whole(document), request).decode("utf-8"))


@implementer(IRenderable)
class _Whole:
    """The part of a document, with the functions in it as its renderers."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def render(self, request: Any) -> Any:
        return self._document

    def lookupRenderMethod(self, name: Any) -> Any:
        if not callable(name):
            raise LookupError(f"flatten has no renderer {name!r}: there is no element or page whose it could be")
        return contextRenderer(self, name)


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
