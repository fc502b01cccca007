# -*- test-case-name: tests.command.test_listening -*-
"""
The ports of a server: :class:`Ports`; the hosts that it serves; and the sites of its metrics and of its operators.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, Final

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IReadDescriptor
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import Resource

from .._server.hosts import Hosts
from .._server.site import AthenaSite
from ..limits import Limits
from .options import CannotServe, Options

#: What the log calls the addresses of metrics, and of the operators' pages.
METRICS_AT: Final = "metrics at"
ADMIN_AT: Final = "operators at"
#: The options with the endpoints of these. The endpoints of pages are those of ``--listen``.
_OPTIONS: Final = MappingProxyType({METRICS_AT: "--metrics", ADMIN_AT: "--admin"})


class Ports:
    """
    What a process listens on.

    :ivar opened: the addresses of its pages.
    """

    def __init__(self, reactor: Any, log: Logger, sites: Iterable[tuple[str, str, Any]]) -> None:
        """
        :param sites: for each, what the log calls its address, a Twisted endpoint string, and the factory.
        :raise CannotServe: for an invalid endpoint.
        """
        self._endpoints = [(*one, _endpoint(reactor, *one[:2])) for one in sites]
        self._ports: list[IListeningPort] = []
        self.opened: list[str] = []
        self._log = log

    def open(self) -> None:
        """
        :raise CannotServe: for an address that cannot be listened on.
        """
        for what, description, site, endpoint in self._endpoints:
            listening = endpoint.listen(site)
            listening.addCallback(self._listening, what, description)
            listening.addErrback(_cannotListen, what, description)
            # All of Twisted's server endpoints fire their Deferred at once.
            failed: list[Failure] = []
            listening.addErrback(failed.append)
            if failed:
                raise CannotServe(failed[0].getErrorMessage())

    def hold(self) -> None:
        """Let connections wait in the kernel until :meth:`accept`, if the ports of the reactor allow it."""
        self._each("stopReading")

    def accept(self) -> None:
        """Accept connections again."""
        self._each("startReading")

    def _each(self, method: str) -> None:
        for port in self._ports:
            if IReadDescriptor.providedBy(port):
                getattr(port, method)()

    def _listening(self, port: IListeningPort, what: str, description: str) -> None:
        self._ports.append(port)
        address = _address(description, port.getHost())
        if what == "open":
            self.opened.append(address)
        elif what == METRICS_AT and address.endswith("/"):
            address += "metrics"
        self._log.info("athena-widget: {what} {address}", what=what, address=address)

    def close(self) -> Deferred[Any]:
        """
        Stop accepting connections.

        :return: fires when that is done.
        """
        ports, self._ports = self._ports, []
        return DeferredList([Deferred.fromCoroutine(_stopListening(port)) for port in ports], consumeErrors=True)


def metricsSite(metrics: Resource, limits: Limits, reactor: Any) -> AthenaSite:
    """
    :return: a site that has ``/metrics`` only.
    """
    root = Resource()
    root.putChild(b"metrics", metrics)
    return AthenaSite(root, limits, reactor)


def adminSite(admin: Resource, hosts: Sequence[str], limits: Limits, reactor: Any) -> AthenaSite:
    """
    :param hosts: the names by which the machine is known. Another name that leads here is one of somebody who wants a
        browser in between (DNS rebinding).
    :return: the site of the operators.
    """
    return AthenaSite(admin, limits, reactor, hosts=Hosts(hosts, addresses=True))


def ownNames() -> tuple[str, ...]:
    """
    :return: what the machine calls itself.
    """
    own = socket.gethostname().lower()
    return "localhost", ".localhost", own, f"{own.partition('.')[0]}.local"


def hostsOf(options: Options) -> Hosts:
    """
    :return: the hosts that are served: those that are named; otherwise, without a proxy, what the machine calls itself.
    """
    if options["host"]:
        return Hosts(options["host"])
    if options["behind-proxy"] or options["origin"]:
        return Hosts()
    return Hosts(ownNames(), addresses=True)


async def _stopListening(port: IListeningPort) -> None:
    stopped = port.stopListening()
    if stopped is not None:
        await stopped


def _endpoint(reactor: Any, what: str, description: str) -> Any:
    option = _OPTIONS.get(what, "--listen")
    try:
        return serverFromString(reactor, description)
    except ImportError as error:
        raise CannotServe(f"{option}: {description!r} needs a package that is not installed: {error}") from None
    except Exception as error:
        raise CannotServe(
            f"{option}: {description!r} is not a valid endpoint: {error}; "
            "write it as tcp:8080:interface=127.0.0.1, and a colon in a value as \\:"
        ) from None


def _cannotListen(failure: Failure, what: str, description: str) -> None:
    # OverflowError is for a port that is not from 0 to 65535.
    failure.trap(CannotListenError, OSError, OverflowError)
    error = getattr(failure.value, "socketError", failure.value)
    advice = f"choose another with {_OPTIONS.get(what, '--port or --listen')}"
    raise RuntimeError(f"cannot listen on {description}: {getattr(error, 'strerror', None) or error}; {advice}")


def _address(description: str, host: Any) -> str:
    if not hasattr(host, "port"):
        return description
    scheme = "https" if description.startswith(("ssl:", "tls:")) else "http"
    name = "localhost" if host.host in ("0.0.0.0", "::", "127.0.0.1") else host.host
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{host.port}/"
