# -*- test-case-name: tests.core.test_batch -*-
"""
Batches outgoing messages of all sessions of a site, detects broadcasts, and flushes once per reactor iteration.

An application that calls a thousand pages eight times in one iteration causes a thousand writes, not eight thousand;
and at the end of the iteration it is known which of the Deferreds are still referenced, so which calls need an answer.

An application need not declare a broadcast: consecutive calls of the same method with the same arguments are collected
in one ``Broadcast``. If all broadcasts of a batch go to the same pages, these share one list of messages; those whose
answers are awaited share another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import filterfalse, groupby
from typing import Any, Final, TypeAlias

from twisted.logger import Logger

from ..errors import CLOSE_INTERNAL_ERROR
from ..interfaces import IClock, ITransport
from .broadcast import Broadcast, IOutbox
from .delivery import Overflow
from .encodecache import Convert, EncodeCache, allStrings

#: A batch that exceeds one of these bounds is flushed early, so that memory stays bounded within an iteration. A
#: broadcast's bytes count once. Its pages are counted when the next message is queued: each costs one reference.
_MAX_MESSAGES: Final = 50_000
_MAX_BYTES: Final = 1024 * 1024

SendToAll: TypeAlias = Callable[[list[ITransport], list[bytes]], None]


def sendToEach(transports: list[ITransport], messages: list[bytes]) -> None:
    """Send the same messages to many sockets, one after the other."""
    for transport in transports:
        transport.sendFrames(messages)


#: Responses to one page, between which nothing else was queued.
_Responses: TypeAlias = tuple[IOutbox, list[bytes]]


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
        self._queue: list[Broadcast | _Responses] = []
        self._acksDue: list[IOutbox] = []
        self._later: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
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
        message = self._cache.encode(objectID, methodName, args, kwargs, convert)
        if message is not self.last.message:
            self._count += len(self.last.outboxes)
            broadcast = self._newBroadcast(message, objectID, methodName, args, kwargs)
            broadcast.errbacks.share(self.last.errbacks)
            self._add(broadcast, message)
            self.last = broadcast
        return self.last

    def _newBroadcast(
        self, message: bytes, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any]
    ) -> Broadcast:
        if kwargs or not self._cache.remembers:
            return Broadcast(message, objectID, methodName, None)
        if allStrings(args):
            return Broadcast(message, objectID, methodName, args)
        return Broadcast(message, objectID, methodName, self._cache.frozenOf(objectID, methodName, args))

    def respond(self, outbox: IOutbox, message: bytes) -> None:
        """Queue a message to one page that is not a call."""
        size = len(message)
        last = self._queue[-1] if self._queue else None
        if type(last) is tuple and last[0] is outbox and not self._isFull(size):
            last[1].append(message)
            self._bytes += size
            self._count += 1
        else:
            self._add((outbox, [message]), message)
            self.last = self._nothing

    def _isFull(self, size: int) -> bool:
        return self._bytes + size > _MAX_BYTES or self._count + len(self._queue) >= _MAX_MESSAGES

    def _add(self, queued: Broadcast | _Responses, message: bytes) -> None:
        self.last.settle()
        if self._isFull(len(message)):
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

    def afterwards(self, function: Callable[..., None], *args: Any) -> None:
        """While the batch ends: call ``function``, which may run code of the application, when all has been sent."""
        self._later.append((function, args))

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
        later, self._later = self._later, []
        for outbox, unacknowledged in overflows:
            self._safely(outbox.overflowed, unacknowledged)
        for function, args in later:
            self._safely(function, *args)

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
                self._log.failure("A message could not be sent to a page: please report this error")
        try:
            self._sendToAll(transports, messages)
        except Exception:
            self._log.failure("Messages could not be sent to pages, whose sockets are closed; they will get them again")
            for transport in transports:
                self._safely(transport.closeSocket, CLOSE_INTERNAL_ERROR, "internal error")

    def _safely(self, function: Callable[..., None], *args: Any) -> None:
        try:
            function(*args)
        except Exception:
            self._log.failure("A page could not be updated after messages were sent: please report this error")

    def _deliveries(self, queue: list[Broadcast | _Responses]) -> Iterator[tuple[Iterable[IOutbox], list[bytes]]]:
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
            apart = single.intersection(broadcasts[0].outboxes)
            yield from self._alike(broadcasts, apart)
        yield from self._each(queue, apart)

    def _alike(
        self, broadcasts: list[Broadcast], apart: set[IOutbox]
    ) -> Iterator[tuple[Iterable[IOutbox], list[bytes]]]:
        """
        Group pages by the answers that are awaited from them, which are mostly none or all.

        :param broadcasts: to the same pages.
        :param apart: those of the pages that other messages are sent to, besides. They are left out.
        :return: the pages of each group, with the messages for all of them.
        """
        members = broadcasts[0].outboxes
        messages = [one.message for one in broadcasts]
        asked: defaultdict[IOutbox, list[int]] = defaultdict(list)
        for number, one in enumerate(broadcasts, 1):
            for position, waiter in one.held.items():
                outbox, result = members[position], waiter()
                if result is not None and outbox not in apart:
                    outbox.asking(number, result)
                    asked[outbox].append(number)
        _noteErrbacks(broadcasts, apart)
        others = apart.union(asked)
        yield filterfalse(others.__contains__, members) if others else members, messages
        groups: defaultdict[tuple[int, ...], list[IOutbox]] = defaultdict(list)
        for outbox, numbers in asked.items():
            groups[tuple(numbers)].append(outbox)
        for awaited, outboxes in groups.items():
            called = messages.copy()
            for number in awaited:
                called[number - 1] = self._cache.asCall(called[number - 1])
            yield outboxes, called

    def _each(
        self, queue: list[Broadcast | _Responses], apart: set[IOutbox] | None
    ) -> Iterator[tuple[Iterable[IOutbox], list[bytes]]]:
        """
        Each page by itself, with all its messages.

        :param apart: the pages that broadcasts have not been sent to yet; None if they have been sent to none.
        """
        pages: defaultdict[IOutbox, list[bytes]] = defaultdict(list)
        for one in queue:
            if isinstance(one, tuple):
                outbox, responses = one
                pages[outbox] += responses
                outbox.responding(len(pages[outbox]), len(responses))
                continue
            message = one.message
            outboxes = one.outboxes if apart is None or len(one.outboxes) == 1 else apart
            for outbox, waiter, chain in zip(outboxes, one.waiters(outboxes), one.chains(outboxes), strict=False):
                messages = pages[outbox]
                messages.append(message)
                # The result of a call that is not referenced any more cannot be seen, so no answer is requested.
                result = waiter()
                if result is not None:
                    messages[-1] = self._cache.asCall(message)
                    outbox.asking(len(messages), result)
                elif chain is not None:
                    outbox.failing(len(messages), chain)
        for outbox, messages in pages.items():
            yield (outbox,), messages


def _noteErrbacks(broadcasts: list[Broadcast], apart: set[IOutbox]) -> None:
    """
    Note them for all pages that are not ``apart``. Results that are asked for have taken theirs.

    Mostly the calls of all broadcasts have the same ones, and a page notes them once.
    """
    members = broadcasts[0].outboxes
    number = 0
    for _, alike in groupby(broadcasts, lambda one: id(one.errbacks.ofAll(len(members)))):
        group = list(alike)
        number += len(group)
        chain = group[0].errbacks.ofAll(len(members))
        if chain:
            for outbox in filterfalse(apart.__contains__, members):
                # As the page before has it.
                chain = outbox.failing(number, chain, len(group))
        elif chain is None:
            for each, one in enumerate(group, number - len(group) + 1):
                for outbox, some in zip(members, one.chains(members), strict=True):
                    if some is not None and outbox not in apart:
                        outbox.failing(each, some)


def _haveSamePages(broadcasts: list[Broadcast]) -> bool:
    """Whether all go to the same pages, and to each page once."""
    members = broadcasts[0].outboxes
    return all(one.outboxes == members for one in broadcasts) and len(set(members)) == len(members)
