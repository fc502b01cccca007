# -*- test-case-name: tests.test_appserver -*-
"""
``nevow.appserver``: a site for pages.
"""

from __future__ import annotations

from twisted.web.server import Site

__all__ = ["NevowSite"]


class NevowSite(Site):
    """
    A ``twisted.web`` site, for applications that ask for Nevow's; pages live in any other as well. When it listens no
    more, its pages are told that the server is going.
    """

    def stopFactory(self) -> None:
        super().stopFactory()
        factory = self.__dict__.get("livePageFactory")
        if factory is not None:
            factory.sessions.close("the server is shutting down")
