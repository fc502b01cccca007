# -*- test-case-name: tests.test_outbox -*-
"""
What one page is told, from when it is said until a socket has it.

A message is said, waits for the end of the turn, is numbered and kept by the delivery, and goes onto whatever socket
there is then, if that takes more; else onto the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias
from weakref import ref

from twisted.python.failure import Failure

from .calls import CallResult, RemoteCalls
from .delivery import Delivery, Overflow
from .errors import ConnectionLost
from .interfaces import ITransport
from .turn import Turn
from .wire import encodeAck

#: What is said: a response; or the two forms of a call, and behind them who may wait for its result. No pair of both,
#: nor the result itself: what is made for each call and lives until the turn ends is work for the garbage collector,
#: which goes through all of the process's objects the more often.
_Said: TypeAlias = bytes | tuple[bytes, bytes] | ref[CallResult]
#: A turn that says more than this to one page is sent in parts, so that the bounds hold within it. A call counts twice.
_SAID: Final = 1000
_BYTES: Final = 1024 * 1024


class Outbox:
    """
    :ivar transport: the socket, or None while there is none.
    :ivar paused: whether the socket takes no more for now.
    """

    def __init__(
        self, delivery: Delivery, remote: RemoteCalls, turn: Turn, ackEvery: int, overflowed: Callable[[str], None]
    ) -> None:
        """
        :param remote: awaits the answers of calls.
        :param ackEvery: after how many received messages an acknowledgement goes along.
        :param overflowed: called when more is kept than the bounds of ``delivery`` allow, with how much that is.
        """
        self.transport: ITransport | None = None
        self._delivery = delivery
        self._remote = remote
        self._turn = turn
        self._ackEvery = ackEvery
        self._overflowed = overflowed
        self._said: list[_Said] = []
        self._awaited: list[CallResult] = []
        self._bytesSaid = 0
        self._waiting = False
        self.paused = False

    # Saying

    def call(self, forms: tuple[bytes, bytes], result: CallResult) -> None:
        """Say a call, in the form that fits: as ``notify``, if nobody can see its result when the turn ends."""
        if result.awaited:
            self._awaited.append(result)
        else:
            result.keptIn = self._awaited
        self._said.append(forms)
        self._said.append(ref(result))
        self._bytesSaid += len(forms[0])
        self._turnEnds()

    def respond(self, message: bytes) -> None:
        """Say an answer."""
        self._said.append(message)
        self._bytesSaid += len(message)
        self._turnEnds()

    def _turnEnds(self) -> None:
        self.flushLater()
        if self._bytesSaid > _BYTES or len(self._said) > _SAID:
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
        self._waiting = False
        self._bytesSaid = 0
        overflow = None
        try:
            self._number()
        except Overflow as error:
            overflow = str(error)
        # Told outside, because the exception holds the frames that it was raised through, and so the page.
        if overflow is not None:
            self._overflowed(overflow)
        self.offer()

    def _number(self) -> None:
        said = iter(self._said)
        self._said = []
        try:
            for message in said:
                if type(message) is tuple:
                    message = self._form(message, next(said))  # type: ignore[arg-type]
                self._delivery.addMessage(message)  # type: ignore[arg-type]
        except Overflow:
            # Whoever waits for one of these will be told by drop.
            self._said += said
            raise
        self._awaited.clear()

    def _form(self, forms: tuple[bytes, bytes], result: ref[CallResult]) -> bytes:
        # A Deferred that nobody holds can show no result to anybody, so none is asked for.
        held = result()
        if held is None:
            return forms[1]
        self._remote.callSent(self._delivery.sent + 1, held)
        # From here on the table of outstanding calls holds it.
        held.keptIn = None
        return forms[0]

    def offer(self) -> None:
        """Send what the present socket has not carried yet, if it takes more."""
        if self.transport is None or self.paused:
            return
        messages = self._delivery.toOffer()
        if self._delivery.untold >= self._ackEvery:
            messages.append(encodeAck(self._delivery.ackToSend()))
        if messages:
            self.transport.sendFrames(messages)

    def sendNow(self, messages: list[bytes]) -> None:
        """Send messages that have no number, unless the socket takes no more."""
        if self.transport is not None and not self.paused:
            self.transport.sendFrames(messages)

    # Sockets

    def open(self, transport: ITransport) -> ITransport | None:
        """
        ``transport`` is the socket from now on.

        :return: the one before, if there was one.
        """
        old, self.transport = self.transport, transport
        self.paused = False
        return old

    def pause(self, paused: bool) -> None:
        """The socket takes no more for now, or again. What is said waits in the delivery."""
        self.paused = paused
        if not paused:
            self.offer()

    def drop(self, reason: str) -> None:
        """The page is lost: nothing that was said is sent any more, and whoever waits for a result is told."""
        said, self._said = self._said, []
        results = [one() for one in said if isinstance(one, ref)]
        self._awaited.clear()
        for result in results:
            if result is not None:
                result.connectionLost(Failure(ConnectionLost(reason)))
