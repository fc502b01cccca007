# -*- test-case-name: tests.test_appserver -*-
"""
``nevow.appserver``: a site under Nevow's name.
"""

from __future__ import annotations

from typing import Any

from twisted.web.server import Site

from .rend import asResource

__all__ = ["NevowSite"]


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

    def stopFactory(self) -> None:
        super().stopFactory()
        factory = self.__dict__.get("livePageFactory")
        if factory is not None:
            factory.sessions.close("the server is shutting down")
