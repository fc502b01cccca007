# -*- test-case-name: tests.test_appserver -*-
"""
``nevow.appserver``: a site under Nevow's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.web.server import Site

from ._porting.missing import absent
from .rend import FourOhFour, NotFound, asResource

__all__ = ["FourOhFour", "NevowSite", "NotFound"]


class NevowSite(Site):
    """
    A ``twisted.web`` site under Nevow's name; pages work in any other site as well. When it stops listening, it closes
    its pages with the reason "the server is shutting down".
    """

    def __init__(self, resource: Any, *args: Any, **kwargs: Any) -> None:
        """
        :param resource: the root: a resource, or what can be adapted to one, see :func:`athenalite.rend.asResource`.
        """
        super().__init__(asResource(resource), *args, **kwargs)
        self.remembered: dict[Any, Any] = {}

    def remember(self, obj: Any, inter: Any) -> None:
        """
        Let ``inter(ctx)`` be ``obj`` in all renderers and pages of the site, as with
        :class:`athenalite.i18n.I18NConfig`.

        :param inter: an interface.
        """
        self.remembered[inter] = obj

    def stopFactory(self) -> None:
        super().stopFactory()
        factory = self.__dict__.get("livePageFactory")
        if factory is not None:
            factory.sessions.close("the server is shutting down")


if not TYPE_CHECKING:
    # A type checker would take any name for one of this module's.
    __getattr__ = absent(__name__)
