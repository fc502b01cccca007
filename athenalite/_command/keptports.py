# -*- test-case-name: tests.command.test_keptports -*-
"""
The ports of a server under ``--reload``, which stay open while it is restarted: :class:`KeptPorts`.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from twisted.internet.abstract import isIPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.protocol import Factory


class KeptPorts:
    """
    Sockets that listen in the supervisor and in each server that it forks. A browser that connects while there is no
    server waits for the next one, instead of showing that there is none.
    """

    def __init__(self) -> None:
        self._sockets: dict[tuple[int, str], socket.socket] = {}

    def open(self, descriptions: Iterable[str]) -> None:
        """
        Listen at TCP endpoints. A server opens all others itself, and those that are wrong, which it reports.

        :param descriptions: Twisted endpoint strings.
        """
        for description in descriptions:
            with suppress(Exception):
                listening: Deferred[Any] = serverFromString(self, description).listen(Factory())
                listening.addErrback(lambda _: None)

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> None:
        """Listen, as an endpoint asks a reactor to."""
        family = socket.AF_INET6 if isIPv6Address(interface) else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((interface, port))
            made.listen(backlog)
        except (OSError, OverflowError):
            made.close()
            raise
        made.setblocking(False)
        self._sockets[port, interface] = made

    def adopting(self, reactor: Any) -> Any:
        """
        :return: a reactor for endpoints, which listens on the kept sockets where there are any.
        """
        return _Adopting(reactor, self._sockets)

    def close(self) -> None:
        """Listen no more."""
        for kept in self._sockets.values():
            kept.close()
        self._sockets.clear()


class _Adopting:
    def __init__(self, reactor: Any, sockets: dict[tuple[int, str], socket.socket]) -> None:
        self._reactor = reactor
        self._sockets = sockets

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> Any:
        """See ``IReactorTCP``."""
        kept = self._sockets.get((port, interface))
        if kept is None:
            return self._reactor.listenTCP(port, factory, backlog, interface)
        return self._reactor.adoptStreamPort(kept.fileno(), kept.family, factory)
