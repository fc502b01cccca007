# -*- test-case-name: tests.test_tap -*-
"""
The command ``twistd athena-widget``, which serves one element as a page. Only this module imports the reactor.
"""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from twisted.application.service import Service
from twisted.internet.defer import Deferred, DeferredList, gatherResults
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from twisted.web.util import DeferredResource

from ._assets.assets import PREFIX
from ._assets.document import HEADERS
from ._awaiting.deferreds import branch
from ._awaiting.results import driven
from ._command.options import NAME, PORT, CannotServe, Options
from ._command.signals import StopSignals
from ._page.element import LiveElement
from ._page.elementpage import ElementRenderingLivePage
from ._page.legacyheaders import legacyHeaders
from ._rooms.home import Rooms
from ._server.factory import LivePageFactory
from ._server.hosts import Hosts
from ._server.origin import Origin
from ._server.prefix import reportMissing
from ._server.refusals import OPTIONS
from ._server.site import AthenaSite
from .limits import Limits
from .metrics import Metrics

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
    ) -> None:
        """
        :param descriptions: Twisted endpoint strings.
        :param hosts: those that are served; by default all.
        :param drain: for how long to go on at the end, in seconds, while ``_athena/health`` answers 503.
        :param metrics: those of the site, and the endpoint strings at which they are served.
        :param rooms: those of this worker.
        :raise CannotServe: for an invalid one.
        """
        self._factory = factory
        self._site = AthenaSite(
            root, factory.limits, reactor, factory.log, hosts, factory.behindProxy, factory.refusals
        )
        self._site.displayTracebacks = factory.debug
        self._reactor = reactor
        self._drain = drain
        self._metrics = None if metrics is None else metrics[0]
        sites: list[tuple[str, str, AthenaSite]] = [("open", description, self._site) for description in descriptions]
        if metrics is not None:
            own = metricsSite(metrics[0], factory.limits, reactor)
            sites += [("metrics at", description, own) for description in metrics[1]]
        self._endpoints = [(*one, _endpoint(reactor, one[1])) for one in sites]
        self._ports: list[IListeningPort] = []
        self._log = Logger(namespace=NAME)
        self._signals = StopSignals(reactor, self._log)
        self._rooms = Rooms() if rooms is None else rooms

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
        for what, description, site, endpoint in self._endpoints:
            listening = endpoint.listen(site)
            listening.addCallback(self._listening, what, description)
            listening.addErrback(_cannotListen, description)
            # All of Twisted's server endpoints fire their Deferred at once.
            failed: list[Failure] = []
            listening.addErrback(failed.append)
            if failed:
                raise CannotServe(failed[0].getErrorMessage())
        if self._metrics is not None:
            self._metrics.start()

    def _listening(self, port: IListeningPort, what: str, description: str) -> None:
        self._ports.append(port)
        address = _address(description, port.getHost())
        if what != "open" and address.endswith("/"):
            address += "metrics"
        self._log.info("athena-widget: {what} {address}", what=what, address=address)

    async def _stop(self) -> None:
        self._factory.drain()
        if self._drain:
            self._log.info("draining for {seconds} s", seconds=self._drain)
            await deferLater(self._reactor, self._drain)
        ports, self._ports = self._ports, []
        await DeferredList([Deferred.fromCoroutine(_stopListening(port)) for port in ports], consumeErrors=True)
        await self._factory.close("the server is shutting down")
        if self._metrics is not None:
            self._metrics.stop()
        await self._rooms.stop()

    def stopService(self) -> Deferred[Any]:
        """
        Stop accepting connections, let running calls finish, and close the pages.

        :return: fires when it is done, within ``limits.shutdownTimeout`` seconds after the time to drain.
        """
        super().stopService()
        self._signals.stopping()
        self._rooms.leave()
        return gatherResults([Deferred.fromCoroutine(self._stop())])


async def _stopListening(port: IListeningPort) -> None:
    stopped = port.stopListening()
    if stopped is not None:
        await stopped


def _endpoint(reactor: Any, description: str) -> Any:
    try:
        return serverFromString(reactor, description)
    except ImportError as error:
        raise CannotServe(f"--listen: {description!r} needs a package that is not installed: {error}") from None
    except Exception as error:
        raise CannotServe(
            f"--listen: {description!r} is not a valid endpoint: {error}; "
            "write it as tcp:8080:interface=127.0.0.1, and a colon in a value as \\:"
        ) from None


def _cannotListen(failure: Failure, description: str) -> None:
    # OverflowError is for a port that is not from 0 to 65535.
    failure.trap(CannotListenError, OSError, OverflowError)
    error = getattr(failure.value, "socketError", failure.value)
    advice = "choose another with --port or --listen"
    raise RuntimeError(f"cannot listen on {description}: {getattr(error, 'strerror', None) or error}; {advice}")


def _address(description: str, host: Any) -> str:
    if not hasattr(host, "port"):
        return description
    scheme = "https" if description.startswith(("ssl:", "tls:")) else "http"
    name = "localhost" if host.host in ("0.0.0.0", "::", "127.0.0.1") else host.host
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{host.port}/"


def makeService(options: Options) -> AthenaService:
    """
    :param options: the parsed command line.
    :return: the service that ``twistd athena-widget`` runs.
    """
    from twisted.internet import reactor

    gc.set_threshold(*_COLLECTING)
    factory = LivePageFactory(
        reactor,  # type: ignore[arg-type]
        options["limits"],
        debug=bool(options["debug"]),
        origins=options["origin"],
        behindProxy=bool(options["behind-proxy"]),
        _remedies=OPTIONS,
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
    metrics, hosts = _metrics(reactor, factory, options), _hosts(options)
    return AthenaService(reactor, root, factory, options["listen"], hosts, options["drain"], metrics, options["rooms"])


def _metrics(reactor: Any, factory: LivePageFactory, options: Options) -> tuple[Metrics, Sequence[str]] | None:
    if not options["metrics"]:
        return None
    try:
        return Metrics(reactor, factory, options["blocked-after"]), options["metrics"]
    except ModuleNotFoundError as error:
        raise CannotServe(f'--metrics needs {error.name}: pip install "athenalite[metrics]"') from None


def metricsSite(metrics: Metrics, limits: Limits, reactor: Any) -> AthenaSite:
    """
    :return: a site that has ``/metrics`` only.
    """
    root = Resource()
    root.putChild(b"metrics", metrics.resource)
    return AthenaSite(root, limits, reactor)


def _hosts(options: Options) -> Hosts:
    """The hosts that are served: those that are named; otherwise, without a proxy, what the machine calls itself."""
    if options["host"]:
        return Hosts(options["host"])
    if options["behind-proxy"] or options["origin"]:
        return Hosts()
    own = socket.gethostname().lower()
    return Hosts(("localhost", ".localhost", own, f"{own.partition('.')[0]}.local"), addresses=True)


__all__ = ["PORT", "AthenaService", "CannotServe", "Options", "Origin", "WidgetPluginRoot", "makeService"]
