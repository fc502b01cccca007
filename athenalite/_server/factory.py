# -*- test-case-name: tests.server.test_factory -*-
"""
What the pages of one site have in common: :class:`LivePageFactory`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from .._assets.assets import Assets
from .._assets.document import Frame, frameOf
from .._assets.head import Head
from .._assets.packages import Packages
from .._core.fastpaths import EVERY_FAST_PATH, FastPath
from .._core.registry import SessionRegistry
from ..clock import useMonotonicTime
from ..interfaces import IClock
from ..limits import Limits
from .fastpath import sendToAllWith
from .origin import Origin
from .resource import AthenaResource
from .websocket import transportResource

#: The client takes a server that is silent for twice as long for dead (``docs/protocol.rst``).
MAX_PING_INTERVAL: Final = 20.0


class LivePageFactory:
    """
    What the pages of one site share. A process may have many.

    :ivar sessions: the conversations with all its pages.
    :ivar log: a ``Logger`` in front of the one that was given; it escapes what it is told to log, and hides secrets.
    :ivar packages: where JavaScript and style sheets are found.
    :ivar glue: makes the heads of pages.
    :ivar resource: the ``Resource`` to be put at ``_athena`` beside the pages.
    """

    def __init__(
        self,
        clock: IClock,
        limits: Limits | None = None,
        *,
        debug: bool = False,
        origins: Iterable[Origin] = (),
        behindProxy: bool = False,
        compress: bool = False,
        log: Logger | None = None,
        _fastPaths: FastPath = EVERY_FAST_PATH,
    ) -> None:
        """
        :param clock: the reactor. Its ``seconds()`` is made monotonic, see :func:`athenalite.clock.useMonotonicTime`.
        :param debug: whether the browser sees the text of every exception.
        :param origins: whose pages may open sockets, besides this site's own; see :mod:`athenalite._server.origin`.
        :param behindProxy: whether to believe ``X-Forwarded-Proto``, ``X-Forwarded-Host`` and the last entry of
            ``X-Forwarded-For``.
        :param compress: whether messages are compressed where the browser offers it (permessage-deflate, :rfc:`7692`).
            ``docs/security.rst`` says what that costs, and when sizes betray secrets.
        :param log: where to log; by default, the namespace ``athenalite``. The events are safe for a terminal and
            bounded, see ``docs/security.rst``, "Logging".
        :raise RuntimeError: if ``compress`` is wanted of an Autobahn that does not bound what a message inflates to.
        :raise ValueError: for a ``limits.pingInterval`` that browsers would take for the end of the line.
        """
        # _fastPaths is for benchmarks.without, which measures what each of them saves; no site needs it.
        useMonotonicTime(clock)
        self.limits = limits or Limits()
        if self.limits.pingInterval > MAX_PING_INTERVAL:
            raise ValueError(f"pingInterval must be at most {MAX_PING_INTERVAL:g} seconds: browsers count on it")
        self.debug = debug
        self.behindProxy = behindProxy
        self.sessions = SessionRegistry(
            clock,
            self.limits,
            Logger(namespace="athenalite") if log is None else log,
            debug,
            fastPaths=_fastPaths,
            sendToAll=sendToAllWith(_fastPaths),
        )
        self.log = self.sessions.log
        self.packages = Packages()
        self.assets = Assets(self.packages)
        self.glue = Head(self.assets)
        self._frames: dict[str, Frame] = {}
        transport = transportResource(self.sessions, tuple(origins), behindProxy, compress, _fastPaths)
        self.resource = AthenaResource(self.assets, transport)

    def frameTitled(self, title: str) -> Frame:
        """
        :return: the markup of a document for any element, made once.
        """
        if title not in self._frames:
            self._frames[title] = frameOf(title)
        return self._frames[title]

    def close(self, reason: str) -> Deferred[None]:
        """
        End all pages, at shutdown for instance: let running calls finish for up to ``limits.shutdownTimeout`` seconds,
        and tell the browsers. ``athena-widget`` does this by itself; a site of your own asks for it with
        ``reactor.addSystemEventTrigger("before", "shutdown", factory.close, "the server is shutting down")``.

        :param reason: what the people at the pages read.
        :return: fires when it is done.
        """
        return self.sessions.close(reason)


def factoryOf(site: Any) -> LivePageFactory:
    """
    :param site: a ``Site``. To have other limits than the default, say
        ``site.livePageFactory = LivePageFactory(reactor, ...)`` before its first page is asked for.
    :return: the one factory of its pages, made at first with the site's own reactor.
    """
    if "livePageFactory" not in site.__dict__:
        site.livePageFactory = LivePageFactory(site.reactor)
    factory: LivePageFactory = site.livePageFactory
    return factory
