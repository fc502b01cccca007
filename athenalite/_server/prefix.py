# -*- test-case-name: tests.server.test_prefix -*-
"""
Reports a path prefix that a proxy passes on: the site then finds no page (``docs/pages.rst``, "Behind a proxy").
"""

from __future__ import annotations

from typing import Any, Final

from .peer import hostOf
from .refusals import Refusals

_LONGEST: Final = 100
_PROXIED: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_SLASHES: Final = (
    "It begins with two slashes: the proxy replaces a prefix without its slash. Let both end in one (nginx: location "
    "/chat/ {{ proxy_pass http://127.0.0.1:8080/; }})."
)
_PREFIX: Final = (
    "If it is the address of this site behind a proxy, the proxy passes the prefix on, and must remove it (nginx: "
    "location {prefix} {{ proxy_pass http://127.0.0.1:8080/; }}, both with a slash at the end; Apache: ProxyPass "
    "{prefix} http://127.0.0.1:8080/; Caddy: handle_path {prefix}*)."
)


def reportMissing(request: Any, behindProxy: bool, refusals: Refusals) -> None:
    """
    Report a request for a document that is not found, once an hour.

    :param request: nothing is reported if its last segment is no document's, or if it is neither a browser's, by
        ``Accept``, nor a proxy's.
    """
    path = request.path.decode("utf-8", "replace")
    isDocument = "." not in path.rpartition("/")[2] and not path.startswith("/_athena")
    if request.method != b"GET" or not isDocument or not (request.getHeader("accept") or _isProxied(request)):
        return
    remedy = _SLASHES if path.startswith("//") else _PREFIX
    refusals.report(
        "prefix",
        remedy,
        "A request for {path!r} found nothing ({peer}). " + remedy,
        path=path[:_LONGEST],
        peer=hostOf(request, behindProxy),
        prefix=f"/{path[:_LONGEST].split('/')[1]}/" if path.startswith("/") else "/chat/",
    )


def _isProxied(request: Any) -> bool:
    # nginx uses HTTP/1.0 by default.
    return request.clientproto == b"HTTP/1.0" or any(map(request.requestHeaders.hasHeader, _PROXIED))
