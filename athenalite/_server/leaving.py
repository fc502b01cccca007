# -*- test-case-name: tests.server.test_leaving -*-
"""
The HTTP request by which a browser reports that it has left a page whose socket was not open: a POST to the transport.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final, Literal

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from .._core.registry import SessionRegistry
from .._core.wire import Number, Token
from ..errors import ProtocolError

#: The longest body that :func:`decodeLeft` decodes, in bytes.
MAX_LEFT: Final = 512


class Left(Struct, array_like=True, forbid_unknown_fields=True, tag="left"):
    """The body of the request (``docs/protocol.rst``, "Leaving a page"): which page, and its newest socket."""

    version: Literal[1]
    token: Token
    socket: Number


_decoder: Final = Decoder(Left)


def decodeLeft(body: bytes) -> Left:
    """
    :raise ProtocolError: if the body is not a ``left``. The error's text quotes nothing of it.
    """
    try:
        return _decoder.decode(body)
    except (MsgspecError, UnicodeError, RecursionError):
        raise ProtocolError("left of wrong form") from None


def pageLeft(sessions: SessionRegistry, request: Any) -> bytes:
    """
    End the page that a request's body names; see ``docs/protocol.rst``, "Leaving a page". The token in the body is
    the only check: neither the origin nor ``LivePage.authorize`` is consulted, for the request can only end that page.

    :param request: a ``twisted.web`` request.
    :return: the body of the response, which is empty. Its status is 204, also if no page has the token, so that it
        reveals nothing about tokens; or 400 if the body is malformed.
    """
    try:
        left = decodeLeft(request.content.read(MAX_LEFT + 1))
    except ProtocolError:
        request.setResponseCode(HTTPStatus.BAD_REQUEST)
    else:
        request.setResponseCode(HTTPStatus.NO_CONTENT)
        sessions.pageLeft(left.token, left.socket)
    return b""
