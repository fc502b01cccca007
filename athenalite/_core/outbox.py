# -*- test-case-name: tests.core.test_outbox -*-
"""
What one page is told, from when it is said until a socket has it.

A message is said, waits for the end of the turn, is numbered and kept by the delivery, and goes onto whatever socket
there is then, if that takes more; else onto the next.

A loop over ``callRemote`` comes through here once for each page, so :meth:`Outbox.callRemote` and :meth:`Outbox.keep`
are written in few words, and leave to others what is not the common case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from sys import getrefcount
from typing import Any, Final

from twisted.python.failure import Failure

from ..errors import ConnectionLost
from ..interfaces import ITransport
from .batch import Turn
from .broadcast import Waiter
from .callresult import CallResult
from .calls import RemoteCalls
from .delivery import Delivery, Overflow
from .encodecache import Convert
from .wire import encodeAck

#: How much a socket is given before it can say that it is full, in bytes. Twisted's transports pause their producers at
#: the same size, so a transport holds at most this and one message more than that.
PIECE: Final = 64 * 1024


def _ignore(kept: str) -> None:
    """A page that is lost cannot fall behind."""


class Outbox:
    """
    :ivar transport: the socket, or None while there is none.
    :ivar paused: whether the socket takes no more for now.
    :ivar overflowed: to be called when :meth:`keep` has raised ``Overflow``, with its text. A page that goes on is then
        sent what :meth:`keep` has left behind.
    """

    __slots__ = (
        "_ackEvery",
        "_convert",
        "_delivery",
        "_lost",
        "_open",
        "_remote",
        "_turn",
        "overflowed",
        "paused",
        "transport",
    )

    def __init__(
        self,
        turn: Turn,
        convert: Convert,
        delivery: Delivery,
        remote: RemoteCalls,
        ackEvery: int,
        overflowed: Callable[[str], None],
    ) -> None:
        """
        :param turn: collects what is said, to all pages.
        :param convert: converts elements and other objects to JSON, see
            :meth:`athenalite._page.serialize.Serializer.convert`.
        :param remote: awaits the answers of calls.
        :param ackEvery: after how many received messages an acknowledgement goes along.
        """
        self.transport: ITransport | None = None
        self.paused = False
        self.overflowed = overflowed
        # The socket, if it takes more and has carried all that was said before.
        self._open: ITransport | None = None
        self._turn = turn
        self._convert = convert
        self._delivery = delivery
        self._remote = remote
        self._ackEvery = ackEvery
        self._lost: str | None = None

    # Saying

    def callRemote(self, objectID: int, methodName: str, args: Any, kwargs: dict[str, Any]) -> CallResult:
        """
        Say a call: with a wish for its result, if somebody can see that when the turn ends.

        :return: a Deferred, see :class:`athenalite._core.callresult.CallResult`.
        :raise TypeError: if an argument cannot be sent. Nothing is said then.
        :raise MessageTooLarge: if the call alone is more than is kept for a page. Nothing is said then.
        """
        if self._lost is not None:
            return CallResult.lost(self._lost)
        saying = self._turn.last
        if args != saying.args or methodName != saying.methodName or objectID != saying.objectID or kwargs:
            saying = self._turn.call(objectID, methodName, args, kwargs, self._convert)
        saying.outboxes.append(self)
        result = saying.result
        if result is None or getrefcount(result) > saying.alone:
            return saying.another()
        return result

    def respond(self, message: bytes) -> None:
        """Say an answer."""
        self._turn.answer(self, message)

    def responding(self, position: int) -> None:
        """Of the messages that :meth:`keep` is given next, the one at ``position``, from 1, is a response."""
        self._remote.responseSent(self._delivery.sent + position)

    def acknowledgeLater(self) -> None:
        """Have :meth:`acknowledge` called when the turn ends; by then, an acknowledgement may have gone along."""
        self._turn.owes(self)

    # Sending. This is for the turn; others say what they have to say.

    def keep(self, messages: list[bytes], size: int) -> ITransport | None:
        """
        Number and keep messages that were said.

        :param size: of all of them, in bytes.
        :return: the socket that they are to be sent on now; None if they wait for one, or have been sent already.
        :raise athenalite._core.delivery.Overflow: if more is kept now than the bounds allow. Call :attr:`overflowed`.
        """
        transport = self._open
        if size > PIECE:
            self._keepMuch(messages, size)
            return None
        try:
            self._delivery.addMessages(messages, size, transport is not None)
        except Overflow:
            # Nothing may overtake what was not carried.
            self._open = None
            raise
        return transport

    def _keepMuch(self, messages: list[bytes], size: int) -> None:
        self._open = None
        self._delivery.addMessages(messages, size, False)
        self.flush()

    def asking(self, messages: list[bytes], waiters: list[Waiter]) -> list[bytes]:
        """
        Note who waits for which answer; if the page has been lost meanwhile, they are told.

        :return: the messages that are to be sent now: of these, those that somebody waits for as calls.
        """
        chosen = []
        for number, (message, waiter) in enumerate(zip(messages, waiters, strict=True), self._delivery.sent + 1):
            result = waiter()
            if result is not None and self._lost is not None:
                result.connectionLost(Failure(ConnectionLost(self._lost)))
            elif result is not None:
                message = self._turn.asCall(message)
                self._remote.callSent(number, result)
                # From here on the table of outstanding calls holds it.
                result.keptIn = None
            chosen.append(message)
        return chosen

    def acknowledge(self) -> None:
        """Tell the browser what was received, if that is much and the socket takes it."""
        if self._open is not None and self._delivery.untold >= self._ackEvery:
            self._open.sendFrames([encodeAck(self._delivery.ackToSend())])

    def sendNow(self, messages: list[bytes]) -> None:
        """Send messages that have no number, unless the socket takes no more."""
        if self._open is not None:
            self._open.sendFrames(messages)

    # Sockets

    def open(self, transport: ITransport) -> ITransport | None:
        """
        ``transport`` is the socket from now on. Call :meth:`flush` when its peer has said what it has received.

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
        if paused:
            self._open = None
        else:
            self.flush()

    def flush(self, before: Sequence[bytes] = ()) -> None:
        """
        Give the socket what it has not carried, piece by piece, until it takes no more.

        :param before: messages without a number that go first.
        """
        transport = self.transport
        self._open = None
        messages = list(before)
        while transport is not None and transport is self.transport and not self.paused:
            messages += self._delivery.toOffer(PIECE)
            if not messages:
                self._open = transport
                return
            self._sendPiece(transport, messages)
            messages = []

    def _sendPiece(self, transport: ITransport, messages: list[bytes]) -> None:
        try:
            transport.sendFrames(messages)
        except BaseException:
            # With a gap on the line, both ends would count differently from here on.
            transport.abortSocket()
            raise

    def drop(self, reason: str) -> None:
        """The page is lost: nothing is said any more, and whoever tries is told why."""
        self._lost = reason
        self.overflowed = _ignore
