# -*- test-case-name: tests.page.test_elementpage -*-
"""
A page that shows one element: :class:`ElementRenderingLivePage`.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.web.template import flatten

from .._assets.document import DOCTYPE, Frame, documentOf
from .._server.factory import LivePageFactory
from ..context import Context
from .answers import written
from .element import LiveElement
from .livepage import LivePage


class ElementRenderingLivePage(LivePage):
    """A page that shows one element, titled with the name of its class."""

    def __init__(self, element: LiveElement, factory: LivePageFactory | None = None) -> None:
        super().__init__(factory=factory)
        self.element = element
        element.setFragmentParent(self)

    def renderDocument(self, ctx: Context) -> Deferred[bytes]:
        # All pages have the same markup, but for the element and the head.
        title = type(self.element).__name__
        if self.docFactory is not None or type(self).render_liveglue is not LivePage.render_liveglue:
            self.docFactory = self.docFactory or documentOf(self.element, title)
            return super().renderDocument(ctx)
        frame = self._shared.frameTitled(title)
        chunks: list[bytes] = []
        flat = flatten(ctx.request, self.element, chunks.append)
        return flat.addCallback(lambda _: self._framed(ctx.request, frame, chunks))

    def _framed(self, request: Any, frame: Frame, chunks: list[bytes]) -> bytes:
        element = written(request, b"".join(chunks))
        return b"".join([DOCTYPE, frame.beforeGlue, *self._head(request), frame.beforeElement, element, frame.end])
