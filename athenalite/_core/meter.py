# -*- test-case-name: tests.core.test_meter -*-
"""
Counts what happens in a site, for its operator: :class:`Meter`, which is off by default.

The pages of other sites have the usual :class:`LocalCalls`, and no object of this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from twisted.python.failure import Failure

from ..errors import LivePageError
from ..interfaces import IClock
from .calls import LocalCalls
from .states import BEHIND, LEFT, MOVED, UNAUTHORIZED
from .watching import Life
from .wire import Call

#: How many methods are counted apart. Names come from the browser, and an application may accept any.
MAX_METHODS: Final = 200
#: What a method counts as that does not exist, and all beyond :data:`MAX_METHODS`.
UNKNOWN_METHOD: Final = "(unknown)"
OTHER_METHODS: Final = "(other)"

#: The kinds of reasons for which pages are lost, by the texts that :mod:`athenalite._core` gives. The texts of
#: applications are of the kind "closed".
_KINDS: Final = MappingProxyType(
    {
        LEFT: "left",
        MOVED: "moved",
        BEHIND: "slow",
        UNAUTHORIZED: "refused",
        "the page never connected": "expired",
        "the server is shutting down": "shutdown",
        "too many pages were opened and not connected": "busy",
        "too many pages were away": "busy",
    }
)


def kindOf(reason: str) -> str:
    """
    :return: the kind of reason for which a page was lost, of which there are few.
    """
    if reason.startswith("the page was away for more than "):
        return "away"
    return _KINDS.get(reason, "closed")


class Counts:
    """
    What is counted of one method.

    :ivar calls: how many calls have begun.
    :ivar refused: how many have failed with a ``LivePageError``, which the application raises on purpose.
    :ivar failed: how many have failed with another exception, which the log has.
    :ivar ended: how many have ended.
    :ivar seconds: how long these have taken, together.
    """

    __slots__ = ("calls", "ended", "failed", "refused", "seconds")

    def __init__(self) -> None:
        self.calls = self.refused = self.failed = self.ended = 0
        self.seconds = 0.0


class Meter:
    """
    Counts the calls and the lives of all pages of a site.

    :ivar methods: the :class:`Counts` of each method.
    :ivar rendered: how many pages have been rendered.
    :ivar connected: how many have connected.
    :ivar disconnected: how many times one was disconnected.
    :ivar resumed: how many times a page has reconnected.
    :ivar resent: how many messages were sent again then, because they had not been acknowledged.
    :ivar lost: how many pages were lost, by the kind of the reason.
    """

    def __init__(self, clock: IClock) -> None:
        self.seconds = clock.seconds
        self.methods: dict[str, Counts] = {}
        self.rendered = self.connected = self.disconnected = self.resumed = self.resent = 0
        self.lost: Counter[str] = Counter()

    def called(self, methodName: str) -> str:
        """
        Count a call of an exposed method that was found.

        :return: the name that it is counted as.
        """
        if methodName not in self.methods and len(self.methods) >= MAX_METHODS:
            methodName = OTHER_METHODS
        self._counts(methodName).calls += 1
        return methodName

    def ended(self, methodName: str, seconds: float | None, error: BaseException | None = None) -> None:
        """
        Count the end of a call.

        :param methodName: what :meth:`called` has returned, or :data:`UNKNOWN_METHOD`.
        :param seconds: how long it has taken; None for one that was not found.
        """
        counts = self._counts(methodName)
        if isinstance(error, LivePageError):
            counts.refused += 1
        elif error is not None:
            counts.failed += 1
        if seconds is not None:
            counts.ended += 1
            counts.seconds += seconds

    # Watcher

    def pageRendered(self, life: Life) -> None:
        self.rendered += 1

    def pageConnected(self, life: Life) -> None:
        self.connected += 1

    def pageDisconnected(self, life: Life) -> None:
        self.disconnected += 1

    def pageResumed(self, life: Life) -> None:
        self.resumed += 1
        self.resent += life.session.outbox.waiting[0]

    def pageLost(self, life: Life) -> None:
        self.lost[kindOf(life.session.reason or "")] += 1

    def _counts(self, methodName: str) -> Counts:
        return self.methods.setdefault(methodName, Counts())


class MeasuredCalls(LocalCalls):
    """:class:`LocalCalls` that counts, and measures how long a call takes until its result is there."""

    __slots__ = ("_began", "_find", "_isDropped", "_meter", "_number")

    def __init__(self, meter: Meter, locate: Callable[[int, str], Callable[..., Any]], *args: Any) -> None:
        """
        :param args: those of :class:`LocalCalls`.
        """
        super().__init__(self._located, *args)
        self._meter = meter
        self._find = locate
        self._number = 0
        self._isDropped = False
        # The name of each running call, and when it has begun.
        self._began: dict[int, tuple[str, float]] = {}

    def callReceived(self, number: int, call: Call) -> None:
        self._number = number
        super().callReceived(number, call)

    def _located(self, objectID: int, methodName: str) -> Callable[..., Any]:
        method = self._find(objectID, methodName)
        name = self._meter.called(methodName)
        self._began[self._number] = name, self._meter.seconds()
        return method

    def _ended(self, number: int, error: BaseException | None = None) -> None:
        name, began = self._began.pop(number, (UNKNOWN_METHOD, None))
        self._meter.ended(name, None if began is None else self._meter.seconds() - began, error)

    def _succeeded(self, number: int, methodName: str, wanted: bool, value: Any) -> None:
        # Calls _failed for a result that cannot be sent.
        super()._succeeded(number, methodName, wanted, value)
        if number in self._began:
            self._ended(number)

    def _failed(self, number: int, methodName: str, failure: Failure) -> None:
        super()._failed(number, methodName, failure)
        # The calls of a lost page have ended with it.
        if not self._isDropped:
            self._ended(number, failure.value)

    def drop(self) -> None:
        super().drop()
        self._isDropped = True
        for number in list(self._began):
            self._ended(number)
        # It references the page.
        del self._find
