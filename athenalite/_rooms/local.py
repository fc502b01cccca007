# -*- test-case-name: tests.rooms.test_local -*-
"""
A room of one process, without an engine: :class:`LocalCarrier`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger

from .carrier import Carrier
from .entries import ENTERED, LEFT, Entry, decodeArguments, encodeArguments


class LocalCarrier(Carrier):
    """
    Runs calls in their order in this process: in a later iteration of the reactor, as with an engine, so that an
    application behaves alike on one worker and on many.
    """

    def __init__(self, room: Any, log: Logger, later: Callable[[Callable[[], None]], object] | None) -> None:
        """
        :param later: calls a function in a later iteration. None for a room that belongs to no site: its calls run at
            once, or, if they were made by one that runs, after that.
        """
        super().__init__(room, log)
        self._later = later
        self._waiting: deque[Entry] = deque()
        self._scheduled = False
        self._claimed: set[str] = set()

    def call(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Deferred[None]:
        _, entry = self.prepare(method, args, kwargs)
        self._add(entry)
        return succeed(None)

    def claim(self, name: str, info: Any) -> Deferred[bool]:
        entry = decodeArguments(encodeArguments(ENTERED, (name, info, ""), {}))
        if name in self._claimed:
            return succeed(False)
        self._claimed.add(name)
        self._add(entry)
        return succeed(True)

    def release(self, name: str) -> Deferred[None]:
        if name in self._claimed:
            self._claimed.discard(name)
            self._add(Entry("", 0, LEFT, [[name]], {}))
        return succeed(None)

    def _add(self, entry: Entry) -> None:
        self._waiting.append(entry)
        if self._scheduled:
            return
        self._scheduled = True
        if self._later is None:
            self._run()
        else:
            self._later(self._run)

    def _run(self) -> None:
        # With a clock, what these calls call in turn waits for the next iteration: pages are written to in between.
        count = len(self._waiting)
        try:
            while self._waiting and (count or self._later is None):
                count -= 1
                self.deliver(self._waiting.popleft())
        finally:
            self._scheduled = False
        if self._waiting and self._later is not None:
            self._scheduled = True
            self._later(self._run)
