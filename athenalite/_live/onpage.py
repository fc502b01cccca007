# -*- test-case-name: tests.live.test_onpage -*-
"""
The parts of one page: what the page has of each, which are to be rendered again, and when.

A part that is marked gets a place in the batch, and is rendered when the batch ends. While the page has no room,
because its socket is closed or does not take data, the mark is kept, and there is nothing to render or to send. It gets
its place when there is room; or before a call or an answer to the page, which must find in the browser what was marked
before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Final, Protocol

from .._core.batch import IOutbox
from .._core.outbox import Outbox
from .._core.wire import encodeNotify
from ..errors import MessageTooLarge
from ..stan import Tag
from .nesting import Nested, Seen
from .rendering import PART, written
from .versions import difference

#: The function of the browser that shows a rendering.
SHOW: Final = "athenalite.show"
#: How often a page that has much to acknowledge is looked at, in seconds.
_POLL: Final = 0.5
#: How many characters of markup are kept for a page, to send differences. What is more is sent whole.
_KEPT: Final = 64 * 1024

#: What a page has of one rendering: the markup, if the browser has that as text; otherwise its hash.
Kept = str | bytes


class _Everything:
    """The mark of a part all of which is to be rendered again."""


Everything: Final = _Everything()


class Definition(Protocol):
    """What is used of a :class:`athenalite._live.parts.Part`."""

    name: str

    def newState(self, onPage: PartOnPage) -> Any:
        """See :meth:`athenalite._live.parts.Part.newState`."""

    def first(self, onPage: PartOnPage) -> bytes:
        """See :meth:`athenalite._live.parts.Part.first`."""

    def difference(self, onPage: PartOnPage, marks: Any) -> Any:
        """See :meth:`athenalite._live.parts.Part.difference`."""


class LivePageParts:
    """
    What the parts of one page share.

    :ivar outbox: of the page; None for the page of a unit test, which is sent nothing.
    :ivar isXHTML: whether the browser parses the page as XML.
    """

    def __init__(self, page: Any) -> None:
        #: While a part is rendered: what is within it.
        self.seen: Seen | None = None
        self._waiting: list[PartOnPage] = []
        self._room = _KEPT
        factory = getattr(page, "_athenaFactory", None)
        self.outbox: Outbox | None = None if factory is None else page.session.outbox
        if factory is not None:
            self.isXHTML: bool = page.values.isXHTML
            self.log = page.session.log
            self.debug: bool = factory.debug
            self.maxSize: int = factory.limits.maxBytesKept
            self.reserve: Callable[[Any], None] = factory.sessions.reserve
            self.modulesOf: Callable[[list[Any]], tuple[list[list[str]], list[str]]] = page.requiredModules
            self._clock = factory.sessions.clock
            page.needsLive()

    @staticmethod
    def of(page: Any) -> LivePageParts:
        """
        :return: the parts of this page.
        """
        found: LivePageParts | None = page.__dict__.get("_athenaLive")
        if found is None:
            found = page._athenaLive = LivePageParts(page)
        return found

    def wait(self, part: PartOnPage) -> None:
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

    def kept(self, markup: str, old: Kept | None, isSent: bool) -> Kept:
        """
        :param old: what was kept before of the same.
        :param isSent: whether the browser gets the text.
        :return: what to keep of ``markup``: as long as there is room, the text.
        """
        if isinstance(old, str):
            self._room += len(old)
        if isSent and len(markup) <= self._room:
            self._room -= len(markup)
            return markup
        return digestOf(markup)

    def forget(self, old: Kept) -> None:
        """Release what was kept of an item that is gone."""
        if isinstance(old, str):
            self._room += len(old)


def digestOf(markup: str) -> bytes:
    """
    :return: a hash by which equal renderings are found.
    """
    return blake2b(markup.encode("utf-8"), digest_size=16).digest()


class PartOnPage:
    """
    A part on the page of its element.

    :ivar identity: the part's name in messages.
    :ivar state: what the definition keeps between renderings.
    """

    def __init__(self, definition: Definition, element: Any, identity: str, page: LivePageParts) -> None:
        self.definition = definition
        self.element = element
        self.identity = identity
        self.page = page
        self.state: Any = definition.newState(self)
        self._kept: dict[str | None, Kept] = {}
        # Keys as text, with the keys themselves.
        self._marks: dict[str, Any] | _Everything = {}
        self._isPlaced = False
        self._isWaiting = False
        self._isStale = False
        # The page did not get what was noted as sent.
        self._isUnknown = False
        self._isShown = False
        self._nested = Nested()

    @property
    def node(self) -> Tag:
        """The part's node in the template."""
        node: Tag = getattr(self.state, "node", self.state)
        return node

    # Rendering

    def inDocument(self) -> bytes | Tag:
        """
        :return: the part's markup, for the document or for a part around it; or its stub, if the page has it.
        """
        seen = self.page.seen
        if seen is not None:
            if seen.owner is self.element:
                # Those of other elements end with these.
                seen.parts.append(self)
            if seen.isAgain and self._isShown:
                return Tag(self.node.tagName, attributes={PART: self.identity})
        markup = self.first()
        self._nested.settle()
        return markup

    def first(self) -> bytes:
        """
        :return: the part's markup, all of it.
        """
        for key in list(self._kept):
            self.gone(key)
        markup = self.definition.first(self)
        self._isShown = True
        return markup

    def rendered(self, key: str | None, render: Callable[..., bytes], *given: Any) -> bytes:
        """
        :return: the result of ``render(*given)``, which renders an item or the part. What is within it is noted.
        """
        outer = self.page.seen
        isAgain = self._isShown or (outer is not None and outer.isAgain)
        seen = self.page.seen = Seen(self.element, isAgain)
        try:
            markup = render(*given)
        except BaseException:
            seen.undo()
            raise
        finally:
            self.page.seen = outer
        self._nested.rendered(key, seen)
        return markup

    def forget(self) -> None:
        """The page does not have it any more: the part around it was rendered without it."""
        parts = self.element._athenaParts
        if parts is not None and parts.get(self.definition.name) is self:
            del parts[self.definition.name]
        self._nested.clear()

    def note(self, key: str | None, markup: bytes) -> None:
        """Keep what the document has of an item, or of the part."""
        self._kept[key] = digestOf(written(markup, self.page.isXHTML))

    def changed(self, key: str | None, markup: bytes) -> Any:
        """
        :return: what to send for the new markup of an item, or of the part; None if the page has it already.
        """
        text = written(markup, self.page.isXHTML)
        old = self._kept.get(key)
        if old == text or (isinstance(old, bytes) and old == digestOf(text)):
            return None
        self._kept[key] = self.page.kept(text, old, True)
        # The browser keeps each text that it is sent.
        return (difference(old, text) if isinstance(old, str) else None) or text

    def gone(self, key: str | None) -> None:
        """Forget an item."""
        self._nested.gone(key)
        self.page.forget(self._kept.pop(key, b""))

    # Marks

    def mark(self, keys: Sequence[Any] | _Everything) -> None:
        """See :meth:`athenalite._live.parts.Parts.rerender`."""
        outbox = self.page.outbox
        if outbox is None or outbox.isLost:
            return
        if isinstance(keys, _Everything):
            self._marks = Everything
        elif isinstance(self._marks, dict):
            self._marks.update((str(key), key) for key in keys)
        if self._isPlaced or self._isWaiting:
            return
        if outbox.hasRoom:
            self.place()
        else:
            self._isWaiting = True
            self.page.wait(self)

    def place(self) -> None:
        """Reserve the place in the batch at which the part is shown."""
        self._isWaiting, self._isPlaced = False, True
        self.page.reserve(self._fill)

    def _fill(self) -> list[tuple[list[IOutbox], bytes]]:
        self._isPlaced = False
        outbox = self.page.outbox
        if outbox is None or outbox.isLost or self.element._athenaParts is None:
            return []
        message = self._message()
        return [] if message is None else [([outbox], message)]

    def _message(self) -> bytes | None:
        marks, self._marks = self._marks, {}
        try:
            if self._isUnknown:
                what = written(self.first(), self.page.isXHTML)
            else:
                what = self.definition.difference(self, marks)
            message = self._encoded(what, *self._modules())
            self._nested.settle()
            self._isUnknown = False
        except Exception as error:
            self._isUnknown = self._isUnknown or isinstance(error, MessageTooLarge)
            # What was not rendered is rendered with the next mark.
            self._marks = Everything
            self._nested.undo()
            return self._failed(error)
        if self._isStale and message is None:
            # It is right again, without a change.
            message = self._encoded([])
        self._isStale = False
        return message

    def _modules(self) -> tuple[Any, ...]:
        """Return what follows a rendering with new elements: the scripts and style sheets that they need."""
        new = self._nested.new()
        modules = self.page.modulesOf(new) if new else ([], [])
        return ("", *modules) if any(modules) else ()

    def _encoded(self, *what: Any) -> bytes | None:
        if what == (None,):
            return None
        message = encodeNotify(0, SHOW, [self.identity, *what], {})
        if len(message) > self.page.maxSize:
            raise MessageTooLarge(f"it is larger than the {self.page.maxSize} bytes kept for a page")
        return message

    def _failed(self, error: Exception) -> bytes | None:
        if self._isStale:
            return None
        self._isStale = True
        element = self.element
        node = self.node
        self.page.log.failure(
            "The part {name!r} of {element} ({place}) could not be rendered again, and stays as it was",
            name=self.definition.name,
            element=type(element).__name__,
            place=f"{node.filename}:{node.lineNumber}" if node.filename else element.placeOfTemplate(),
        )
        return encodeNotify(0, SHOW, [self.identity, None, repr(error) if self.page.debug else ""], {})
