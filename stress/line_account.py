# -*- test-case-name: tests.project.test_line -*-
"""
What one side of ``stress.line`` has said and heard, and the rules both go by; ``line_client.mjs`` has the same.

Each side numbers its calls from 1, and says the number in the call. All else (which method, with which second argument,
whether an answer is asked for, and which) follows from the number, so the other side can tell what it should be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

#: How many times as fast as a real one the clocks are, so that many cuts fit into a minute.
SPEED: Final = 20
#: No call is issued that is so far ahead of the newest that was answered.
WINDOW: Final = 300

# Seven and three have no common factor: each method is called with and without an answer.
_METHODS: Final = ("answer", "later", "answer", "deferred", "answer", "refuse", "answer")
_CRASH_EVERY: Final = 997
_AWAITED: Final = 3
_LONG_EVERY: Final = 128
_LONG: Final = 1000
_SHORT: Final = 16


def methodOf(number: int) -> str:
    """Which method the call ``number`` calls."""
    return "crash" if number % _CRASH_EVERY == 0 else _METHODS[number % len(_METHODS)]


def isAwaited(number: int) -> bool:
    """Whether the server keeps the Deferred of its call ``number``. The browser's are all answered."""
    return number % _AWAITED != 0


def padOf(number: int) -> str:
    """The second argument: of many sizes, and in characters of three bytes, for the line to be cut within."""
    return "\N{EURO SIGN}" * (_LONG if number % _LONG_EVERY == 0 else number % _SHORT)


class Account:
    """
    :ivar issued: the number of the last call of this side.
    :ivar ran: the number of the last call of the other side.
    :ivar answered: how many calls of this side were answered.
    """

    def __init__(self, calls: int, broken: Callable[[str], object]) -> None:
        """
        :param calls: how many each side is to issue.
        :param broken: told each time that something is not as promised.
        """
        self.calls = calls
        self.issued = 0
        self.ran = 0
        self.answered = 0
        self._broken = broken
        self._newest = 0
        self._outstanding: set[int] = set()

    @property
    def mayIssue(self) -> bool:
        return self.issued < min(self.calls, self._newest + WINDOW)

    @property
    def isComplete(self) -> bool:
        """Whether all that is to be said was said, and all that is to be heard was heard."""
        return self.issued == self.ran == self.calls and not self._outstanding

    def issue(self) -> int:
        """
        :return: the number of the next call, to be made now. Report its answer if it :func:`isAwaited`.
        """
        self.issued += 1
        if isAwaited(self.issued):
            self._outstanding.add(self.issued)
        return self.issued

    def callRan(self, number: int, methodName: str, pad: str) -> None:
        """The other side's call ``number`` is run here."""
        if number != self.ran + 1:
            self._broken(f"call {number} was run after call {self.ran}")
        if methodName != methodOf(number) or pad != padOf(number):
            self._broken(f"call {number} was run as {methodName}({pad!r})")
        self.ran = number

    def answerCame(self, number: int, answer: object, expected: object) -> None:
        """The Deferred of this side's call ``number`` has fired."""
        if number not in self._outstanding:
            self._broken(f"call {number} was answered twice, or nobody asked")
        if answer != expected:
            self._broken(f"call {number} was answered {answer!r}, not {expected!r}")
        self._outstanding.discard(number)
        self._newest = max(self._newest, number)
        self.answered += 1
