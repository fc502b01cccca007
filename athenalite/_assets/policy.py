# -*- test-case-name: tests.assets.test_policy -*-
"""
The Content-Security-Policy of a page whose scripts, style sheets or sockets come from another origin.
"""

from __future__ import annotations

from urllib import parse

from .assets import Roots


def allowing(policy: str, roots: Roots) -> str:
    """
    :param policy: of a page, with a source ``'self'`` for what it loads.
    :param roots: the addresses that it loads from.
    :return: the policy with their origins, if they are others than the page's own.
    """
    for directive, addresses in (
        ("script-src", [_originOf(roots.scripts)]),
        ("style-src", [_originOf(roots.styles)]),
        ("connect-src", _ofSockets(_originOf(roots.transport))),
    ):
        for address in filter(None, addresses):
            policy = _added(policy, directive, address)
    return policy


def _originOf(address: str) -> str:
    parts = parse.urlsplit(address)
    # What could end the directive is in no origin.
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" if parts.scheme and host and not set(host) & set("; ,'\"") else ""


def _ofSockets(origin: str) -> list[str]:
    # The page also asks there, over HTTP, why it has no socket, and reports there that it was left.
    scheme, _, host = origin.partition("://")
    return [origin, f"{'wss' if scheme in ('https', 'wss') else 'ws'}://{host}"] if origin else []


def _added(policy: str, directive: str, source: str) -> str:
    directives = [one.strip() for one in policy.split(";") if one.strip()]
    for index, one in enumerate(directives):
        name, *sources = one.split()
        if name.lower() == directive:
            if source not in sources:
                directives[index] = f"{one} {source}"
            return "; ".join(directives)
    return "; ".join([*directives, f"{directive} 'self' {source}"])
