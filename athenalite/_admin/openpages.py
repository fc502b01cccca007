# -*- test-case-name: tests.admin.test_openpages -*-
"""
The open pages of a site, for its operator: :class:`OpenPages`. Off by default; when it is on, changes of pages and log
events have a cost, and messages have none.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from twisted.logger import LogLevel, formatEvent

from .._core.watching import Life
from .._text.printable import printable
from ..interfaces import IClock

#: How many of the last events of a page are kept, and how long the text of each may be, in characters.
KEPT: Final = 20
LONGEST: Final = 500

#: The states of a page, as the log and the metrics call them.
RENDERED: Final = "rendered"
CONNECTED: Final = "connected"
DISCONNECTED: Final = "disconnected"
LOST: Final = "lost"
_ERRORS: Final = (LogLevel.error, LogLevel.critical)


def _now() -> datetime:
    return datetime.now(UTC)


class PageEvent(NamedTuple):
    """A change of a page, or an event that the log has because of it."""

    time: datetime
    #: "debug", "info", "warn", "error" or "critical".
    level: str
    #: Without control characters and secrets, as in the log, and shortened.
    text: str


class OpenPage:
    """
    One open page. What it says of itself is called as in the log (``docs/deploying.rst``, "The log").

    :ivar number: the number of the page since the server was started: ``page`` in the log.
    :ivar pageClass: the name of the class of the page, or of its only element.
    :ivar peer: the address of the browser; behind a proxy, the one that the proxy gives.
    :ivar state: ``rendered``, ``connected`` or ``disconnected``; or ``lost``.
    :ivar rendered: when it was rendered, in UTC.
    :ivar events: its last 20 events, oldest first.
    :ivar lastError: the last of its events of level ``error`` or ``critical``; None if there was none.
    """

    def __init__(self, life: Life, clock: IClock, behindProxy: bool, now: Callable[[], datetime]) -> None:
        self.number = life.number
        self.pageClass = life.pageClass
        self.peer = life.address(behindProxy)
        self.state = RENDERED
        self._fixed = f"{life.number} {self.pageClass} {self.peer}"
        self.rendered = now()
        self.events: deque[PageEvent] = deque(maxlen=KEPT)
        self.lastError: PageEvent | None = None
        self._life = life
        self._clock = clock
        self._now = now
        life.session.log.alsoTo = self._logged

    @property
    def page(self) -> Any:
        """The application's page."""
        return self._life.page

    @property
    def user(self) -> str | None:
        """The attribute ``user`` of the page, or of its only element, if that is a text."""
        return self._life.user

    @property
    def reason(self) -> str | None:
        """Why it was lost; None before."""
        return self._life.session.reason

    @property
    def age(self) -> float:
        """For how many seconds it has been there."""
        return self._clock.seconds() - self._life.began

    @property
    def seconds(self) -> float:
        """For how many seconds it has been in its state."""
        return self._clock.seconds() - self._life.since

    @property
    def waiting(self) -> int:
        """The bytes that it has not acknowledged."""
        return self._life.session.outbox.waiting[1]

    @property
    def resumptions(self) -> int:
        """How many times it has reconnected."""
        return self._life.resumptions

    def close(self, reason: str) -> None:
        """
        End the page. Does nothing if it is lost.

        :param reason: the text that its visitor reads.
        """
        self._life.session.close(reason)

    def cut(self) -> bool:
        """
        End its connection at once, as a bad network would, to see what it does. The browser reconnects by itself.

        :return: whether it had one.
        """
        transport = self._life.session.outbox.transport
        if transport is None:
            return False
        transport.abortSocket()
        return True

    def has(self, words: Sequence[str]) -> bool:
        """
        :param words: in ``casefold``.
        :return: whether each is in something that is known of the page.
        """
        error = "" if self.lastError is None else self.lastError.text
        text = f"{self._fixed} {self.state} {self.user or ''} {error}".casefold()
        return all(map(text.__contains__, words))

    def note(self, level: Any, text: str) -> None:
        """Keep an event."""
        event = PageEvent(self._now(), level.name, text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ...")
        self.events.append(event)
        if level in _ERRORS:
            self.lastError = event

    def _logged(self, level: Any, format: str, values: dict[str, Any]) -> None:
        text = formatEvent({"log_format": format, **values})
        failure = values.get("log_failure")
        if failure is not None:
            text += f": {failure.type.__name__}: {failure.getErrorMessage()}"
        self.note(level, text)


class OpenPages(Mapping[int, OpenPage]):
    """
    The open pages of a site by their numbers, oldest first.

    Give it to ``SessionRegistry.watch``. It has the pages that are rendered afterwards.
    """

    def __init__(self, clock: IClock, behindProxy: bool, now: Callable[[], datetime] = _now) -> None:
        """
        :param behindProxy: whether the peers of pages have no ports.
        :param now: the time of day.
        """
        self._clock = clock
        self._behindProxy = behindProxy
        self._now = now
        self._pages: dict[int, OpenPage] = {}
        self._count: Counter[str] = Counter()

    def __getitem__(self, number: int) -> OpenPage:
        return self._pages[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._pages)

    def __len__(self) -> int:
        return len(self._pages)

    def count(self) -> Counter[str]:
        """
        :return: how many pages there are in each state.
        """
        return self._count.copy()

    def find(self, text: str = "", most: int | None = None) -> list[OpenPage]:
        """
        :param text: words, of which each is in the number, the class, the user, the address, the state or the last
            error of a page, in whatever case.
        :param most: how many are returned; all by default.
        :return: the pages that have all of them, newest first.
        """
        words = text.casefold().split()
        newest = reversed(self._pages.values())
        return list(islice((one for one in newest if one.has(words)) if words else newest, most))

    # Watcher

    def pageRendered(self, life: Life) -> None:
        page = self._pages[life.number] = OpenPage(life, self._clock, self._behindProxy, self._now)
        self._count[RENDERED] += 1
        page.note(LogLevel.debug, RENDERED)

    def pageConnected(self, life: Life) -> None:
        self._changed(life, CONNECTED, f"connected after {self._secondsOf(life)}")

    def pageDisconnected(self, life: Life) -> None:
        text = f"disconnected after {self._secondsOf(life)}; {life.session.outbox.waiting[1]} bytes wait"
        self._changed(life, DISCONNECTED, text)

    def pageResumed(self, life: Life) -> None:
        text = f"resumed after {self._secondsOf(life)}; {life.session.outbox.waiting[0]} messages were sent again"
        self._changed(life, CONNECTED, text)

    def pageLost(self, life: Life) -> None:
        self._changed(life, LOST, printable(f"lost after {self._secondsOf(life)}: {life.session.reason}"))
        del self._pages[life.number], self._count[LOST]

    def _changed(self, life: Life, state: str, text: str) -> None:
        page = self._pages[life.number]
        self._count[page.state] -= 1
        self._count[state] += 1
        page.state = state
        page.note(LogLevel.info, text)

    def _secondsOf(self, life: Life) -> str:
        return f"{self._clock.seconds() - life.since:.3g} s"
