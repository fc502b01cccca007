# -*- test-case-name: tests.server.test_health -*-
"""
``_athena/health``: whether a load balancer should send new visitors here.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from twisted.web.resource import Resource

from .responses import asError


class Health(Resource):
    """
    Answers 200 while the site serves new pages, and 503 once it is draining. It makes no session, reads no file, and
    shows nothing else.

    :ivar draining: whether the site is about to stop.
    """

    isLeaf = True
    draining = False

    def render(self, request: Any) -> bytes:
        if request.method not in (b"GET", b"HEAD"):
            request.setHeader("allow", "GET, HEAD")
            return asError(request, HTTPStatus.METHOD_NOT_ALLOWED, b"Ask with GET or HEAD.\n")
        if request.postpath:
            return asError(request, HTTPStatus.NOT_FOUND, b"There is nothing here.\n")
        if self.draining:
            return asError(request, HTTPStatus.SERVICE_UNAVAILABLE, b"draining\n")
        return asError(request, HTTPStatus.OK, b"ok\n")
