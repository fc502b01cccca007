# -*- test-case-name: tests.server.test_directtls -*-
"""
Writes to the kernel past Twisted's layers of TLS: :class:`DirectTLS`.

Twisted collects the writes of an iteration of the reactor with a timer for each connection, encrypts them in the next
one, and queues the result for the one after that. A batch is one write already, so it is encrypted and sent at once.

Only :func:`athenalite._server.tls.directTLS` imports this module, because OpenSSL is optional.
"""

from __future__ import annotations

from typing import Any, Final

from OpenSSL import SSL
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

    __slots__ = ("_bio", "_kernel", "_rest", "_ssl", "_transport", "_values", "connection")

    def __init__(self, transport: Any) -> None:
        """
        :param transport: TLS over TCP, which :func:`directTLS` has checked.
        """
        self._transport = transport
        # It has a __getattr__, so that Python finds its attributes slowly.
        self._values = vars(transport)
        self._ssl, self._bio = handlesOf(transport._tlsConnection)
        self._rest = b""
        self.connection = transport.transport
        self._kernel = self.connection.getHandle().send

    def send(self, data: bytes) -> int:
        """
        Encrypt and send ``data``.

        :return: how much of it is encrypted; the transport must write the rest. One more than its length, if the kernel
            did not accept all of that. In both cases, call :meth:`writeRest` first.
        """
        values, connection = self._values, self.connection
        # TLS writes by itself as well, to answer an update of keys: records must not overtake each other.
        if (
            connection.dataBuffer
            or connection._tempDataBuffer
            or values["_appSendBuffer"]
            or values["_aggregator"]._buffer
            or "_lostTLSConnection" in values
        ):
            return 0
        count = length = len(data)
        records = self._record(data, length)
        if records is None:
            count, records = encrypted(values["_tlsConnection"], data)
            if not count:
                return 0
        try:
            sent = self._kernel(records)
        except OSError:
            # It would block, or the connection is lost, which the transport finds out and reports.
            sent = 0
        if sent < len(records):
            self._rest = bytes(records[sent:])
            return count if count < length else length + 1
        return count

    def _record(self, data: bytes, length: int) -> Any:
        """
        Encrypt as :func:`encrypted` does, but with one call of OpenSSL to write and one to read.

        :return: the record of ``data``, and whatever was to be sent before it; None if it is not encrypted.
        """
        if self._ssl is None or length > _RECORD or _write(self._ssl, data, length) != length:
            # If it has failed, it fails again, and pyOpenSSL clears the errors.
            return None
        size = length + _OVERHEAD
        buffer = _new("char[]", size)
        got = _take(self._bio, buffer, size)
        records = _view(buffer, got)
        return records if got < size else records[:] + _read(self._values["_tlsConnection"], size)

    def writeRest(self) -> None:
        """Have the transport below TLS write what the kernel did not accept."""
        rest, self._rest = self._rest, b""
        self.connection.write(rest)


def _openSSL() -> tuple[Any, ...]:
    """Return what pyOpenSSL calls to write and to read, if it does that as expected; otherwise nothing."""
    try:
        lib, ffi = SSL._lib, SSL._ffi  # type: ignore[attr-defined]
        return lib.SSL_write, lib.BIO_read, ffi.new_allocator(should_clear_after_alloc=False), ffi.buffer
    except AttributeError:
        return ()


# pyOpenSSL takes twice as long to write and to read a record, for what it checks and copies.
_write, _take, _new, _view = _OPENSSL = _openSSL() or (None,) * 4


def handlesOf(tls: Any) -> tuple[Any, Any]:
    """
    :param tls: a connection of pyOpenSSL.
    :return: OpenSSL's connection, and the memory that it writes to; None for both if they are not as expected.
    """
    ssl, bio = getattr(tls, "_ssl", None), getattr(tls, "_from_ssl", None)
    return (None, None) if None in (*_OPENSSL, ssl, bio) else (ssl, bio)


def encrypted(tls: Any, data: bytes) -> tuple[int, bytes]:
    """
    :return: how much of ``data`` was encrypted: less than all if TLS is broken, or waits for its peer; and the records.
    """
    count = _encrypt(tls, data)
    return count, _read(tls, count + _OVERHEAD * (1 + count // _RECORD)) if count else b""


def _encrypt(tls: Any, data: bytes) -> int:
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
    encrypted = b""
    try:
        while len(encrypted) % size == 0:
            encrypted += tls.bio_read(size)
    except WantReadError:
        pass
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
