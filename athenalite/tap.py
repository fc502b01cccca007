# -*- test-case-name: tests.test_tap -*-
"""
The command ``twistd athena-widget``, which serves one element as a page. Only this module imports the reactor.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from twisted.application.service import Service
from twisted.internet.defer import Deferred, DeferredList, gatherResults
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort
from twisted.logger import Logger
from twisted.python import usage
from twisted.python.failure import Failure
from twisted.python.reflect import InvalidName, ModuleNotFound, ObjectNotFound, namedAny
from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from twisted.web.util import DeferredResource

from ._assets.assets import PREFIX
from ._awaiting.deferreds import branch
from ._awaiting.results import driven
from ._page.element import LiveElement
from ._page.elementpage import ElementRenderingLivePage
from ._server.factory import LivePageFactory
from ._server.origin import Origin, parseOrigin
from ._server.site import AthenaSite
from .limits import Limits

PORT: Final = 8080
_NAME: Final = "athena-widget"
#: The garbage collector's thresholds. By default it runs after every 700 new objects; a broadcast to thousands of pages
#: makes more, nearly all of which are freed when its batch ends. Full collections are about as frequent as before.
_COLLECTING: Final = (20_000, 3, 3)


def _seconds(text: Any) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number of seconds") from None


class CannotServe(SystemExit, Exception):
    """
    The service cannot start: the process exits with status 1 and this one line.

    It is an Exception, too, because twistd catches one when it fails to start: it then removes its pidfile and, as a
    daemon, reports the failure to the process that started it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(f"{_NAME}: {text}")


class Options(usage.Options):
    """Command-line options of ``athena-widget``. An error is reported in one line, with exit status 1."""

    synopsis = "--element=package.module.name [options]"
    longdesc = "Serve a LiveElement as a web page."

    optFlags = [
        ["debug", None, "Show errors, with tracebacks, in the browser (for development)."],
        ["behind-proxy", None, "Trust X-Forwarded-Proto, -Host and -For. Use only behind a proxy that sets them."],
    ]
    optParameters = [
        ["element", None, None, "Dotted name of a class or function that returns a LiveElement. Required."],
        ["port", None, None, f"TCP port to listen on; 0 for any free port. [default: {PORT}]"],
        [
            "transportless-timeout",
            None,
            Limits.transportlessTimeout,
            "Seconds that a disconnected page is kept, for its browser to reconnect.",
            _seconds,
        ],
        [
            "connect-timeout",
            None,
            Limits.connectTimeout,
            "Seconds that a rendered page is kept, for its browser to connect.",
            _seconds,
        ],
    ]

    def __init__(self) -> None:
        super().__init__()
        self["listen"] = []
        self["origin"] = []

    def opt_listen(self, description: str) -> None:
        """Twisted endpoint to listen on, such as tcp:8080:interface=127.0.0.1. May be repeated."""
        self["listen"].append(description)

    def opt_origin(self, text: str) -> None:
        """Further origin whose pages may connect, such as https://chat.example.org. May be repeated."""
        origin = parseOrigin(text)
        if origin is None:
            raise usage.UsageError(f"--origin: {text!r} is not an origin; write it as https://chat.example.org")
        self["origin"].append(origin)

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """
        :raise CannotServe: for a usage error, in one line; twistd would print the whole help first.
        """
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            raise CannotServe(str(error)) from None

    def postOptions(self) -> None:
        """
        :raise twisted.python.usage.UsageError: if the options cannot be served.
        """
        if self["element"] is None:
            raise usage.UsageError("--element is required; write it as --element=package.module.name")
        # As for a Python script: modules in the current directory can be imported.
        sys.path.insert(0, os.getcwd())
        self["element"] = _element(self["element"])
        self["limits"] = self._limits()
        if self["port"] is not None or not self["listen"]:
            self["listen"].append(f"tcp:{_port(PORT if self['port'] is None else self['port'])}")

    def _limits(self) -> Limits:
        try:
            return Limits(connectTimeout=self["connect-timeout"], transportlessTimeout=self["transportless-timeout"])
        except ValueError as error:
            raise usage.UsageError(str(error)) from None


def _element(name: str) -> Callable[[], LiveElement]:
    try:
        element = namedAny(name)
    except (InvalidName, ModuleNotFound, ObjectNotFound) as error:
        raise usage.UsageError(
            f"--element: cannot find {name!r}: {error}; write it as package.module.name, importable from the "
            "current directory or Python's path"
        ) from None
    except AttributeError as error:
        if _raisedIn(error) != namedAny.__module__:
            # The error is in the element's own module; only a traceback shows where.
            raise
        raise usage.UsageError(f"--element: there is no {name!r}: {error}") from None
    if not callable(element):
        raise usage.UsageError(
            f"--element: {name!r} is of type {type(element).__name__}; "
            "name a class or function that returns a LiveElement"
        )
    return element  # type: ignore[no-any-return]


def _raisedIn(error: BaseException) -> Any:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return None if traceback is None else traceback.tb_frame.f_globals.get("__name__")


def _port(text: Any) -> int:
    # int() accepts more than ASCII digits.
    if not re.fullmatch("[0-9]{1,5}", str(text)) or int(text) > 65535:
        raise usage.UsageError(f"--port: {text!r} is not a number from 0 to 65535")
    return int(text)


class WidgetPluginRoot(Resource):
    """Serves ``/``, with a new page and element for each request, and beside it the pages' assets and transport."""

    def __init__(self, elementFactory: Callable[[], Any], factory: LivePageFactory) -> None:
        """
        :param elementFactory: returns a :class:`LiveElement`, or a Deferred or a coroutine of one.
        """
        super().__init__()
        self._elementFactory = elementFactory
        self._factory = factory
        self.putChild(PREFIX.encode("ascii"), factory.resource)

    def getChild(self, path: bytes, request: Any) -> IResource:
        if path or request.postpath:
            return notFound()
        if request.method != b"GET":
            # No browser connects the page of a HEAD request.
            return _NoPage()
        element = driven(self._elementFactory())
        if isinstance(element, Deferred):
            return DeferredResource(branch(element).addCallback(self._pageOf))
        return self._pageOf(element)

    def _pageOf(self, element: Any) -> IResource:
        if not isinstance(element, LiveElement):
            raise TypeError(f"--element must return a LiveElement, but returned {element!r}")
        return ElementRenderingLivePage(element, self._factory)


class _NoPage(Resource):
    isLeaf = True

    def render(self, request: Any) -> bytes:
        for name, value in ElementRenderingLivePage.headers.items():
            request.setHeader(name, value)
        if request.method != b"HEAD":
            request.setResponseCode(405)
            request.setHeader("allow", "GET, HEAD")
        return b""


class AthenaService(Service):
    """
    A site that listens on some endpoints.
    """

    def __init__(self, reactor: Any, root: Resource, factory: LivePageFactory, descriptions: Sequence[str]) -> None:
        """
        :param descriptions: Twisted endpoint strings.
        :raise CannotServe: for an invalid one.
        """
        self._factory = factory
        self._site = AthenaSite(root, factory.limits, reactor, factory.log)
        self._site.displayTracebacks = factory.debug
        self._endpoints = [(description, _endpoint(reactor, description)) for description in descriptions]
        self._ports: list[IListeningPort] = []
        self._log = Logger(namespace=_NAME)

    def startService(self) -> None:
        """
        :raise CannotServe: for an address that cannot be listened on.
        """
        super().startService()
        for description, endpoint in self._endpoints:
            listening = endpoint.listen(self._site)
            listening.addCallback(self._listening, description)
            listening.addErrback(_cannotListen, description)
            # All of Twisted's server endpoints fire their Deferred at once.
            failed: list[Failure] = []
            listening.addErrback(failed.append)
            if failed:
                raise CannotServe(failed[0].getErrorMessage())

    def _listening(self, port: IListeningPort, description: str) -> None:
        self._ports.append(port)
        self._log.info("athena-widget: open {address}", address=_address(description, port.getHost()))

    async def _stop(self) -> None:
        ports, self._ports = self._ports, []
        await DeferredList([Deferred.fromCoroutine(_stopListening(port)) for port in ports], consumeErrors=True)
        await self._factory.close("the server is shutting down")

    def stopService(self) -> Deferred[Any]:
        """
        Stop accepting connections, let running calls finish, and close the pages.

        :return: fires when it is done, within ``limits.shutdownTimeout`` seconds.
        """
        super().stopService()
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
    )
    return AthenaService(reactor, WidgetPluginRoot(options["element"], factory), factory, options["listen"])


__all__ = ["AthenaService", "Options", "Origin", "WidgetPluginRoot", "makeService"]
