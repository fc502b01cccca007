# -*- test-case-name: tests.core.test_inbox -*-
"""
The receive queue of one socket: messages that have not been run yet.

A call that arrives while the queue is empty is run at once. Otherwise it is queued: behind the calls before it, for the
page's next slice of the reactor's time (:data:`SLICE`), or until the page has acknowledged enough messages. A message
is counted when it is run, so queued messages are dropped when the socket is lost, and the browser resends them.

This module uses no socket and no session. It holds the text of the messages, because decoded JSON may need twenty
times the memory.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall

from ..interfaces import IClock
from .delivery import OVERHEAD

#: How many messages of one page are run in one iteration of the reactor. A message counts once more for each full KiB.
SLICE: Final = 32
#: For how long queued messages are run in one iteration, in seconds.
SECONDS: Final = 0.005


def cost(text: bytes) -> int:
    """The cost of a message, for the rate limit and for a slice. It grows with the size."""
    return 1 + len(text) // 1024


class Receiver(Protocol):
    """The owner of an inbox."""

    def takesCalls(self) -> bool:
        """Return whether the page has acknowledged enough for more of its calls to be run."""

    def iteration(self) -> int:
        """Return a number that differs, as a rule, in each iteration of the reactor."""

    def run(self, text: bytes) -> None:
        """Run one message. Raises nothing, and may call :meth:`Inbox.drop`."""


class _Closed:
    """The owner of an inbox whose socket is closed."""

    def takesCalls(self) -> bool:
        return False

    def iteration(self) -> int:
        return 0

    def run(self, text: bytes) -> None:
        pass


_CLOSED: Final = _Closed()


class Inbox:
    """
    Queues messages, and runs them in slices.

    :ivar left: how much of the current slice is left; see :func:`cost`.
    :ivar size: how many bytes are queued, :data:`OVERHEAD` counted for each message.
    :ivar waiting: the queued messages, the oldest first; None if there are none.
    """

    __slots__ = ("_begun", "_clock", "_granted", "_maxSize", "_receiver", "_timer", "left", "size", "waiting")

    def __init__(self, receiver: Receiver, clock: IClock, maxSize: int) -> None:
        """
        :param receiver: runs the messages. One object, and not three functions, because each page has an inbox.
        :param maxSize: how large :attr:`size` may become before :attr:`isFull`.
        """
        self.left = SLICE
        self.waiting: deque[bytes] | None = None
        self._clock = clock
        self._receiver = receiver
        # The iteration in which the current slice began.
        self._begun = receiver.iteration()
        self._maxSize = maxSize
        self.size = 0
        self._granted = 0
        self._timer: IDelayedCall | None = None

    @property
    def isFull(self) -> bool:
        """Whether the socket should not be read, because too much is queued."""
        return self.size > self._maxSize

    def refill(self) -> None:
        """
        Begin another slice, because nothing is left of this one: now, if this one began in an earlier iteration of the
        reactor; otherwise in the next iteration.
        """
        iteration = self._receiver.iteration()
        if iteration == self._begun:
            self._continueSoon()
        else:
            self._begun = iteration
            self.left = SLICE

    def add(self, text: bytes) -> None:
        """Queue a message."""
        if self.waiting is None:
            self.waiting = deque()
        self.waiting.append(text)
        self.size += len(text) + OVERHEAD
        if self._receiver.takesCalls():
            self._continueSoon()

    def proceed(self) -> None:
        """
        Allow one queued message to be run, because the page has acknowledged something. A page that is always sent much
        always has much unacknowledged.
        """
        if self.waiting is not None:
            self._granted += 1
            self._continueSoon()

    def drop(self) -> None:
        """Drop the queued messages, and run none any more: the socket is closed."""
        self.waiting = None
        self.size = 0
        # The receiver has this inbox: a reference cycle, which must not wait for the garbage collector.
        self._receiver = _CLOSED
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _continueSoon(self) -> None:
        if self._timer is None:
            self._timer = self._clock.callLater(0, self._continue)

    def _continue(self) -> None:
        self._timer = None
        self.left = SLICE
        self._begun = self._receiver.iteration()
        until = self._clock.seconds() + SECONDS
        while self.waiting is not None and self._mayRun():
            if self.left <= 0 or self._clock.seconds() > until:
                self._continueSoon()
                return
            self._runFirst(self.waiting)

    def _mayRun(self) -> bool:
        if self._receiver.takesCalls():
            self._granted = 0
            return True
        return self._granted > 0

    def _runFirst(self, waiting: deque[bytes]) -> None:
        text = waiting.popleft()
        self.size -= len(text) + OVERHEAD
        self._granted -= self._granted > 0
        self.left -= cost(text)
        if not waiting:
            # Most pages never need a deque, and one with much traffic does not need a new one often.
            self.waiting = None
        self._receiver.run(text)
