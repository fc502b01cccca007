# -*- test-case-name: tests.project.test_line -*-
"""
The calls that one side of ``stress.line`` has made and run, and the rules of both; ``line_client.mjs`` has the same.

Each side numbers its calls from 1; the number is the first argument. Everything else follows from it, so that the other
side can check it (``README.rst``).
"""

from collections.abc import Callable
from typing import Final

#: The factor by which clocks run faster than real time, so that many cuts fit into a minute.
SPEED: Final = 20
#: How far calls may be ahead of the newest that has a result.
WINDOW: Final = 300

# Seven and three have no common factor: each method is called with and without a result.
METHODS: Final = ("answer", "later", "answer", "deferred", "answer", "refuse", "answer")
_CRASH_EVERY: Final = 997
_AWAITED: Final = 3
_LONG_EVERY: Final = 128
_LONG: Final = 1000
_SHORT: Final = 16


def methodOf(number: int) -> str:
    """Return the name of the method that call ``number`` calls."""
    return "crash" if number % _CRASH_EVERY == 0 else METHODS[number % len(METHODS)]


def isAwaited(number: int) -> bool:
    """Whether the server keeps the Deferred of its call ``number``. The browser keeps all of its own."""
    return number % _AWAITED != 0


def padOf(number: int) -> str:
    """Return the second argument: of many sizes, with characters of three bytes, so that cuts fall within them."""
    return "\N{EURO SIGN}" * (_LONG if number % _LONG_EVERY == 0 else number % _SHORT)


class Account:
    """
    The calls of one side.

    :ivar issued: the number of the last call of this side.
    :ivar ran: the number of the last call of the other side.
    :ivar answered: how many calls of this side have their results.
    """

    def __init__(self, calls: int, broken: Callable[[str], object]) -> None:
        """
        :param calls: how many each side issues.
        :param broken: called with a text each time that a guarantee is broken.
        """
        self.calls = calls
        self.issued = self.ran = self.answered = 0
        self._broken = broken
        self._newest = 0
        self._outstanding: set[int] = set()

    @property
    def mayIssue(self) -> bool:
        return self.issued < min(self.calls, self._newest + WINDOW)

    @property
    def isComplete(self) -> bool:
        """Whether all calls of both sides were issued, run and answered."""
        return self.issued == self.ran == self.calls and not self._outstanding

    def issue(self) -> int:
        """Return the number of the next call, which must be made now. Report its result if it :func:`isAwaited`."""
        self.issued += 1
        if isAwaited(self.issued):
            self._outstanding.add(self.issued)
        return self.issued

    def callRan(self, number: int, methodName: str, pad: str) -> None:
        """Check the other side's call ``number``, which runs here."""
        if number != self.ran + 1:
            self._broken(f"call {number} was run after call {self.ran}")
        if methodName != methodOf(number) or pad != padOf(number):
            self._broken(f"call {number} was run as {methodName}({pad!r})")
        self.ran = number

    def answerCame(self, number: int, answer: object, expected: object) -> None:
        """Check the result of this side's call ``number``, whose Deferred has fired."""
        if number not in self._outstanding:
            self._broken(f"call {number} was answered twice, or without a request")
        if answer != expected:
            self._broken(f"call {number} was answered {answer!r}, not {expected!r}")
        self._outstanding.discard(number)
        self._newest = max(self._newest, number)
        self.answered += 1
