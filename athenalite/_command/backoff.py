# -*- test-case-name: tests.command.test_backoff -*-
"""
The delay before a process that has ended is started again: :class:`Backoff`.
"""

from __future__ import annotations

from typing import Final

#: The first delay and the longest one, in seconds. A process that has served for longer than the latter has lasted.
FIRST: Final = 0.5
LAST: Final = 30.0


class Backoff:
    """
    The delay doubles each time that the process does not last.

    :ivar delay: of the next start, in seconds, if the process does not last.
    """

    def __init__(self) -> None:
        self.delay = FIRST

    def ended(self, served: float) -> float:
        """
        The process has ended.

        :param served: for how many seconds it has served.
        :return: when to start it again, in seconds from now.
        """
        if served > LAST:
            self.delay = FIRST
        delay, self.delay = self.delay, min(2 * self.delay, LAST)
        return delay
