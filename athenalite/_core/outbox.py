# -*- test-case-name: tests.core.test_outbox -*-
"""
The send queue of one page, with backpressure.

A message is queued in the site's batch. When the batch ends, the delivery numbers it and keeps it until it is
acknowledged, and it is sent on the current socket, if that accepts data, or on the next one.

A loop over ``callRemote`` calls :meth:`Outbox.callRemote` and :meth:`Outbox.keep` once for each page, so these two
handle the common case only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

from twisted.python.failure import Failure

from ..errors import CLOSE_ABNORMAL, ConnectionLost
from ..interfaces import ITransport
from .batch import Batch
from .callresult import CallResult
from .calls import LocalCalls, RemoteCalls
from .delivery import Delivery, Overflow
from .encodecache import Convert
from .errbacks import Chain
from .wire import encodeAck

#: How many bytes a socket is given before it may pause us. Twisted's transports pause their producers at the same size,
#: so a transport buffers at most this and one message more.
PIECE: Final = 64 * 1024

#: The close code of a socket that was lost, and the reason (RFC 6455 section 7.1.5).
Closed: TypeAlias = tuple[int, str]
ABNORMAL: Final[Closed] = (CLOSE_ABNORMAL, "")


def _ignore(unacknowledged: str) -> None:
    """Ignore the overflow of a page that is lost."""


def _nothing() -> None:
    """The barrier of a page that is lost, which takes no calls."""


class Outbox:
    """
    Queues, numbers and sends the messages of one page.

    :ivar transport: the current socket, or None.
    :ivar closed: how the one before was closed.
    :ivar paused: whether the socket accepts no data for now.
    :ivar joins: the batch, if a call that equals its last one may be added to that without :meth:`callRemote`, which
        saves a call for each page; otherwise None.
    :ivar overflowed: to be called with the text of an ``Overflow`` that :meth:`keep` has raised. It ends the page, or
        flushes the messages that :meth:`keep` has left unsent.
    """

    __slots__ = (
        "_ackEvery",
        "_barrier",
        "_convert",
        "_delivery",
        "_lost",
        "_open",
        "_remote",
        "_batch",
        "closed",
        "joins",
        "overflowed",
        "paused",
        "transport",
    )

    #: Whether all that :meth:`callRemote` does with a call that equals the last one is to add it to that.
    mayJoin: ClassVar[bool] = True

    def __init__(
        self,
        batch: Batch,
        convert: Convert,
        delivery: Delivery,
        remote: RemoteCalls,
        ackEvery: int,
        overflowed: Callable[[str], None],
    ) -> None:
        """
        :param batch: the send queue of the site.
        :param convert: see :meth:`athenalite.interfaces.IPage.convertValue`.
        :param remote: the table of calls that await an answer.
        :param ackEvery: after how many received messages :meth:`acknowledge` sends an acknowledgement.
        """
        self.transport: ITransport | None = None
        self.closed = ABNORMAL
        self.paused = False
        self.overflowed = overflowed
        # The socket, if it accepts data and all earlier messages have been sent on it.
        self._open: ITransport | None = None
        self._batch = batch
        self.barrier = None
        self._convert = convert
        self._delivery = delivery
        self._remote = remote
        self._ackEvery = ackEvery
        self._lost: str | None = None

    @property
    def barrier(self) -> Callable[[], None] | None:
        """
        What is called before a message is queued, and when the socket accepts data again. It queues what is to be sent
        before. None if there is nothing.
        """
        return self._barrier

    @barrier.setter
    def barrier(self, barrier: Callable[[], None] | None) -> None:
        self._barrier = barrier
        self.joins = self._batch if barrier is None and self.mayJoin else None

    @property
    def hasRoom(self) -> bool:
        """Whether a message would be sent at once, and half of the memory for unacknowledged ones is free."""
        return self._open is not None and self._delivery.isWithin(self._delivery.maxBytes // 2)

    @property
    def isLost(self) -> bool:
        """Whether the page is lost."""
        return self._lost is not None

    # Queueing

    def callRemote(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any]) -> CallResult:
        """
        Queue a call. An answer is requested if the result is still referenced when the batch ends.

        :return: a Deferred, see :class:`athenalite._core.callresult.CallResult`.
        :raise TypeError: if an argument cannot be sent. Nothing is queued then.
        :raise MessageTooLarge: if the call exceeds ``Limits.maxBytesKept`` by itself. Nothing is queued then.
        """
        if self._barrier is not None:
            if self._lost is not None:
                return CallResult.lost(self._lost)
            self._barrier()
        broadcast = self._batch.last
        # LiveElement.callRemote compares in the same way, and has the reason: change both.
        if methodName != broadcast.methodName or objectID != broadcast.objectID or kwargs or args != broadcast.args:
            broadcast = self._batch.broadcast(objectID, methodName, args, kwargs, self._convert)
        return broadcast.add(self)

    def respond(self, message: bytes) -> None:
        """Queue a response."""
        if self._barrier is not None:
            self._barrier()
        self._batch.respond(self, message)

    def responding(self, position: int, count: int) -> None:
        """
        Note that of the messages that :meth:`keep` is given next, the one at ``position``, from 1, and those before it,
        ``count`` together, are responses.
        """
        self._remote.answered.add(self._delivery.sent + position, count)

    def failing(self, position: int, chain: Chain, count: int = 1) -> Chain:
        """
        Note the errbacks of the messages up to ``position``, as in :meth:`responding`; each has them.

        :return: see :meth:`athenalite._core.errbacks.Errbacks.add`.
        """
        if self._lost is None:
            delivery = self._delivery
            return self._remote.errbacks.add(delivery.sent + position, chain, delivery.lastAcknowledged, count)
        for _ in range(count):
            self._fail(CallResult.alone(chain))
        return chain

    def asking(self, position: int, result: CallResult) -> None:
        """Await the answer to the message at ``position``, as in :meth:`responding`, which is sent as ``call``."""
        if self._lost is None:
            # The table of outstanding calls references it from now on.
            self._remote.callSent(self._delivery.sent + position, result)
        else:
            self._fail(result)
        result.release()

    def _fail(self, result: CallResult) -> None:
        # Callbacks may make calls, and must not do so before all pages have been sent this batch.
        self._batch.afterwards(result.connectionLost, Failure(ConnectionLost(self._lost)))

    def acknowledgeLater(self) -> None:
        """Have :meth:`acknowledge` called when the batch ends; a response may have acknowledged by then."""
        self._batch.ackDue(self)

    # Sending, called by the batch

    def keep(self, messages: list[bytes], size: int) -> ITransport | None:
        """
        Number queued messages, and keep them until they are acknowledged.

        :param size: of all of them, in bytes.
        :return: the socket to send them on now; None if there is none that accepts them, or if they have been sent.
        :raise athenalite._core.delivery.Overflow: if the unacknowledged messages exceed a bound. Call
            :attr:`overflowed` then.
        """
        transport = self._open
        if size > PIECE:
            self._keepMuch(messages, size)
            return None
        try:
            self._delivery.addMessages(messages, size, transport is not None)
        except Overflow:
            # No message may overtake the unsent ones.
            self._open = None
            raise
        return transport

    def _keepMuch(self, messages: list[bytes], size: int) -> None:
        self._open = None
        self._delivery.addMessages(messages, size, False)
        self.flush()

    def acknowledge(self) -> None:
        """Send an acknowledgement if ``ackEvery`` messages are pending and the socket accepts data."""
        if self._open is not None and self._delivery.ackPending >= self._ackEvery:
            self._open.sendFrames([encodeAck(self._delivery.ackToSend())])

    def sendNow(self, messages: list[bytes]) -> None:
        """Send messages that have no number, if the socket accepts data; otherwise drop them."""
        if self._open is not None:
            self._open.sendFrames(messages)

    # Sockets

    def open(self, transport: ITransport, closed: Closed = ABNORMAL) -> ITransport | None:
        """
        Make ``transport`` the socket. Call :meth:`flush` when it is known what its peer has received.

        :param closed: how the socket before is closed, if there is one.
        :return: the socket before, or None.
        """
        old, self.transport = self.transport, transport
        if old is not None:
            self.closed = closed
        self._open = transport
        self.paused = False
        return old

    def close(self, closed: Closed = ABNORMAL) -> ITransport | None:
        """
        Forget the socket, which was closed in this way.

        :return: the socket, or None.
        """
        old, self.transport = self.transport, None
        self.closed = closed
        self._open = None
        return old

    def pause(self, paused: bool) -> None:
        """Stop or resume sending. Meanwhile messages stay unsent in the delivery."""
        self.paused = paused
        if paused:
            self._open = None
        else:
            self.flush()

    def flush(self, before: Sequence[bytes] = ()) -> None:
        """
        Send the unsent messages, piece by piece, until the socket pauses us.

        :param before: messages without a number to send first.
        """
        transport = self.transport
        self._open = None
        messages = list(before)
        while transport is not None and transport is self.transport and not self.paused:
            messages += self._delivery.takeUnsent(PIECE)
            if not messages:
                self._open = transport
                if self._barrier is not None:
                    self._barrier()
                return
            self._sendPiece(transport, messages)
            messages = []

    def _sendPiece(self, transport: ITransport, messages: list[bytes]) -> None:
        try:
            transport.sendFrames(messages)
        except BaseException:
            # With a gap in the stream, both ends would count differently from here on.
            transport.abortSocket()
            raise

    @property
    def waiting(self) -> tuple[int, int]:
        """How many messages have not been acknowledged, and their size in bytes."""
        return self._delivery.messagesUnacknowledged, self._delivery.bytesUnacknowledged

    def drop(self, reason: str) -> None:
        """Refuse all further calls with ``reason``: the page is lost."""
        self._lost = reason
        self.barrier = _nothing
        self.overflowed = _ignore
        # It references the page, which references the session.
        del self._convert


class Parts(NamedTuple):
    """What makes the parts of a session that an operator may want to watch; those that are not watched have no cost."""

    local: Callable[..., LocalCalls] = LocalCalls
    remote: Callable[..., RemoteCalls] = RemoteCalls
    outbox: Callable[..., Outbox] = Outbox


USUAL: Final = Parts()
