# -*- test-case-name: tests.test_factory -*-
"""
What the pages of one site have in common: :class:`LivePageFactory`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twisted.logger import Logger

from .assets import Assets
from .interfaces import IClock
from .limits import Limits
from .origin import Origin
from .packages import Packages
from .resource import AthenaResource
from .sessions import Sessions
from .transport import transportResource


class LivePageFactory:
    """
    What the pages of one site share. A process may have many.

    :ivar sessions: the conversations with all its pages.
    :ivar packages: where JavaScript and style sheets are found.
    :ivar resource: the :class:`~twisted.web.resource.Resource` to be put at ``_athena`` beside the pages.
    """

    def __init__(
        self,
        clock: IClock,
        limits: Limits | None = None,
        *,
        debug: bool = False,
        origins: Iterable[Origin] = (),
        behindProxy: bool = False,
        log: Logger | None = None,
    ) -> None:
        """
        :param clock: the reactor.
        :param debug: whether the browser sees the text of every exception.
        :param origins: whose pages may open sockets, besides this site's own; see :mod:`athenalite.origin`.
        :param behindProxy: whether to believe ``X-Forwarded-Proto`` and ``X-Forwarded-Host``.
        """
        self.log = Logger() if log is None else log
        self.limits = limits or Limits()
        self.debug = debug
        self.sessions = Sessions(clock, self.limits, self.log, debug)
        self.packages = Packages()
        self.assets = Assets(self.packages)
        transport = transportResource(self.sessions, tuple(origins), behindProxy, self.log)
        self.resource = AthenaResource(self.assets, transport)


def factoryOf(site: Any) -> LivePageFactory:
    """
    :param site: a :class:`~twisted.web.server.Site`. To have other limits than the default, say
        ``site.livePageFactory = LivePageFactory(reactor, ...)`` before its first page is asked for.
    :return: the one factory of its pages, made at first with the site's own reactor.
    """
    if "livePageFactory" not in site.__dict__:
        site.livePageFactory = LivePageFactory(site.reactor)
    factory: LivePageFactory = site.livePageFactory
    return factory
