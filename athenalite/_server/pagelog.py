# -*- test-case-name: tests.server.test_pagelog -*-
"""
Logs the life of each page: :class:`PageLog`, which is off by default.
"""

from __future__ import annotations

from typing import Any, Final

from twisted.logger import Logger, LogLevel

from .._core.meter import kindOf
from .._core.watching import Life
from ..interfaces import IClock

_DEBUG: Final = LogLevel.debug
_INFO: Final = LogLevel.info


class PageLog:
    """
    A watcher that logs one event for each change of a page. ``docs/deploying.rst`` documents the fields.
    """

    def __init__(self, log: Logger, clock: IClock, behindProxy: bool) -> None:
        """
        :param log: a site's, which escapes what comes from peers and applications.
        :param behindProxy: whether the peer of a page has no port.
        """
        self._log = log
        self._clock = clock
        self._behindProxy = behindProxy

    def pageRendered(self, life: Life) -> None:
        self._emit(_DEBUG, "rendered", "Page {page} ({pageClass}) was rendered for {peer}.", life)

    def pageConnected(self, life: Life) -> None:
        self._emit(_INFO, "connected", "Page {page} ({pageClass}) of {peer} has connected after {seconds} s.", life)

    def pageDisconnected(self, life: Life) -> None:
        text = (
            "Page {page} of {peer} is disconnected, after {seconds} s, with {closeCode}: {closeReason!r}. "
            "{waiting} bytes wait for it."
        )
        outbox = life.session.outbox
        more = {"closeCode": outbox.closed[0], "closeReason": outbox.closed[1], "waiting": outbox.waiting[1]}
        self._emit(_INFO, "disconnected", text, life, **more)

    def pageResumed(self, life: Life) -> None:
        text = "Page {page} of {peer} has resumed after {seconds} s. {resent} messages were sent again."
        self._emit(_INFO, "resumed", text, life, resent=life.session.outbox.waiting[0])

    def pageLost(self, life: Life) -> None:
        reason = life.session.reason or ""
        text = "Page {page} of {peer} is lost after {age} s: {reason}"
        age = round(self._clock.seconds() - life.began, 3)
        more = {"reason": reason, "kind": kindOf(reason), "age": age, "resumptions": life.resumptions}
        self._emit(_INFO, "lost", text, life, **more)

    def _emit(self, level: Any, event: str, text: str, life: Life, **fields: Any) -> None:
        user = life.user
        if user is not None:
            fields["user"] = user
        self._log.emit(
            level,
            text,
            event=f"page-{event}",
            page=life.number,
            pageClass=life.pageClass,
            peer=life.address(self._behindProxy),
            seconds=round(self._clock.seconds() - life.since, 3),
            **fields,
        )
