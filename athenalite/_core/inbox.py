# -*- test-case-name: tests.core.test_inbox -*-
"""
What a browser has sent and the server has not run yet, for one socket.

A call that arrives while nothing waits is run at once. Otherwise it waits here: behind the calls before it, for the
page's next share of the reactor's time (:data:`SLICE`), or until the page has read enough of what was sent to it. It is
counted when it is run, so what still waits when the socket is lost is dropped, and the browser sends it again.

This module knows no socket and no session. It holds the text of the messages, because decoded JSON may need twenty
times the memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall

from ..interfaces import IClock
from .delivery import OVERHEAD

#: How many messages of one page are run in one iteration of the reactor. A message counts once more for each full KiB.
SLICE: Final = 32
#: And for how long the waiting ones are run, in seconds.
SECONDS: Final = 0.005


def cost(text: bytes) -> int:
    """What a message counts, against the rate limit and in a slice: what it costs grows with its size."""
    return 1 + len(text) // 1024


def _nothing(text: bytes) -> None:
    """The socket is closed."""


def _never() -> bool:
    return False


class Inbox:
    """
    :ivar left: how much of the present slice is left; see :func:`cost`.
    :ivar size: how many bytes wait, :data:`OVERHEAD` counted for each message.
    :ivar waiting: the messages that wait, the first one first; None if none does.
    """

    __slots__ = (
        "_begun",
        "_clock",
        "_granted",
        "_isOpen",
        "_maxSize",
        "_run",
        "_timer",
        "_iteration",
        "left",
        "size",
        "waiting",
    )

    def __init__(
        self,
        clock: IClock,
        iteration: Callable[[], int],
        run: Callable[[bytes], None],
        isOpen: Callable[[], bool],
        maxSize: int,
    ) -> None:
        """
        :param iteration: returns a number that differs, as a rule, in each iteration of the reactor.
        :param run: runs one message. It raises nothing, and may call :meth:`drop`.
        :param isOpen: whether the page has read enough for more calls to be run.
        :param maxSize: how many bytes may wait, :data:`OVERHEAD` counted for each message.
        """
        self.left = SLICE
        self.waiting: deque[bytes] | None = None
        self._clock = clock
        self._iteration = iteration
        # When the present slice began.
        self._begun = iteration()
        self._run = run
        self._isOpen = isOpen
        self._maxSize = maxSize
        self.size = 0
        self._granted = 0
        self._timer: IDelayedCall | None = None

    @property
    def isFull(self) -> bool:
        """Whether so much waits that the socket should not be read."""
        return self.size > self._maxSize

    def refill(self) -> None:
        """
        Nothing is left of the present slice. Another begins now, if this one began in an earlier iteration of the
        reactor; otherwise in the next.
        """
        iteration = self._iteration()
        if iteration == self._begun:
            self._continueSoon()
        else:
            self._begun = iteration
            self.left = SLICE

    def add(self, text: bytes) -> None:
        """Have ``text`` run behind what waits already."""
        if self.waiting is None:
            self.waiting = deque()
        self.waiting.append(text)
        self.size += len(text) + OVERHEAD
        if self._isOpen():
            self._continueSoon()

    def proceed(self) -> None:
        """
        The page has acknowledged something. One waiting call is run even if much is unacknowledged still: a page that
        is always sent much is always behind by some of it.
        """
        if self.waiting is not None:
            self._granted += 1
            self._continueSoon()

    def drop(self) -> None:
        """The socket is closed: nothing is run any more."""
        self.waiting = None
        self.size = 0
        # They lead back to whoever has this, and neither is to wait for the garbage collector.
        self._run, self._isOpen = _nothing, _never
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _continueSoon(self) -> None:
        if self._timer is None:
            self._timer = self._clock.callLater(0, self._continue)

    def _continue(self) -> None:
        self._timer = None
        self.left = SLICE
        self._begun = self._iteration()
        until = self._clock.seconds() + SECONDS
        while self.waiting is not None and self._mayRun():
            if self.left <= 0 or self._clock.seconds() > until:
                self._continueSoon()
                return
            self._runFirst(self.waiting)

    def _mayRun(self) -> bool:
        if self._isOpen():
            self._granted = 0
            return True
        return self._granted > 0

    def _runFirst(self, waiting: deque[bytes]) -> None:
        text = waiting.popleft()
        self.size -= len(text) + OVERHEAD
        self._granted -= self._granted > 0
        self.left -= cost(text)
        if not waiting:
            # It is not empty for long when much arrives, but most pages never need one.
            self.waiting = None
        self._run(text)
