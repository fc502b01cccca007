# -*- test-case-name: tests.awaiting.test_deferreds -*-
"""
Waits for Deferreds that an application may use elsewhere, too: their results stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import ref

from twisted.internet.defer import DebugInfo, Deferred
from twisted.python.failure import Failure


def branch(value: Deferred[Any], cancel: bool = False) -> Deferred[Any]:
    """
    Wait for a Deferred that the application may have returned to others, too, or may keep.

    :param cancel: whether to cancel the result cancels ``value`` as well.
    :return: a Deferred with the same outcome. The callbacks that ``value`` has afterwards get the same, too; a failure
        counts as handled.
    """
    origin = ref(value)

    def cancelOrigin(_: Any) -> None:
        deferred = origin()
        if deferred is not None:
            deferred.cancel()

    waiting: Deferred[Any] = Deferred(cancelOrigin if cancel else None)
    follow(value, waiting.callback)
    return waiting


def follow(value: Deferred[Any], fired: Callable[[Any], object]) -> None:
    """Call ``fired`` with the result of ``value`` or its ``Failure``, and leave what its callbacks get as it is."""
    # Weakly, because a Deferred that never fires would be a reference cycle.
    origin = ref(value)

    def passOn(result: Any) -> Any:
        if isinstance(result, Failure):
            deferred = origin()
            if deferred is not None:
                _handled(deferred, result)
        fired(result)
        return result

    value.addBoth(passOn)


class _Handled(DebugInfo):
    """Reports an unhandled failure when the Deferred is freed, except one that was passed on."""

    failResult: Failure | None = None

    def __init__(self, failure: Failure) -> None:
        self._failure = failure

    def __del__(self) -> None:
        if self.failResult is not None and self.failResult is not self._failure:
            super().__del__()


def _handled(value: Deferred[Any], failure: Failure) -> None:
    earlier = value._debugInfo
    value._debugInfo = _Handled(failure)
    if earlier is not None:
        earlier.failResult = None
