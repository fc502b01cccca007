# -*- test-case-name: tests.server.test_tls -*-
"""
Frees the memory of a TLS connection when it is lost, and not when the garbage collector runs next.

If a peer goes without TLS's close_notify, or breaks TLS, ``twisted.protocols.tls`` keeps the error in a local variable
of the function that raised it. That cycle holds some 200 KiB, including OpenSSL's and the transport's buffers, in few
objects; the collector counts objects.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import ISSLTransport
from twisted.python.failure import Failure


def _isSecure(transport: Any) -> bool:
    return bool(ISSLTransport.providedBy(transport))


def stopReceiving(transport: Any) -> None:
    """
    Treat a TLS connection as closed by its peer, so that its loss raises no error. Nothing that arrives later is read;
    ``loseConnection`` does not wait for the peer's close_notify (RFC 8446 section 6.1 lets it).

    :param transport: any transport; one without TLS, and None, are left alone.
    """
    handle = transport.getHandle() if _isSecure(transport) else None
    if handle is not None:
        from OpenSSL.SSL import RECEIVED_SHUTDOWN

        handle.set_shutdown(handle.get_shutdown() | RECEIVED_SHUTDOWN)


def directTLS(transport: Any) -> Any:
    """
    :param transport: any transport.
    :return: a :class:`athenalite._server.directtls.DirectTLS`; None without TLS, or if it is not as expected.
    """
    if not _isSecure(transport):
        return None
    from .directtls import directTLS

    return directTLS(transport)


def abortUnderTLS(transport: Any) -> None:
    """
    Abort a connection without TLS's alert, which cannot be sent.

    :param transport: any transport; one without TLS is aborted.
    """
    connection = transport.transport if _isSecure(transport) else transport
    connection.abortConnection()


def release(transport: Any, reason: Failure) -> None:
    """
    Break the cycles through a lost connection: its producer, and the traceback of an error in TLS.

    :param transport: any transport; of one without TLS, only the traceback is released.
    :param reason: what ``connectionLost`` was given.
    """
    if _isSecure(transport):
        transport.unregisterProducer()
    if getattr(reason.value, "__traceback__", None) is not None:
        reason.cleanFailure()
