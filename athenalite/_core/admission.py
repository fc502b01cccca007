# -*- test-case-name: tests.core.test_admission -*-
"""
Authorizes sockets by the application's decision. It fails closed: only ``True`` authorizes a socket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from .._awaiting.checks import discard
from .._awaiting.deferreds import follow
from .._awaiting.results import driven, explained
from ..errors import CLOSE_POLICY_VIOLATION, CLOSE_REPLACED, CLOSE_TRY_AGAIN
from ..interfaces import Handshake, IClock
from .states import REPLACED, UNAUTHORIZED

#: The code and the reason that a refused socket is closed with.
Refusal = tuple[int, str]

#: The application has not returned ``True``, or has raised an exception.
REFUSED: Final[Refusal] = (CLOSE_POLICY_VIOLATION, UNAUTHORIZED)
#: The application has not decided in time. The page may try again.
UNANSWERED: Final[Refusal] = (CLOSE_TRY_AGAIN, "the application has not answered whether the socket is authorized")
TAKEN_OVER: Final[Refusal] = (CLOSE_REPLACED, REPLACED)


class Question:
    """
    One authorization of one socket. It has one outcome, and ignores everything after that.

    :ivar number: the number of the socket, see ``socket`` in ``docs/protocol.rst``.
    """

    def __init__(self, number: int, log: Logger, decided: Callable[[Refusal | None], None]) -> None:
        """
        :param decided: called once, with None if the socket is authorized; not at all after :meth:`withdraw`.
        """
        self.number = number
        self._log = log
        self._decided: Callable[[Refusal | None], None] | None = decided
        self._answer: Deferred[Any] | None = None
        self._timer: IDelayedCall | None = None

    @property
    def settled(self) -> bool:
        """Whether there is an outcome, or the question was withdrawn."""
        return self._decided is None

    def wait(self, answer: Deferred[Any], clock: IClock, timeout: float) -> None:
        """Decide when ``answer`` fires, but not later than in ``timeout`` seconds; it is cancelled then."""
        self._answer = answer
        if self.settled:
            self._cancel()
        else:
            self._timer = clock.callLater(timeout, self._timedOut)
        # The application may use the same Deferred elsewhere.
        follow(answer, self._fired)

    def answered(self, value: Any) -> None:
        """Decide by the value that the application has returned."""
        if value is True:
            self.decide(None)
            return
        # The result of a Deferred may be a coroutine.
        discard(value)
        if value is not False and not self.settled:
            # Its type and not its value, which may be a secret.
            self._log.error("authorize refuses a socket by a {type}: only True lets it in", type=type(value).__name__)
        self.decide(REFUSED)

    def failed(self, failure: Failure) -> None:
        """Refuse the socket, because the application has raised an exception."""
        if failure.check(CancelledError):
            self.decide(UNANSWERED)
        elif not self.settled:
            self._log.failure("authorize failed; the page is refused its socket", failure)
            self.decide(REFUSED)

    def decide(self, refusal: Refusal | None) -> None:
        """Call ``decided``, if there is no outcome yet, and cancel the application's Deferred."""
        decided, self._decided = self._decided, None
        if decided is not None:
            decided(refusal)
            if self._timer is not None or self._answer is not None:
                self.withdraw()

    def withdraw(self) -> None:
        """Decide nothing, and cancel the application's Deferred: the socket is gone."""
        self._decided = None
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None
        self._cancel()

    def _cancel(self) -> None:
        answer, self._answer = self._answer, None
        if answer is not None:
            try:
                answer.cancel()
            except Exception:
                self._log.failure("The Deferred of authorize could not be cancelled")

    def _fired(self, result: Any) -> None:
        self._answer = None
        if isinstance(result, Failure):
            self.failed(result)
        else:
            self.answered(result)

    def _timedOut(self) -> None:
        self._log.warn("authorize has not answered in time; the socket is refused, and its page may try again")
        self.decide(UNANSWERED)


class Admission:
    """Authorizes the sockets of one page: only the newest one is pending."""

    __slots__ = ("_clock", "_last", "_log", "_timeout")

    def __init__(self, clock: IClock, timeout: float, log: Logger) -> None:
        """
        :param timeout: how long the application may take to decide, in seconds.
        """
        self._clock = clock
        self._timeout = timeout
        self._log = log
        self._last: Question | None = None

    @property
    def pending(self) -> int:
        """The number of the socket whose authorization is pending, or 0."""
        return 0 if self._last is None or self._last.settled else self._last.number

    def ask(
        self,
        authorize: Callable[[Handshake], Any],
        handshake: Handshake,
        number: int,
        decided: Callable[[Refusal | None], None],
    ) -> Question:
        """
        Call ``authorize`` for a socket. An older one that is still pending is refused.

        :param authorize: returns a bool, a Deferred or a coroutine.
        :param decided: called once, possibly before this returns: with None if the socket is authorized, else why not.
        :return: the question. Withdraw it if the socket is lost first.
        """
        self.refuse(TAKEN_OVER)
        question = self._last = Question(number, self._log, decided)
        try:
            answer = driven(authorize(handshake))
        except BaseException:
            # SystemExit as well: a browser must not end the server.
            question.failed(explained(Failure()))
            return question
        if isinstance(answer, Deferred):
            question.wait(answer, self._clock, self._timeout)
        else:
            question.answered(answer)
        if question.settled:
            # Otherwise each page would keep its last one.
            self._last = None
        return question

    def refuse(self, refusal: Refusal) -> None:
        """Refuse the pending socket, if there is one."""
        if self._last is not None:
            self._last.decide(refusal)
