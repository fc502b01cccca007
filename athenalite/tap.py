# -*- test-case-name: tests.test_tap -*-
"""
The command ``twistd athena-widget``, which serves one element as a page. Only this module imports the reactor.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from twisted.application.service import Service
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from twisted.web.util import DeferredResource

from ._assets.assets import PREFIX
from ._assets.document import HEADERS
from ._awaiting.deferreds import branch
from ._awaiting.results import driven
from ._command.door import ADMIN, METRICS, VISITOR, Door
from ._command.keptports import KeptPorts
from ._command.listening import ADMIN_AT, METRICS_AT, Ports, adminSite, hostsOf, metricsSite, ownNames
from ._command.notify import Notifier
from ._command.options import NAME, PORT, CannotServe, Options
from ._command.parentservice import ParentService
from ._command.signals import StopSignals
from ._page.element import LiveElement
from ._page.elementpage import ElementRenderingLivePage
from ._page.legacyheaders import legacyHeaders
from ._page.moving import PageMover
from ._rooms.home import Rooms
from ._server.factory import LivePageFactory
from ._server.hosts import Hosts
from ._server.origin import Origin
from ._server.prefix import reportMissing
from ._server.refusals import OPTIONS
from ._server.site import AthenaSite
from .admin import Admin
from .metrics import Metrics
from .tracing import traceCalls

#: For how long a service manager waits for the rest of an orderly end, in seconds.
_CLOSING: Final = 5.0
#: With --reload: within which time lost pages load the next version, in seconds.
_RELOAD_WITHIN: Final = 0.1

#: The garbage collector's thresholds. By default it runs after every 700 new objects; a broadcast to thousands of pages
#: makes more, nearly all of which are freed when its batch ends. Full collections are about as frequent as before.
_COLLECTING: Final = (20_000, 3, 3)


class WidgetPluginRoot(Resource):
    """Serves ``/``, with a new page and element for each request, and beside it the pages' assets and transport."""

    def __init__(
        self, elementFactory: Callable[[], Any], factory: LivePageFactory, headers: dict[str, str] = HEADERS
    ) -> None:
        """
        :param elementFactory: returns a :class:`LiveElement`, or a Deferred or a coroutine of one.
        :param headers: those of the pages.
        """
        super().__init__()
        self._elementFactory = elementFactory
        self._factory = factory
        self._headers = headers
        self.putChild(PREFIX.encode("ascii"), factory.resource)

    def getChild(self, path: bytes, request: Any) -> IResource:
        if path or request.postpath:
            # There is one page, so this is no visitor's mistake.
            reportMissing(request, self._factory.behindProxy, self._factory.refusals)
            return notFound()
        if request.method != b"GET":
            # No browser connects the page of a HEAD request.
            return _NoPage(self._headers)
        element = driven(self._elementFactory())
        if isinstance(element, Deferred):
            return DeferredResource(branch(element).addCallback(self._pageOf))
        return self._pageOf(element)

    def _pageOf(self, element: Any) -> IResource:
        if not isinstance(element, LiveElement):
            raise TypeError(f"--element must return a LiveElement, but returned {element!r}")
        page = ElementRenderingLivePage(element, self._factory)
        if self._headers is not HEADERS:
            cast(Any, page).headers = self._headers
        return page


class _NoPage(Resource):
    isLeaf = True

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self._headers = headers

    def render(self, request: Any) -> bytes:
        for name, value in self._headers.items():
            request.setHeader(name, value)
        if request.method != b"HEAD":
            request.setResponseCode(405)
            request.setHeader("allow", "GET, HEAD")
        return b""


class AthenaService(Service):
    """
    A site that listens on some endpoints.
    """

    def __init__(
        self,
        reactor: Any,
        root: Resource,
        factory: LivePageFactory,
        descriptions: Sequence[str],
        hosts: Hosts | None = None,
        drain: float = 0.0,
        metrics: tuple[Metrics, Sequence[str]] | None = None,
        rooms: Rooms | None = None,
        door: tuple[int, float] | None = None,
        mover: PageMover | None = None,
        kept: KeptPorts | None = None,
        admin: tuple[Admin, Sequence[str]] | None = None,
    ) -> None:
        """
        :param descriptions: Twisted endpoint strings.
        :param hosts: those that are served; by default all.
        :param drain: for how long to go on at the end, in seconds, while ``_athena/health`` answers 503.
        :param metrics: those of the site, and the endpoint strings at which they are served.
        :param rooms: those of this worker.
        :param door: the descriptor of the socket to the parent, which passes connections, and after how many seconds
            without a sign of life it ends this worker.
        :param mover: lets pages go on in other workers at the end, and those of others here.
        :param kept: ports that are open already.
        :param admin: what operators see, and the endpoint strings at which they see it.
        :raise CannotServe: for an invalid one.
        """
        self._factory = factory
        self._site = AthenaSite(
            root, factory.limits, reactor, factory.log, hosts, factory.behindProxy, factory.refusals
        )
        self._site.displayTracebacks = factory.debug
        self._site.refreshesFaults = factory.reloadWithin is not None
        self._reactor = reactor
        self._drain = drain
        self._metrics = None if metrics is None else metrics[0]
        sites: list[tuple[str, str, AthenaSite]] = [("open", description, self._site) for description in descriptions]
        passed: dict[bytes, AthenaSite] = {VISITOR: self._site}
        if metrics is not None:
            passed[METRICS] = metricsSite(metrics[0].resource, factory.limits, reactor)
            sites += [(METRICS_AT, description, passed[METRICS]) for description in metrics[1]]
        self._admin = None if admin is None else admin[0]
        if admin is not None:
            passed[ADMIN] = adminSite(admin[0].resource, ownNames(), factory.limits, reactor)
            sites += [(ADMIN_AT, description, passed[ADMIN]) for description in admin[1]]
        self._log = Logger(namespace=NAME)
        self._ports = Ports(reactor if kept is None else kept.adopting(reactor), self._log, sites)
        self._signals = StopSignals(reactor, self._log)
        self._notifier = Notifier(reactor)
        self._rooms = Rooms() if rooms is None else rooms
        self._mover = mover
        self._door = None if door is None else Door(reactor, door[0], passed, self._parentEnded, door[1])
        if self._door is not None and self._admin is not None:
            self._admin.drained = self._door.drain

    def startService(self) -> None:
        """
        :raise CannotServe: for an address that cannot be listened on.
        """
        super().startService()
        self._signals.install()
        if self._reactor is sys.modules.get("twisted.internet.reactor"):
            # Rooms that are made while the process runs are those of this worker, too.
            self._rooms.enter()
        self._rooms.start(self._reactor)
        self._ports.open()
        if self._metrics is not None:
            self._metrics.start()
        joined = Deferred.fromCoroutine(self._rooms.joined())
        if not joined.called:
            self._ports.hold()
        joined.addCallback(lambda _: self._serve())

    def _serve(self) -> None:
        if not self.running:
            return
        self._ports.accept()
        self._notifier.ready("serving " + ", ".join(self._ports.opened))
        if self._door is not None:
            self._door.open()

    def _parentEnded(self) -> None:
        self._log.error("athena-widget: the parent has ended; this worker stops")
        self._reactor.stop()

    async def _stop(self) -> None:
        if self._admin is not None:
            self._admin.stopping()
        self._factory.drain()
        self._notifier.stopping(self._drain + self._factory.limits.shutdownTimeout + _CLOSING)
        if self._drain:
            self._log.info("draining for {seconds} s", seconds=self._drain)
            await deferLater(self._reactor, self._drain)
        if self._door is not None:
            self._door.close()
        await self._ports.close()
        self._site.isStopping = True
        if self._mover is not None:
            await self._mover.leave(lambda: bool(self._site.answering))
            # A page that is rendered from now on would be lost.
            self._site.hasStopped = True
        await self._factory.close("the server is shutting down")
        if self._admin is not None:
            await self._admin.close()
        if self._metrics is not None:
            self._metrics.stop()
        await self._rooms.stop(hasMoved=self._mover is not None and self._mover.count > 0)
        self._notifier.stopped()

    def stopService(self) -> Deferred[Any]:
        """
        Stop accepting connections, let running calls finish, and close the pages.

        :return: fires when it is done, within ``limits.shutdownTimeout`` seconds after the time to drain.
        """
        super().stopService()
        self._signals.stopping()
        self._rooms.leave()
        return gatherResults([Deferred.fromCoroutine(self._stop())])


def makeService(options: Options) -> Service:
    """
    :param options: the parsed command line.
    :return: the service that ``twistd athena-widget`` runs.
    """
    from twisted.internet import reactor

    if options["workers"] > 1:
        return ParentService(reactor, options)
    gc.set_threshold(*_COLLECTING)
    factory = LivePageFactory(
        reactor,  # type: ignore[arg-type]
        options["limits"],
        debug=bool(options["debug"]),
        origins=options["origin"],
        behindProxy=bool(options["behind-proxy"]),
        logPages=bool(options["log-pages"]),
        name=options["name"],
        debugPanel=bool(options["debug"]),
        _remedies=OPTIONS,
        _reloadWithin=_RELOAD_WITHIN if options["reload"] else None,
    )
    if options["tracing"]:
        _trace(factory)
    # One of several workers is enough.
    if options["debug"] and options["name"] in (None, "w1"):
        Logger(namespace=NAME).warn(
            "--debug: everybody who can open a page sees tracebacks, source code, and all messages between browser and "
            "server. It is for development: leave it out elsewhere."
        )
    headers = HEADERS
    if options["legacy-content-policy"]:
        headers = legacyHeaders(bool(options["legacy-content-evals"]), options["legacy-content-host"])
        Logger(namespace=NAME).warn(
            "--legacy-content-policy: inline scripts and handlers run, and so do scripts that an attacker gets into a "
            "page. Move them to modules, and leave this option out."
        )
    root = WidgetPluginRoot(options["element"], factory, headers)
    # What has been imported lives as long as the process: no collection need look at it again.
    gc.collect()
    gc.freeze()
    options["rooms"].log = factory.log
    metrics, admin, hosts = _metrics(reactor, factory, options), _admin(reactor, factory, options), hostsOf(options)
    if options["name"] in (None, "w1") and options["door"] is not None:
        _adviseOnRooms(options)
    served = root, factory, options["listen"], hosts, options["drain"], metrics
    rooms: Rooms = options["rooms"]
    mover = PageMover(factory, rooms, options["element"]) if rooms.isShared else None
    door = None if options["door"] is None else (options["door"], options["hung-after"])
    return AthenaService(reactor, *served, rooms, door, mover, options["kept"], admin)


def _adviseOnRooms(options: Options) -> None:
    log, count = Logger(namespace=NAME), len(options["rooms"])
    if options["engine"] is None and count:
        log.warn("--workers without --engine: the application's {count} rooms are not shared by workers", count=count)
    elif not count:
        log.info("--workers: no Room was found, so the pages of different workers share nothing (docs/scaling.rst)")


def _metrics(reactor: Any, factory: LivePageFactory, options: Options) -> tuple[Metrics, Sequence[str]] | None:
    if not options["metrics"]:
        return None
    try:
        metrics = Metrics(reactor, factory, options["blocked-after"])
    except ModuleNotFoundError as error:
        raise CannotServe(f'--metrics needs {error.name}: pip install "athenalite[metrics]"') from None
    # A parent listens for its workers.
    return metrics, options["metrics"] if options["door"] is None else ()


def _trace(factory: LivePageFactory) -> None:
    try:
        traceCalls(factory)
    except ModuleNotFoundError:
        raise CannotServe('--tracing needs opentelemetry: pip install "athenalite[opentelemetry]"') from None


def _admin(reactor: Any, factory: LivePageFactory, options: Options) -> tuple[Admin, Sequence[str]] | None:
    if not options["admin"]:
        return None
    others = [f"w{number}" for number in range(1, options["siblings"] + 1) if f"w{number}" != options["name"]]
    admin = Admin(reactor, factory, options["checker"], others if options["siblings"] > 1 else ())
    return admin, options["admin"] if options["door"] is None else ()


__all__ = ["PORT", "AthenaService", "CannotServe", "Options", "Origin", "WidgetPluginRoot", "makeService"]
