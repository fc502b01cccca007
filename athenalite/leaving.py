# -*- test-case-name: tests.test_leaving -*-
"""
The HTTP request by which a browser reports that it has left a page whose socket was not open: a POST to the transport.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from .errors import ProtocolError
from .sessions import Sessions
from .wire import MAX_LEFT, decodeLeft


def pageLeft(sessions: Sessions, request: Any) -> bytes:
    """
    End the page that a request's body names; see ``docs/protocol.rst``, "Leaving a page". The token in the body is the
    whole authority: neither the origin nor ``LivePage.authorize`` is asked, for the request can only end that page.

    :param request: a ``twisted.web`` request.
    :return: the body of the response, which is empty. Its status is 204, also if no page has the token, so that it
        tells nothing about tokens; or 400 if the body is malformed.
    """
    try:
        message = decodeLeft(request.content.read(MAX_LEFT + 1))
    except ProtocolError:
        request.setResponseCode(HTTPStatus.BAD_REQUEST)
    else:
        request.setResponseCode(HTTPStatus.NO_CONTENT)
        sessions.pageLeft(message)
    return b""
