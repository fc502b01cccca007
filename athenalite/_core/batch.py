# -*- test-case-name: tests.core.test_batch -*-
"""
Batches outgoing messages of all sessions of a site, detects broadcasts, and flushes once per reactor iteration.

An application that calls a thousand pages eight times in one iteration causes a thousand writes, not eight thousand;
and at the end of the iteration it is known which of the Deferreds are still referenced, so which calls need an answer.

An application need not declare a broadcast: consecutive calls of the same method with the same arguments are collected
in one :class:`Broadcast`. If all broadcasts of a batch go to the same pages, these share one list of messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import filterfalse, repeat
from operator import call
from typing import Any, Final, Protocol, TypeAlias
from weakref import ref

from twisted.logger import Logger

from ..errors import CLOSE_INTERNAL_ERROR
from ..interfaces import IClock, ITransport
from .callresult import CallResult
from .delivery import Overflow
from .encodecache import Convert, EncodeCache, allStrings, freeze

#: A batch that exceeds one of these bounds is flushed early, so that memory stays bounded within an iteration. A
#: broadcast's bytes count once. Its pages are counted when the next message is queued: each costs one reference.
_MAX_MESSAGES: Final = 50_000
_MAX_BYTES: Final = 1024 * 1024

SendToAll: TypeAlias = Callable[[list[ITransport], list[bytes]], None]


def sendToEach(transports: list[ITransport], messages: list[bytes]) -> None:
    """Send the same messages to many sockets, one after the other."""
    for transport in transports:
        transport.sendFrames(messages)


#: Returns the result of a call if it is still referenced, else None. It is a weak reference, or :func:`unawaited`.
Waiter: TypeAlias = Callable[[], CallResult | None]


def unawaited() -> None:
    """The :data:`Waiter` of a message whose answer is not awaited."""


class IOutbox(Protocol):
    """What a batch needs of a page: see :class:`athenalite._core.outbox.Outbox`."""

    def keep(self, messages: list[bytes], size: int) -> ITransport | None: ...

    def asking(self, messages: list[bytes], waiters: list[Waiter]) -> list[bytes]: ...

    def responding(self, position: int) -> None: ...

    def acknowledge(self) -> None: ...

    def overflowed(self, unacknowledged: str) -> None: ...


class Broadcast:
    """
    One call to one page, or to many, and the pages whose answer is awaited.

    :ivar args: the arguments, if a call with equal arguments may join this broadcast; None if none may.
    :ivar frozen: of other arguments, what they were, see :func:`athenalite._core.encodecache.freeze`.
    :ivar message: the call, encoded as ``notify``.
    :ivar outboxes: the pages, in the order of the calls.
    :ivar held: the results that are still referenced, by the positions of their pages in :attr:`outboxes`.
    """

    __slots__ = ("_awaited", "_last", "args", "frozen", "held", "message", "methodName", "objectID", "outboxes")

    def __init__(
        self,
        message: bytes,
        objectID: int,
        methodName: str,
        args: tuple[str, ...] | None,
        frozen: bytes | None = None,
    ) -> None:
        self.message = message
        self.frozen = frozen
        self.objectID = objectID
        self.methodName = methodName
        self.args = args
        self.outboxes: list[IOutbox] = []
        self.held: dict[int, Waiter] = {}
        # For the result of the last call.
        self._last: Waiter = unawaited
        # Results with callbacks, which must live until the batch ends without any other reference: see CallResult.
        self._awaited: list[CallResult] = []

    def add(self, outbox: IOutbox) -> CallResult:
        """
        Add a page. Most results are dropped before the next call, so a loop over a thousand pages leaves none behind.

        :return: the result of its call.
        """
        self.outboxes.append(outbox)
        # The result of the page before, if the application has kept it.
        if self._last() is not None:
            self.held[len(self.outboxes) - 2] = self._last
        result = CallResult()
        result.keptIn = self._awaited
        self._last = ref(result)
        return result

    def settle(self) -> None:
        """End the broadcast: forget the results that are not referenced any more."""
        last, self._last = self._last, unawaited
        self.held[len(self.outboxes) - 1] = last
        self.held = {position: waiter for position, waiter in self.held.items() if waiter() is not None}

    @property
    def isAwaited(self) -> bool:
        """Whether the answer of any page is awaited. Call :meth:`settle` first."""
        return any(waiter() is not None for waiter in self.held.values())

    def waiters(self) -> Iterable[Waiter]:
        """
        :return: a waiter for each of the pages, or :func:`unawaited` without end.
        """
        if not self.held:
            return repeat(unawaited)
        return [self.held.get(position, unawaited) for position in range(len(self.outboxes))]


#: One message to one page that is not a call.
_Response: TypeAlias = tuple[IOutbox, bytes]


class Batch:
    """
    The send queue of one site.

    :ivar last: the last call. A page may be added to it without :meth:`broadcast` if the method and the arguments are
        the same, and there are no keyword arguments.
    :ivar number: how many batches have ended with their iteration of the reactor.
    """

    def __init__(self, clock: IClock, log: Logger, cache: EncodeCache, sendToAll: SendToAll = sendToEach) -> None:
        """
        :param sendToAll: sends the same messages to many sockets.
        """
        # No call can join this one. It is mutable, so each site has its own.
        self._nothing = self.last = Broadcast(b"", -1, "", None)
        self.number = 0
        self._sendToAll = sendToAll
        self._clock = clock
        self._log = log
        self._cache = cache
        self._queue: list[Broadcast | _Response] = []
        self._acksDue: list[IOutbox] = []
        self._count = 0
        self._bytes = 0
        self._begun = False

    # Queueing

    def broadcast(
        self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert
    ) -> Broadcast:
        """
        Queue a call, or find that it equals the one before.

        :return: the broadcast to add the page to. The call is sent as ``call`` if the result that
            :meth:`Broadcast.add` returns is still referenced when the batch ends, or has callbacks by then; otherwise
            as ``notify``, which the browser does not answer.
        :raise TypeError: if an argument cannot be sent.
        :raise MessageTooLarge: if the call is larger than it may be.
        """
        last = self.last
        mayJoin = last.frozen is not None and methodName == last.methodName and objectID == last.objectID
        if mayJoin and not kwargs and freeze(args) == last.frozen:
            return last
        message = self._cache.encode(objectID, methodName, args, kwargs, convert)
        if message is not self.last.message:  # not "last": to convert an argument may run code that makes calls
            self._count += len(self.last.outboxes)
            self._add(broadcast := self._newBroadcast(message, objectID, methodName, args, kwargs), message)
            self.last = broadcast
        return self.last

    def _newBroadcast(
        self, message: bytes, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any]
    ) -> Broadcast:
        if kwargs or not self._cache.remembers:
            return Broadcast(message, objectID, methodName, None)
        if allStrings(args):
            return Broadcast(message, objectID, methodName, args)
        return Broadcast(message, objectID, methodName, None, self._cache.frozenOf(objectID, methodName, args))

    def respond(self, outbox: IOutbox, message: bytes) -> None:
        """Queue a message to one page that is not a call."""
        self._add((outbox, message), message)
        self.last = self._nothing

    def _add(self, queued: Broadcast | _Response, message: bytes) -> None:
        self.last.settle()
        self._bytes += len(message)
        if self._bytes > _MAX_BYTES or self._count + len(self._queue) >= _MAX_MESSAGES:
            self.end()
            # The application may have made calls when a page was lost by that.
            self.last.settle()
            self._bytes += len(message)
        if not self._begun:
            self._begin()
        self._queue.append(queued)

    def ackDue(self, outbox: IOutbox) -> None:
        """Call ``outbox.acknowledge`` when the batch ends."""
        if not self._begun:
            self._begin()
        self._acksDue.append(outbox)

    def asCall(self, message: bytes) -> bytes:
        """See :meth:`athenalite._core.encodecache.EncodeCache.asCall`."""
        return self._cache.asCall(message)

    # Flushing

    def _begin(self) -> None:
        self._begun = True
        self._clock.callLater(0, self._over)

    def _over(self) -> None:
        self._begun = False
        self.number += 1
        self.end()

    def end(self) -> None:
        """Flush all queued messages. All are numbered and sent before any code of the application runs."""
        queue, self._queue = self._queue, []
        due, self._acksDue = self._acksDue, []
        self.last.settle()
        self.last = self._nothing
        self._count = self._bytes = 0
        overflows: list[tuple[IOutbox, str]] = []
        for outboxes, messages in self._deliveries(queue):
            self._send(outboxes, messages, overflows)
        for outbox in due:
            self._safely(outbox.acknowledge)
        self._cache.forget()
        for outbox, unacknowledged in overflows:
            self._safely(outbox.overflowed, unacknowledged)

    def _send(self, outboxes: Iterable[IOutbox], messages: list[bytes], overflows: list[tuple[IOutbox, str]]) -> None:
        size = sum(map(len, messages))
        transports = []
        for outbox in outboxes:
            try:
                transport = outbox.keep(messages, size)
                if transport is not None:
                    transports.append(transport)
            except Overflow as error:
                overflows.append((outbox, str(error)))
            except Exception:
                self._log.failure("A page could not be sent to")
        try:
            self._sendToAll(transports, messages)
        except Exception:
            self._log.failure("Pages could not be sent to; their sockets are closed, and they will ask for it again")
            for transport in transports:
                self._safely(transport.closeSocket, CLOSE_INTERNAL_ERROR, "internal error")

    def _safely(self, function: Callable[..., None], *args: Any) -> None:
        try:
            function(*args)
        except Exception:
            self._log.failure("A page could not be sent to")

    def _deliveries(self, queue: list[Broadcast | _Response]) -> Iterator[tuple[Iterable[IOutbox], list[bytes]]]:
        """Pages, and the messages that are to be sent to each of them."""
        broadcasts: list[Broadcast] = []
        single: set[IOutbox] = set()
        for one in queue:
            if isinstance(one, tuple):
                single.add(one[0])
            elif len(one.outboxes) > 1:
                broadcasts.append(one)
            else:
                single.update(one.outboxes)
        apart = None
        if broadcasts and _haveSamePages(broadcasts):
            members = broadcasts[0].outboxes
            apart = single.intersection(members)
            alike = filterfalse(apart.__contains__, members) if apart else members
            yield alike, [one.message for one in broadcasts]
        yield from self._each(queue, apart)

    def _each(
        self, queue: list[Broadcast | _Response], apart: set[IOutbox] | None
    ) -> Iterator[tuple[Iterable[IOutbox], list[bytes]]]:
        """
        Each page by itself, with all its messages.

        :param apart: the pages that broadcasts have not been sent to yet; None if they have been sent to none.
        """
        pages: defaultdict[IOutbox, tuple[list[bytes], list[Waiter]]] = defaultdict(lambda: ([], []))
        for one in queue:
            if isinstance(one, tuple):
                outbox, message = one
                messages, waiters = pages[outbox]
                messages.append(message)
                waiters.append(unawaited)
                outbox.responding(len(messages))
                continue
            message = one.message
            outboxes = one.outboxes if apart is None or len(one.outboxes) == 1 else apart
            for outbox, waiter in zip(outboxes, one.waiters(), strict=False):
                messages, waiters = pages[outbox]
                messages.append(message)
                waiters.append(waiter)
        for outbox, (messages, waiters) in pages.items():
            # The result of a call that is not referenced any more cannot be seen, so no answer is requested.
            yield [outbox], outbox.asking(messages, waiters) if any(map(call, waiters)) else messages


def _haveSamePages(broadcasts: list[Broadcast]) -> bool:
    """Whether all go to the same pages, to each page once, and no answer is awaited."""
    members = broadcasts[0].outboxes
    return (
        all(one.outboxes == members for one in broadcasts)
        and len(set(members)) == len(members)
        and not any(one.isAwaited for one in broadcasts)
    )
