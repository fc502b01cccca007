# -*- test-case-name: tests.core.test_broadcast -*-
"""
One call to many pages, or to one: :class:`Broadcast`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any, Protocol, TypeAlias
from weakref import ref

from ..interfaces import ITransport
from .callresult import CallResult
from .encodecache import Frozen
from .errbacks import Chain, Chains, isSame

#: Returns the result of a call if it is still referenced, else None. It is a weak reference, or :func:`unawaited`.
Waiter: TypeAlias = Callable[[], CallResult | None]


def unawaited() -> None:
    """The :data:`Waiter` of a message whose answer is not awaited."""


class IOutbox(Protocol):
    """What a batch needs of a page: see :class:`athenalite._core.outbox.Outbox`."""

    def keep(self, messages: list[bytes], size: int) -> ITransport | None: ...

    def failing(self, position: int, chain: Chain, count: int = 1) -> Chain: ...

    def asking(self, position: int, result: CallResult) -> None: ...

    def responding(self, position: int, count: int) -> None: ...

    def acknowledge(self) -> None: ...

    def overflowed(self, unacknowledged: str) -> None: ...


class Broadcast:
    """
    One call to one page, or to many, and the pages whose answer is awaited.

    :ivar args: what equals the arguments of a call that may join this broadcast: strings themselves; of others, what
        they were, see :class:`athenalite._core.encodecache.Frozen`. None if no call may.
    :ivar message: the call, encoded as ``notify``.
    :ivar outboxes: the pages, in the order of the calls.
    :ivar held: the results that are still referenced, by the positions of their pages in :attr:`outboxes`.
    :ivar awaited: results with callbacks, which must live until the batch ends without any other reference.
    :ivar errbacks: of results with errbacks only, these, by the positions of their pages. See :class:`CallResult`.
    """

    __slots__ = (
        "_last",
        "args",
        "awaited",
        "errbacks",
        "held",
        "message",
        "methodName",
        "objectID",
        "outboxes",
    )

    def __init__(
        self,
        message: bytes,
        objectID: int,
        methodName: str,
        args: tuple[str, ...] | Frozen | None,
    ) -> None:
        self.message = message
        self.objectID = objectID
        self.methodName = methodName
        self.args = args
        self.outboxes: list[IOutbox] = []
        self.held: dict[int, Waiter] = {}
        # For the result of the last call.
        self._last: Waiter = unawaited
        self.awaited: list[CallResult] = []
        self.errbacks = Chains()

    def add(self, outbox: IOutbox) -> CallResult:
        """
        Add a page. Most results are dropped before the next call, so a loop over a thousand pages leaves none behind.

        :return: the result of its call.
        """
        # The result of the page before. A method of a slot is looked up each time.
        last = self._last
        kept = last()
        if kept is not None:
            self._hold(kept, last)
        self.outboxes.append(outbox)
        result = CallResult()
        result.keptIn = self
        self._last = ref(result)
        return result

    def _hold(self, kept: CallResult, waiter: Waiter) -> None:
        """The application has kept the result of the last page."""
        kept.position = position = len(self.outboxes) - 1
        self.held[position] = waiter

    def positionOf(self, result: CallResult) -> int:
        """See :class:`athenalite._core.callresult.Keeper`."""
        return len(self.outboxes) - 1 if self._last() is result else result.position

    def errbackAdded(self, result: CallResult, errback: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """See :class:`athenalite._core.callresult.Keeper`."""
        errbacks, last = self.errbacks, self._last
        if (
            last() is result
            and errbacks.count == len(self.outboxes) - 1
            and not (args or kwargs)
            and (errback is errbacks.errback or isSame(errback, errbacks.errback))
        ):
            # As the page before, mostly.
            errbacks.count += 1
        else:
            errbacks.add(self.positionOf(result), errback, args, kwargs)

    def takeErrbacks(self, result: CallResult) -> Chain:
        """See :class:`athenalite._core.callresult.Keeper`."""
        return self.errbacks.pop(self.positionOf(result)) if self.errbacks else ()

    def settle(self) -> None:
        """End the broadcast: forget the results that are not referenced any more."""
        last, self._last = self._last, unawaited
        kept = last()
        if kept is not None:
            self._hold(kept, last)
        if self.held:
            self.held = {position: waiter for position, waiter in self.held.items() if waiter() is not None}

    def waiters(self, outboxes: Iterable[IOutbox]) -> Iterable[Waiter]:
        """
        :param outboxes: :attr:`outboxes`, or some of them.
        :return: a waiter for each, or :func:`unawaited` without end. Call :meth:`settle` first.
        """
        if not self.held:
            return repeat(unawaited)
        return [self.held.get(position, unawaited) for position in self._positions(outboxes)]

    def chains(self, outboxes: Iterable[IOutbox]) -> Iterable[Chain | None]:
        """
        :param outboxes: :attr:`outboxes`, or some of them.
        :return: the errbacks of each, or None without end.
        """
        if not self.errbacks:
            return repeat(None)
        return map(self.errbacks.of, self._positions(outboxes))

    def _positions(self, outboxes: Iterable[IOutbox]) -> Iterable[int]:
        if outboxes is self.outboxes:
            return range(len(self.outboxes))
        positions = {outbox: position for position, outbox in enumerate(self.outboxes)}
        return [positions[outbox] for outbox in outboxes]
