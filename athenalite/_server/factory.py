# -*- test-case-name: tests.server.test_factory -*-
"""
The objects and settings that the pages of one site share: :class:`LivePageFactory`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from .._assets.assets import Assets
from .._assets.document import Frame, frameOf, reportOfBlocked
from .._assets.head import Head
from .._assets.packages import Packages
from .._core.fastpaths import EVERY_FAST_PATH, FastPath
from .._core.registry import SessionRegistry
from .._text.workernames import WORKER_NAME
from ..clock import useMonotonicTime
from ..interfaces import IClock
from ..limits import Limits
from .compression import CONTEXT
from .fastpath import sendToAllWith
from .forwarded import forwardingHeaders, schemeIsSecure
from .handshake import Gate
from .health import Health
from .hosts import hostsNamed
from .origin import Origin, checkedOrigins
from .pagelog import PageLog
from .refusals import IN_CODE, Refusals, Remedies
from .resource import AthenaResource
from .websocket import transportResource

#: In seconds. The client closes a connection that is silent for twice as long (``docs/protocol.rst``).
MAX_PING_INTERVAL: Final = 20.0
#: How many documents' markup is cached. The pages of one site have few different ones.
_MAX_FRAMES: Final = 100


class LivePageFactory:
    """
    Shared by the pages of one site. A process may have many.

    :ivar sessions: the sessions of its pages.
    :ivar name: of this worker, if there are several.
    :ivar log: a ``Logger`` in front of the given one, which escapes events, hides secrets and bounds each peer.
    :ivar blocked: reports what the policy of its pages blocks in their templates.
    :ivar packages: where JavaScript and style sheets are found.
    :ivar glue: makes the heads of pages.
    :ivar gate: decides about the hosts of requests, and about the handshakes of sockets.
    :ivar refusals: reports refused requests to the operator, each cause once an hour.
    :ivar reloadWithin: if it is not None, all lost pages reload by themselves, within so many seconds (``--reload``).
    :ivar resource: the ``Resource`` to put at ``_athena`` beside the pages.
    """

    def __init__(
        self,
        clock: IClock,
        limits: Limits | None = None,
        *,
        debug: bool = False,
        origins: Iterable[Origin] = (),
        behindProxy: bool = False,
        compress: bool | str = False,
        log: Logger | None = None,
        hosts: Iterable[str] | None = None,
        logPages: bool = False,
        name: str | None = None,
        debugPanel: bool = False,
        _fastPaths: FastPath = EVERY_FAST_PATH,
        _remedies: Remedies = IN_CODE,
        _reloadWithin: float | None = None,
    ) -> None:
        """
        :param clock: the reactor. Its ``seconds()`` is made monotonic, see :func:`athenalite.clock.useMonotonicTime`.
        :param debug: whether the browser shows errors, with tracebacks and source lines: see ``docs/errors.rst``.
        :param origins: further origins whose pages may open sockets; see :mod:`athenalite._server.origin`.
        :param behindProxy: whether to trust what proxies report about a request, in ``X-Forwarded-Proto``, ``-Host``,
            ``-Port`` and ``-For``, or in ``Forwarded`` (``docs/pages.rst``, "Behind a proxy").
        :param compress: whether messages are compressed where the browser offers it (permessage-deflate, :rfc:`7692`):
            each by itself, or, if ``"context"``, by what was sent on the same socket before. ``docs/security.rst`` has
            the cost, and when sizes reveal secrets.
        :param log: the destination; by default, a logger of the namespace ``athenalite``. The events are safe
            for a terminal and bounded, see ``docs/security.rst``, "Logging".
        :param hosts: the names of this server, by which alone its pages and sockets are served: protection from DNS
            rebinding (``docs/pages.rst``, "Hosts"). One that begins with a dot stands for all names below it. By
            default any name is served.
        :param logPages: whether each change of a page is logged: rendered, connected, disconnected, resumed, lost
            (``docs/deploying.rst``, "The log").
        :param name: of this worker, if there are several. It stands in the addresses of its pages' sockets and
            scripts, so that a proxy passes them to the worker that has the page (``docs/scaling.rst``, "Routing").
        :param debugPanel: whether each page has a panel for its author, with the messages between browser and
            server (``docs/developing.rst``, "The debug panel").
        :raise RuntimeError: if ``compress`` is true and Autobahn does not bound the size of an inflated message.
        :raise TypeError: for ``hosts`` or ``origins`` that are texts, and not lists of names, or of what
            ``parseOrigin`` returns.
        :raise ValueError: for what is no name of a host; for a ``limits.pingInterval`` at which browsers would close
            the connection, for another text as ``compress``, and for a name with other characters than letters, digits,
            ``_``, ``.`` and ``-``.
        """
        # _fastPaths is for harness.without, which measures what each of them saves, _remedies and _reloadWithin for
        # athena-widget; no site needs them.
        useMonotonicTime(clock)
        self.limits = limits or Limits()
        _check(self.limits, compress, name)
        self.debug = debug
        self.behindProxy = behindProxy
        self.name = name
        self.reloadWithin = _reloadWithin
        self.sessions = SessionRegistry(
            clock,
            self.limits,
            Logger(namespace="athenalite") if log is None else log,
            debug,
            fastPaths=_fastPaths,
            sendToAll=sendToAllWith(_fastPaths),
        )
        self.log = self.sessions.log
        if logPages:
            self.sessions.watch(PageLog(self.log, clock, behindProxy))
        # See athenalite._live.receiving.Site.
        self.bytesUploading = 0
        self.blocked = reportOfBlocked(self.log)
        self.packages = Packages()
        self.assets = Assets(self.packages, warn=lambda why: self.log.warn("{why}", why=why), debugPanel=debugPanel)
        self.glue = Head(self.assets)
        self.refusals = Refusals(self.log, clock, _remedies, debug)
        self._frames: dict[tuple[str, str, str], Frame] = {}
        self.gate = Gate(
            checkedOrigins(origins), behindProxy, self.refusals, None if hosts is None else hostsNamed(hosts)
        )
        transport = transportResource(self.sessions, self.gate, compress, _fastPaths)
        self._health = Health()
        self.resource = AthenaResource(self.assets, transport, self._health)

    def frameTitled(self, title: str, lang: str = "en", noscript: str = "") -> Frame:
        """
        :return: the markup of a document for any element, made once; see :func:`documentOf` for the parameters.
        """
        key = title, lang, noscript
        if key not in self._frames:
            # Titles may be made of data.
            if len(self._frames) >= _MAX_FRAMES:
                self._frames.clear()
            self._frames[key] = frameOf(*key)
        return self._frames[key]

    def isSecure(self, request: Any) -> bool:
        """
        :return: whether the browser has sent a request over TLS, to a proxy if ``behindProxy`` is set. Give cookies the
            attribute ``Secure`` then.
        """
        secure = bool(request.isSecure())
        return schemeIsSecure(forwardingHeaders(request), secure) is True if self.behindProxy else secure

    @property
    def isDraining(self) -> bool:
        """Whether ``_athena/health`` answers that new visitors are to go elsewhere."""
        return self._health.draining

    def drain(self, draining: bool = True) -> None:
        """
        Answer ``_athena/health`` with 503 from now on, so that load balancers send new visitors elsewhere. All else
        goes on: pages are still served, and connected ones stay. :meth:`close` does this, too.

        :param draining: False to answer 200 again.
        """
        self._health.draining = draining

    def close(self, reason: str) -> Deferred[None]:
        """
        Close all pages, for instance at shutdown: let running calls finish for up to ``limits.shutdownTimeout``
        seconds, then close the sockets with ``reason``. ``athena-widget`` does this; a site of your own does it with
        ``reactor.addSystemEventTrigger("before", "shutdown", factory.close, "the server is shutting down")``.

        :param reason: the text that the pages show.
        :return: fires when all pages are closed.
        """
        self.drain()
        return self.sessions.close(reason)


def _check(limits: Limits, compress: bool | str, name: str | None) -> None:
    if limits.pingInterval > MAX_PING_INTERVAL:
        raise ValueError(f"pingInterval must be at most {MAX_PING_INTERVAL:g} seconds: browsers rely on it")
    if isinstance(compress, str) and compress != CONTEXT:
        raise ValueError(f"compress must be True, False or {CONTEXT!r}, and not {compress!r}")
    if name is not None and not re.fullmatch(WORKER_NAME, name):
        raise ValueError(f"a worker's name has letters, digits, '_', '.' and '-', and not only dots, unlike {name!r}")


def factoryOf(site: Any) -> LivePageFactory:
    """
    :param site: a ``Site``. For other limits than the default, set
        ``site.livePageFactory = LivePageFactory(reactor, ...)`` before its first page is requested.
    :return: the one factory of its pages, made with the site's own reactor at the first call.
    """
    if "livePageFactory" not in site.__dict__:
        site.livePageFactory = LivePageFactory(site.reactor)
    factory: LivePageFactory = site.livePageFactory
    return factory
