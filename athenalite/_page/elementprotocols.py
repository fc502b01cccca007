# -*- test-case-name: tests.page.test_element -*-
"""
What an element uses of its page, so that it need not import the page's class.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .._core.session import Session


class ElementSerializer(Protocol):
    """
    What an element uses of its page's :class:`athenalite._page.serialize.Serializer`. All its arguments are a
    :class:`athenalite._page.element.LiveElement`, which imports this module.
    """

    def plain(self, value: Any) -> Any:
        """See :meth:`athenalite._page.serialize.Serializer.plain`."""

    def elementRendered(self, element: Any) -> None:
        """See :meth:`athenalite._page.serialize.Serializer.elementRendered`."""

    def widgetRendered(self, element: Any, arguments: list[Any]) -> bool:
        """See :meth:`athenalite._page.serialize.Serializer.widgetRendered`."""


class ElementPage(Protocol):
    """What an element uses of its page."""

    @property
    def session(self) -> Session:
        """The session that sends the element's calls."""

    @property
    def values(self) -> ElementSerializer:
        """Converts the element's initial arguments."""

    def addElement(self, element: Any) -> int:
        """See :meth:`athenalite._page.livepage.LivePage.addElement`."""

    def elementDetached(self, element: Any) -> None:
        """See :meth:`athenalite._page.livepage.LivePage.elementDetached`."""

    def requiredModules(self, elements: Iterable[Any]) -> tuple[list[list[str]], list[str]]:
        """See :meth:`athenalite._page.livepage.LivePage.requiredModules`."""

    def needsRemote(self) -> None:
        """See :meth:`athenalite._page.requirements.ModuleURLs.needsRemote`."""
