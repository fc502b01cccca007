# -*- test-case-name: tests.core.test_broadcast -*-
"""
One call that is made to one page after the other, and who waits for which answer: :class:`Saying`.

A loop over ``callRemote`` that does something with the Deferreds is rare; most drop each before they make the next
call. So as long as nobody holds the one that the last page's call returned, the next page's call returns it again: no
answer is asked for that nobody can see, and a thousand pages cost one Deferred. Whether somebody holds it is what
CPython's reference count tells. Where that is not to be relied on, each call gets a Deferred of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from itertools import repeat
from sys import getrefcount
from typing import Any, Final, Protocol, TypeAlias
from weakref import ref

from ..interfaces import ITransport
from .callresult import CallResult
from .encodecache import allStrings

#: Finds who waits for the answer to a call, if somebody does. A weak reference, so that it does not hold it.
Waiter: TypeAlias = Callable[[], CallResult | None]


def nobody() -> None:
    """Waits for no answer."""


class IOutbox(Protocol):
    """A page, as far as it is told something: :class:`athenalite._core.outbox.Outbox`."""

    def keep(self, messages: list[bytes], size: int) -> ITransport | None: ...

    def asking(self, messages: list[bytes], waiters: list[Waiter]) -> list[bytes]: ...

    def responding(self, position: int) -> None: ...

    def acknowledge(self) -> None: ...

    def overflowed(self, kept: str) -> None: ...


class Saying:
    """
    The next page may be added by whoever finds that its object and method are the same, its arguments *equal*
    :attr:`args`, and that there are no others.

    :ivar args: its arguments, if it may be repeated and all are strings; otherwise None. See
        :func:`athenalite._core.encodecache.allStrings`.
    :ivar message: the call, as ``notify``.
    :ivar outboxes: the pages, in the order in which they were called. Whoever adds one returns :attr:`result` for it,
        or if that has more than :attr:`alone` references, :meth:`another`.
    :ivar result: what the call to the last page returned.
    :ivar alone: how many references it has if nobody holds it; -1 if that is not known.
    :ivar held: by their places in :attr:`outboxes`, the pages whose answer somebody waits for.
    """

    __slots__ = ("_awaited", "alone", "args", "held", "message", "methodName", "objectID", "outboxes", "result")

    def __init__(self, message: bytes, objectID: int, methodName: str, args: Any, alone: int) -> None:
        self.message = message
        self.objectID = objectID
        self.methodName = methodName
        self.args: tuple[str, ...] | None = args if allStrings(args) else None
        self.alone = alone
        self.outboxes: list[IOutbox] = []
        self.result: CallResult | None = None
        self.held: dict[int, Waiter] = {}
        # What is to live until the turn ends, though nobody may hold it: see CallResult.
        self._awaited: list[CallResult] = []

    def another(self) -> CallResult:
        """
        :return: a result for the page that was added last, for somebody holds that of the one before.
        """
        if self.result is not None:
            self.held[len(self.outboxes) - 2] = ref(self.result)
        self.result = CallResult()
        self.result.keptIn = self._awaited
        return self.result

    def settle(self) -> None:
        """There will be no more of it. If nobody waits for an answer now, nobody will."""
        last, self.result = self.result, None
        if last is not None:
            self.held[len(self.outboxes) - 1] = ref(last)
        del last
        self.held = {place: waiter for place, waiter in self.held.items() if waiter() is not None}

    @property
    def isAwaited(self) -> bool:
        """Whether somebody waits for an answer. Call :meth:`settle` before."""
        return any(waiter() is not None for waiter in self.held.values())

    def waiters(self) -> Iterable[Waiter]:
        """
        :return: for each of the pages, who waits for its answer, and :func:`nobody` without end.
        """
        if not self.held:
            return repeat(nobody)
        return [self.held.get(place, nobody) for place in range(len(self.outboxes))]


_ALONE: Final = 3


class _Probe:
    __slots__ = ("result",)

    def __init__(self) -> None:
        self.result = CallResult()

    def count(self) -> int:
        # As Outbox.callRemote does it, so that the same references are counted.
        result = self.result
        return getrefcount(result)


def referencesOfNobody() -> int:
    """
    :return: how many references a result has, as ``Outbox.callRemote`` sees it, if nobody holds it; -1 where that is
        not to be relied on: interpreters that keep no such count, those that may leave references out of it (3.14 and
        newer, and those without a lock), and those where one who holds it does not make it one more.
    """
    exact = sys.implementation.name == "cpython" and sys.version_info < (3, 14)
    if not exact or not getattr(sys, "_is_gil_enabled", lambda: True)():
        return -1
    probe = _Probe()
    # Who has it, who asks, and who counts. A debugger may hold it besides, and let go of it later.
    alone = probe.count()
    holder = [probe.result]
    return alone if alone == _ALONE and probe.count() == alone + len(holder) else -1


#: The same in all of the process.
ALONE: Final = referencesOfNobody()
