# -*- test-case-name: tests.server.test_usualrequest -*-
"""
The head of a request as browsers send it, which is parsed in one piece.

``twisted.web`` calls three methods for each line, and a page has two requests with a dozen lines each. A head that has
not arrived whole, or differs from the usual one in anything, is left to ``twisted.web``, and so is a request with a
body.
"""

from __future__ import annotations

import re
from typing import Any, Final

from twisted.web import http_headers
from twisted.web.http import HTTPChannel

#: Half of what Twisted takes, and fewer lines.
_LONGEST: Final = 8192
_MOST: Final = 100
#: Twisted reads none of these bytes in another way than as it stands. A head with one of the three names is Twisted's.
_USUAL: Final = re.compile(
    rb"GET ([!-~]+) (HTTP/1\.1)\r\n"
    rb"((?:(?!(?i:content-length|transfer-encoding|expect):)[A-Za-z0-9-]+:[\t -~\x80-\xff]*\r\n)*)\r\n"
)
#: What Twisted's channel keeps until it handles a request.
_KEPT: Final = frozenset(("_command", "_path", "_version"))
#: Twisted's capitals of a header's name, which it caches.
_canonical: Final[Any] = getattr(getattr(http_headers, "_nameEncoder", None), "encode", None)
#: Whether Twisted's channel and its headers are as expected.
WORKS: Final = (
    frozenset(HTTPChannel.allContentReceived.__code__.co_names) >= _KEPT
    and getattr(HTTPChannel, "_HTTPChannel__first_line", None) == 1
    and _canonical is not None
    and hasattr(http_headers.Headers(), "_rawHeaders")
)


def takeUsual(channel: Any, data: bytes) -> bool:
    """
    Do what the channel's ``dataReceived`` does with ``data``, if that is the whole head of a usual request.

    :param channel: an ``HTTPChannel``.
    :return: whether it was; otherwise nothing was done.
    """
    if not (WORKS and _expectsRequest(channel)) or len(data) > _LONGEST:
        return False
    found = _USUAL.fullmatch(data)
    lines = found[3].split(b"\r\n") if found else []
    if found is None or len(lines) > _MOST:
        return False
    request = channel.requestFactory(channel)
    channel.requests.append(request)
    # As addRawHeader, which would look for line ends in each value.
    headers = request.requestHeaders._rawHeaders
    for line in lines[:-1]:
        name, _, value = line.partition(b":")
        headers.setdefault(_canonical(name), []).append(value.strip(b" \t"))
    channel._command, channel._path, channel._version = b"GET", found[1], found[2]
    channel.allHeadersReceived()
    channel.allContentReceived()
    return True


def _expectsRequest(channel: Any) -> bool:
    # Nothing of the next request has arrived. While one is handled, the channel expects no lines.
    isFirst = channel._HTTPChannel__first_line == 1
    return isFirst and bool(channel.line_mode) and not (channel._buffer or channel._busyReceiving or channel.paused)
