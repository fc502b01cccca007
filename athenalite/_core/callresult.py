# -*- test-case-name: tests.core.test_callresult -*-
"""
What ``callRemote`` returns: :class:`CallResult`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from twisted.internet.defer import DebugInfo, Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from ..errors import ConnectionLost
from .errbacks import Chain


class Keeper(Protocol):
    """
    What keeps results while their call waits to be sent: see :class:`athenalite._core.broadcast.Broadcast`.

    :ivar awaited: the results that must live until the call is sent without any other reference.
    """

    awaited: list[CallResult]

    def positionOf(self, result: CallResult) -> int:
        """Return the position of its call."""

    def takeErrbacks(self, result: CallResult) -> Chain:
        """Return the errbacks that :meth:`errbackAdded` has kept, and keep them no longer."""

    def errbackAdded(self, result: CallResult, errback: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Add an errback with its arguments to those of a result."""


class _Unmade:
    """
    An attribute that a Deferred has, and a :class:`CallResult` that is not one yet has not. If ``__getattr__`` found
    it, Python would look up all other attributes of a result more slowly, too.
    """

    def __init__(self, get: Callable[[CallResult], Any]) -> None:
        self._get = get

    def __get__(self, result: CallResult | None, owner: type[CallResult]) -> Any:
        return self if result is None else self._get(result)


def _noResult(result: CallResult) -> Any:
    # A Deferred whose callback returns this one adds no callback here. But it looks first for a result.
    result._await()
    raise AttributeError("result")


def _usedFor(name: str) -> _Unmade:
    def get(result: CallResult) -> Any:
        # It is used as a Deferred, so its call wants an answer.
        result._make()
        result._keep()
        return vars(result)[name]

    return _Unmade(get)


class CallResult(Deferred[Any]):
    """
    A ``Deferred`` that fires once, with the result, the remote error, or :class:`ConnectionLost`.

    An application that calls many pages (``for chatter in chatters: chatter.callRemote(...)``) is not in error when one
    of them is lost. So the loss of a page is never reported as "Unhandled error in Deferred".

    Each call returns its own. The batch references it weakly, and requests an answer only if the result is still
    referenced when the batch ends (see :class:`athenalite._core.broadcast.Broadcast`).

    One that only has errbacks is not kept: its errbacks are, and no answer is requested if it is dropped. They are
    called for a failure, and if the page is lost before the browser has acknowledged the call.
    """

    #: What keeps the result when it is awaited, so that it is not freed; None for nothing.
    keptIn: Keeper | None = None
    #: The position of its call in :attr:`keptIn`, once another call follows: see :meth:`Keeper.positionOf`.
    position: int
    #: Whether it has callbacks. They run even if the Deferred itself is not referenced any more, as after
    #: ``callRemote(...).addCallback(...)``.
    awaited = False
    _made = False

    if not TYPE_CHECKING:
        # In a loop over callRemote most live for a moment only. They are initialized when they are used as a Deferred.
        __init__ = object.__init__

    def addCallbacks(self, *args: Any, **kwargs: Any) -> Any:
        self._await()
        return super().addCallbacks(*args, **kwargs)

    # Deferred does not build these on addCallbacks.

    def addCallback(self, *args: Any, **kwargs: Any) -> Any:
        self._await()
        return super().addCallback(*args, **kwargs)

    def addErrback(self, errback: Any, *args: Any, **kwargs: Any) -> Any:
        # None, if it is awaited.
        keptIn = self.keptIn
        if keptIn is not None and callable(errback):
            keptIn.errbackAdded(self, errback, args, kwargs)
            return self
        self._await()
        return super().addErrback(errback, *args, **kwargs)

    def addBoth(self, *args: Any, **kwargs: Any) -> Any:
        self._await()
        return super().addBoth(*args, **kwargs)

    def _await(self) -> None:
        if not self.awaited:
            self.awaited = True
            self._make()
            self._keep()

    def _make(self) -> None:
        if not self._made:
            self._made = True
            super().__init__()

    def _keep(self) -> None:
        keptIn = self.keptIn
        if keptIn is not None:
            keptIn.awaited.append(self)
            self.release()

    def release(self) -> None:
        """Keep the errbacks here: the call is sent, or the result is kept itself."""
        keptIn, self.keptIn = self.keptIn, None
        if keptIn is not None:
            self.addErrbacks(keptIn.takeErrbacks(self))

    def addErrbacks(self, chain: Chain) -> None:
        """Add errbacks with their arguments."""
        for errback, args, kwargs in chain:
            self._await()
            super().addErrback(errback, *args, **kwargs)

    @classmethod
    def alone(cls, chain: Chain) -> CallResult:
        """
        :return: the result of a call that only has errbacks, to be fired with its failure.
        """
        result = cls()
        result.addErrbacks(chain)
        return result

    @classmethod
    def lost(cls, reason: str) -> CallResult:
        """
        :return: the result of a call to a page that is lost already.
        """
        result = cls()
        result.connectionLost(Failure(ConnectionLost(reason)))
        return result

    def connectionLost(self, reason: Failure) -> None:
        """Fail, because the page is lost. Does nothing if the application has fired or cancelled this itself."""
        if not self.called:
            # First: with Twisted's debugging of Deferreds on, that sets another one.
            self._make()
            self._debugInfo = _Quiet()
            self.errback(reason)

    def answered(self, value: Any, log: Logger) -> None:
        """
        Fire with the browser's answer.

        :param value: the result, or a ``Failure``.
        :param log: where an error that no errback handles is logged. Twisted's own log of it would not be bounded.
        """
        self._make()
        self._debugInfo = _Reported(log)
        self.callback(value)


# Whatever this version of Twisted sets in each Deferred that it makes, and the result, which none has at first.
for _name in vars(Deferred()):
    if not hasattr(Deferred, _name):
        setattr(CallResult, _name, _usedFor(_name))
CallResult.result = _Unmade(_noResult)


class _Reported(DebugInfo):
    """Reports an unhandled failure in the log of the page when the Deferred is freed."""

    def __init__(self, log: Logger) -> None:
        self._log = log

    def __del__(self) -> None:
        if self.failResult is not None:
            self._log.failure(
                "Unhandled error in Deferred {debugInfo}", self.failResult, debugInfo=self._getDebugTracebacks()
            )


class _Quiet(DebugInfo):
    """Reports an unhandled failure when the Deferred is freed, except the loss of the page."""

    failResult: Failure | None = None

    def __del__(self) -> None:
        if self.failResult is not None and self.failResult.check(ConnectionLost) is None:
            super().__del__()
