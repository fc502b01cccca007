# -*- test-case-name: tests.rooms.test_sending -*-
"""
Sends the calls of one room to the engine: :class:`SendingCarrier`. They are queued until the engine has answered, and
fail if it does not answer in time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from twisted.internet.defer import DebugInfo, Deferred

from ..errors import EngineAway
from .carrier import Carrier
from .entries import encodeEntry
from .link import Link
from .queue import Budget, Item, SendQueue


class Client(Protocol):
    """The connection to the engine, as its rooms use it."""

    worker: str
    link: Link | None
    log: Any
    budget: Budget

    def deadline(self) -> float:
        """When a call that is made now fails."""

    def hasRoomFor(self, size: int) -> bool:
        """Whether so many bytes more may wait."""

    def request(self, made: Deferred[Any], answered: Callable[[Any], None]) -> None:
        """Wait for the answer to a request. Any failure drops the link."""

    def added(self) -> None:
        """An item was added to a queue."""

    def unhandled(self, reason: str) -> None:
        """A call has failed, and its caller did not look at the result."""


class _Unhandled(DebugInfo):
    """Reports in one line that a call failed whose caller has dropped the result. A traceback would say no more."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __del__(self) -> None:
        if self.failResult is not None:
            self._client.unhandled(self.failResult.getErrorMessage())


class SendingCarrier(Carrier):
    """
    What sends to the engine.

    :ivar queue: what the engine has not answered.
    """

    def __init__(self, room: Any, client: Client) -> None:
        super().__init__(room, client.log)
        self.queue = SendQueue(client.budget)
        self._client = client

    def call(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Deferred[None]:
        ending, _ = self.prepare(method, args, kwargs)
        item = self._add(partial(self._append, ending), len(ending))
        if item is None:
            return self._refused()
        return item.result.addCallback(lambda _: None)

    def _refused(self) -> Deferred[Any]:
        failed: Deferred[Any] = Deferred()
        failed._debugInfo = _Unhandled(self._client)
        failed.errback(EngineAway("too many calls wait for the engine already"))
        return failed

    def _add(
        self, operation: Callable[[Link, Item], Deferred[bool]], size: int, *, mayFail: bool = True
    ) -> Item | None:
        """
        Queue an operation, and send it if there is a link.

        :param size: of its text, in bytes.
        :param mayFail: whether it fails if the engine does not answer in time.
        :return: None if it may fail, and too much waits already.
        """
        if mayFail and not self._client.hasRoomFor(size):
            return None
        item = self.queue.add(operation, size, self._client.deadline() if mayFail else None)
        item.result._debugInfo = _Unhandled(self._client)
        self._client.added()
        self._send()
        return item

    def _append(self, ending: str, link: Link, item: Item) -> Deferred[bool]:
        return link.append(self.name, self._client.worker, item.number, self._entry(item, ending))

    def _entry(self, item: Item, ending: str) -> str:
        return encodeEntry(self._client.worker, item.number, ending, item.attempt)

    def _send(self) -> None:
        link = self._client.link
        if link is None:
            return
        for item in self.queue.toSend():
            self._client.request(item.operation(link, item), partial(self._answered, item))

    def _answered(self, item: Item, answer: bool) -> None:
        if self.queue.remove(item):
            item.result.callback(answer)

    def expire(self, now: float) -> None:
        """Let calls fail that the engine has not answered in time."""
        for item in self.queue.expired(now):
            item.result.errback(EngineAway("the engine has not answered in time; the call may run, or not"))
