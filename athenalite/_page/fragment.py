# -*- test-case-name: tests.page.test_fragment -*-
"""
``Fragment`` and ``LiveFragment``: elements with renderers in Nevow's older style, ``render_name(self, ctx, data)``.
"""

from __future__ import annotations

from typing import Any

from twisted.web.iweb import IRequest
from twisted.web.template import renderer

from .._templates.rewriting import ID_SLOT
from ..context import RendererFactory, contextRenderer
from ..page import Element
from ..stan import Tag
from .element import LiveElement


class Fragment(RendererFactory, Element):
    """
    An element whose renderers are methods ``render_name(self, ctx, data)``; ``data`` is ``original``. There are no
    ``data_name`` methods: a renderer gets its data itself.
    """

    original: Any = None

    def __init__(self, original: Any = None, docFactory: Any = None) -> None:
        super().__init__(docFactory)
        self.original = original

    def lookupRenderMethod(self, name: Any) -> Any:
        method = None if name == ID_SLOT else contextRenderer(self, name, self.original)
        if method is None:
            return super().lookupRenderMethod(name)
        return lambda request, tag: self._take(name, request, method(request, tag))

    def _rendererNamed(self, name: str) -> Any:
        return self._exposedRenderer(name)


class LiveFragment(Fragment, LiveElement):
    """
    A :class:`Fragment` with a widget. Its root node has the renderer ``liveFragment`` or ``liveElement``.
    """

    @renderer
    def liveFragment(self, request: IRequest | None, tag: Tag) -> Any:
        """The same as ``liveElement``."""
        return self.liveElement(request, tag)
