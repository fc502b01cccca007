# -*- test-case-name: tests.test_outbox -*-
"""
What one page is told, from when it is said until a socket has it.

A message is said, waits for the end of the turn, is numbered and kept by the delivery, and goes onto whatever socket
there is then, if that takes more; else onto the next.

A loop over ``callRemote`` comes through here once for each page, so :meth:`Outbox.callRemote` and :meth:`Outbox.flush`
do the common case in few words, and leave the rest to others.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import call
from typing import Any, Final, TypeAlias
from weakref import ref

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from .calls import CallResult, RemoteCalls
from .delivery import Delivery, Overflow
from .errors import ConnectionLost, MessageTooLarge
from .interfaces import ITransport
from .memo import CallMemo, Convert
from .turn import Turn
from .wire import encodeAck

#: Finds who waits for the answer to a message, if it is a call and somebody does. A reference, and no strong one: what
#: is made for each call and lives until the turn ends is work for the garbage collector, which goes through all of the
#: process's objects the more often.
_Waiter: TypeAlias = Callable[[], CallResult | None]
#: A turn that says more than this to one page is sent in parts, so that the bounds hold within it.
_SAID: Final = 500
_BYTES: Final = 1024 * 1024
#: The bytes of messages that are no longer than this are not counted: their number says enough.
_SHORT: Final = 1024


def _nobody() -> None:
    """Nobody waits for the answer to an answer."""


class Outbox:
    """
    :ivar transport: the socket, or None while there is none.
    :ivar paused: whether the socket takes no more for now.
    """

    __slots__ = (
        "_ackEvery",
        "_awaited",
        "_bytesSaid",
        "_convert",
        "_delivery",
        "_lost",
        "_memo",
        "_open",
        "_overflowed",
        "_remote",
        "_said",
        "_short",
        "_turn",
        "_waiters",
        "_waiting",
        "paused",
        "transport",
    )

    def __init__(
        self,
        memo: CallMemo,
        convert: Convert,
        delivery: Delivery,
        remote: RemoteCalls,
        turn: Turn,
        ackEvery: int,
        overflowed: Callable[[str], None],
    ) -> None:
        """
        :param memo: encodes calls, of all pages.
        :param convert: makes JSON of elements and other objects, see :meth:`athenalite.values.Values.convert`. Only
            what is not JSON by itself comes to it.
        :param remote: awaits the answers of calls.
        :param ackEvery: after how many received messages an acknowledgement goes along.
        :param overflowed: called when more is kept than the bounds of ``delivery`` allow, with how much that is.
        """
        self.transport: ITransport | None = None
        self.paused = False
        # The socket, if it takes more.
        self._open: ITransport | None = None
        self._memo = memo
        self._convert = convert
        self._delivery = delivery
        self._remote = remote
        self._turn = turn
        self._ackEvery = ackEvery
        self._overflowed = overflowed
        # Messages, calls as notify; and for each who waits for its answer. CallResult puts itself into the last list
        # when it gets a callback: then it is to live, though nobody else may hold it.
        self._said: list[bytes] = []
        self._waiters: list[_Waiter] = []
        self._awaited: list[CallResult] = []
        self._bytesSaid = 0
        self._short = min(_SHORT, delivery.maxBytes)
        self._waiting = False
        self._lost: str | None = None

    # Saying

    def callRemote(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any]) -> CallResult:
        """
        Say a call: with a wish for its result, if somebody can see that when the turn ends.

        :return: a Deferred, see :class:`~athenalite.calls.CallResult`.
        :raise TypeError: if an argument cannot be sent. Nothing is said then.
        :raise MessageTooLarge: if the call alone is more than is kept for a page. Nothing is said then.
        """
        if not self._waiting:
            if self._lost is not None:
                return CallResult.lost(self._lost)
            self._waiting = True
            self._turn.add(self)
        elif len(self._said) >= _SAID:
            self._flushEarly()
        memo = self._memo
        if args == memo.args and methodName == memo.methodName and objectID == memo.objectID and not kwargs:
            message = memo.message
        else:
            message = memo.encode(objectID, methodName, args, kwargs, self._convert)
        if len(message) > self._short:
            self._weigh(message)
        result = CallResult()
        if Deferred.debug:
            # It notes where it was made.
            Deferred.__init__(result)
        result.keptIn = self._awaited
        self._said.append(message)
        self._waiters.append(ref(result))
        return result

    def _weigh(self, message: bytes) -> None:
        most = self._delivery.maxBytes
        if len(message) > most:
            raise MessageTooLarge(f"the call is larger than the {most} bytes kept for a page")
        if self._bytesSaid > _BYTES:
            self._flushEarly()
        self._bytesSaid += len(message)

    def respond(self, message: bytes) -> None:
        """Say an answer."""
        self.flushLater()
        if len(self._said) >= _SAID or self._bytesSaid > _BYTES:
            self._flushEarly()
        self._bytesSaid += len(message)
        self._said.append(message)
        self._waiters.append(_nobody)

    def _flushEarly(self) -> None:
        self.flush()
        # Turn has us on its list still.
        self._waiting = True

    def flushLater(self) -> None:
        """Have :meth:`flush` called when the turn ends."""
        if not self._waiting:
            self._waiting = True
            self._turn.add(self)

    # Sending

    def flush(self) -> None:
        """Number and send what was said."""
        messages, waiters = self._said, self._waiters
        self._said, self._waiters = [], []
        self._waiting = False
        self._bytesSaid = 0
        # A Deferred that nobody holds any more can show no result to anybody, so none is asked for.
        if any(map(call, waiters)):
            messages = self._asking(messages, waiters)
        transport = self._open
        try:
            messages = self._delivery.addMessages(messages, transport is not None)
        except Overflow as error:
            overflow = str(error)
        else:
            if self._delivery.untold >= self._ackEvery and transport is not None:
                messages = [*messages, encodeAck(self._delivery.ackToSend())]
            if messages:
                transport.sendFrames(messages)  # type: ignore[union-attr]
            return
        # Told here, because the exception holds the frames that it was raised through, and so the page.
        self._overflowed(overflow)

    def _asking(self, messages: list[bytes], waiters: list[_Waiter]) -> list[bytes]:
        chosen = []
        for number, (message, waiter) in enumerate(zip(messages, waiters, strict=True), self._delivery.sent + 1):
            result = waiter()
            if result is not None:
                message = self._memo.asCall(message)
                self._remote.callSent(number, result)
                # From here on the table of outstanding calls holds it.
                result.keptIn = None
            chosen.append(message)
        self._awaited.clear()
        return chosen

    def sendNow(self, messages: list[bytes]) -> None:
        """Send messages that have no number, unless the socket takes no more."""
        if self._open is not None:
            self._open.sendFrames(messages)

    # Sockets

    def open(self, transport: ITransport) -> ITransport | None:
        """
        ``transport`` is the socket from now on.

        :return: the one before, if there was one.
        """
        old, self.transport = self.transport, transport
        self._open = transport
        self.paused = False
        return old

    def close(self) -> ITransport | None:
        """
        There is no socket from now on.

        :return: the one before, if there was one.
        """
        old, self.transport = self.transport, None
        self._open = None
        return old

    def pause(self, paused: bool) -> None:
        """The socket takes no more for now, or again. What is said waits in the delivery."""
        self.paused = paused
        self._open = None if paused else self.transport
        if self._open is not None:
            messages = self._delivery.toOffer()
            if messages:
                self._open.sendFrames(messages)

    def drop(self, reason: str) -> None:
        """The page is lost: nothing is sent any more, and whoever waits for a result, or will ask for one, is told."""
        self._lost = reason
        # So that callRemote looks at it.
        self._waiting = False
        self._said = []
        waiters, self._waiters = self._waiters, []
        results = [waiter() for waiter in waiters]
        self._awaited.clear()
        for result in results:
            if result is not None:
                result.connectionLost(Failure(ConnectionLost(reason)))
