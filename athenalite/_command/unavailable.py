# -*- test-case-name: tests.command.test_unavailable -*-
"""
The answer to a visitor whose connection no worker takes: :func:`unavailable`.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from .._server.responses import refusal

_REQUEST: Final = re.compile(rb"([A-Z]+) [^ \r\n]+ HTTP/1\.[0-9]\r?\n")
#: A worker that has failed is started again after up to 30 s, and most start within a few.
_RETRY: Final = ("Retry-After", 10)
_TEXT: Final = "This site cannot answer at the moment. Please try again in a few seconds."
_ANSWER: Final = refusal(HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, (_RETRY,))
_HEAD: Final = _ANSWER[: _ANSWER.index(b"\r\n\r\n") + 4]


def unavailable(received: bytes) -> bytes:
    """
    :param received: what has been received on a connection.
    :return: the response 503, which refuses a WebSocket, too; nothing to what is no request of HTTP/1.
    """
    match = _REQUEST.match(received)
    if match is None:
        return b""
    return _HEAD if match[1] == b"HEAD" else _ANSWER
