# -*- test-case-name: tests.server.test_fault -*-
"""
Responds to a request that has failed: with a reference to the log, and in debug mode with a page about the error.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from .._assets.fault import faultOf
from .._assets.faultpage import HEADERS, faultPage
from .._core.sitelog import SiteLog
from .responses import respondWithText


def reportFault(log: Logger, failure: Failure, text: str = "A page could not be rendered", quiet: bool = False) -> str:
    """
    Log a failure: ``text``, the cause, the template's file and line, the renderer, and a reference; and the traceback.

    :param quiet: whether it has been reported otherwise, and is not logged.
    :return: the reference.
    """
    reference = token_hex(4)
    if not quiet:
        format = f"{text}: {{summary}}. Reference {{reference}}"
        log.failure(format, failure, summary=faultOf(failure).summary, reference=reference)
    return reference


def respondWithFault(request: Any, failure: Failure, reference: str, debug: bool, log: Any = None) -> None:
    """
    Finish a request with status 500, and either the reference or, in debug mode, all that is known about the failure.

    :param log: the site's log, which knows the secrets to be left out.
    """
    if not debug:
        text = f"This page could not be made. Reference {reference}: the server's log says why."
        respondWithText(request, HTTPStatus.INTERNAL_SERVER_ERROR, text)
        return
    body = faultPage(faultOf(failure), reference, _safeFor(log) if isinstance(log, SiteLog) else str)
    request.setResponseCode(HTTPStatus.INTERNAL_SERVER_ERROR)
    for name, value in {**HEADERS, "Content-Length": str(len(body))}.items():
        request.setHeader(name, value)
    if getattr(request.site, "refreshesFaults", False):
        # It has no script that could.
        request.setHeader("refresh", "1")
    request.write(b"" if request.method == b"HEAD" else body)
    request.finish()


def _safeFor(log: SiteLog) -> Callable[[str], str]:
    return lambda text: str(log.made({"text": text})["text"])
