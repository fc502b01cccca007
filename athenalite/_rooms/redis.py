# -*- test-case-name: tests.rooms.test_redis -*-
"""
An engine on Redis or Valkey: :class:`RedisEngine`. Only this module imports txredisapi, and only its protocols.

A link has two connections, one for commands and one for notifications. If either is lost, both are dropped, and made
again.
Every error that the server answers is a reason to do so, too: it may be loading its data, read-only or full.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.endpoints import HostnameEndpoint, UNIXClientEndpoint, wrapClientTLS
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure
from txredisapi import LineReceiver, RedisError, RedisProtocol, SubscriberProtocol

from .._text.throttle import Throttle
from .address import Address
from .backoff import Backoff
from .link import EngineUser, Position
from .notifications import notificationsIn
from .redislink import RedisLink
from .scripts import DIGESTS

#: How long a connection may take to be ready, in seconds.
_TIMEOUT: Final = 5.0
#: Without hiredis, which needs no help.
_READS_LINES: Final = SubscriberProtocol.dataReceived is LineReceiver.dataReceived


class Refused(ConnectionError):
    """The engine has answered with an error."""


class _Connection:
    """
    What both connections have besides what txredisapi gives them.

    :ivar factory: which counts the open connections of an engine.
    """

    link: RedisLink
    factory: Any

    def connectionMade(self) -> None:
        """Belong to the link. It may be lost already: the other connection was lost meanwhile."""
        self.factory.connections.made(self)
        super().connectionMade()  # type: ignore[misc]
        self.link.adopt(self)

    def connectionLost(self, reason: Any) -> None:
        """Drop the link."""
        # First: requests fail next, and the reason is known then.
        self.link.cut(reason.getErrorMessage())
        super().connectionLost(reason)  # type: ignore[misc]
        self.factory.connections.lost(self)

    def command(self, *parts: Any) -> Deferred[Any]:
        """
        :return: fires with the answer. It fails with ``ConnectionError`` only.
        """
        try:
            made: Deferred[Any] = self.execute_command(*parts)  # type: ignore[attr-defined]
        except RedisError as error:
            return fail(ConnectionError(str(error)))
        return made.addErrback(_asConnectionError)


class _Commands(_Connection, RedisProtocol):  # type: ignore[misc]
    """The connection for commands."""

    def __init__(self, link: RedisLink) -> None:
        super().__init__(charset="utf-8", errors="replace", convertNumbers=False)
        self.link = link


class _Notifications(_Connection, SubscriberProtocol):  # type: ignore[misc]
    """The connection for notifications."""

    def __init__(self, link: RedisLink) -> None:
        super().__init__(charset="utf-8", errors="replace", convertNumbers=False)
        self.link = link

    def dataReceived(self, data: bytes, unpause: bool = False) -> None:
        """
        Read notifications that have come whole at once: txredisapi pauses the connection for each text in an answer,
        three times for a notification. It reads all others.
        """
        if _READS_LINES and self.line_mode and not self.paused and not self.multi_bulk.pending:
            begun = self.clearLineBuffer()
            found, data = ([], begun + data) if begun else notificationsIn(data)
            for channel, message in found:
                self.messageReceived(None, channel, message)
            if not data:
                return
        super().dataReceived(data, *([True] if unpause else []))

    def messageReceived(self, pattern: Any, channel: str, message: str) -> None:
        self.link.messageReceived(channel, message)


def _asConnectionError(failure: Failure) -> Failure:
    return Failure(Refused(failure.getErrorMessage())) if failure.check(RedisError) else failure


class _Connections:
    """The open connections of an engine."""

    def __init__(self) -> None:
        self._open: set[_Connection] = set()
        self._waiting: list[Deferred[None]] = []

    def made(self, connection: _Connection) -> None:
        """Add one."""
        self._open.add(connection)

    def lost(self, connection: _Connection) -> None:
        """Remove one."""
        self._open.discard(connection)
        if not self._open:
            waiting, self._waiting = self._waiting, []
            for ended in waiting:
                ended.callback(None)

    def whenEnded(self) -> Deferred[None]:
        """:return: fires when there is none."""
        if not self._open:
            return succeed(None)
        ended: Deferred[None] = Deferred()
        self._waiting.append(ended)
        return ended


class _Factory(Factory):
    noisy = False

    def __init__(self, make: Callable[[], Any], connections: _Connections) -> None:
        self._make = make
        self.connections = connections

    def buildProtocol(self, addr: Any) -> Any:
        """Make the protocol."""
        protocol = self._make()
        protocol.factory = self
        return protocol


class RedisEngine:
    """
    Connects a worker to a Redis (6.2 or newer) or Valkey server.

    :ivar address: where it is.
    """

    def __init__(self, address: Address, history: int = 10_000) -> None:
        """
        :param history: how many calls of each room the engine keeps.
        :raise ImportError: for TLS without the package that it needs.
        :raise OSError: if a file of certificates cannot be read.
        """
        self.address = address
        self.history = history
        self._tls = _tlsOf(address) if address.isTLS else None
        self._endpoint: Any = None
        self._user: EngineUser | None = None
        self._log: Any = None
        self._clock: Any = None
        self._throttle = Throttle()
        self._hasWarned = False
        self._link: RedisLink | None = None
        self._connecting: Deferred[Any] | None = None
        self._retrying: Any = None
        self._backoff = Backoff()
        self._since = 0.0
        self._isStopped = False
        self._connections = _Connections()

    # The methods of Engine

    def connect(self, user: EngineUser, clock: Any, log: Any) -> None:
        """See :meth:`Engine.connect`."""
        self._user, self._clock, self._log = user, clock, log
        self._endpoint = _endpointOf(clock, self.address, self._tls)
        self._isStopped = False
        self._connect()

    def disconnect(self) -> Deferred[Any]:
        """See :meth:`Engine.disconnect`."""
        self._isStopped = True
        if self._retrying is not None and self._retrying.active():
            self._retrying.cancel()
        if self._link is not None:
            self._link.lose("the worker stops")
        if self._connecting is not None:
            self._connecting.cancel()
        return self._connections.whenEnded()

    # Connecting

    def _connect(self) -> None:
        connecting = self._connecting = self._newLink()
        connecting.addCallbacks(self._connected, lambda _: self._connectLater())

    def _connected(self, link: RedisLink) -> None:
        self._connecting = None
        self._link, self._since = link, self._clock.seconds()
        assert self._user is not None
        self._user.engineConnected(link)

    def _connectLater(self) -> None:
        self._connecting = None
        if not self._isStopped:
            self._retrying = self._clock.callLater(self._backoff.next(), self._connect)

    def linkLost(self, link: RedisLink, reason: str) -> None:
        """A link is lost."""
        if link is not self._link:
            return
        self._link = None
        self._backoff.lost(self._clock.seconds() - self._since, link.hasWorked)
        assert self._user is not None
        self._user.engineDisconnected(link, reason)
        self._connectLater()

    def _newLink(self) -> Deferred[RedisLink]:
        link = RedisLink(self)
        ready = Deferred.fromCoroutine(self._ready(link))
        ready.addTimeout(_TIMEOUT, self._clock)
        return ready.addErrback(self._notReady, link)

    async def _ready(self, link: RedisLink) -> RedisLink:
        link.commands = await self._open(lambda: _Commands(link))
        await self._enter(link.commands)
        for script in DIGESTS:
            await link.commands.command("SCRIPT", "LOAD", script)
        link.notifications = await self._open(lambda: _Notifications(link))
        await self._enter(link.notifications)
        await self._warnOfMemory(link.commands)
        if link.isLost:
            raise ConnectionError(link.reason)
        return link

    def _open(self, make: Callable[[], _Connection]) -> Deferred[Any]:
        opened: Deferred[Any] = self._endpoint.connect(_Factory(make, self._connections))
        return opened

    async def _enter(self, protocol: Any) -> None:
        secret = self.address.secret()
        if secret:
            await protocol.command("AUTH", *([self.address.user] if self.address.user else []), secret)
        if self.address.database:
            await protocol.command("SELECT", self.address.database)

    async def _warnOfMemory(self, commands: _Commands) -> None:
        if self._hasWarned:
            return
        self._hasWarned = True
        try:
            answer = await commands.command("CONFIG", "GET", "appendonly")
        except Refused:
            # Such as a server of others, whose configuration is not for users.
            return
        if answer and answer[-1] != "yes":
            self._log.warn(
                "rooms: the engine {engine} has no append-only file, so calls and members are forgotten when it "
                "restarts: set appendonly yes",
                engine=str(self.address),
            )

    def _notReady(self, failure: Failure, link: RedisLink) -> Failure:
        self._failed(link.reason or failure.getErrorMessage() or str(failure.type))
        link.lose("it was not ready")
        return failure

    def _failed(self, reason: str) -> None:
        """Log why there is no link; each reason once a minute."""
        if self._log is not None and self._throttle.allows(self._clock.seconds(), reason):
            self._log.warn(
                "rooms: no connection to the engine {engine}, trying again: {reason}",
                engine=str(self.address),
                reason=reason,
            )

    def notified(self, link: RedisLink, room: str, position: Position, text: str) -> None:
        """An entry was appended."""
        if self._user is not None:
            self._user.notified(link, room, position, text)


def _endpointOf(reactor: Any, address: Address, tls: Any) -> Any:
    if address.path:
        return UNIXClientEndpoint(reactor, address.path, timeout=_TIMEOUT)
    plain = HostnameEndpoint(reactor, address.host, address.port, timeout=_TIMEOUT)
    return plain if tls is None else wrapClientTLS(tls, plain)


def _tlsOf(address: Address) -> Any:
    # pyOpenSSL is an extra of its own.
    from twisted.internet.ssl import Certificate, optionsForClientTLS, trustRootFromCertificates

    trust = None
    if address.ca:
        pem = Path(address.ca).read_bytes()
        end = b"-----END CERTIFICATE-----"
        parts = [part + end for part in pem.split(end)[:-1]]
        trust = trustRootFromCertificates([Certificate.loadPEM(part) for part in parts])
    return optionsForClientTLS(address.host, trustRoot=trust) if trust else optionsForClientTLS(address.host)
