# -*- test-case-name: tests.core.test_batch -*-
"""
What is said in one turn of the reactor, to all pages of a site, in order; at the turn's end it is sent.

An application that calls a thousand pages eight times in one turn then costs a thousand writes, not eight thousand;
and by then it is plain which of the Deferreds it was given somebody still holds.

Nobody says that he broadcasts, but here it shows: the same call to one page after the other is one :class:`Saying`, and
if those of a turn all go to the same pages, these are all sent the same list of messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import filterfalse
from operator import call
from typing import Any, Final, TypeAlias

from twisted.logger import Logger

from ..errors import CLOSE_INTERNAL_ERROR
from ..interfaces import IClock, ITransport
from .broadcast import ALONE, IOutbox, Saying, Waiter, nobody
from .delivery import Overflow
from .encodecache import Convert, EncodeCache

#: A turn that says more than this, to all pages together, is sent in parts, so that the bounds hold within it. Of what
#: is said to many the bytes count once. The same call again and again is not counted until another is made: what it
#: costs is two references.
_SAYINGS: Final = 50_000
_BYTES: Final = 1024 * 1024

SendToAll: TypeAlias = Callable[[list[ITransport], list[bytes]], None]


def sendToEach(transports: list[ITransport], messages: list[bytes]) -> None:
    """Send the same to many sockets, in the plain way."""
    for transport in transports:
        transport.sendFrames(messages)


#: One message to one page, which is no call.
_Answer: TypeAlias = tuple[IOutbox, bytes]


class Batch:
    """
    One per site.

    :ivar last: what was said last.
    :ivar number: how many turns have ended with their iteration of the reactor.
    """

    def __init__(
        self, clock: IClock, log: Logger, cache: EncodeCache, sendToAll: SendToAll = sendToEach, alone: int = ALONE
    ) -> None:
        """
        :param sendToAll: sends the same messages to many sockets.
        :param alone: see :attr:`Saying.alone`.
        """
        # No call is the same as this one. It is changed, so each site has its own.
        self._nothing = self.last = Saying(b"", -1, "", None, -1)
        self.number = 0
        self._sendToAll = sendToAll
        self._alone = alone
        self._clock = clock
        self._log = log
        self._cache = cache
        self._sayings: list[Saying | _Answer] = []
        self._acksDue: list[IOutbox] = []
        self._count = 0
        self._bytes = 0
        self._begun = False

    # What is said

    def call(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any], convert: Convert) -> Saying:
        """
        :return: what a page is to be added to.
        :raise TypeError: if an argument cannot be sent.
        :raise MessageTooLarge: if the call is larger than it may be.
        """
        message = self._cache.encode(objectID, methodName, args, kwargs, convert)
        if message is not self.last.message:
            self._count += len(self.last.outboxes)
            repeatable = self._cache.remembers and not kwargs
            saying = Saying(message, objectID, methodName, args if repeatable else None, self._alone)
            self._add(saying, message)
            self.last = saying
        return self.last

    def answer(self, outbox: IOutbox, message: bytes) -> None:
        """Say to one page what is no call."""
        self._add((outbox, message), message)
        self.last = self._nothing

    def _add(self, saying: Saying | _Answer, message: bytes) -> None:
        self.last.settle()
        self._bytes += len(message)
        if self._bytes > _BYTES or self._count + len(self._sayings) >= _SAYINGS:
            self.end()
            # A page that is lost by it may have had something to say, to others.
            self.last.settle()
            self._bytes += len(message)
        if not self._begun:
            self._begin()
        self._sayings.append(saying)

    def ackDue(self, outbox: IOutbox) -> None:
        """Have ``outbox`` acknowledge what it has received when the turn ends, if it has not done so by then."""
        if not self._begun:
            self._begin()
        self._acksDue.append(outbox)

    def asCall(self, message: bytes) -> bytes:
        """See :meth:`athenalite._core.encodecache.EncodeCache.asCall`."""
        return self._cache.asCall(message)

    # Its end

    def _begin(self) -> None:
        self._begun = True
        self._clock.callLater(0, self._over)

    def _over(self) -> None:
        self._begun = False
        self.number += 1
        self.end()

    def end(self) -> None:
        """Send now what was said. No application's code runs before all of it is numbered and on its way."""
        sayings, self._sayings = self._sayings, []
        due, self._acksDue = self._acksDue, []
        self.last.settle()
        self.last = self._nothing
        self._count = self._bytes = 0
        overflows: list[tuple[IOutbox, str]] = []
        for outboxes, messages in self._letters(sayings):
            self._send(outboxes, messages, overflows)
        for outbox in due:
            self._safely(outbox.acknowledge)
        self._cache.forget()
        for outbox, kept in overflows:
            self._safely(outbox.overflowed, kept)

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

    def _safely(self, tell: Callable[..., None], *args: Any) -> None:
        try:
            tell(*args)
        except Exception:
            self._log.failure("A page could not be sent to")

    def _letters(self, sayings: list[Saying | _Answer]) -> Iterator[tuple[Iterable[IOutbox], list[bytes]]]:
        """Who is sent which messages."""
        crowd: list[Saying] = []
        apart: set[IOutbox] = set()
        for one in sayings:
            if isinstance(one, tuple):
                apart.add(one[0])
            elif len(one.outboxes) > 1:
                crowd.append(one)
            else:
                apart.update(one.outboxes)
        besides = None
        if crowd and _isBroadcast(crowd):
            members = crowd[0].outboxes
            besides = apart.intersection(members)
            alike = filterfalse(besides.__contains__, members) if besides else members
            yield alike, [one.message for one in crowd]
        yield from self._each(sayings, besides)

    def _each(
        self, sayings: list[Saying | _Answer], besides: set[IOutbox] | None
    ) -> Iterator[tuple[Iterable[IOutbox], list[bytes]]]:
        """
        To each page all that it was told.

        :param besides: of those that a broadcast goes to, the ones that it has not been sent to yet; None if none is.
        """
        told: defaultdict[IOutbox, tuple[list[bytes], list[Waiter]]] = defaultdict(lambda: ([], []))
        for saying in sayings:
            if isinstance(saying, tuple):
                pairs: Iterable[tuple[IOutbox, Waiter]] = [(saying[0], nobody)]
                message = saying[1]
            else:
                outboxes = saying.outboxes if besides is None or len(saying.outboxes) == 1 else besides
                pairs = zip(outboxes, saying.waiters(), strict=False)
                message = saying.message
            for outbox, waiter in pairs:
                messages, waiters = told[outbox]
                messages.append(message)
                waiters.append(waiter)
                if waiter is nobody and isinstance(saying, tuple):
                    outbox.responding(len(messages))
        for outbox, (messages, waiters) in told.items():
            # A Deferred that nobody holds any more can show no result to anybody, so none is asked for.
            yield [outbox], outbox.asking(messages, waiters) if any(map(call, waiters)) else messages


def _isBroadcast(crowd: list[Saying]) -> bool:
    """Whether all of ``crowd`` goes to the same pages, to each once, and nobody waits for answers."""
    members = crowd[0].outboxes
    return (
        all(one.outboxes == members for one in crowd)
        and len(set(members)) == len(members)
        and not any(one.isAwaited for one in crowd)
    )
