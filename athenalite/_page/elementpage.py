# -*- test-case-name: tests.page.test_elementpage -*-
"""
A page that shows one element: :class:`ElementRenderingLivePage`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .._assets.assets import Roots
from .._assets.document import DOCTYPE, Frame, documentOf
from .._core.states import MOVED
from .._server.factory import LivePageFactory
from .._templates.flattening import flattenElement
from ..context import Context
from .answers import written
from .appearance import noscriptOf, titleOf
from .element import LiveElement
from .livepage import LivePage


class ElementRenderingLivePage(LivePage):
    """
    A page that shows one element, with the element's :class:`Appearance` where a subclass does not set its own.
    """

    def __init__(self, element: LiveElement, factory: LivePageFactory | None = None) -> None:
        super().__init__(factory=factory)
        self.element = element
        self.takeAppearance(element)
        element.setFragmentParent(self)

    def goOn(self, following: int, roots: Roots, isXHTML: bool, address: Sequence[Any] = ()) -> None:
        """
        Be a page that another worker has rendered, except for its elements.

        :param following: the number of the next object.
        :param roots: the addresses of scripts, style sheets and sockets.
        :param address: the one that the browser shows, see ``_athenaAddress``.
        """
        shared = self._athenaShared
        shared.packages.addBeside(type(self.element))
        self._athenaRendered = True
        self._athenaObjects.goOn(following)
        self._athenaRequirements.at = roots
        self.debug, self.values.isXHTML = shared.debug, isXHTML
        self.values.documentRendered()
        if address:
            self._athenaURL, self._athenaPath, self._athenaMoves = address

    def _athenaAddressChanged(self) -> Callable[[str], Any] | None:
        found = super()._athenaAddressChanged() or getattr(self.element, "addressChanged", None)
        return found if callable(found) else None

    def sessionLost(self, reason: Failure) -> None:
        if self.session.reason == MOVED and self._athenaConnected:
            # Instead of connectionLost.
            self._athenaObjects.callHook(self._log, "moved")
            self._athenaConnected = False
        super().sessionLost(reason)

    def renderDocument(self, ctx: Context) -> Deferred[bytes]:
        # All pages have the same markup, but for the element and the head.
        title = titleOf(type(self.element)) if self.pageTitle is None else self.pageTitle
        look = title, self.pageLang, noscriptOf(self)
        if self.docFactory is not None or type(self).render_liveglue is not LivePage.render_liveglue:
            self.docFactory = self.docFactory or documentOf(self.element, title, (), *look[1:])
            return super().renderDocument(ctx)
        frame = self._athenaShared.frameTitled(*look)
        chunks: list[bytes] = []
        flat = flattenElement(ctx.request, self.element, chunks.append)
        return flat.addCallback(lambda _: self._framed(ctx.request, frame, chunks))

    def _framed(self, request: Any, frame: Frame, chunks: list[bytes]) -> bytes:
        element = written(request, b"".join(chunks))
        return b"".join([DOCTYPE, frame.beforeGlue, *self._head(request), frame.beforeElement, element, frame.end])
