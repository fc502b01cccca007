# -*- test-case-name: tests.live.test_onpage -*-
"""
A part on a page: what the page has of it, what is to be rendered again, and its messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

from .._core.broadcast import IOutbox
from .._core.wire import encodeNotify
from ..errors import MessageTooLarge
from ..stan import Tag
from .compiled import Filled, flatMarkup, since, textOf
from .nesting import Nested, Seen
from .pageparts import Everything, EverythingType, Kept, LivePageParts
from .rendering import PART, written

#: The function of the browser that shows a rendering.
SHOW: Final = "athenalite.show"
#: What is kept of what the page does not have.
_NOTHING: Final = 0

R = TypeVar("R")


class Definition(Protocol):
    """What is used of a :class:`athenalite._live.parts.Part`."""

    name: str

    def newState(self, onPage: PartOnPage) -> Any:
        """See :meth:`athenalite._live.parts.Part.newState`."""

    def first(self, onPage: PartOnPage) -> bytes:
        """See :meth:`athenalite._live.parts.Part.first`."""

    def difference(self, onPage: PartOnPage, marks: Any) -> Any:
        """See :meth:`athenalite._live.parts.Part.difference`."""


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
        self._marks: dict[str, Any] | EverythingType = {}
        self._isPlaced = False
        self._isWaiting = False
        self._isStale = False
        # The page did not get what was noted as sent.
        self._isUnknown = False
        self._isShown = False
        self._isRendering = False
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

    def rendered(self, render: Callable[..., R], items: Iterable[tuple[str | None, Any]]) -> list[tuple[str | None, R]]:
        """
        :param items: with their keys; None is that of the part itself, and of what is shown if there are no items.
        :return: the keys, with the result of ``render(onPage, key, item)`` for each. What is within it is noted.
        """
        outer = self.page.seen
        isAgain = self._isShown or (outer is not None and outer.isAgain)
        seen = self.page.seen = Seen(self.element, isAgain, self._nested)
        self._isRendering = True
        found = []
        try:
            for key, item in items:
                seen.key = key
                found.append((key, render(self, key, item)))
                if seen.elements or seen.parts:
                    self._nested.rendered(key, seen)
                    seen = self.page.seen = Seen(self.element, isAgain, self._nested)
                else:
                    self._nested.gone(key)
        except BaseException:
            seen.undo(self._nested.shown(seen.key))
            raise
        finally:
            self._isRendering = False
            self.page.seen = outer
        return found

    def forget(self, element: Any) -> None:
        """
        The page does not have it any more: the part around it was rendered without it.

        :param element: to which that part belongs.
        """
        parts = element._athenaParts
        if parts is not None and parts.get(self.definition.name) is self:
            del parts[self.definition.name]
        self._nested.clear()

    def undone(self, element: Any, wasShown: bool) -> None:
        """The part around it was rendered, and is not sent: what is noted of it stays, as it is rendered as a stub."""

    def note(self, key: str | None, markup: bytes | Filled) -> None:
        """Keep what the document has of an item, or of the part."""
        self._kept[key] = hash(self._written(markup))

    def changed(self, key: str | None, markup: bytes | Filled) -> Any:
        """
        :return: what to send for the new markup of an item, or of the part; None if the page has it already.
        """
        new = self._written(markup)
        old = self._kept.get(key, _NOTHING)
        if old == (hash(new) if isinstance(old, int) else new):
            return None
        self._kept[key] = self.page.kept(new, old)
        # The browser keeps each text that it is sent.
        return textOf(new) if isinstance(old, int) else since(old, new)

    def _written(self, markup: bytes | Filled) -> str | Filled:
        if isinstance(markup, Filled) and not self.page.isXHTML:
            return markup
        return written(flatMarkup(markup), self.page.isXHTML)

    def gone(self, key: str | None) -> None:
        """Forget an item."""
        self._nested.gone(key)
        self.page.forget(self._kept.pop(key, _NOTHING))

    def goOn(self) -> None:
        """The page has it from another worker: show it as it is here."""
        self._isShown = self._isUnknown = True
        self.mark(Everything)

    # Marks

    def mark(self, keys: Sequence[Any] | EverythingType) -> None:
        """See :meth:`athenalite._live.parts.Parts.rerender`."""
        self.refuseOwnMark()
        outbox = self.page.outbox
        if outbox is None or outbox.isLost:
            return
        self.addMarks(keys)
        if self._isPlaced or self._isWaiting:
            return
        if outbox.hasRoom:
            self.place()
        else:
            self._isWaiting = True
            self.page.wait(self)

    def refuseOwnMark(self) -> None:
        """
        :raise RuntimeError: while the part is rendered.
        """
        if self._isRendering:
            raise RuntimeError(
                f"the part {self.definition.name!r} of {type(self.element).__name__} is marked while it is rendered: "
                "it would be rendered without end; call rerender in a method"
            )

    def addMarks(self, keys: Sequence[Any] | EverythingType) -> None:
        """Note what is to be rendered again."""
        if isinstance(keys, EverythingType):
            self._marks = Everything
        elif isinstance(self._marks, dict):
            self._marks.update((str(key), key) for key in keys)

    @property
    def hasMarks(self) -> bool:
        """Whether anything is to be rendered again."""
        return bool(self._marks)

    def takeMarks(self) -> Any:
        """Return what is to be rendered again, and forget it."""
        marks, self._marks = self._marks, {}
        return marks

    def place(self) -> None:
        """Reserve the place in the batch at which the part is shown."""
        self._isWaiting = False
        # This may refuse.
        self.page.reserve(self._fill)
        self._isPlaced = True

    def _fill(self) -> list[tuple[list[IOutbox], bytes]]:
        self._isPlaced = False
        outbox = self.page.outbox
        if outbox is None or outbox.isLost or self.element._athenaParts is None:
            return []
        message = self._message()
        return [] if message is None else [([outbox], message)]

    def _message(self) -> bytes | None:
        marks = self.takeMarks()
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
