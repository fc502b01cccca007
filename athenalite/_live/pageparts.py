# -*- test-case-name: tests.live.test_onpage -*-
"""
What the parts of one page share: when they are rendered again, and how much is kept for them.

A part that is marked gets a place in the batch, and is rendered when the batch ends. While the page has no room,
because its socket is closed or does not take data, the mark is kept, and there is nothing to render or to send. It gets
its place when there is room; or before a call or an answer to the page, which must find in the browser what was marked
before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from .._core.outbox import Outbox
from .compiled import Filled
from .nesting import Seen

#: How often a page that has much to acknowledge is looked at, in seconds.
_POLL: Final = 0.5
#: How many characters of markup are kept for a page, to send differences. What is more is sent whole.
_KEPT: Final = 64 * 1024

#: What a page has of one rendering: what has its markup, if the browser has that as text; otherwise the hash of that.
Kept: TypeAlias = str | Filled | int


class EverythingType:
    """The mark of a part all of which is to be rendered again."""


Everything: Final = EverythingType()


class Placeable(Protocol):
    """A part that waits for room on its page."""

    def place(self) -> None:
        """Reserve the place in the batch at which the part is shown."""


class LivePageParts:
    """
    What the parts of one page share.

    :ivar outbox: of the page; None for the page of a unit test, which is sent nothing.
    :ivar isXHTML: whether the browser parses the page as XML.
    """

    def __init__(self, page: Any) -> None:
        #: While a part is rendered: what is within it.
        self.seen: Seen | None = None
        self._waiting: list[Placeable] = []
        self._room = _KEPT
        factory = getattr(page, "_athenaFactory", None)
        self.outbox: Outbox | None = None if factory is None else page.session.outbox
        if factory is not None:
            self.isXHTML: bool = page.values.isXHTML
            self.log = page.session.log
            self.debug: bool = factory.debug
            self.maxSize: int = factory.limits.maxBytesKept
            self.sessions = factory.sessions
            self.reserve: Callable[[Any], None] = self.sessions.reserve
            self.modulesOf: Callable[[list[Any]], tuple[list[list[str]], list[str]]] = page.requiredModules
            self._clock = factory.sessions.clock
            self.needsRemote: Callable[[], None] = page.needsRemote
            page.needsParts()

    @staticmethod
    def of(page: Any) -> LivePageParts:
        """
        :return: the parts of this page.
        """
        found: LivePageParts | None = page.__dict__.get("_athenaLive")
        if found is None:
            found = page._athenaLive = LivePageParts(page)
        return found

    def wait(self, part: Placeable) -> None:
        """Have a part placed when the page has room, or before the next call or answer."""
        assert self.outbox is not None
        if not self._waiting:
            self.outbox.barrier = self._release
            self._pollLater()
        self._waiting.append(part)

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self.outbox is not None and not self.outbox.isLost:
            self.outbox.barrier = None
            for part in waiting:
                part.place()

    def _pollLater(self) -> None:
        # That a socket takes data again is reported. That a page has acknowledged enough is not.
        if self.outbox is not None and self.outbox.transport is not None:
            self._clock.callLater(_POLL, self._poll)

    def _poll(self) -> None:
        if self._waiting and self.outbox is not None and not self.outbox.isLost:
            if self.outbox.hasRoom:
                self._release()
            else:
                self._pollLater()

    def kept(self, markup: str | Filled, old: Kept) -> Kept:
        """
        :param markup: of which the browser gets the text.
        :param old: what was kept before of the same.
        :return: what to keep of it: as long as there is room, itself.
        """
        self.forget(old)
        size = _sizeOf(markup)
        if size <= self._room:
            self._room -= size
            return markup
        return hash(markup)

    def forget(self, old: Kept) -> None:
        """Release what was kept of an item that is gone."""
        self._room += _sizeOf(old)


def _sizeOf(kept: Kept) -> int:
    if isinstance(kept, int):
        return 0
    return len(kept) if isinstance(kept, str) else kept.size
