# -*- test-case-name: tests.server.test_responses -*-
"""
The headers of responses that no resource has chosen: of errors, and of requests that are refused before there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from twisted.web.pages import notFound
from twisted.web.resource import IResource, Resource
from twisted.web.server import version

#: For errors: a document that loads and runs nothing.
ERROR_HEADERS: Final = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)


def refusal(status: HTTPStatus, text: str = "", headers: Iterable[tuple[str, Any]] = ()) -> bytes:
    """
    :param text: the body.
    :param headers: further ones of the response.
    :return: a whole response, after which the connection is closed.
    """
    body = f"{text}\n".encode("ascii") if text else b""
    fields = [("Connection", "close"), ("Content-Length", len(body)), *ERROR_HEADERS.items(), *headers]
    if body:
        fields.append(("Content-Type", "text/plain; charset=utf-8"))
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def completeHeaders(request: Any) -> None:
    """
    Complete the headers of a response that begins: those of :data:`ERROR_HEADERS` that an error lacks. The name and
    version of Twisted are removed: they help attackers only.
    """
    headers = request.responseHeaders
    if headers.getRawHeaders(b"server") == [version]:
        headers.removeHeader(b"server")
    if request.code >= HTTPStatus.BAD_REQUEST:
        for name, value in ERROR_HEADERS.items():
            if not headers.hasHeader(name):
                headers.setRawHeaders(name, [value])


def setErrorHeaders(request: Any) -> None:
    """Set :data:`ERROR_HEADERS`, for a response in any ``Site``."""
    for name, value in ERROR_HEADERS.items():
        request.setHeader(name, value)


class _Missing(Resource):
    """Twisted's page for 404, with the headers of errors in any ``Site``."""

    isLeaf = True

    def render(self, request: Any) -> Any:
        setErrorHeaders(request)
        return notFound().render(request)


def missing() -> IResource:
    """
    :return: a resource that responds with 404 and :data:`ERROR_HEADERS`.
    """
    return _Missing()


def asError(request: Any, status: HTTPStatus, body: bytes) -> bytes:
    """
    Set the status and all headers of an error whose body is a short text.

    :return: what to write: nothing for HEAD.
    """
    # Twisted does not know the names of all.
    request.setResponseCode(status, status.phrase.encode("ascii"))
    setErrorHeaders(request)
    request.setHeader("content-type", "text/plain; charset=utf-8")
    request.setHeader("content-length", str(len(body)))
    return b"" if request.method == b"HEAD" else body


def respondWithText(request: Any, status: HTTPStatus, text: str) -> None:
    """Finish a request with a short text, and the headers of errors."""
    request.write(asError(request, status, f"{text}\n".encode()))
    request.finish()
