# -*- test-case-name: tests.core.test_errbacks -*-
"""
The errbacks of calls that only have errbacks: :class:`Errbacks`.

``callRemote(...).addErrback(log)`` needs no answer of a call that succeeds, so it is sent as ``notify``, of which the
browser reports the failure only. Nothing tells the server that a call will not fail any more: a method that returns a
Promise may fail after it was acknowledged. So errbacks are kept until then, and the last ones for longer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from operator import itemgetter
from types import MethodType
from typing import Any, Final, TypeAlias

#: Errbacks with their arguments, in the order in which they were added.
Chain: TypeAlias = tuple[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]], ...]

#: How many different errbacks are kept of messages that have been acknowledged, at least.
KEPT: Final = 128

_first: Final = itemgetter(0)


def isSame(errback: Any, other: Any) -> bool:
    """Whether both are one function, or one method of one object. Other objects may compare in ways of their own."""
    return errback is other or (type(errback) is type(other) is MethodType and errback == other)


class Errbacks:
    """
    Errbacks by the numbers of their messages. If messages that follow each other have the same, these are kept once.
    """

    __slots__ = ("_limit", "_runs")

    def __init__(self) -> None:
        # The first and the last number of each run, and its errbacks.
        self._runs: list[tuple[int, int, Chain]] = []
        self._limit = 2 * KEPT

    def add(self, number: int, chain: Chain, acknowledged: int) -> None:
        """
        Keep the errbacks of the message ``number``, which is higher than all before.

        :param acknowledged: the last message that the browser has acknowledged.
        """
        runs = self._runs
        if runs:
            first, last, kept = runs[-1]
            if kept is chain and last == number - 1:
                runs[-1] = first, number, chain
                return
            if len(runs) >= self._limit:
                self._drop(acknowledged)
        runs.append((number, number, chain))

    def _drop(self, acknowledged: int) -> None:
        old = bisect_right(self._runs, acknowledged, key=itemgetter(1)) - KEPT
        del self._runs[: max(0, old)]
        self._limit = max(2 * KEPT, 2 * len(self._runs))

    def of(self, number: int) -> Chain | None:
        """
        :return: the errbacks of the message ``number``; None if it has none, or had some long ago.
        """
        position = bisect_right(self._runs, number, key=_first) - 1
        if position < 0:
            return None
        _, last, chain = self._runs[position]
        return chain if number <= last else None

    def after(self, acknowledged: int) -> Iterator[tuple[int, Chain]]:
        """
        :return: the messages after ``acknowledged`` that have errbacks, and these.
        """
        for first, last, chain in self._runs:
            for number in range(max(first, acknowledged + 1), last + 1):
                yield number, chain
