# -*- test-case-name: tests.page.test_lifecycle -*-
"""
The life of a page, from its first connection until it is lost, as its application sees it: :class:`Lifecycle`.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .._awaiting.results import HookResult
from .._core.objects import ObjectTable
from .element import LiveElement


class Lifecycle:
    """The hooks of a page and of its elements, and the methods of :class:`IPage` by which the session calls them."""

    liveFragmentChildren: list[LiveElement]
    _athenaObjects: ObjectTable
    _athenaDisconnectCallbacks: list[Deferred[None]]
    _athenaConnected = False
    _athenaReason: Failure | None = None

    def connectionMade(self) -> HookResult:
        """Override it: called when the page has connected for the first time."""

    def connectionLost(self, reason: Failure) -> HookResult:
        """Override it: called when the page is lost."""

    def disconnected(self) -> HookResult:
        """Override it: called when the connection has dropped."""

    def resumed(self) -> HookResult:
        """Override it: called when the page has reconnected."""

    def notifyOnDisconnect(self) -> Deferred[None]:
        """
        :return: a Deferred that fails when the page is lost, with the reason, even if it was closed in order; before
            the pending calls fail.
        """
        notified: Deferred[None] = Deferred()
        if self._athenaReason is None:
            self._athenaDisconnectCallbacks.append(notified)
        else:
            notified.errback(self._athenaReason)
        return notified

    def close(self, reason: str) -> None:
        """End the page, for example at logout. The browser shows ``reason`` to its user."""
        page: Any = self
        page.session.close(reason)

    # Called by the session

    def sessionConnected(self) -> None:
        self._athenaConnected = True
        self._athenaCallHook("connectionMade")

    def sessionDisconnected(self) -> None:
        self._athenaCallHook("disconnected")

    def sessionResumed(self) -> None:
        self._athenaCallHook("resumed")

    def sessionEnding(self, reason: Failure) -> None:
        self._athenaReason = reason
        notified, self._athenaDisconnectCallbacks = self._athenaDisconnectCallbacks, []
        for deferred in notified:
            deferred.errback(reason)

    def sessionLost(self, reason: Failure) -> None:
        if self._athenaConnected:
            self._athenaCallHook("connectionLost", reason)
        page: Any = self
        for one in self._athenaObjects:
            if isinstance(one, LiveElement):
                one.pageLost(page.session.reason or "")
        self._athenaObjects.close()
        self.liveFragmentChildren.clear()

    def _athenaCallHook(self, hook: str, *args: Any) -> None:
        page: Any = self
        self._athenaObjects.callHook(page._log, hook, *args)
