# -*- test-case-name: tests.page.test_legacyheaders -*-
"""
Headers for pages of applications that are older than content policies: :func:`legacyHeaders`.
"""

from __future__ import annotations

from collections.abc import Iterable

from .._assets.document import HEADERS, POLICY
from .._assets.policy import EVALS
from .._server.origin import parseOrigin


def legacyHeaders(evals: bool = False, hosts: Iterable[str] = ()) -> dict[str, str]:
    """
    Headers for pages that were written before there were content policies: ``class Page(LivePage): headers =
    legacyHeaders()``. Inline scripts and event handlers run, in templates and in HTML that scripts make. So does a
    script that an attacker gets into a page: use them until the application is ported (``docs/porting.rst``,
    "Content policy"). The log has a warning.

    :param evals: whether ``eval`` and ``new Function`` work, too.
    :param hosts: other origins, such as ``https://cdn.example``, that scripts, styles, images, fonts, media and frames
        may be loaded from, and forms sent to. ``<object>`` and ``<embed>`` stay blocked.
    :return: the headers of pages, with another policy.
    :raise ValueError: for a host that is no origin.
    """
    hosts = list(hosts)
    for host in hosts:
        if parseOrigin(host) is None:
            raise ValueError(f"{host!r} is not an origin; write it as https://cdn.example")
    others = "".join(f" {host}" for host in hosts)
    directives = [
        f"default-src 'self'{others}",
        f"script-src 'self' 'unsafe-inline'{' ' + EVALS if evals else ''}{others}",
        f"style-src 'self' 'unsafe-inline'{others}",
        f"img-src 'self' data: blob:{others}",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        f"form-action 'self' javascript:{others}",
        "frame-ancestors 'self'",
    ]
    return {**HEADERS, POLICY: "; ".join(directives)}
