# -*- test-case-name: tests.test_appserver -*-
"""
``nevow.appserver``: a site for pages.
"""

from __future__ import annotations

from typing import Any

from twisted.web.server import Site

from .rend import asResource

__all__ = ["NevowSite"]


class NevowSite(Site):
    """
    A ``twisted.web`` site, for applications that ask for Nevow's; pages live in any other as well. When it listens no
    more, its pages are told that the server is going.
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
