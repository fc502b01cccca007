# -*- test-case-name: tests.core.test_callresult -*-
"""
What ``callRemote`` returns: :class:`CallResult`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.internet.defer import DebugInfo, Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from ..errors import ConnectionLost


class CallResult(Deferred[Any]):
    """
    A ``Deferred`` that fires once, with the result, the remote error, or :class:`ConnectionLost`.

    Pages come and go, and an application that speaks to all of them (``for chatter in chatters:
    chatter.callRemote(...)``) is not in error when one is gone. So the loss of a page is never reported as "Unhandled
    error in Deferred".
    """

    __slots__ = ("keptIn",)
    #: Where it is to be kept once it is awaited; None, or not set, if nowhere.
    keptIn: list[CallResult] | None
    #: Whether it has callbacks. They are to run even if nobody holds the Deferred itself, as it is with
    #: ``callRemote(...).addCallback(...)``.
    awaited = False
    _made = False

    if not TYPE_CHECKING:
        # In a loop over callRemote most live for a moment only. They become Deferreds when somebody uses them as such.
        __init__ = object.__init__

    def addCallbacks(self, *args: Any, **kwargs: Any) -> Any:
        self._await()
        return super().addCallbacks(*args, **kwargs)

    # Deferred does not build these on addCallbacks.

    def addCallback(self, *args: Any, **kwargs: Any) -> Any:
        self._await()
        return super().addCallback(*args, **kwargs)

    def addErrback(self, *args: Any, **kwargs: Any) -> Any:
        self._await()
        return super().addErrback(*args, **kwargs)

    def addBoth(self, *args: Any, **kwargs: Any) -> Any:
        self._await()
        return super().addBoth(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        # A Deferred whose callback returns this one adds no callback here. But it looks first for a result.
        if name == "result":
            self._await()
        elif not self._made:
            self._made = True
            # Whatever is done to it: it is no other call's as well.
            self._keep()
            super().__init__()
            return getattr(self, name)
        raise AttributeError(name)

    def _await(self) -> None:
        if not self.awaited:
            self.awaited = True
            self._keep()

    def _keep(self) -> None:
        keptIn = getattr(self, "keptIn", None)
        if keptIn is not None:
            keptIn.append(self)
            self.keptIn = None

    @classmethod
    def lost(cls, reason: str) -> CallResult:
        """
        :return: the result of a call to a page that is gone already.
        """
        result = cls()
        result.connectionLost(Failure(ConnectionLost(reason)))
        return result

    def connectionLost(self, reason: Failure) -> None:
        """The answer will not come. Does nothing if the application has fired this itself, or cancelled it."""
        if not self.called:
            self._debugInfo = _Quiet()
            self.errback(reason)

    def answered(self, value: Any, log: Logger) -> None:
        """
        The browser has answered.

        :param value: the result, or a ``Failure``.
        :param log: where an error that no errback handles is logged. Twisted's own log of it would know no bounds.
        """
        self._debugInfo = _Reported(log)
        self.callback(value)


class _Reported(DebugInfo):
    """What reports an unhandled failure when its Deferred is collected; this one does so in the log of its page."""

    def __init__(self, log: Logger) -> None:
        self._log = log

    def __del__(self) -> None:
        if self.failResult is not None:
            self._log.failure(
                "Unhandled error in Deferred {debugInfo}", self.failResult, debugInfo=self._getDebugTracebacks()
            )


class _Quiet(DebugInfo):
    """What reports an unhandled failure when its Deferred is collected; this one leaves out the loss of a page."""

    failResult: Failure | None = None

    def __del__(self) -> None:
        if self.failResult is not None and self.failResult.check(ConnectionLost) is None:
            super().__del__()
