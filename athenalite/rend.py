# -*- test-case-name: tests.test_rend -*-
"""
``nevow.rend``: pages as resources of a ``twisted.web`` site, and fragments of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from twisted.web.resource import IResource

from ._page.fragment import Fragment
from ._page.nevowresource import FourOhFour, NotFound, asResource
from ._page.resource import Page
from ._porting.missing import absent

__all__ = ["ChildLookupMixin", "FourOhFour", "Fragment", "NotFound", "Page", "asResource"]


class ChildLookupMixin:
    """
    Finds children for an object that has only Nevow's methods of a resource, ``locateChild`` and ``renderHTTP``. A
    :class:`Page` finds its own.
    """

    children: dict[str, Any] | None = None

    def locateChild(self, ctx: Any, segments: Sequence[str]) -> tuple[Any, Sequence[str]]:
        """
        :return: see :meth:`Page.locateChild`: from :attr:`children`, ``child_name`` or :meth:`childFactory`.
        """
        found = (self.children or {}).get(segments[0])
        if found is None:
            found = getattr(self, f"child_{segments[0]}", None)
            if found is not None and IResource(found, None) is None:
                found = found(ctx)
        if found is None:
            found = self.childFactory(ctx, segments[0])
        return NotFound if found is None else (found, segments[1:])

    def childFactory(self, ctx: Any, name: str) -> Any:
        """
        Override it to make children of any name.

        :return: a resource, or None.
        """

    def putChild(self, name: str, child: Any) -> None:
        """Add a child of this name."""
        self.children = {**(self.children or {}), name: child}


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
