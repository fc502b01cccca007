# -*- test-case-name: tests.core.test_errbacks -*-
"""
The errbacks of calls that only have errbacks: of one page :class:`Errbacks`, of one broadcast :class:`Chains`.

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


def _areSame(chain: Chain, other: Chain) -> bool:
    """Whether both are one errback without arguments, see :func:`isSame`."""
    if len(chain) != 1 or len(other) != 1:
        return False
    [(errback, args, kwargs)], [(another, others, more)] = chain, other
    return not (args or others or kwargs or more) and isSame(errback, another)


class Chains:
    """
    Errbacks by the positions of their pages in a broadcast. As long as all pages have the same one, it is kept once.

    :ivar count: so many positions, the first ones, have :attr:`chain`; -1 once :attr:`_others` has them all.
    :ivar chain: the last errbacks, which are mostly those of the next page, too.
    :ivar errback: the one in :attr:`chain`, if it has no arguments.
    """

    __slots__ = ("_others", "chain", "count", "errback")

    def __init__(self) -> None:
        self.chain: Chain = ()
        self.errback: Any = None
        self.count = 0
        self._others: dict[int, Chain] = {}

    def __bool__(self) -> bool:
        return self.count > 0 or bool(self._others)

    def share(self, other: Chains) -> None:
        """Use the objects of another broadcast, if the errbacks are the same, so that pages keep them once."""
        self.chain, self.errback = other.chain, other.errback

    def add(self, position: int, errback: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Add an errback with its arguments to those at ``position``."""
        chain = self.chain
        isNew = bool(args or kwargs) or not isSame(errback, self.errback)
        if isNew:
            chain = ((errback, args, kwargs),)
        if position == self.count and (position == 0 or not isNew):
            self.count += 1
        else:
            self._spread()
            self._others[position] = self._others.get(position, ()) + chain
        if isNew:
            self.chain, self.errback = chain, None if args or kwargs else errback

    def _spread(self) -> None:
        if self.count >= 0:
            self._others.update(dict.fromkeys(range(self.count), self.chain))
            self.count = -1

    def pop(self, position: int) -> Chain:
        """
        :return: the errbacks at ``position``, which has none then.
        """
        self._spread()
        return self._others.pop(position, ())

    def ofAll(self, count: int) -> Chain | None:
        """
        :return: the errbacks that all positions have, of ``count``; None if they differ.
        """
        if self.count == count:
            return self.chain
        return None if self else ()

    def of(self, position: int) -> Chain | None:
        """
        :return: the errbacks at ``position``, or None.
        """
        return self.chain if position < self.count else self._others.get(position)


class Errbacks:
    """
    Errbacks by the numbers of their messages. If messages that follow each other have the same, these are kept once.
    """

    __slots__ = ("_limit", "_runs")

    def __init__(self) -> None:
        # The first and the last number of each run, and its errbacks.
        self._runs: list[tuple[int, int, Chain]] = []
        self._limit = 2 * KEPT

    def add(self, number: int, chain: Chain, acknowledged: int, count: int = 1) -> Chain:
        """
        Keep the errbacks of the message ``number``, which is higher than all before.

        :param acknowledged: the last message that the browser has acknowledged.
        :param count: how many messages have them, of which this is the last.
        :return: those that are kept, which are the same: to give them to the next page saves comparing them there.
        """
        runs = self._runs
        if runs:
            first, last, kept = runs[-1]
            if last == number - count and (kept is chain or _areSame(kept, chain)):
                runs[-1] = first, number, kept
                return kept
            if len(runs) >= self._limit:
                self._drop(acknowledged)
        runs.append((number - count + 1, number, chain))
        return chain

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
