# -*- test-case-name: tests.text.test_throttle -*-
"""
How often the same is logged: :class:`Throttle`.
"""

from __future__ import annotations

from typing import Final

#: In seconds.
PERIOD: Final = 60.0
#: How many texts are kept, so that memory is bounded when each is another.
_MOST: Final = 100


class Throttle:
    """Allows each text to be logged once a minute, however often it is logged."""

    __slots__ = ("_logged",)

    def __init__(self) -> None:
        self._logged: dict[str, float] = {}

    def allows(self, now: float, text: str = "") -> bool:
        """
        :param now: seconds of a clock.
        :param text: distinguishes events of one kind that are logged independently, such as the reasons of a failure.
        :return: whether to log it.
        """
        if now - self._logged.get(text, -PERIOD) < PERIOD:
            return False
        if len(self._logged) >= _MOST:
            self._logged.clear()
        self._logged[text] = now
        return True
