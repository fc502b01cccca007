# -*- test-case-name: tests.server.test_directtls -*-
"""
Writes to the kernel past Twisted's layers of TLS: :class:`DirectTLS`.

Twisted collects the writes of an iteration of the reactor with a timer for each connection, encrypts them in the next
one, and queues the result for the one after that. A batch is one write already, so it is encrypted and sent at once.

Only :func:`athenalite._server.tls.directTLS` imports this module, because OpenSSL is optional.
"""

from __future__ import annotations

from typing import Any, Final

from OpenSSL.SSL import Error, WantReadError
from twisted.internet.tcp import Connection
from twisted.protocols.tls import TLSMemoryBIOProtocol

#: By how much a record of TLS may be longer than its content, of 16 KiB at most (RFC 8446 section 5.2).
_OVERHEAD: Final = 256
_RECORD: Final = 16 * 1024


class DirectTLS:
    """
    Encrypts and sends, while nothing waits to be encrypted or sent.

    :ivar connection: the transport below TLS.
    """

    __slots__ = ("_kernel", "_rest", "_transport", "connection")

    def __init__(self, transport: Any) -> None:
        """
        :param transport: TLS over TCP, which :func:`directTLS` has checked.
        """
        self._transport = transport
        self._rest = b""
        self.connection = transport.transport
        self._kernel = self.connection.getHandle().send

    def send(self, data: bytes) -> int:
        """
        Encrypt and send ``data``.

        :return: how much of it is encrypted; the transport must write the rest. One more than its length, if the kernel
            did not accept all of that. In both cases, call :meth:`writeRest` first.
        """
        transport, connection = self._transport, self.connection
        # TLS writes by itself as well, to answer an update of keys: records must not overtake each other.
        if (
            connection.dataBuffer
            or connection._tempDataBuffer
            or transport._appSendBuffer
            or transport._aggregator._buffer
            or transport._lostTLSConnection
        ):
            return 0
        tls = transport._tlsConnection
        length = len(data)
        count = _encrypt(tls, data)
        if not count:
            return 0
        encrypted = _read(tls, count + _OVERHEAD * (1 + count // _RECORD))
        try:
            sent = self._kernel(encrypted)
        except OSError:
            # It would block, or the connection is lost, which the transport finds out and reports.
            sent = 0
        if sent < len(encrypted):
            self._rest = encrypted[sent:]
            return count if count < length else length + 1
        return count

    def writeRest(self) -> None:
        """Have the transport below TLS write what the kernel did not accept."""
        rest, self._rest = self._rest, b""
        self.connection.write(rest)


def _encrypt(tls: Any, data: bytes) -> int:
    """Return how much was encrypted: less than all if TLS is broken, or waits for its peer."""
    count = 0
    try:
        # One record at a time.
        count = tls.send(data)
        while count < len(data):
            count += tls.send(data[count : count + _RECORD])
    except Error:
        # The transport tries the rest again, and reports it.
        pass
    return count


def _read(tls: Any, size: int) -> bytes:
    """Return the records to send, of about ``size`` bytes."""
    encrypted: bytes = tls.bio_read(size)
    while len(encrypted) >= size:
        try:
            encrypted += tls.bio_read(size)
        except WantReadError:
            break
    return encrypted


def directTLS(transport: Any) -> DirectTLS | None:
    """
    :param transport: any transport with TLS.
    :return: None for anything but Twisted's TLS over TCP, with the attributes that are used here.
    """
    connection = getattr(transport, "transport", None)
    if not isinstance(transport, TLSMemoryBIOProtocol) or not isinstance(connection, Connection):
        return None
    buffers = (
        getattr(getattr(transport, "_aggregator", None), "_buffer", None),
        getattr(transport, "_appSendBuffer", None),
        getattr(connection, "_tempDataBuffer", None),
    )
    asExpected = all(type(one) is list for one in buffers) and isinstance(connection.dataBuffer, bytes)
    return DirectTLS(transport) if asExpected and hasattr(transport, "_lostTLSConnection") else None
