# -*- test-case-name: tests.server.test_peer -*-
"""
Identifies peers by their network addresses.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Any

from twisted.internet.address import IPv4Address

from .forwarded import addressOf, forwardingHeaders


def peerOf(request: Any, behindProxy: bool) -> tuple[str, ...]:
    """
    The network addresses that a request comes from: for limits per peer, and not to authenticate anyone.

    :param request: an ``IRequest``.
    :param behindProxy: whether the last entry of ``X-Forwarded-For`` is the proxy's own, and the client's address. See
        :mod:`athenalite._server.forwarded`.
    :return: from the network to the connection: the first 64 bits of an IPv6 address, which one customer
        has; the address; the port. Behind a proxy there is no port; without a valid entry the proxy is the peer.
    """
    return pathOf(request.getClientAddress(), forwardedFor(request, behindProxy))


def forwardedFor(request: Any, behindProxy: bool) -> str | None:
    """
    :return: the address that the proxy has added, which may be empty; None if there is no proxy to trust.
    """
    if not behindProxy:
        return None
    entries = request.requestHeaders.getRawHeaders("x-forwarded-for")
    return addressOf({"x-forwarded-for": entries[-1]} if entries else forwardingHeaders(request))


def pathOf(address: Any, forwarded: str | None) -> tuple[str, ...]:
    """
    :param address: the ``IAddress`` of a connection's peer.
    :param forwarded: see :func:`forwardedFor`.
    :return: see :func:`peerOf`.
    """
    host = str(getattr(address, "host", ""))
    # The transport of an IPv4 connection has written the address itself.
    path = (host,) if isinstance(address, IPv4Address) else _networkOf(host) or (host,)
    if forwarded is not None:
        return _networkOf(forwarded) or path
    return (*path, str(getattr(address, "port", "")))


def hostOf(request: Any, behindProxy: bool) -> str:
    """
    :return: the address of :func:`peerOf`, without the port: what a log is bounded by.
    """
    peer = peerOf(request, behindProxy)
    return peer[-1] if behindProxy else peer[-2]


def _networkOf(host: str) -> tuple[str, ...] | None:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return (str(address),)
    if address.ipv4_mapped is not None:
        return (str(address.ipv4_mapped),)
    return (str(IPv6Address(int(address) >> 64 << 64)), str(address))
